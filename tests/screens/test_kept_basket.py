"""The basket comes back: by itself to whoever filled it, after asking to anybody else."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from huiyuan.domain.model.basket import KeptBasket
from huiyuan.domain.model.card import AttachedMember
from huiyuan.domain.model.document import Tender
from huiyuan.domain.model.errors import Unreachable
from huiyuan.screens import coming_back
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking


async def left_by(staff: str, fake: FakeShop, *keys: str) -> None:
    """`staff` scans two teas and a cola for the card's member, and the power fails."""
    async with walking(fake) as walk:
        await walk.sign_in(staff)
        await walk.press("f2")
        await walk.type("2*TEA")
        await walk.type("COLA")
        for key in keys:
            await (walk.type(key.removeprefix("type:")) if key.startswith("type:") else walk.press(key))
        assert fake.baskets.kept() is not None


async def come_back(walk: Walk, who: str) -> None:
    """Sign in, wherever that leads."""
    await walk.settle()
    await walk.type(who)
    await walk.type(who)


def open_fake() -> FakeShop:
    fake = FakeShop()
    fake.open_shift()
    return fake


async def test_the_own_basket_is_back_at_the_next_sign_in() -> None:
    fake = open_fake()
    await left_by("1001", fake)
    async with walking(fake) as walk:
        await come_back(walk, "1001")
        assert walk.name == "SaleScreen"
        assert walk.shows("已恢复：工号 1001", "西湖龙井茶", "可口可乐", "¥339.50")
        await walk.press("f2", "enter")
        await walk.past_result()
        assert fake.baskets.kept() is None
        assert fake.ledger.cash_minor == 20000 + 33950


async def test_another_person_is_asked_and_may_go_on() -> None:
    fake = open_fake()
    await left_by("1001", fake)
    async with walking(fake) as walk:
        await come_back(walk, "2001")
        assert walk.name == "BasketBack"
        assert walk.shows("工号 1001", "2 行")
        await walk.press("enter")
        assert walk.shows("已恢复", "¥339.50")
        assert fake.baskets.said == [("take", "1001 2001")]
        kept = fake.baskets.kept()
        assert kept is not None
        assert kept.staff == "2001"


async def test_another_person_may_empty_it_or_leave_it() -> None:
    fake = open_fake()
    await left_by("1001", fake)
    async with walking(fake) as walk:
        await come_back(walk, "2001")
        await walk.press("escape")
        assert walk.name == "HomeScreen"
        assert walk.shows("工号 1001")
        assert fake.baskets.kept() is not None
        await walk.press("f2", "f9")
        assert walk.name == "SaleScreen"
        assert walk.shows("请扫商品或会员卡")
        assert fake.baskets.said == [("drop", "1001 2001")]
        assert fake.baskets.kept() is None
        await walk.type("COLA")
        assert fake.baskets.kept() is not None


async def test_what_cannot_come_back_is_said_and_the_rest_is_there() -> None:
    fake = open_fake()
    await left_by("1001", fake, "type:88000001")
    fake.ledger.products.pop(4)
    async with walking(fake) as walk:
        await come_back(walk, "1001")
        assert walk.name == "BasketBack"
        assert walk.shows("西湖龙井茶 250g", "请重新出示会员卡")
        await walk.press("enter")
        assert walk.shows("可口可乐", "李娜", "未出示卡")
        assert "西湖龙井茶" not in walk.text


async def test_money_that_was_taken_is_taken_over() -> None:
    fake = open_fake()
    await left_by("1001", fake, "f2", "type:100")
    async with walking(fake) as walk:
        await come_back(walk, "1001")
        assert walk.shows("已收", "¥100.00")
        await walk.press("f2")
        assert walk.shows("¥239.50", "100.00")
        await walk.press("enter", "enter")
        await walk.past_result()
        assert fake.ledger.cash_minor == 20000 + 33950


async def test_money_of_before_that_is_more_than_is_due_now_is_said() -> None:
    fake = open_fake()
    await left_by("1001", fake)
    kept = fake.baskets.kept()
    assert kept is not None
    card = Tender("bank_card", 9_999_900, reference="123456")
    fake.baskets.keep(replace(kept, basket=replace(kept.basket, tenders=(card,))))
    async with walking(fake) as walk:
        await come_back(walk, "1001")
        await walk.press("f2")
        assert walk.name == "PaymentScreen", walk.text
        assert walk.shows("之前已收、但超过现在应付：", "¥99,999.00")


async def test_without_a_line_the_basket_waits_and_nothing_is_scanned_over_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(coming_back, "RETRY_S", 0.2)
    fake = open_fake()
    await left_by("1001", fake, "type:88000001")
    before = fake.baskets.row
    real, away = fake.reads.attach_member, [True]

    def attach(member: int) -> AttachedMember:
        if away[0]:
            raise Unreachable
        return real(member)

    fake.reads.attach_member = attach  # type: ignore[method-assign]
    async with walking(fake) as walk:
        await come_back(walk, "1001")
        assert walk.shows("断线", "请扫商品或会员卡")
        await walk.type("COLA")
        assert walk.shows("请扫商品或会员卡")
        assert fake.baskets.row is before
        away[0] = False
        await asyncio.sleep(0.3)
        await walk.settle()
        assert walk.shows("西湖龙井茶", "李娜", "请重新出示会员卡")


async def test_an_emptied_and_a_left_basket_do_not_come_back() -> None:
    fake = open_fake()
    async with walking(fake) as walk:
        await walk.sign_in("1001")
        await walk.press("f2")
        await walk.type("COLA")
        assert fake.baskets.kept() is not None
        await walk.press("f9", "enter")
        assert fake.baskets.kept() is None
        await walk.type("COLA")
        await walk.press("escape", "enter")
        assert walk.name == "HomeScreen"
        assert fake.baskets.kept() is None


async def test_a_disk_that_takes_no_basket_is_said() -> None:
    fake = open_fake()
    async with walking(fake) as walk:
        await walk.sign_in("1001")
        await walk.press("f2")
        fake.baskets.why = "SQLITE_FULL"
        await walk.type("COLA")
        assert walk.shows("本机磁盘写不进购物篮")


@pytest.mark.parametrize("keys", [("f2",), ("f2", "type:100"), ()])
async def test_the_payment_names_the_sale_that_will_sell_it(keys: tuple[str, ...]) -> None:
    fake = open_fake()
    await left_by("1001", fake, *keys)
    kept: KeptBasket | None = fake.baskets.kept()
    assert kept is not None
    assert (kept.document is not None) is bool(keys)
    assert sum(tender.amount_minor for tender in kept.basket.tenders) == (10000 if len(keys) == 2 else 0)
