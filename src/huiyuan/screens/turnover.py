"""Turnover on the screen: a span by one key, rows or bars, Enter looks closer, Esc goes back out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Protocol

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.report import Measure, ReportScope
from huiyuan.domain.model.turnover import (
    By,
    Period,
    Turnover,
    TurnoverAsked,
    change_permille,
    narrowed,
)
from huiyuan.screens import messages
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.paged import PAGE_ROWS
from huiyuan.screens.report_words import cell_text, heading
from huiyuan.screens.reports import EXPORT_ROWS, Page, ReportScreen
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.bars import Bar, Bars
from huiyuan.screens.widgets.fields import Field
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


@dataclass(frozen=True, slots=True)
class SpanTyped:
    """What the sheet hands back; `stores` are codes, none means all."""

    first: date
    last: date
    stores: tuple[str, ...]


def read_day(text: str, year: int) -> date | None:
    """`2026-03-01`, `20260301`, `3-1`, `0301`: the year may be left out; None where it is no day."""
    digits = [part for part in text.replace("/", "-").replace(".", "-").split("-") if part]
    plain = "".join(digits)
    if not (plain.isascii() and plain.isdigit()):
        return None
    if len(digits) == 1 and len(plain) in {4, 8}:
        digits = [plain[:-4], plain[-4:-2], plain[-2:]] if len(plain) == 8 else [plain[:2], plain[2:]]
    if len(digits) == 2:
        digits = [str(year), *digits]
    try:
        return date(*(int(part) for part in digits)) if len(digits) == 3 else None
    except ValueError:
        return None


class Spanned(Protocol):
    """A report of a span of days."""

    @property
    def scope(self) -> ReportScope: ...
    @property
    def today(self) -> date: ...


class SpanSheet(Sheet[SpanTyped]):
    """From, to, stores."""

    def __init__(self, shop: Shop, shown: Spanned) -> None:
        super().__init__(shop, shop.say(msg("Days and stores")))
        self.shown = shown

    def body(self) -> ComposeResult:
        """Three fields; what is shown stands in them until something is typed."""
        say, scope = self.say, self.shown.scope
        about = msg("Days as 2026-03-01 or 3-1, stores by code with commas. Empty: as it is, and all stores.")
        yield Prose(say(about))
        yield Field(say(msg("From")), id="first", placeholder=str(scope.first or ""))
        yield Field(say(msg("To")), id="last", placeholder=str(scope.last or ""))
        yield Field(say(msg("Stores")), id="stores")

    def on_mount(self) -> None:
        """The first field."""
        self.query_one("#first", Input).focus()

    def typed(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    @on(Input.Submitted)
    def take(self, event: Input.Submitted) -> None:
        """From field to field; the last one hands it over."""
        event.stop()
        following = {"first": "last", "last": "stores"}.get(event.input.id or "")
        if following:
            self.query_one(f"#{following}", Input).focus()
            return
        shown, year = self.shown.scope, self.shown.today.year
        first = read_day(self.typed("first"), year) if self.typed("first") else shown.first
        last = read_day(self.typed("last"), year) if self.typed("last") else shown.last
        if first is None or last is None:
            self.tell(self.say(msg("That is no day. Type it as 2026-03-01.")), "error")
        elif first > last:
            self.tell(self.say(msg("The first day lies after the last.")), "error")
        else:
            codes = self.typed("stores").upper().replace("，", ",").split(",")
            self.dismiss(SpanTyped(first, last, tuple(code.strip() for code in codes if code.strip())))


class TurnoverScreen(ReportScreen):
    """Rows or bars, sums above the words."""

    SCOPE = "turnover"
    TITLE_TEXT = msg("Turnover")

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

    def on_mount(self) -> None:
        """The last days."""
        self.query_one("#bars").display = False
        self.query_one("#rows").focus()
        self.look()

    @property
    def list_shown(self) -> RowList:
        """Rows or bars."""
        return self.query_one("#bars" if self.as_bars else "#rows", RowList)

    def ask_page(self, after: tuple[str | None, ...] | None) -> None:
        """Ask what `asked` says, a page of it."""
        reports, who = self.shop.reports, self.shop.person.staff.name
        asked = replace(self.asked, after=after, most=PAGE_ROWS)
        self.count(lambda: reports.turnover(asked, asked_by=who), messages.TurnoverRead)

    def pages_of_export(self) -> Callable[[Any], Page]:
        """All of what `asked` says."""
        reports, asked, who = self.shop.reports, self.asked, self.shop.person.staff.name

        def page(after: Any) -> Page:
            found = reports.turnover(replace(asked, after=after, most=EXPORT_ROWS), asked_by=who)
            return found.table(), found.following

        return page

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
        split = next((label for by, label in SPLITS if by == report.by), "")
        self.aside(f"{report.scope.first} - {report.scope.last}  {say(split) if split else ''}")
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

    def period(self, period: Period) -> None:
        """Another span for the same rows."""
        self.trail.clear()
        self.asked = replace(self.asked, period=period, first=None, last=None)
        self.look()

    def action_today(self) -> None:
        """F2."""
        self.period(Period.TODAY)

    def action_yesterday(self) -> None:
        """F3."""
        self.period(Period.YESTERDAY)

    def action_week(self) -> None:
        """F4: from Monday on."""
        self.period(Period.WEEK)

    def action_month(self) -> None:
        """F5: from the first on."""
        self.period(Period.MONTH)

    def action_days(self) -> None:
        """F6: typed."""
        if self.report is not None:
            self.app.push_screen(SpanSheet(self.shop, self.report), self.take_span)

    def take_span(self, typed: SpanTyped | None) -> None:
        """Ask for it."""
        if typed is not None:
            self.trail.clear()
            self.asked = replace(
                self.asked, period=Period.DAYS, first=typed.first, last=typed.last, stores=typed.stores
            )
            self.look()

    def action_split(self) -> None:
        """F7: what a row stands for."""
        known = [by for by, _ in SPLITS]
        mark = known.index(self.asked.by) if self.asked.by in known else 0
        options = [self.say(label) for _, label in SPLITS]
        self.app.push_screen(Choice(self.shop, self.say(msg("Rows")), options, mark=mark), self.take_split)

    def take_split(self, index: int | None) -> None:
        """Ask again."""
        if index is not None:
            self.asked = replace(self.asked, by=SPLITS[index][0])
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
