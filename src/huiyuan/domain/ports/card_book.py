"""The book of cards: card types and passes, limits of a card, who used the cards of a wallet."""

from __future__ import annotations

from typing import Protocol

from huiyuan.domain.model.custody import Batch, Custody
from huiyuan.domain.model.promotion_desk import Desk


class CardBook(Protocol):
    """One round trip a question. All may raise Refused `not_permitted`, `not_signed_in`."""

    def rules(self, family: str) -> Desk:
        """The versions and proposals of `card_type` or `pass`."""
        ...

    def custody(self) -> Custody:
        """The blank cards of this store."""
        ...

    def batch(self, first: str, last: str, most: int) -> Batch:
        """The next cards of a range that can be issued here; what was issued is no longer among them."""
        ...
