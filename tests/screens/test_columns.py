"""The header of a column names the key that acts on what stands there."""

from __future__ import annotations

import pytest

from huiyuan.screens.widgets.rows import Column, RowList
from tests.screens.walk import walking


@pytest.mark.parametrize(
    ("lang", "shown"), [("en", ("Qty F3", "Price F6")), ("zh_CN", ("数量 F3", "单价 F6"))]
)
async def test_quantity_and_price_of_a_basket_name_their_keys(lang: str, shown: tuple[str, ...]) -> None:
    async with walking(lang=lang) as walk:
        await walk.sign_in()
        await walk.press("f2")
        header = next(line for line in walk.text.splitlines() if "#" in line)
        assert all(part in header for part in shown), header


@pytest.mark.parametrize(
    ("keys", "shown"),
    [(("ctrl+r", "enter"), ("Day F7",)), (("f7", "f4"), ("Time F4", "Paid by F7", "Total F6"))],
)
async def test_what_is_chosen_or_filtered_by_a_key_names_it(
    keys: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    async with walking(lang="en") as walk:
        await walk.sign_in("2001")
        await walk.press(*keys)
        assert walk.shows(*shown)


async def test_a_key_of_ones_own_is_named_and_a_title_that_leaves_no_room_stands_alone() -> None:
    async with walking(lang="en") as walk:
        await walk.sign_in()
        walk.app.set_keymap({"sale.quantity": "f7"})
        await walk.press("f2")
        assert "Qty F7" in walk.text
        rows = walk.app.screen.query_one(RowList)
        assert rows._heading(Column("Quantity", 8, command="sale.quantity")) == "Quantity"
        assert rows._heading(Column("Quantity")) == "Quantity"
