"""Group-buy orders of the fake shop, in memory; a document that closes one is in the ledger of that shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.group_order import GroupOrder, GroupPlace, GroupSeries, GroupTier
from tests.screens.fake_ledger import NOON
from tests.screens.pages import page

if TYPE_CHECKING:
    from tests.screens.fake_shop import FakeShop

OFF: tuple[GroupSeries, ...] = (
    GroupSeries(81, "五常大米", 1, "off", off_minor=500, least_minor=16_800),
    GroupSeries(82, "纯牛奶", 3, "off", off_minor=1000, least_minor=16_800),
    GroupSeries(83, "苹果", 1, "percent", rate_bp=1250, max_minor=2100, least_minor=16_800),
)
"""Named after goods, whose names any screen may show in either language."""


class FakeGroupOrders:
    """Fills the port."""

    def __init__(self, fake: FakeShop) -> None:
        self.fake = fake
        self.orders: list[GroupOrder] = []
        self.offered: Sequence[GroupSeries] = OFF

    def page(self, *, after: UUID | None, most: int) -> Sequence[GroupOrder]:
        self.fake.travel()
        rows = [self._now(each) for each in self.orders]
        rows.sort(key=lambda each: (each.state != "open", each.closes_at))
        return page(rows, lambda each: each.id, after, most)

    def order(self, order: UUID) -> GroupOrder:
        self.fake.travel()
        return self._now(next(each for each in self.orders if each.id == order))

    def series(self, product: int) -> Sequence[GroupSeries]:
        del product
        return self.offered

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
        known = next(each for each in self.fake.ledger.products.values() if each.id == product)
        made = GroupOrder(
            id=order, product=product, code=known.code, name=known.name, organiser=self._name(organiser),
            closes_at=closes_at, opened_at=NOON, opened_by="陈经理", state="open", qty_milli=0, members=0,
            most_milli=20_000, tiers=tuple(tiers), note=note,
        )  # fmt: skip
        self.orders.append(made)
        return made

    def join(self, order: UUID, place: UUID, member: int, qty_milli: int) -> GroupOrder:
        found = self._open(order)
        if member in {each.member for each in found.standing}:
            raise Refused("group_refused", {"why": "joined"})
        new = GroupPlace(place, member, f"M{member:04}", self._name(member), qty_milli, NOON, "陈经理")
        return self._keep(replace(found, places=(*found.standing, new, *_left(found))))

    def leave(self, order: UUID, place: UUID) -> GroupOrder:
        found = self._open(order)
        (left,) = (each for each in found.places if each.id == place)
        rest = tuple(each for each in found.places if each.id != place)
        left = replace(left, left_at=NOON + timedelta(hours=1), left_by="陈经理")
        return self._keep(replace(found, places=(*rest, left)))

    def call_off(self, order: UUID, reason: str) -> GroupOrder:
        ended = replace(
            self._open(order), state="called_off", reason=reason, ended_at=NOON, ended_by="陈经理"
        )
        return self._keep(ended)

    def _name(self, member: int) -> str:
        return next(each.name for each in self.fake.finder.people if each.id == member)

    def _open(self, order: UUID) -> GroupOrder:
        found = self.order(order)
        if found.state != "open":
            raise Refused("group_refused", {"why": found.state})
        return found

    def _keep(self, order: GroupOrder) -> GroupOrder:
        standing = order.standing
        whole = replace(order, qty_milli=sum(each.qty_milli for each in standing), members=len(standing))
        self.orders = [whole if each.id == order.id else each for each in self.orders]
        return whole

    def _now(self, order: GroupOrder) -> GroupOrder:
        posted = self.fake.ledger.of_kind(Kind.COUPON_ISSUE)
        if order.state == "open" and any(each.group_order == order.id for each in posted):
            return replace(order, state="closed", ended_at=NOON, ended_by="陈经理", receipt="S01-1-000009")
        return order


def _left(order: GroupOrder) -> tuple[GroupPlace, ...]:
    return tuple(each for each in order.places if each.left_at is not None)
