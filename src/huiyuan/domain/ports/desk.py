"""What a counter asks beside posting: sales found, baskets put aside, one product looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from huiyuan.domain.model.desk import (
    FoundSale,
    HeldSale,
    ItemInfo,
    Recalled,
    ReturnPolicy,
    Review,
    SaleFilter,
)


class SalesDesk(Protocol):
    """Each method is one round trip. Every one may raise Refused `not_signed_in`."""

    def find_sales(self, wanted: SaleFilter, *, after: UUID | None, most: int) -> Sequence[FoundSale]:
        """Newest first, older than the document `after`. Raises Refused: `not_permitted`, `malformed`."""
        ...

    def return_policy(self) -> ReturnPolicy:
        """What the chain lets come back here."""
        ...

    def blind_price(self, product: int) -> int:
        """The most that one base unit brings without a receipt.

        Raises Refused: `blind_return_refused`, `unknown_product` (it had no price in the days looked at).
        """
        ...

    def hold(
        self, held: UUID, *, basket: Mapping[str, Any], total_minor: int, line_count: int,
        member: int | None, note: str | None,
    ) -> str:  # fmt: skip
        """Put a basket aside, once per `held`. Answers its state: held, taken, settled or dropped.

        Raises Refused: `too_many_held`, `unclean_text`, `malformed`, `not_permitted`, `held_gone`.
        """
        ...

    def held_sales(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[HeldSale]:
        """The baskets put aside in this store, oldest first, those after `after`."""
        ...

    def recall(self, held: UUID, *, over_others: bool = False) -> Recalled:
        """Take a basket; the till that has it gets it again.

        Args:
            over_others: also from another till, which an approver may.

        Raises Refused: `held_gone`, `held_elsewhere` (terminal), `not_permitted`.
        """
        ...

    def drop_held(self, held: UUID, *, reason: str) -> None:
        """Remove a basket for good. Raises Refused: `held_gone`, `reason_missing`, `not_permitted`."""
        ...

    def reviews(self, *, after: tuple[UUID, int] | None, most: int) -> Sequence[Review]:
        """What differed at sales of an outage of this store and nobody decided yet, oldest first.

        Args:
            after: document and number of the one that a page begins behind.
        """
        ...

    def decide_review(self, document: UUID, n: int, *, reason: str) -> None:
        """Raises Refused: `unknown_review`, `reason_missing`, `not_permitted`, `unclean_text`."""
        ...

    def item_info(self, product: int) -> ItemInfo:
        """Raises Refused `unknown_product`."""
        ...

    def product_care(self, product: int, *, min_age: int | None, warning: str | None) -> None:
        """The least age of who buys it, and what is said at its scan; None takes either away.

        Raises Refused: `not_permitted`, `unknown_product`, `unclean_text`, `malformed`.
        """
        ...
