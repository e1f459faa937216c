"""Reports of a chain in memory: four stores, two weeks of sales, one day with more returns than sales."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.report import ReportPaper, ReportScope
from huiyuan.domain.model.stock import MovesAsked, StockAsked, StockMoves, StockOnHand
from huiyuan.domain.model.till_events import TillEvents, TillEventsRow
from huiyuan.domain.model.turnover import (
    LAST_DAYS,
    By,
    Period,
    Turnover,
    TurnoverAsked,
    TurnoverRow,
)
from huiyuan.domain.model.value_report import ValueAsked, ValueBy, ValueFigures, ValueReport, ValueSlip
from huiyuan.domain.ports.reports import Rows
from tests.screens.fake_ledger import NOON
from tests.screens.fake_stock import STORES as STOCK_STORES, moves_of, page_of

if TYPE_CHECKING:
    from tests.screens.fake_shop import FakeShop

STORES = ("S01", "S02", "S03", "S04")
TODAY = NOON.date()
_Sale = tuple[date, str, str, int, int]


def sales() -> list[_Sale]:
    """Day, store, way of paying, sold, returned."""
    found: list[_Sale] = []
    for back in range(14):
        for place, store in enumerate(STORES, start=1):
            found.append((TODAY - timedelta(days=back), store, "cash", 100_000 * place - 1_234 * back, 500))
            found.append((TODAY - timedelta(days=back), store, "stored", 30_050 * place, 0))
    return [*found, (TODAY - timedelta(days=3), "S01", "bank_card", 0, 1_500_000)]


@dataclass
class FakeReports:
    """Fills the Reports port; `slow` holds an answer back until it is set or the question given up."""

    fake: FakeShop
    asked: list[TurnoverAsked] = field(default_factory=list)
    sliced: list[ValueAsked] = field(default_factory=list)
    slow: threading.Event | None = None
    given_up: bool = False
    events: list[TillEventsRow] = field(
        default_factory=lambda: [
            TillEventsRow("S01", "王芳 1001", "no_sale", 2, 0, ("S01", "1001", "no_sale")),
            TillEventsRow("S01", "王芳 1001", "removed", 3, 4150, ("S01", "1001", "removed")),
        ]
    )

    def value(self, asked: ValueAsked, *, asked_by: str) -> ValueReport:
        first, last = _span(asked.span)
        words = {ValueBy.STORE: "S01", ValueBy.STAFF: "王芳 1001", ValueBy.RULE: None,
                 ValueBy.DAY: "2026-11-21", ValueBy.MONTH: "2026-11"}  # fmt: skip
        figures = ValueFigures(17, 123_456_789, 10_000, 98_700_000, 65_432, 5_000, -7)
        scope = ReportScope("惠园百货", "CNY", 2, "Asia/Shanghai", True, STORES, 4, asked_by, first, last)
        row = (tuple(words[each] for each in asked.by), figures)
        return ValueReport(scope, asked.by, (row,), figures, TODAY, NOON)

    def value_slips(self, asked: ValueAsked, *, after: UUID | None, most: int) -> tuple[ValueSlip, ...]:
        self.sliced.append(asked)
        start = 40 if after is None else after.int
        figures = ValueFigures(1, 30_000, 2_000)
        return tuple(
            ValueSlip(UUID(int=n), NOON, "top_up", f"S01-1-{n:06}", figures)
            for n in range(start - 1, max(start - 1 - most, 10), -1)
        )

    def turnover(self, asked: TurnoverAsked, *, asked_by: str) -> Turnover:
        self.fake.travel()
        self.asked.append(asked)
        self.hold()
        for code in asked.stores:
            if code not in STORES:
                raise Refused("store_out_of_reach", {"store": code})
        stores = tuple(code for code in STORES if not asked.stores or code in asked.stores)
        first, last = _span(asked)
        taken = [sale for sale in sales() if first <= sale[0] <= last and sale[1] in stores]
        before = first - (last - first) - timedelta(days=1)
        earlier = [sale for sale in sales() if before <= sale[0] < first and sale[1] in stores]
        keys = sorted({_key(sale, asked.by) for sale in taken})
        every = [_row(key, [sale for sale in taken if _key(sale, asked.by) == key]) for key in keys]
        rows = [row for row in every if asked.after is None or row.keys > asked.after]
        return Turnover(
            scope=ReportScope(
                "惠园百货",
                "CNY",
                2,
                "Asia/Shanghai",
                self.fake.demo,
                stores,
                len(STORES),
                asked_by,
                first,
                last,
            ),
            by=asked.by,
            rows=tuple(rows[: asked.most]),
            total=_row((), taken),
            before_minor=_row((), earlier).net_minor,
            today=TODAY,
            read_at=NOON,
            longest_minor=max((abs(row.net_minor) for row in every), default=0),
            more=asked.most is not None and len(rows) > asked.most,
        )

    def on_hand(self, asked: StockAsked, *, asked_by: str) -> StockOnHand:
        self.fake.travel()
        self.hold()
        return page_of(asked, self.scope(asked.stores, asked_by))

    def moves(self, asked: MovesAsked, *, asked_by: str) -> StockMoves:
        self.fake.travel()
        page = moves_of(asked, self.scope((asked.store,), asked_by))
        if not self.fake.ledger.entries or asked.before is not None:
            return page
        newest, *older = page.rows
        real = replace(newest, key=replace(newest.key, document=list(self.fake.ledger.entries)[-1]))
        return replace(page, rows=(real, *older))

    def till_events(self, asked: TurnoverAsked, *, asked_by: str) -> TillEvents:
        self.fake.travel()
        self.hold()
        rows = [row for row in self.events if asked.after is None or row.key > asked.after]
        scope = replace(self.scope(asked.stores, asked_by), first=TODAY, last=TODAY)
        return TillEvents(
            scope,
            tuple(rows[: asked.most]),
            sum(row.count for row in self.events),
            sum(row.amount_minor for row in self.events),
            NOON,
            asked.most is not None and len(rows) > asked.most,
        )

    def scope(self, stores: tuple[str, ...], who: str) -> ReportScope:
        """What stands now, of `stores`."""
        shown = tuple(code for code in STOCK_STORES if not stores or code in stores)
        return ReportScope("惠园百货", "CNY", 2, "Asia/Shanghai", self.fake.demo, shown, len(STORES), who)

    def cancel(self) -> None:
        self.given_up = True
        if self.slow is not None:
            self.slow.set()

    def hold(self) -> None:
        if self.slow is not None:
            self.slow.wait(20)
            if self.given_up:
                self.given_up, self.slow = False, None
                raise Refused("superseded")


def _span(asked: TurnoverAsked) -> tuple[date, date]:
    return {
        Period.TODAY: (TODAY, TODAY),
        Period.YESTERDAY: (TODAY - timedelta(days=1), TODAY - timedelta(days=1)),
        Period.WEEK: (TODAY - timedelta(days=TODAY.weekday()), TODAY),
        Period.MONTH: (TODAY.replace(day=1), TODAY),
        Period.LAST_DAYS: (TODAY - timedelta(days=LAST_DAYS - 1), TODAY),
        Period.DAYS: (asked.first or TODAY, asked.last or TODAY),
    }[asked.period]


def _key(sale: _Sale, by: tuple[By, ...]) -> tuple[str, ...]:
    day, store, tender, _, _ = sale
    names = {By.DAY: day.isoformat(), By.STORE: store, By.TENDER: tender, By.MONTH: f"{day:%Y-%m}"}
    return tuple(names.get(each, "other") for each in by)


def _row(key: tuple[str, ...], taken: list[_Sale]) -> TurnoverRow:
    sold, returned = sum(sale[3] for sale in taken), sum(sale[4] for sale in taken)
    return TurnoverRow(key, len(taken), 3 * len(taken), sold, returned)


@dataclass
class FakeFiles:
    """Keeps what was written; `full` refuses."""

    papers: list[tuple[ReportPaper, str]] = field(default_factory=list)
    full: bool = False

    def save(self, paper: ReportPaper, form: str, more: Iterable[Rows] = ()) -> str:
        if self.full:
            raise Refused("export_failed", {"path": "/srv/x.xlsx", "why": "No space left on device"})
        rows = [*paper.table.rows, *(row for rows in more for row in rows)]
        paper = replace(paper, table=replace(paper.table, rows=tuple(rows)))
        self.papers.append((paper, form))
        return f"/srv/exports/{paper.table.report}.{form}"
