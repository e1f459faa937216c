"""Reports on the screen: spans by keys, closer and back out, bars, export, giving up."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from dataclasses import replace
from datetime import date

import pytest

from huiyuan.domain.model.turnover import By, Period, Turnover, TurnoverAsked
from huiyuan.screens.messages import ReportSaved
from huiyuan.screens.paged import PAGE_ROWS
from huiyuan.screens.reports import EXPORT_ROWS
from huiyuan.screens.span_report import read_day
from huiyuan.screens.widgets.bars import bar_cells
from tests.screens.fake_reports import TODAY
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, rows_of, walking


async def open_turnover(walk: Walk) -> None:
    await walk.sign_in("2001")
    await walk.press("ctrl+r", "enter")
    assert walk.name == "TurnoverScreen"


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        (
            "zh_CN",
            (
                "营业额",
                "合计",
                "笔数",
                "门店 S01, S02, S03, S04（共 4 家中的 4 家）",
                "净营业额（含税）",
                "陈经理",
            ),
        ),
        (
            "en",
            ("Turnover", "Total", "baskets", "stores S01, S02, S03, S04 (4 of 4)", "Net sales, tax included"),
        ),
    ],
)
async def test_a_report_stands_with_its_sum_its_scope_and_its_definition(
    lang: str, parts: tuple[str, ...]
) -> None:
    """Seven days as rows at 80x24, the total and the days before in one line, scope and definition below."""
    async with walking(lang=lang) as walk:
        await open_turnover(walk)
        assert walk.shows(*parts, TODAY.isoformat(), "12,985.00", "-2,163.08", "%")
        assert walk.fits()


async def test_the_keys_choose_the_span_and_the_rows() -> None:
    async with walking() as walk:
        await open_turnover(walk)
        for key, period in (
            ("f2", Period.TODAY),
            ("f3", Period.YESTERDAY),
            ("f4", Period.WEEK),
            ("f5", Period.MONTH),
        ):
            await walk.press(key)
            assert walk.fake.reports.asked[-1].period == period
        await walk.press("f7", "2")
        assert walk.fake.reports.asked[-1].by == (By.STORE,)
        await walk.press("f6")
        await walk.type(f"{TODAY.year + 1}-3-1")
        await walk.press("enter", "enter")
        assert walk.shows("这一天还没有到。")
        await walk.press("escape", "f6")
        await walk.type(f"{TODAY.year}-3-1")
        await walk.press("enter")
        await walk.type("S02, s03")
        asked = walk.fake.reports.asked[-1]
        assert (asked.first, asked.last, asked.stores) == (date(TODAY.year, 3, 1), TODAY, ("S02", "S03"))
        assert (asked.period, asked.by) == (Period.DAYS, (By.STORE,))


async def test_enter_looks_closer_and_escape_goes_back_out() -> None:
    async with walking() as walk:
        await open_turnover(walk)
        await walk.press("f7", "2", "down", "enter")
        asked = walk.fake.reports.asked[-1]
        assert (asked.stores, asked.by) == (("S02",), (By.DAY,))
        await walk.press("enter")
        asked = walk.fake.reports.asked[-1]
        assert (asked.first, asked.last, asked.by) == (asked.last, asked.last, (By.TENDER,))
        assert walk.shows("现金", "储值")
        assert "细看" not in walk.text  # below a way of paying lies nothing
        questions = len(walk.fake.reports.asked)
        await walk.press("enter")
        assert len(walk.fake.reports.asked) == questions
        await walk.press("escape", "escape")
        assert (walk.name, walk.fake.reports.asked[-1].by) == ("TurnoverScreen", (By.STORE,))
        await walk.press("escape", "escape")
        assert walk.name == "HomeScreen"


async def test_bars_are_signs_of_one_cell_and_say_less_than_nothing_with_another() -> None:
    """Bars as equals signs, longest for the best day; a day with more returns than sales: minus signs."""
    async with walking(lang="en") as walk:
        await open_turnover(walk)
        await walk.press("f8")
        rows = [row for row in rows_of(walk.app.screen) if row.startswith(f" {TODAY.year}-")]
        assert len(rows) == 7
        assert all(row.isascii() for row in rows)
        lengths = [row.count("=") for row in rows]
        assert max(lengths) > 40
        assert lengths == sorted(lengths) or min(lengths) == 0
        assert sum("---" in row and "=" not in row for row in rows) == 1
        assert walk.fits()
        await walk.press("f8")
        assert "====" not in walk.text


def test_a_bar_is_never_longer_than_its_room_and_never_nothing_for_something() -> None:
    assert [bar_cells(amount, 1_000, 40) for amount in (1_000, 500, 1, 0, -1_000)] == [40, 20, 1, 0, 40]
    assert bar_cells(5, 0, 40) == bar_cells(5, 5, 0) == 0


async def test_an_export_says_where_it_lies_or_why_not() -> None:
    async with walking() as walk:
        await open_turnover(walk)
        await walk.press("f9", "enter")
        assert walk.shows("已写入：/srv/exports/turnover.xlsx")
        await walk.press("f9", "2")
        (book, xlsx), (rows, csv) = walk.fake.files.papers
        assert (xlsx, csv) == ("xlsx", "csv")
        assert book.table.columns[0].name == rows.table.columns[0].name == "business_date"
        walk.fake.files.full = True
        await walk.press("f9", "1")
        assert walk.shows("无法写入（No space left on device）")
        name = "stored_value-2026-11-17-2026-11-23-20261122T235637.xlsx"
        walk.app.screen.post_message(ReportSaved(f"/srv/tills/huiyuan/exports/{name}"))
        await walk.settle()
        assert walk.shows(name)


async def test_an_export_takes_page_after_page_tells_the_rows_and_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What never ends: nothing of it is kept in memory, and Esc ends it; meanwhile nothing else is asked."""
    async with walking(lang="en") as walk:
        await open_turnover(walk)
        reports, asked = walk.fake.reports, []
        answer = reports.turnover

        def endless(question: TurnoverAsked, *, asked_by: str) -> Turnover:
            asked.append(question.most)
            time.sleep(0.01)
            return replace(answer(replace(question, after=None), asked_by=asked_by), more=True)

        monkeypatch.setattr(reports, "turnover", endless)
        walk.send("f9")
        await walk.settle()
        walk.send("enter")
        for _ in range(100):
            await asyncio.sleep(0.05)
            if "Writing" in walk.text:
                break
        assert re.search(r"Writing, \d\d+ rows so far\. Esc gives it up\.", walk.text)
        assert len(asked) > 5
        assert set(asked) == {EXPORT_ROWS}
        walk.send("f2", "pagedown")
        await asyncio.sleep(0.1)
        assert set(asked) == {EXPORT_ROWS}
        await walk.press("escape")
        assert walk.shows("Given up", "12,985.00")
        assert walk.fake.files.papers == []
        asked.clear()
        await walk.press("f2")
        assert asked == [PAGE_ROWS]


