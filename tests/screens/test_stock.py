"""Stock on the screen: found while typing, filters by keys, pages, movements, the document behind one."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from huiyuan.config.i18n import translate
from huiyuan.domain.model.stock import EVERYTHING, PAGE, MoveKey, StockMove
from huiyuan.screens.stock_moves import when
from huiyuan.screens.wording import Wording
from tests.screens.fake_stock import MOVES
from tests.screens.walk import Walk, walking


async def open_stock(walk: Walk, number: str = "2001") -> None:
    await walk.sign_in(number)
    await walk.press("ctrl+k")
    assert walk.name == "StockScreen"


async def typed(walk: Walk, text: str) -> None:
    """Type and wait out the pause after which it is asked."""
    await walk.type(text, enter=False)
    await asyncio.sleep(0.35)
    await walk.settle()


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        ("zh_CN", ("库存", "P00002", "负库存", "件", "40 / 250", "负库存 25", "零库存 20", "门店现有数量")),
        ("en", ("Stock on hand", "P00002", "BELOW 0", "piece", "40 of 250", "below zero 25", "sold before")),
    ],
)
async def test_the_own_stores_goods_stand_with_what_is_below_zero(lang: str, parts: tuple[str, ...]) -> None:
    """One row a product at 80x24, the field above, how many there are and what they mean below."""
    async with walking(lang=lang) as walk:
        await open_stock(walk)
        assert walk.shows(*parts)
        assert walk.fits()


async def test_goods_are_found_while_typing_and_enter_opens_their_movements_and_the_document() -> None:
    async with walking() as walk:
        await walk.sign_in("2001")
        await walk.press("f2")
        await walk.type("COLA")
        await walk.press("f2", "enter")
        await walk.past_result()
        await walk.press("escape", "ctrl+k")
        await typed(walk, "p00002")
        assert walk.shows("可口可乐 330ml", "1 / 1")
        assert "P00003" not in walk.text
        await walk.press("enter")
        assert walk.name == "StockMovesScreen"
        assert walk.shows("进出明细", "P00002", "S01-1-000070", "从门店到顾客", "王芳", "其后库存")
        await walk.press("f5", "end")
        assert walk.shows("S01-1-000001", "收货", "从供应商到门店", "3.50", "100")
        await walk.press("f6", "home", "enter")
        assert walk.name == "DocumentPage"
        assert walk.shows("可口可乐 330ml", "S01-1-0000")
        await walk.press("escape", "escape")
        assert walk.name == "StockScreen"
        assert walk.fits()


async def test_a_document_that_has_no_slip_here_is_a_sentence_and_the_list_stands() -> None:
    async with walking() as walk:
        await open_stock(walk)
        await walk.press("enter", "enter")
        assert walk.name == "StockMovesScreen"
        assert walk.shows("在本店没有小票", "S01-1-000070")


def test_what_was_imported_stands_on_its_day_and_the_rest_at_its_minute() -> None:
    say = Wording(translate("en"), "en", time_zone="Asia/Shanghai")
    posted = datetime(2026, 3, 9, 18, 30, tzinfo=UTC)
    for day, shown in ((date(2026, 3, 9), "2026-03-10 02:30"), (date(2025, 1, 2), "2025-01-02")):
        key = MoveKey(day, posted, UUID(int=1), 1)
        assert when(say, StockMove(key, "sale", "", "store", "customer", -1, None, 0, None)) == shown


async def test_keys_filter_by_sign_stores_and_category() -> None:
    async with walking() as walk:
        await open_stock(walk)
        await walk.press("f2")
        assert walk.shows("只看负库存", "25 / 25", "P00010")
        assert "P00003" not in walk.text
        await walk.press("f2")
        assert walk.shows("只看零库存", "20 / 20", "P00011")
        await walk.press("f2", "f3")
        assert walk.shows("全部门店", "40 / 500", "S02")
        await walk.press("f4", "2")
        assert walk.shows("饮料", "2 / 2", "P00002")
        await walk.press("f4", "1", "f3")
        assert walk.shows("40 / 250")


async def test_the_next_page_comes_by_key_and_by_walking_down() -> None:
    async with walking() as walk:
        await open_stock(walk)
        rows = walk.app.screen.query_one("#rows")
        await walk.press(*["f5"] * 6)
        assert walk.shows("250 / 250", "P00249")
        assert len(rows.rows) == 10  # type: ignore[attr-defined]
        assert "更多" not in walk.text
        await walk.press(*["f6"] * 6)
        assert walk.shows("40 / 250")
        assert "F6" not in walk.text
        await walk.press("f2", "f2", "f2")
        assert len(rows.rows) == PAGE  # type: ignore[attr-defined]
        walk.send(*["down"] * PAGE)
        await walk.settle()
        assert walk.shows("80 / 250")
        assert len(rows.rows) == PAGE  # type: ignore[attr-defined]


async def test_an_export_holds_every_page() -> None:
    async with walking() as walk:
        await open_stock(walk)
        await walk.press("f9", "1")
        assert walk.shows("已写入：/srv/exports/stock.xlsx")
        ((paper, _),) = walk.fake.files.papers
        assert len(paper.table.rows) == 250 < EVERYTHING
        await walk.press("enter", "f9", "2")
        assert walk.shows("已写入：/srv/exports/stock_moves.csv")


async def test_a_cashier_sees_the_stock_and_receives_goods_only_if_he_may() -> None:
    async with walking() as walk:
        await open_stock(walk, "1001")
        await walk.press("f8")
        assert walk.name == "ReceivingScreen"
        await walk.press("escape")
        assert walk.name == "StockScreen"
        assert MOVES > 50
