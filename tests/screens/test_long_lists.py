"""Lists with ten thousand rows behind them: a page in memory, read both ways by where it begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import pytest

from huiyuan.config.i18n import LANGUAGES
from huiyuan.domain.model.card_life import OpenFee
from huiyuan.domain.model.charge import Charge
from huiyuan.domain.model.desk import FoundSale, HeldSale, Review, SaleFilter
from huiyuan.domain.model.document import Document, Fee, Kind
from huiyuan.domain.model.journal import ParkedDocument
from huiyuan.domain.model.law import LawProposal, LawRule
from huiyuan.domain.model.members import Doubtful, MemberAccount, MemberChange, Movement, Purchase, Statement
from huiyuan.domain.model.posted import RecentDocument
from huiyuan.domain.model.printing import JobState, PrintJob
from huiyuan.domain.model.promotion_desk import Campaign, Terms
from huiyuan.domain.model.proposals import Desk, Place
from huiyuan.domain.model.receipt import Receipt
from huiyuan.domain.model.shift import ClosedShift
from huiyuan.domain.model.staff import Colleague
from huiyuan.domain.model.stock import StockAsked, StockOnHand, StockRow
from huiyuan.domain.model.till_events import TillEvents, TillEventsRow
from huiyuan.domain.model.turnover import By, Turnover, TurnoverAsked, TurnoverRow
from huiyuan.screens.paged import ASKED, PAGE_ROWS
from huiyuan.screens.widgets.rows import RowList
from tests.screens import fake_stock
from tests.screens.fake_ledger import NOON
from tests.screens.fake_shop import FakeShop
from tests.screens.pages import page
from tests.screens.test_fit import PLACES, prepared
from tests.screens.walk import Walk, home_again, money_stands_right, rows_of, walking

BEHIND: Final = 10_000
PAGES: Final = 2
LISTS: Final = (
    *("StatementScreen", "PurchasesScreen", "StockScreen", "StockMovesScreen", "HistoryScreen"),
    *("VerifyScreen", "VoidScreen", "OldShiftsScreen", "FindSalesScreen", "HeldScreen", "StaffScreen"),
    *("TurnoverScreen", "TillEventsScreen", "LawScreen", "PromotionScreen", "FeesDueScreen"),
)


class LongFake:
    """The fake shop with long lists; counts the rows that a screen asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fake = FakeShop()
        self.fake.open_shift()
        self.asked: list[int] = []
        monkeypatch.setattr(self.fake.members, "statement", self.statement)
        monkeypatch.setattr(self.fake.members, "purchases", self.purchases)
        monkeypatch.setattr(self.fake.reports, "on_hand", self.on_hand)
        monkeypatch.setattr(self.fake.reports, "turnover", self.turnover)
        monkeypatch.setattr(self.fake.reports, "till_events", self.till_events)
        monkeypatch.setattr(fake_stock, "MOVES", BEHIND)
        monkeypatch.setattr(self.fake.members, "history", self.history)
        monkeypatch.setattr(self.fake.members, "doubtful", self.doubtful)
        monkeypatch.setattr(self.fake.reads, "recent", self.recent)
        monkeypatch.setattr(self.fake.reads, "shifts", self.shifts)
        monkeypatch.setattr(self.fake.desk, "find_sales", self.find_sales)
        monkeypatch.setattr(self.fake.desk, "held_sales", self.held_sales)
        monkeypatch.setattr(self.fake.staff, "everybody", self.everybody)
        monkeypatch.setattr(self.fake.promotions, "desk", self.desk)
        monkeypatch.setattr(self.fake.law, "desk", self.law)
        monkeypatch.setattr(self.fake.life, "fees_open", self.fees_open)

    def after(self, after: int, most: int) -> range:
        """Numbers of the rows of a page; `most` is counted."""
        self.asked.append(most)
        return range(after + 1, min(after + most, BEHIND) + 1)

    def desk(self, families: Sequence[str], *, after: Place | None, most: int) -> Desk[Campaign]:
        assert families
        terms = Terms({"body": {"kind": "percent", "rate_bp": 1000}})
        rows = tuple(
            Campaign(f"P{n:05} " + "西湖龙井茶" * 12, terms, "王芳", n, 1, NOON)
            for n in self.after(after[1] if after else 0, most)
        )
        return Desk(NOON, rows)

    def law(self, *, after: Place | None, most: int) -> Desk[LawRule | LawProposal]:
        row = self.fake.law.rules[0]
        numbers = self.after(after[1] if after else 0, most)
        rows = tuple(replace(row, id=n, article=f"P{n:05}") for n in numbers)
        return Desk(NOON, rows, "CN-31")

    def fees_open(self, most: int, *, after: OpenFee | None) -> Sequence[OpenFee]:
        return [
            OpenFee(
                Fee("annual", 1, 1, 100 * n, card=n), f"{n}", f"P{n:05} " + "王" * 30, "", "", NOON.date()
            )
            for n in self.after(after.fee.card or 0 if after else 0, most)
        ]

    def turnover(self, asked: TurnoverAsked, *, asked_by: str) -> Turnover:
        assert asked.most is not None
        numbers = self.after(int((asked.after[0] or "")[1:6]) if asked.after else 0, asked.most)
        scope = replace(self.fake.reports.scope((), asked_by), first=NOON.date(), last=NOON.date())
        rows = tuple(TurnoverRow((f"P{n:05} " + "旗舰店" * 9,), 1, 1, 100 * n, 0) for n in numbers)
        total = TurnoverRow((), BEHIND, BEHIND, 100 * BEHIND, 0)
        longest = 100 * BEHIND
        return Turnover(scope, (By.STORE,), rows, total, 0, NOON.date(), NOON, longest, more=True)

    def till_events(self, asked: TurnoverAsked, *, asked_by: str) -> TillEvents:
        assert asked.most is not None
        numbers = self.after(int(asked.after[0] or "") if asked.after else 0, asked.most)
        scope = replace(self.fake.reports.scope((), asked_by), first=NOON.date(), last=NOON.date())
        rows = tuple(
            TillEventsRow("S01", f"P{n:05} " + "欧阳" * 20, "removed", n, 100, (str(n),)) for n in numbers
        )
        return TillEvents(scope, rows, BEHIND, 100 * BEHIND, NOON, more=True)

    def history(self, member: int, *, before: int | None, most: int) -> Sequence[MemberChange]:
        assert member
        self.asked.append(most)
        newest = (before or BEHIND + 1) - 1
        return [
            MemberChange(n, NOON + timedelta(minutes=n), "王芳", "旗舰店" * 9, "1", None, {"name": "李"},
                         {"name": f"P{n:05} " + "王" * 30})
            for n in range(newest, max(newest - most, 0), -1)
        ]  # fmt: skip

    def doubtful(self, most: int, *, after: int | None = None) -> Sequence[Doubtful]:
        numbers = self.after(after or 0, most)
        return [Doubtful(n, f"P{n:05}", "欧阳" * 20, ("phone_shared",)) for n in numbers]

    def recent(self, most: int, *, after: UUID | None = None) -> Sequence[RecentDocument]:
        return [
            RecentDocument(UUID(int=n), "sale", f"S01-1-{n:06}", NOON, 100 * n, "王芳" * 20, False)
            for n in self.after(after.int if after else 0, most)
        ]

    def shifts(
        self, *, number: int | None, on_day: date | None, most: int, after: UUID | None = None
    ) -> Sequence[ClosedShift]:
        assert (number, on_day) == (None, None)
        return [
            ClosedShift(UUID(int=n), n, f"P{n:05} " + "旗舰店" * 9, NOON, NOON, "王芳", 100 * n, -n, 1)
            for n in self.after(after.int if after else 0, most)
        ]

    def find_sales(self, wanted: SaleFilter, *, after: UUID | None, most: int) -> Sequence[FoundSale]:
        assert wanted
        return [
            FoundSale(UUID(int=n), "sale", f"S01-1-{n:06}", NOON, "S01", 100 * n, "王芳", 1,
                      ("西湖龙井茶" * 9,), ("cash",), False)
            for n in self.after(after.int if after else 0, most)
        ]  # fmt: skip

    def held_sales(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[HeldSale]:
        return [
            HeldSale(
                UUID(int=n),
                "1",
                "王芳",
                "",
                f"P{n:05} " + "西湖龙井茶" * 9,
                100 * n,
                1,
                NOON - timedelta(days=3),
                300,
                "",
                False,
            )
            for n in self.after(after.int if after else 0, most or BEHIND)
        ]

    def everybody(
        self, *, after: str | None, most: int
    ) -> tuple[Sequence[Colleague], Sequence[tuple[str, str]]]:
        numbers = self.after(int(after) if after else 0, most)
        return [Colleague(f"{n:05}", f"P{n:05} " + "欧阳" * 30, "cashier", True) for n in numbers], [
            ("cashier", "收银员")
        ]

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


@pytest.mark.parametrize(
    ("lang", "places"), [(lang, LISTS[turn :: len(LANGUAGES)]) for turn, lang in enumerate(LANGUAGES)]
)
async def test_a_long_list_is_a_page_in_memory_and_is_read_both_ways(
    lang: str, places: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    long = LongFake(monkeypatch)
    async with walking(long.fake, lang=lang) as walk:
        await walk.sign_in("2001")
        for place in places:
            keys = PLACES[place] if place != "StockScreen" else ("ctrl+k",)
            keys = ("ctrl+k", "enter", "enter") if place == "StockMovesScreen" else keys
            for key in keys:
                await (walk.type(key[5:]) if key.startswith("type:") else walk.press(key))
            assert walk.name == place, walk.text
            long.asked.clear()
            await read_both_ways(walk, long)
            await home_again(walk)


async def read_both_ways(walk: Walk, long: LongFake) -> None:
    """Some pages down and up again: no row missing or twice, no more asked for than that takes."""
    first = list(list_of(walk).rows)
    rows_of_page = len(first)
    seen = [first]
    for _ in range(PAGES):
        last = list(list_of(walk).rows)
        await until(walk, "pagedown", lambda rows, last=last: rows.rows != last)  # type: ignore[misc]
        seen.append(list(list_of(walk).rows))
        assert len(list_of(walk).rows) <= 2 * rows_of_page, walk.name
        assert list_of(walk).mark == 0, walk.name
        assert walk.fits()
    assert len({row for rows in seen for row in rows}) == (PAGES + 1) * rows_of_page, (
        f"a row is missing or twice on {walk.name}"
    )
    assert sum(long.asked) <= PAGES * 2 * rows_of_page, walk.name
    for back in reversed(seen[:-1]):
        last = list(list_of(walk).rows)
        assert list_of(walk).mark == (0 if back is seen[-2] else rows_of_page - 1), walk.name
        await until(walk, "pageup", lambda rows, last=last: rows.rows != last)  # type: ignore[misc]
        assert list_of(walk).rows == back, walk.name
    await walk.press(*["pageup"] * 4)
    assert (list_of(walk).mark, list_of(walk).rows) == (0, first), walk.name
    money_stands_right(list_of(walk))
    cut_is_marked(walk)


def cut_is_marked(walk: Walk) -> None:
    """A name that has no room ends with a mark, on every row."""
    if walk.name not in {"StockMovesScreen", "LawScreen"}:  # nothing there is long
        cut = [row for row in rows_of(walk.app.screen) if re.search(r"S01-1-\d|P0\d+ ", row)]
        assert len(cut) > 5
        assert all("…" in row or ".." in row for row in cut), cut


@pytest.mark.parametrize("place", ["UnsettledScreen", "ChargesScreen", "PrinterScreen"])
async def test_a_list_of_this_counter_reads_a_page_of_what_lies_there(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = prepared()
    read = lie_there(fake, place, monkeypatch)
    async with walking(fake, lang="en") as walk:
        await walk.sign_in("2001")
        await walk.press(*PLACES[place])
        assert walk.name == place, walk.text
        seen = [list(list_of(walk).rows)]
        trips = fake.trips
        for _ in range(PAGES):
            last = seen[-1]
            await until(walk, "pagedown", lambda rows, last=last: rows.rows != last)  # type: ignore[misc]
            seen.append(list(list_of(walk).rows))
            assert walk.fits()
        assert [len(rows) for rows in seen] == [PAGE_ROWS] * (PAGES + 1)
        assert list_of(walk).mark == 0
        for back in reversed(seen[:-1]):
            await until(walk, "up", lambda rows, back=back: rows.rows == back)  # type: ignore[misc]
            assert list_of(walk).mark == PAGE_ROWS - 1
            await walk.press(*["pageup"] * 2)
        money_stands_right(list_of(walk))
        assert fake.trips == trips, "they lie on this counter"
        assert max(read) == ASKED, "never more than a page at once"


def lie_there(fake: FakeShop, place: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ten thousand of them, each another amount or number; answers how many were read each time."""
    numbers, read = range(1, BEHIND + 1), []

    def lie(port: object, name: str, rows: Sequence[Any]) -> None:
        def some(*, after: UUID | None = None, most: int | None = None) -> Sequence[Any]:
            read.append(len(found := page(rows, lambda each: each.id, after, most)))
            return found

        monkeypatch.setattr(port, name, some)

    if place == "UnsettledScreen":
        lie(fake.door, "unsettled", [Document(UUID(int=n), Kind.SALE, 1, n, NOON, 100 * n) for n in numbers])
        monkeypatch.setattr(fake.door, "open_counts", lambda: (BEHIND, 0))
    elif place == "ChargesScreen":
        monkeypatch.setattr(fake.charges, "open_count", lambda *, by_hand=True: BEHIND * by_hand)
        lie(fake.charges, "pending", [
            Charge(UUID(int=n), UUID(int=n), UUID(int=1), "alipay", n, NOON, "28****1234") for n in numbers
        ])  # fmt: skip
    else:
        monkeypatch.setattr(fake.print_jobs, "waiting_counts", lambda: (BEHIND, 0))
        lie(fake.print_jobs, "waiting", [
            PrintJob(UUID(int=n), Receipt(f"S01-1-{n:06}", 32, ("-",)), JobState.QUEUED, NOON)
            for n in numbers
        ])  # fmt: skip
    return read


async def test_open_items_of_the_counter_and_of_the_server_are_pages_of_one_list() -> None:
    fake, each = FakeShop(), 20
    fake.open_shift()
    documents = [Document(UUID(int=n), Kind.SALE, 1, n, NOON, 100 * n) for n in range(1, 2 * each + 1)]
    fake.door.unsent = {document.id: document for document in documents[:each]}
    fake.door.silent = True
    parked = [ParkedDocument(document, "malformed", {}, NOON) for document in documents[each:]]
    fake.door.parked_documents = parked
    fake.desk.open_reviews = [
        Review(
            UUID(int=900), n, "oversold", None, {"product": "MILK", "on_hand": -n}, f"S01-1-{n:06}", NOON, n
        )
        for n in range(1, each + 1)
    ]
    async with walking(fake, lang="en") as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+o")
        assert walk.name == "UnsettledScreen", walk.text
        seen, trips = [list(list_of(walk).rows)], []
        while len(seen) < 4:
            last, before = seen[-1], fake.trips
            await until(walk, "pagedown", lambda rows, last=last: rows.rows != last)  # type: ignore[misc]
            seen.append(list(list_of(walk).rows))
            trips.append(fake.trips - before)
        assert [len(rows) for rows in seen] == [PAGE_ROWS] * 3 + [3 * each - 3 * PAGE_ROWS]
        states = [row[-1] for rows in seen for row in rows]
        assert [states.count(word) for word in dict.fromkeys(states)] == [each] * 3, states
        assert states == sorted(states, key=list(dict.fromkeys(states)).index), "one kind after the other"
        assert trips == [0, 1, 1], "the server is asked where this counter leaves room"
        await walk.press(*["pageup"] * 8)
        assert list_of(walk).rows == seen[0]
