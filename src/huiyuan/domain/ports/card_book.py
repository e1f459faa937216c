"""The book of cards: custody, cases, limits of a card, who used the cards of a wallet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.card_case import CardCase
from huiyuan.domain.model.custody import Batch, Custody
from huiyuan.domain.model.holders import CardUse, IssueTerms, WalletCards


class CardBook(Protocol):
    """One round trip a question. All may raise Refused `not_permitted`, `not_signed_in`."""

    def custody(self) -> Custody:
        """The blank cards of this store."""
        ...

    def stock_in(self, card_type: str, numbers: Sequence[str]) -> int:
        """New blank cards of the type with this code; answers how many, a thousand a round trip.

        Raises Refused: `already_used` (field, value), `malformed`. What an earlier thousand was stays.
        """
        ...

    def batch(self, first: str, last: str, most: int) -> Batch:
        """The next cards of a range that can be issued here; what was issued is no longer among them."""
        ...

    def cases(self, *, after: UUID | None, most: int) -> Sequence[CardCase]:
        """Open ones first, at most `most` behind the case `after`. Raises as all others."""
        ...

    def open_case(
        self, case: UUID, card: int, *, kind: str, what: str, reporter: str, contact: str
    ) -> CardCase:
        """Reporter and contact are sealed here. Raises Refused: `unclean_text`, `unknown_card`."""
        ...

    def step_case(
        self, case: UUID, *, checked: str | None = None, act: bool = False, outcome: str | None = None
    ) -> CardCase:
        """One step further. Raises Refused: `case_refused` (why: closed, act, check, unknown)."""
        ...

    def case_contact(self, case: UUID) -> tuple[str, str]:
        """Who reported it and how to call back; that it was looked at is on record. Raises `case_refused`."""
        ...

    def wallet_cards(self, wallet: int, first: date | None, last: date | None) -> WalletCards:
        """Who holds the cards of a wallet; None: this month, until today. Raises Refused: `malformed`."""
        ...

    def card_uses(
        self, wallet: int, card: int | None, *, after: tuple[UUID, int] | None, most: int
    ) -> Sequence[CardUse]:
        """Uses of a card, or of all of the wallet, newest first, beyond the row `after` (document, n)."""
        ...

    def put_limit(
        self, card: int, *, sale_max_minor: int | None, day_max_minor: int | None, categories: Sequence[int]
    ) -> None:
        """What this one card may spend; nothing at all: what its type says. Raises Refused: `malformed`."""
        ...

    def issue_terms(self, card: int, *, holder: int | None, wallet: int | None) -> IssueTerms:
        """What issuing a blank card costs. Raises Refused: `unknown_card`."""
        ...
