"""One key puts the weight on the scale into a weighed line."""

from __future__ import annotations

import pytest

from tests.screens.walk import walking


async def test_the_weight_becomes_the_quantity_of_a_weighed_line_only() -> None:
    async with walking() as walk:
        scale = walk.fake.scale
        scale.present, scale.grams = True, 735
        weighed = next(each for each in walk.fake.ledger.products.values() if each.sold_by == "weight")
        await walk.open_sale("COLA")
        assert "称重" not in walk.text
        await walk.press("ctrl+t")
        assert "0.735" not in walk.text
        await walk.type(weighed.code)
        assert walk.shows("称重")
        await walk.press("ctrl+t")
        assert walk.shows("0.735 kg")
        scale.grams = 1200
        await walk.press("ctrl+t")
        assert walk.shows("1.2 kg")
        scale.why = "scale_unsteady"
        await walk.press("ctrl+t")
        assert walk.shows("秤还没有稳定", "1.2 kg")


async def test_without_a_scale_there_is_no_such_key() -> None:
    async with walking() as walk:
        weighed = next(each for each in walk.fake.ledger.products.values() if each.sold_by == "weight")
        await walk.open_sale(weighed.code)
        assert "称重" not in walk.text


@pytest.mark.parametrize(
    ("way", "screen"), [(["f9"], "ReceivingScreen"), (["f7", "f5"], "BlindReturnScreen")]
)
async def test_goods_that_arrive_or_come_back_are_weighed_too(way: list[str], screen: str) -> None:
    async with walking() as walk:
        scale = walk.fake.scale
        scale.present, scale.grams = True, 735
        weighed = next(each for each in walk.fake.ledger.products.values() if each.sold_by == "weight")
        await walk.sign_in("2001")
        await walk.press(*way)
        assert walk.name == screen
        await walk.press("ctrl+t")
        await walk.type("COLA")
        assert "称重" not in walk.text
        await walk.type(weighed.code)
        assert walk.shows("称重")
        await walk.press("ctrl+t")
        assert walk.shows("0.735")
        await walk.press("up")
        assert "称重" not in walk.text
        await walk.press("ctrl+t", "down")
        scale.why = "scale_empty"
        await walk.press("ctrl+t")
        assert walk.shows("0.735", "秤上没有东西")
