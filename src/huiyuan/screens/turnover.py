"""Turnover on the screen: a span by one key, rows or bars, Enter looks closer, Esc goes back out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.report import Measure
from huiyuan.domain.model.turnover import (
    By,
    Period,
    Turnover,
    TurnoverAsked,
    change_permille,
    narrowed,
)
from huiyuan.screens import messages
from huiyuan.screens.report_words import cell_text, heading
from huiyuan.screens.shop import Shop
from huiyuan.screens.span_report import SpanReport
from huiyuan.screens.widgets.bars import Bar, Bars
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

SPLITS: Final = (
    ((By.DAY,), msg("by day")),
    ((By.STORE,), msg("by store")),
    ((By.STORE, By.DAY), msg("by store and day")),
    ((By.WEEK,), msg("by week")),
    ((By.MONTH,), msg("by month")),
    ((By.QUARTER,), msg("by quarter")),
    ((By.TENDER,), msg("by way of paying")),
    ((By.STORE, By.TENDER), msg("by store and way of paying")),
    ((By.MEMBER,), msg("members and others")),
    ((By.CATEGORY,), msg("by category of goods")),
)


class TurnoverScreen(SpanReport):
    """Rows or bars, sums above the words."""

    SCOPE = "turnover"
    TITLE_TEXT = msg("Turnover")
    ANSWER = messages.TurnoverRead
    SPLITS = SPLITS

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.asked = TurnoverAsked(Period.LAST_DAYS, by=(By.DAY,))
        self.trail: list[TurnoverAsked] = []
        self.report: Turnover | None = None
        self.as_bars = False

    def body(self) -> ComposeResult:
        """Both lists are there, one is shown."""
        yield RowList([], id="rows")
        yield Bars(id="bars")
        yield Prose("", id="sums")
        yield from self.words()

    def begin(self) -> None:
        """The last days, as rows."""
        self.query_one("#bars").display = False
        super().begin()

    @property
    def list_shown(self) -> RowList:
        """Rows or bars."""
        return self.query_one("#bars" if self.as_bars else "#rows", RowList)

    @property
    def span(self) -> TurnoverAsked:
        """Days, stores and rows are one question."""
        return self.asked

    def show_span(self, span: TurnoverAsked) -> None:
        """Other days: what was looked closer at is left."""
        self.trail.clear()
        self.asked = span
        self.look()

    def reading(self) -> Callable[[Any, int], Turnover]:
        """What reads so many rows behind a key."""
        reports, asked, who = self.shop.reports, self.asked, self.shop.person.staff.name
        return lambda after, most: reports.turnover(replace(asked, after=after, most=most), asked_by=who)

    @on(messages.TurnoverRead)
    def show_report(self, message: messages.TurnoverRead) -> None:
        """Rows, bars, sums, words."""
        say, report = self.say, message.report
        self.report = report
        table = report.table()
        wide = report.table(apart=True)
        self.counted(table)
        rows = self.query_one("#rows", RowList)
        for each in self.query(RowList):
            each.empty = say(msg("Nothing was sold or returned in these days."))
        rows.columns = [
            Column(
                heading(say, column),
                0 if column.measure is Measure.TEXT else 13 if column.measure is Measure.MONEY else 8,
                "left" if column.measure is Measure.TEXT else "right",
                100 if column.name == "sold_cents" else 0,
                "turnover.split" if column is wide.columns[0] else "",
            )
            for column in wide.columns
        ]
        texts = [
            tuple(cell_text(say, column, cell) for column, cell in zip(wide.columns, row, strict=True))
            for row in wide.rows
        ]
        mark = self.page_here(report.following)
        rows.show_rows(texts, mark=mark)
        labels = [" ".join(row[: len(report.by)]) for row in texts]
        self.query_one("#bars", Bars).show_bars(
            [
                Bar(label, row.net_minor, say.figure(row.net_minor))
                for label, row in zip(labels, report.rows, strict=True)
            ],
            longest=report.longest_minor,
            mark=mark,
        )
        self.query_one("#sums", Prose).show(self.sums(report))
        self.tell_span(report.scope, report.by)
        self.refresh_bindings()

    def sums(self, report: Turnover) -> str:
        """The total, and how it compares with as many days before."""
        say, total = self.say, report.total
        text = say(
            msg("Total {net}  baskets {baskets}  returned {returned}"),
            net=say.money(total.net_minor),
            baskets=total.baskets,
            returned=say.money(total.returned_minor),
        )
        change = change_permille(total.net_minor, report.before_minor)
        if change is None:
            return text
        sign, whole = ("-", -change) if change < 0 else ("+", change)
        shown = f"{sign}{whole // 10}.{whole % 10}%"
        before = msg("before that, as long: {net} ({change})")
        return text + "  " + say(before, net=say.money(report.before_minor), change=shown)

    def applies(self, action: str) -> bool:
        """Looking closer needs a row that has something below it."""
        if action == "open":
            return self.closer() is not None
        if action == "days":
            return self.report is not None
        return super().applies(action)

    def closer(self) -> TurnoverAsked | None:
        """The question behind the marked row."""
        if self.report is None or not self.is_mounted or self.counting is not None:
            return None
        index = self.list_shown.marked
        return None if index is None else narrowed(self.report, self.report.rows[index])

    @on(RowList.Marked)
    def other_row(self) -> None:
        """Enter depends on the row."""
        self.refresh_bindings()

    @on(RowList.Chosen)
    def look_closer(self, message: RowList.Chosen) -> None:
        """Enter: the row's own days, stores or ways of paying."""
        message.stop()
        asked = self.closer()
        if asked is not None:
            self.trail.append(self.asked)
            self.asked = asked
            self.look()

    def go_back(self) -> None:
        """Esc: out of the row again, then out of the report."""
        if self.trail:
            self.asked = self.trail.pop()
            self.look()
        else:
            super().go_back()

    def action_days(self) -> None:
        """F6: typed."""
        if self.report is not None:
            self.type_span(self.report.scope, self.report.today)

    def action_split(self) -> None:
        """F7: what a row stands for."""
        self.choose_split(self.asked.by, self.show_by)

    def show_by(self, by: tuple[By, ...]) -> None:
        """Ask again."""
        self.asked = replace(self.asked, by=by)
        self.look()

    def action_bars(self) -> None:
        """F8: rows or bars."""
        mark = self.list_shown.marked
        self.list_shown.display = False
        self.as_bars = not self.as_bars
        shown = self.list_shown
        shown.display = True
        shown.focus()
        if mark is not None:
            shown.mark = mark
            shown.refresh()
