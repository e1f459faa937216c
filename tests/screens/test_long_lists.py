"""Lists with ten thousand rows behind them: a page in memory, read both ways by where it begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest

from huiyuan.config.i18n import LANGUAGES
from huiyuan.domain.model.members import MemberAccount, Movement, Purchase, Statement
from huiyuan.domain.model.stock import StockAsked, StockOnHand, StockRow
from huiyuan.screens.widgets.rows import RowList
from tests.screens import fake_stock
from tests.screens.fake_ledger import NOON
from tests.screens.fake_shop import FakeShop
from tests.screens.test_fit import PLACES
from tests.screens.walk import Walk, rows_of, walking

BEHIND: Final = 10_000
PAGES: Final = 3
MONEY: Final = re.compile(r"[+-]?[¥]?[\d,]+\.\d\d")


class LongFake:
    """The fake shop with long lists; counts the rows that a screen asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fake = FakeShop()
        self.fake.open_shift()
        self.asked: list[int] = []
        monkeypatch.setattr(self.fake.members, "statement", self.statement)
        monkeypatch.setattr(self.fake.members, "purchases", self.purchases)
        monkeypatch.setattr(self.fake.reports, "on_hand", self.on_hand)
        monkeypatch.setattr(fake_stock, "MOVES", BEHIND)

    def statement(self, account: int, *, before: int | None, most: int) -> Statement:
        self.asked.append(most)
        newest = before - 1 if before else BEHIND
        rows = tuple(
            Movement(n, NOON + timedelta(minutes=n), "旗舰店" * 9, "sale", f"S01-1-{n}", -100, 5_000_000 - n)
            for n in range(newest, max(newest - most, 0), -1)
        )
        return Statement(MemberAccount(account, "principal", 11, 4_996_000), rows, rows[-1].seq)

    def purchases(self, member: int, *, after: UUID | None, most: int) -> Sequence[Purchase]:
        assert member
        self.asked.append(most)
        start = after.int if after else 0
        return [
            Purchase(UUID(int=n), "sale", f"S01-1-{n}", NOON, "旗舰店", 100 * n, 1, ("西湖龙井茶" * 9,))
            for n in range(start + 1, start + 1 + most)
        ]

    def on_hand(self, asked: StockAsked, *, asked_by: str) -> StockOnHand:
        self.asked.append(asked.most)
        start = int(asked.after[0][1:]) if asked.after else 0
        rows = tuple(
            StockRow("S01", n, f"P{n:05}", "东北五常稻花香大米" * 9, None, "piece", n * 1000)
            for n in range(start + 1, start + 1 + asked.most)
        )
        few = fake_stock.page_of(asked, self.fake.reports.scope(asked.stores, asked_by))
        return replace(few, rows=rows, count=BEHIND, more=True)


def list_of(walk: Walk) -> RowList:
    return next(each for each in walk.app.screen.query(RowList) if each.display)


async def until(walk: Walk, key: str, done: Callable[[RowList], bool], *, most: int = 40) -> None:
    """Press `key` until the list is where it should be."""
    for _ in range(most):
        if done(list_of(walk)):
            return
        await walk.press(key)
    raise AssertionError(f"{key} does not lead there:\n{walk.text}")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("place", ["StatementScreen", "PurchasesScreen", "StockScreen", "StockMovesScreen"])
async def test_a_long_list_is_a_page_in_memory_and_is_read_both_ways(
    place: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = LongFake(monkeypatch)
    keys = PLACES[place] if place != "StockScreen" else ("ctrl+k",)
    keys = ("ctrl+k", "enter", "enter") if place == "StockMovesScreen" else keys
    async with walking(long.fake, lang=lang) as walk:
        await walk.sign_in("2001")
        for key in keys:
            await (walk.type(key[5:]) if key.startswith("type:") else walk.press(key))
        assert walk.name == place, walk.text
        long.asked.clear()
        first = list(list_of(walk).rows)
        page = len(first)
        seen = [first]
        for _ in range(PAGES):
            last = list(list_of(walk).rows)
            await until(walk, "pagedown", lambda rows, last=last: rows.rows != last)  # type: ignore[misc]
            seen.append(list(list_of(walk).rows))
            assert len(list_of(walk).rows) <= 2 * page
            assert list_of(walk).mark == 0
            assert walk.fits()
        assert len({row for rows in seen for row in rows}) == (PAGES + 1) * page, "a row is missing or twice"
        assert sum(long.asked) <= PAGES * 2 * page
        for back in reversed(seen[:-1]):
            last = list(list_of(walk).rows)
            assert list_of(walk).mark == (0 if back is seen[-2] else page - 1)
            await until(walk, "pageup", lambda rows, last=last: rows.rows != last)  # type: ignore[misc]
            assert list_of(walk).rows == back
        await walk.press(*["pageup"] * 4)
        assert (list_of(walk).mark, list_of(walk).rows) == (0, first)
        money_stands_right(list_of(walk))
        cut_is_marked(walk)


def money_stands_right(rows: RowList) -> None:
    for row in rows.rows:
        for column, text in zip(rows.columns, row, strict=True):
            assert column.align == "right" or not MONEY.fullmatch(text), (column.title, text)
            assert column.title or not MONEY.fullmatch(text), "money without a header"


def cut_is_marked(walk: Walk) -> None:
    """A name that has no room ends with a mark, on every row."""
    if walk.name != "StockMovesScreen":  # nothing there is long
        cut = [row for row in rows_of(walk.app.screen) if re.search(r"S01-1-\d|P0\d+ ", row)]
        assert len(cut) > 5
        assert all("…" in row or ".." in row for row in cut), cut
