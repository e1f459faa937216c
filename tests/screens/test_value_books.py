"""The books of stored value on the screen: clearing, quarters, a moment; in both languages by keys alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from textual.widgets import Input

from huiyuan.domain.model.errors import Refused
from huiyuan.screens.document_page import head_of
from huiyuan.screens.moment import read_moment
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking


async def report(walk: Walk, place: int) -> None:
    """The report at this place of the list."""
    await walk.sign_in("2001")
    await walk.press("ctrl+r", str(place + 1))


@pytest.mark.parametrize(("lang", "tried"), [("zh_CN", "试算"), ("en", "SIMULATED")])
async def test_a_matrix_opens_into_pairs_slips_and_a_policy_that_is_tried(lang: str, tried: str) -> None:
    shop = FakeShop()
    async with walking(shop, lang) as walk:
        await report(walk, 5)
        walk.shows("S01", "S04", "123,499.77", "-123,")
        assert "S05" not in walk.text.splitlines()[2], "four columns, and the rest by a key"
        await walk.press("f8")
        assert "S05" in walk.text.splitlines()[2]
        await walk.press("enter")
        walk.shows("123,499.77", "50.00", "-7.00")
        await walk.press("enter")
        assert walk.name == "ClearingSlipsScreen"
        walk.shows("S02-1-000099", "3.50")
        await walk.press("pagedown", "pagedown")
        assert shop.law is not None
        await walk.press("escape", "f6", "6", "enter") if walk.name != "ClearingScreen" else None
        assert tried in walk.text, walk.text
        assert "总部 总部" not in walk.text
        walk.shows("79.54", "2.46")


async def test_a_year_shows_what_is_owed_and_the_ratio_with_its_article() -> None:
    async with walking(FakeShop(), "en") as walk:
        await report(walk, 4)
        walk.shows(
            "1,234,567.89", "987,654.32", "in passes ¥600.00", "Tied to all", "49.52%", "ABOVE", "§ 25"
        )
        await walk.press("f6", "1")
        if walk.name == "Choice":
            await walk.press("enter")
        assert walk.name == "Entry"
        await walk.type("1000000")
        walk.shows("24.76%", "(as entered)")


async def test_a_member_as_he_was_opens_to_entries_up_to_then() -> None:
    shop = FakeShop()
    async with walking(shop, "en") as walk:
        await walk.sign_in("2001")
        await walk.press("f6", "f9")
        await walk.type("88000004")
        await walk.press("f7", "ctrl+y", "w")
        assert walk.name == "Entry", walk.text
        await walk.type("2999-01-01 10:00")
        assert walk.name == "Entry", "it has not come"
        walk.app.screen.query_one("#entry", Input).value = "10:00"
        await walk.press("enter")
        assert walk.name == "MomentScreen"
        walk.shows("320.00", "S01-1-000002", "§ 18", "V10")
        await walk.press("down", "down", "enter")
        assert walk.name == "StatementScreen"
        await walk.press("escape", "escape", "escape")
        assert walk.name == "CardScreen"
        await walk.press("ctrl+y", "w")
        await walk.type("10:00")
        assert walk.name == "MomentScreen", "from the card, too: a bearer card has no member"


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh_CN", ("充值", "赠送", "消费", "退卡")), ("en", ("Recharged", "Consumed", "Refunded"))],
)
async def test_recharges_and_consumption_are_split_opened_and_written_down(
    lang: str, words: tuple[str, ...]
) -> None:
    shop = FakeShop()
    async with walking(shop, lang) as walk:
        await report(walk, 6)
        assert walk.name == "ValueReportScreen", walk.text
        walk.shows(*words, "S01", "1,234,567.89", "987,654.32", "246,963.50")
        await walk.press("f7", "2")
        if walk.name == "Choice":
            await walk.press("enter")
        walk.shows("S01", "王芳 1001")
        await walk.press("f5", "enter")
        assert walk.name == "ValueSlipsScreen"
        walk.shows("S01-1-000039", "300.00", "20.00", *words)
        assert [value for _, value in shop.reports.sliced[-1].only] == ["S01", "王芳 1001"]
        await walk.press("pagedown", "pagedown")
        walk.shows("S01-1-000022")
        await walk.press("escape", "f9", "enter")
        assert [form for _, form in shop.files.papers] == ["xlsx"]


@pytest.mark.parametrize(("lang", "words"), [("zh_CN", ("期初", "充值")), ("en", ("Opening", "Top-up"))])
async def test_a_statement_turns_its_pages_sums_by_kind_and_goes_on_paper(
    lang: str, words: tuple[str, ...]
) -> None:
    shop = FakeShop()
    async with walking(shop, lang) as walk:
        await walk.sign_in("2001")
        await walk.press("f6", "f9")
        await walk.type("88000004")
        await walk.press("f7", "ctrl+y", "q")
        assert walk.name == "WalletStatementScreen", walk.text
        walk.shows(*words, "450.00 + 50.00", "750.00 + 80.00", "830.00", "+10.00", "511.00", "S01-1-000001")
        await walk.press("pagedown", "pagedown")
        walk.shows("S01-1-000013")
        await walk.press("f7")
        walk.shows("30", "+300.00", "+210")
        await walk.press("enter", "f4")
        await walk.type("2026-01-01")
        await walk.type("2026-01-31")
        walk.shows("2026-01-01 - 2026-01-31")
        await walk.press("f5")
        slip = "\n".join(shop.printer.receipts[-1].lines)
        assert "S01-1-000030" in slip
        assert "830.00" in slip


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-01-02 14:05", datetime(2026, 1, 2, 6, 5, 59, 999_999, tzinfo=UTC)),
        ("1-2 14：05", datetime(2026, 1, 2, 6, 5, 59, 999_999, tzinfo=UTC)),
        ("20260102", datetime(2026, 1, 2, 15, 59, 59, 999_999, tzinfo=UTC)),
    ],
)
def test_a_moment_is_typed_in_many_ways(text: str, at: datetime) -> None:
    put = FakeShop().shop()
    put = replace(put, say=replace(put.say, time_zone="Asia/Shanghai"))
    assert read_moment(text, put) == at


@pytest.mark.parametrize(
    "text", ["", "soon", "25:00", "2026-13-01", "10:00 11:00", "1-1 1-2 10:00", "²:00", "2999-01-01"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="no_moment"):
        read_moment(text, FakeShop().shop())


def test_a_slip_of_another_store_does_not_bear_this_stores_head() -> None:
    hello = FakeShop().hello()
    assert head_of(hello, f"{hello.store.code}-1-000007") is hello
    other = head_of(hello, "S77-1-000007")
    assert (other.store.name, other.slip.header) == ("S77", ())
