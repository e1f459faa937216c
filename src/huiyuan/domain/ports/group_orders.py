"""Group-buy orders of this store. Closing one is a document, and goes through the door."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.group_order import GroupOrder, GroupSeries, GroupTier


class GroupOrders(Protocol):
    """One round trip a question. All may raise Refused `not_permitted`, `not_signed_in`, `group_refused`."""

    def page(self, *, after: UUID | None, most: int) -> Sequence[GroupOrder]:
        """Open ones first, at most `most` behind the order `after`; without places."""
        ...

    def order(self, order: UUID) -> GroupOrder:
        """One of them with its places."""
        ...

    def series(self, product: int) -> Sequence[GroupSeries]:
        """Series that can be tiers of an order for this product here now."""
        ...

    def open(
        self,
        order: UUID,
        *,
        product: int,
        organiser: int,
        closes_at: datetime,
        note: str,
        tiers: Sequence[GroupTier],
    ) -> GroupOrder:
        """The same id again opens nothing more. Raises Refused: also `unclean_text`."""
        ...

    def join(self, order: UUID, place: UUID, member: int, qty_milli: int) -> GroupOrder:
        """A place for a member; the same place again changes nothing."""
        ...

    def leave(self, order: UUID, place: UUID) -> GroupOrder:
        """The place is left; all others stay as they are."""
        ...

    def call_off(self, order: UUID, reason: str) -> GroupOrder:
        """No coupons for anybody. Raises Refused: also `reason_missing`."""
        ...
