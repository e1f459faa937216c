"""What happened at the tills beside sales: voids, lines taken off, drawers, prices, discounts by person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.turnover import Period, TurnoverAsked
from huiyuan.screens import messages
from huiyuan.screens.paged import PAGE_ROWS
from huiyuan.screens.report_words import EVENTS
from huiyuan.screens.reports import EXPORT_ROWS, Page, ReportScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList


class TillEventsScreen(ReportScreen):
    """One list; another span by key."""

    SCOPE = "events"
    TITLE_TEXT = msg("Voids, removed lines, drawer")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.asked = TurnoverAsked(Period.LAST_DAYS)

    def body(self) -> ComposeResult:
        """By store and person."""
        say = self.say
        yield RowList(
            [Column(say(msg("Store")), 8), Column(say(msg("By whom")), 22), Column(say(msg("What"))),
             Column(say(msg("Count")), 8, "right"), Column(say(msg("Amount")), 14, "right")],
            id="rows",
        )  # fmt: skip
        yield Prose("", id="sums")
        yield from self.words()

    def on_mount(self) -> None:
        """The last days."""
        self.query_one(RowList).focus()
        self.look()

    def ask_page(self, after: tuple[str | None, ...] | None) -> None:
        """Ask for a page."""
        reports, who = self.shop.reports, self.shop.person.staff.name
        asked = replace(self.asked, after=after, most=PAGE_ROWS)
        self.count(lambda: reports.till_events(asked, asked_by=who), messages.TillEventsRead)

    def pages_of_export(self) -> Callable[[Any], Page]:
        """The whole span."""
        reports, asked, who = self.shop.reports, self.asked, self.shop.person.staff.name

        def page(after: Any) -> Page:
            found = reports.till_events(replace(asked, after=after, most=EXPORT_ROWS), asked_by=who)
            return found.table(), found.following

        return page

    @on(messages.TillEventsRead)
    def show_rows(self, message: messages.TillEventsRead) -> None:
        """Rows and their sum."""
        say, found = self.say, message.found
        rows = self.query_one(RowList)
        rows.empty = say(msg("Nothing of the kind happened."))
        self.counted(found.table())
        rows.show_rows(
            [
                (each.store, each.who, say(EVENTS[each.what]), str(each.count),
                 say.figure(each.amount_minor) if each.amount_minor else "")
                for each in found.rows
            ],
            mark=self.page_here(found.following),
        )  # fmt: skip
        self.query_one("#sums", Prose).show(say(msg("{count} in all"), count=found.count))

    def period(self, period: Period) -> None:
        """Another span."""
        if self.counting is None:
            self.asked = replace(self.asked, period=period)
            self.look()

    def action_today(self) -> None:
        """F2."""
        self.period(Period.TODAY)

    def action_last_days(self) -> None:
        """F3."""
        self.period(Period.LAST_DAYS)

    def action_week(self) -> None:
        """F4."""
        self.period(Period.WEEK)

    def action_month(self) -> None:
        """F5."""
        self.period(Period.MONTH)
