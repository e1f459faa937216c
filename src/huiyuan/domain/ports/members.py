"""Members: the page, edits, movements, what is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.credit import CreditDue, Debtor
from huiyuan.domain.model.members import (
    CardPage,
    CardType,
    Doubtful,
    MemberChange,
    MemberDraft,
    MemberForm,
    MemberPage,
    MemberSaved,
    Purchase,
    Statement,
)


class MemberBook(Protocol):
    """Members of the whole chain, one round trip a question.

    Every method may raise Refused `not_permitted`, `not_signed_in`.
    """

    def page(self, member: int) -> MemberPage:
        """The overview. Raises Refused: `unknown_member`."""
        ...

    def form(self, member: int | None) -> MemberForm:
        """The choices of an edit; for None an id is set aside for a new member."""
        ...

    def save(self, draft: MemberDraft) -> MemberSaved:
        """Keep a new member or an edit.

        Raises Refused: `same_id` (member, number, name: an account of this ID number exists, there is no
        second one), `same_phone` (count, member, number, name: the first of those who have it; save again
        with `same_phone`), `identity_check` (fields), `stale` (version), `unclean_text` (field),
        `malformed`, `unknown_member`, `data_key_missing`, `data_key_damaged`, `key_open_to_others`.
        """
        ...

    def history(self, member: int, *, before: int | None, most: int) -> Sequence[MemberChange]:
        """Changes, newest first, those before the change `before`."""
        ...

    def statement(self, account: int, *, before: int | None, most: int) -> Statement:
        """A page of an account. Raises Refused: `unknown_account`."""
        ...

    def purchases(self, member: int, *, after: UUID | None, most: int) -> Sequence[Purchase]:
        """Sales and returns in all stores, newest first, those older than the document `after`."""
        ...

    def reveal(self, member: int, field: str, *, reason: str) -> str:
        """A sealed value in full; who asked and why stays on record whatever happens then.

        Raises Refused: `reveal_limit` (count, minutes), `reason_missing`, `nothing_sealed`, `seal_broken`,
        `data_key_missing`, `data_key_damaged`, `key_open_to_others`.
        """
        ...

    def put_note(self, member: int, text: str, *, pops_up: bool) -> None:
        """Raises Refused: `unclean_text`, `unknown_member`."""
        ...

    def remove_note(self, note: int) -> None:
        """Raises Refused: `unknown_note`."""
        ...

    def put_credit_limit(self, wallet: int, limit_minor: int) -> None:
        """How much this wallet's member may owe.

        Raises Refused: `not_permitted`, `limit_below_debt` (balance), `approval_needed` (limit),
        `unknown_wallet`.
        """
        ...

    def credit_due(self, wallet: int) -> CreditDue | None:
        """How what this wallet owes stands today; None: it owes nothing.

        Raises Refused: `not_permitted`, `unknown_wallet`.
        """
        ...

    def debtors(
        self, most: int, *, after: Sequence[int] | None = None, overdue: bool = False
    ) -> Sequence[Debtor]:
        """Wallets that owe, the earliest day first, then the largest debt; those behind the place `after`.

        `overdue`: only with something past its day.

        Raises Refused: `not_permitted`.
        """
        ...

    def doubtful(self, most: int, *, after: int | None = None) -> Sequence[Doubtful]:
        """Records that somebody should look at, oldest first, those after the member `after`."""
        ...

    def card(self, *, token_kind: str, text: str) -> CardPage:
        """A presented card with all there is about it. Raises Refused: `unknown_card`."""
        ...

    def card_types(self) -> Sequence[CardType]:
        """The kinds of cards there are."""
        ...
