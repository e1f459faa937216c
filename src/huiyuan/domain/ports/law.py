"""The law about prepaid cards: rows that hold, what they say of a purchase, how a new one comes about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from huiyuan.domain.model.law import LawProposal, LawRule, Standing
from huiyuan.domain.model.proposals import Desk, Place


class Law(Protocol):
    """One round trip a question. All may raise Refused `not_signed_in`, `not_permitted`."""

    def desk(self, *, after: Place | None, most: int) -> Desk[LawRule | LawProposal]:
        """What waits for a second person, then the rows of this store's jurisdictions, behind `after`."""
        ...

    def standing(self, wallet: int, *, buyer: int | None = None) -> Standing:
        """What an amount for this wallet is judged by. Raises Refused: `unknown_member` (member)."""
        ...

    def propose(self, *, rule: str, jurisdiction: str, terms: Mapping[str, Any]) -> int:
        """A new row; it holds from its date on, once another person approved it.

        Raises Refused: `malformed`, `unclean_text`, `wrong_store`.
        """
        ...

    def approve(self, proposal: int) -> None:
        """Raises Refused: `own_proposal`, `unknown_proposal`, `already_used`."""
        ...

    def decline(self, proposal: int) -> None:
        """Raises Refused: `unknown_proposal`."""
        ...
