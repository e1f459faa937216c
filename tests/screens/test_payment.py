"""Taking the money: points beside every other tender, one document whatever is split."""

from __future__ import annotations

import pytest

from huiyuan.domain.model.document import Kind
from tests.screens.test_sale import MEMBER_CARD, only_sale
from tests.screens.walk import walking


async def test_points_pay_the_most_that_the_rule_allows_in_one_key() -> None:
    """12.26 for a member with 1,230 points: half of it, and the rest in cash."""
    async with walking() as walk:
        await walk.open_sale("MILK", MEMBER_CARD)
        await walk.press("f2")
        assert walk.shows("613 积分可抵", "¥6.13", "F7")
        await walk.press("f7")
        assert walk.shows("积分  613", "6.13", "还差", "¥6.13")
        assert "可抵" not in walk.text
        await walk.press("enter")
        sale = only_sale(walk.fake)
        assert [(t.kind, t.amount_minor, t.points, t.rule) for t in sale.tenders] == [
            ("points", 613, 613, 5), ("cash", 613, None, None),
        ]  # fmt: skip
        assert sale.proofs[0].wallet == 11
        assert walk.fake.ledger.cards[0].balances.points == 1230 - 613 + 12


@pytest.mark.parametrize(("typed", "said"), [("6.14", "最多可抵 ¥6.13"), ("0.001", "小数点后最多 2 位")])
async def test_more_than_points_may_pay_takes_nothing_and_says_how_much(typed: str, said: str) -> None:
    async with walking() as walk:
        await walk.open_sale("MILK", MEMBER_CARD)
        await walk.press("f2")
        await walk.type(typed, enter=False)
        await walk.press("f7")
        assert walk.shows(said, "尚未收款")


async def test_points_a_phone_stored_value_and_cash_pay_one_sale() -> None:
    async with walking() as walk:
        await walk.open_sale("RICE", MEMBER_CARD)
        await walk.press("f2")
        await walk.type("2", enter=False)
        await walk.press("f7")
        await walk.type("10", enter=False)
        await walk.press("f3")
        await walk.type("20", enter=False)
        await walk.press("f6")
        await walk.type("WX-778")
        await walk.type("100")
        sale = only_sale(walk.fake)
        assert [(t.kind, t.amount_minor, t.reference) for t in sale.tenders] == [
            ("points", 200, None), ("stored", 1000, None), ("mobile", 2000, "WX-778"), ("cash", 3431, None),
        ]  # fmt: skip
        assert walk.fake.ledger.of_kind(Kind.SALE)[0].total_minor == 6631


async def test_points_taken_back_can_be_taken_again() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK", MEMBER_CARD)
        await walk.press("f2", "f7", "f8")
        assert walk.shows("613 积分可抵", "尚未收款")
        await walk.press("f7", "f7")
        assert walk.shows("6.13")
        await walk.press("f3", "enter")
        assert [t.kind for t in only_sale(walk.fake).tenders] == ["points", "stored"]


async def test_nobody_is_offered_points_without_a_card() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK")
        await walk.press("f2")
        assert "积分" not in walk.text
        await walk.press("f7", "enter")
        assert [t.kind for t in only_sale(walk.fake).tenders] == ["cash"]
