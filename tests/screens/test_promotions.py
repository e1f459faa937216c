"""Explain, what if and discounts by hand at the till; the promotion desk."""

from __future__ import annotations

from huiyuan.domain.model.promotion import Percent, Steps, Threshold
from huiyuan.domain.model.rules import RuleVersion
from tests.domain.promos import STACK, promo
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import walking


def running() -> list[RuleVersion]:
    """A tenth off everything, and ten off a hundred."""
    tenth = promo(Percent(1_000), id=41)
    steps = promo(Steps((Threshold(10_000, 1_000),)), id=42, combine=STACK)
    return [tenth, steps]


async def test_a_price_is_explained_and_what_did_not_apply_has_a_reason() -> None:
    async with walking() as walk:
        walk.fake.rules += running()
        await walk.open_sale("2*MILK")
        assert walk.shows("合计  ¥23.22")
        await walk.press("ctrl+y", "y")
        assert walk.name == "ExplainSheet"
        assert walk.shows("标价", "25.80", "rule 41", "-2.58", "23.22", "- rule 42: 还差 ¥74.20")
        await walk.press("enter")
        await walk.press("ctrl+y")
        await walk.press("o")
        assert walk.name == "WhatIfSheet", walk.text
        assert walk.shows("按普通", "不用“rule 41”", "25.80")


async def test_a_discount_by_hand_on_a_line_and_on_all_and_lifted_again() -> None:
    async with walking() as walk:
        await walk.open_sale("2*MILK", "COLA")
        await walk.press("ctrl+y", "t")
        await walk.type("3%")
        assert walk.shows("-0.10", "合计  ¥29.20")
        await walk.press("ctrl+y", "a")
        await walk.type("5")
        assert walk.shows("合计  ¥24.20")
        await walk.press("ctrl+y", "a")
        await walk.type("x%")
        assert walk.name == "Entry", "what cannot be read stays in the field"
        await walk.press("escape")
        await walk.press("ctrl+y", "a")
        await walk.type("")
        assert walk.shows("合计  ¥29.20")


async def test_beyond_the_own_limit_it_is_said_at_once() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK")
        await walk.press("ctrl+y", "t")
        await walk.type("100%")
        assert walk.shows("此优惠须第二人在付款时批准。")


async def test_a_promotion_is_proposed_by_its_form_and_decided_by_another() -> None:
    fake = FakeShop()
    fake.open_shift()
    async with walking(fake) as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "u")
        await walk.press("f2", "1")
        for text in ("晚场", "MILK", "二成", "", "2026-12-01 2026-12-31", "1-5 18:00-20:00"):
            await walk.type(text)
        for _ in range(6):
            await walk.press("enter")
        assert walk.shows("“优惠”无法识别。未提交。")
        await walk.press("end", "backspace", "backspace")
        await walk.type("99.99%")
        await walk.press("f2")
        assert walk.name == "PromotionForm", "the door refused it: nothing that was typed is lost"
        assert walk.shows("这些日期和时段永远不会到来", "晚场", "99.99%", "2026-12-01 2026-12-31")
        await walk.press("shift+tab", "end", *["backspace"] * 6)
        await walk.type("20%")
        for _ in range(9):
            await walk.press("enter")
        assert walk.name == "PromotionScreen"
        assert walk.shows("“晚场”等待第二人批准。")
        ((_, name, terms),) = fake.promotions.proposed
        assert name == "晚场"
        assert terms["body"]["rate_bp"] == 2_000
        assert terms["body"]["weekdays"] == [1, 2, 3, 4, 5]
        assert (terms["body"]["from_minute"], terms["body"]["to_minute"]) == (1080, 1200)
        assert terms["valid_to"].startswith("2027-01-01T00:00:00")
        assert "批准" not in walk.text.splitlines()[-2], "the mark is on it, and nobody approves his own"
        await walk.press("up", "f3", "enter")
        assert fake.promotions.decided == [("approve", 7)]
