"""The group desk by keys: an order is opened, joined, left, closed; each one's price is his at the till."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.group_order import GroupTier
from tests.screens.fake_group_orders import OFF
from tests.screens.fake_ledger import NOON
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking

OPENED = (
    "ctrl+y",
    "4",
    "f2",
    "type:TEA",
    "type:M0001",
    "enter",
    "enter",
    "type:2",
    "f4",
    "enter",
    "type:5",
    "f2",
)
"""From home: tea, organised by M0001, seven days, from 2 pieces the first series, from 5 the second."""


async def keys(walk: Walk, *pressed: str) -> None:
    for key in pressed:
        if key.startswith("type:"):
            await walk.type(key.removeprefix("type:"))
        else:
            await walk.press(key)


def standing() -> FakeShop:
    """An order for tea with two pieces of M0001 in it, which is its first tier."""
    fake, order = FakeShop(), UUID(int=500)
    tiers = (GroupTier(2000, OFF[0]), GroupTier(5000, OFF[1]))
    fake.groups.open(order, product=4, organiser=1, closes_at=NOON + timedelta(days=7), note="", tiers=tiers)
    fake.groups.join(order, UUID(int=501), 1, 2000)
    return fake


SHOWN = ("ctrl+y", "4", "enter")


async def test_who_leaves_breaks_nothing_and_closing_gives_each_piece_its_coupon() -> None:
    async with walking(FakeShop()) as walk:
        await walk.sign_in("2001")
        await keys(walk, *OPENED)
        assert walk.name == "GroupOrderScreen", walk.text
        assert walk.shows("0 位会员共 0 件", "满 2 件：每件 -¥5.00", "满 5 件：每件 -¥10.00")
        assert "成团" not in walk.text.splitlines()[-2], "nothing to close yet"
        await keys(walk, "f2", "type:M0001", "type:3", "f2", "type:M0002", "type:2")
        assert walk.shows("2 位会员共 5 件", "每件 -¥10.00")

        await keys(walk, "down", "f4", "enter")

        assert walk.shows("1 位会员共 3 件", "每件 -¥5.00", "再有 2 件，每件 -¥10.00", "退出")
        await keys(walk, "f2", "type:M0003", "enter")
        await keys(walk, "f3", "enter")
        assert walk.shows("已成团", "2 位会员共得 4 张券")
        (given,) = walk.fake.ledger.of_kind(Kind.COUPON_ISSUE)
        assert [(row.rule, row.version, row.holder) for row in given.coupons] == [
            *[(81, 1, 1)] * 3, (81, 1, 3),
        ]  # fmt: skip
        assert len({row.token for row in given.coupons}) == 4
        assert given.group_order == walk.fake.groups.orders[0].id
        assert given.total_minor == 2000
        for word in ("参团", "退出", "成团", "取消团购"):
            assert word not in walk.text.splitlines()[-2], "what is closed is only read"
        await keys(walk, "escape")
        assert walk.shows("已成团")


async def test_an_order_that_was_closed_elsewhere_is_read_anew() -> None:
    async with walking(standing()) as walk:
        await walk.sign_in("2001")
        await keys(walk, *SHOWN)
        order = walk.fake.groups.orders[0].id
        walk.fake.groups.call_off(order, "no tea")
        await keys(walk, "f2", "type:M0003", "enter")
        assert walk.shows("已取消")
        assert len(walk.fake.groups.order(order).standing) == 1


async def test_a_cut_while_it_closes_gives_the_coupons_once() -> None:
    async with walking(standing()) as walk:
        await walk.sign_in("2001")
        await keys(walk, *SHOWN)
        walk.fake.door.silent = True
        await keys(walk, "f3", "enter")
        assert "成团" not in walk.text.splitlines()[-2]
        walk.fake.door.silent = False
        await keys(walk, "f6")
        assert len(walk.fake.ledger.of_kind(Kind.COUPON_ISSUE)) == 1
        assert walk.shows("已成团")


async def test_coupons_above_the_limit_take_a_second_person() -> None:
    fake = standing()
    fake.ledger.limits["coupon_issue"] = 900
    async with walking(fake) as walk:
        await walk.sign_in("2001")
        await keys(walk, *SHOWN, "f3", "enter")
        assert walk.name == "SecondPerson", walk.text
        assert fake.ledger.of_kind(Kind.COUPON_ISSUE) == []
        await keys(walk, "type:1001", "type:1001")
        assert walk.shows("已成团", "1 位会员共得 2 张券")


async def test_called_off_with_a_reason_nobody_gets_anything() -> None:
    async with walking(standing(), "en") as walk:
        await walk.sign_in("2001")
        await keys(walk, *SHOWN)
        await keys(walk, "f8", "type:no tea came")
        assert walk.shows("called off", "no tea came")
        assert walk.fake.ledger.of_kind(Kind.COUPON_ISSUE) == []


async def test_goods_without_a_series_say_what_one_needs_and_the_id_is_one() -> None:
    async with walking(FakeShop()) as walk:
        await walk.sign_in("2001")
        walk.fake.groups.offered = ()
        await keys(walk, "ctrl+y", "4", "f2", "type:TEA", "type:M0001", "enter")
        assert walk.shows("没有可用作团购档的券系列")
        walk.fake.groups.offered = OFF
        await keys(walk, "f4", "enter", "type:0")
        assert walk.name == "Entry"
        await keys(walk, "ctrl+a", "type:2", "f8")
        assert walk.shows("还没有档位")


async def test_whoever_has_not_the_permission_does_not_see_it() -> None:
    async with walking(FakeShop()) as walk:
        await walk.sign_in("1001")
        await walk.press("ctrl+y")
        assert "团购" not in walk.text


async def test_the_list_is_turned_both_ways() -> None:
    fake = FakeShop()
    for n in range(40):
        fake.groups.open(
            UUID(int=500 + n), product=4, organiser=1, closes_at=NOON + timedelta(days=1 + n), note="",
            tiers=(GroupTier(2000, OFF[0]),),
        )  # fmt: skip
    async with walking(fake) as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "4")
        first = walk.text
        await walk.press("end", "down")
        assert walk.shows("第 2 页")
        assert walk.shows("2026-12-09")
        assert "2026-12-08" not in walk.text
        await walk.press("up")
        assert walk.shows("2026-12-08", "2026-11-22")
        assert "2026-11-22" in first