async def test_a_long_report_counts_the_seconds_and_escape_gives_it_up() -> None:
    async with walking() as walk:
        await open_turnover(walk)
        walk.fake.reports.slow = threading.Event()
        walk.send("f5")
        for _ in range(60):
            await asyncio.sleep(0.05)
            if "正在统计" in walk.text:
                break
        assert walk.shows("正在统计，已 1 秒", "12,985.00")
        await walk.press("escape")
        assert walk.shows("已放弃", "12,985.00")
        assert walk.name == "TurnoverScreen"
        await walk.press("f2")
        assert walk.fake.reports.asked[-1].period == Period.TODAY
        assert "已放弃" not in walk.text


async def test_a_store_out_of_reach_is_said_and_the_figures_before_stand() -> None:
    async with walking() as walk:
        await open_turnover(walk)
        await walk.press("f6", "enter", "enter")
        await walk.type("S99")
        assert walk.shows("门店 S99 不在您可以查看的范围内", "12,985.00")
        assert walk.name == "TurnoverScreen"


async def test_a_cashier_sees_no_reports_and_the_key_does_nothing() -> None:
    async with walking(FakeShop()) as walk:
        await walk.sign_in("1001")
        assert "报表" not in walk.text
        await walk.press("ctrl+r")
        assert walk.name == "HomeScreen"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("20260301", date(2026, 3, 1)),
        ("3-1", date(2026, 3, 1)),
        ("0301", date(2026, 3, 1)),
        ("2026/3/1", date(2026, 3, 1)),
        ("2026.3.1", date(2026, 3, 1)),
        *((bad, None) for bad in ("", "3", "2026-02-30", "13-1", "a-b", "٣-1", "1-2-3-4", "99999-1-1")),
    ],
)
def test_a_day_is_read_in_every_way_people_write_it(typed: str, day: date | None) -> None:
    assert read_day(typed, 2026) == day
