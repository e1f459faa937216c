"""What comes on top of a top-up: chosen, named before and behind the money, left, or earned by a purchase."""

from __future__ import annotations

from typing import Any

from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from tests.screens.fake_shop import FakeShop
from tests.screens.test_value import at
from tests.screens.walk import walking

OIL = {"product": 2, "code": "MILK", "name": "纯牛奶 1L", "qty_milli": 1000}


def gifts(fake: FakeShop, **body: Any) -> None:
    whole = {"steps": [{"from_minor": 30000}], "repeats": True} | body
    fake.rules = [*fake.rules, RuleVersion(33, 2, RuleFamily.RECHARGE, "充送油", body=whole)]


async def test_goods_that_come_with_it_are_named_before_and_on_the_slip_or_left() -> None:
    fake = FakeShop()
    gifts(fake, goods=[OIL | {"left_milli": 1000}])
    async with walking(fake) as walk:
        walk.fake.open_shift()
        await at(walk, "f3", "type:88000001")
        await walk.type("600", enter=False)
        await walk.press("ctrl+y", "g")
        assert walk.shows("充送油: 纯牛奶 1L × 2（库存 1）")
        await walk.press("2")
        assert walk.shows("纯牛奶 1L × 2（库存 1）")
        await walk.press("ctrl+y", "w")
        assert walk.shows("不要赠品（^Y w）")
        await walk.press("ctrl+y", "w", "f2")
        assert walk.name == "TopUpScreen"
        assert walk.shows("纯牛奶 1L：只剩 1，不够赠送", "不要赠品（^Y w）")
        await walk.press("ctrl+u")
        await walk.type("300", enter=False)
        await walk.press("f2", "enter")
        (made,) = walk.fake.ledger.of_kind(Kind.TOP_UP)
        assert [row.to_row() for row in made.gifts] == [
            {"product": 2, "qty_milli": 1000, "rule": 33, "version": 2}
        ]
        assert walk.shows("赠品", "纯牛奶 1L", "x1")
        await walk.press("enter", "escape", "f8", "enter")
        assert walk.shows("请先收回赠品：纯牛奶 1L × 1")


async def test_a_purchase_entitles_once_and_what_does_not_fit_is_said() -> None:
    fake = FakeShop()
    gifts(
        fake, steps=[{"from_minor": 30000, "give_minor": 9000}], bought=[{"product": 1, "name": "可口可乐"}]
    )
    async with walking(fake) as walk:
        walk.fake.open_shift()
        await walk.open_sale("COLA")
        await walk.press("f2", "enter")
        (sold,) = [each for each in walk.fake.ledger.entries.values() if each.document.kind == Kind.SALE]
        await walk.press("enter", "escape", "f3")
        await walk.type("88000001")
        await walk.type("300", enter=False)
        assert walk.shows("凭小票（^Y s）", "充送油: 可口可乐，当日购买")
        await walk.press("ctrl+y", "s")
        await walk.type("S01-01-999999")
        assert walk.shows("没有这笔销售")
        assert "¥90.00" not in walk.text
        await walk.press("ctrl+y", "s")
        await walk.type("RC-" + sold.posted.receipt)
        assert walk.shows("购买小票", sold.posted.receipt, "¥90.00", "充送油")
        await walk.press("f2", "enter")
        (made,) = walk.fake.ledger.of_kind(Kind.TOP_UP)
        assert (made.bought, made.grants[0].rule) == (sold.document.id, 33)
        await walk.press("enter")
        await walk.type("88000001")
        await walk.type("300", enter=False)
        await walk.press("ctrl+y", "s")
        await walk.type(sold.posted.receipt)
        assert walk.shows("那张小票已用过", "300")
        assert "¥90.00" not in walk.text
