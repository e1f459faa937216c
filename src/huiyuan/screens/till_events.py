"""What happened at the tills beside sales: voids, lines taken off, drawers, prices, discounts by person."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.turnover import Period, TurnoverAsked
from huiyuan.screens import messages
from huiyuan.screens.report_words import EVENTS
from huiyuan.screens.reports import ReportScreen
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
        self.look(self.asked)

    def look(self, asked: TurnoverAsked) -> None:
        """Ask."""
        self.asked = asked
        reports, who = self.shop.reports, self.shop.person.staff.name
        self.count(lambda: reports.till_events(asked, asked_by=who), messages.TillEventsRead)

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
            mark=0,
        )  # fmt: skip
        count = sum(each.count for each in found.rows)
        self.query_one("#sums", Prose).show(say(msg("{count} in all"), count=count))

    def period(self, period: Period) -> None:
        """Another span."""
        if self.counting is None:
            self.look(replace(self.asked, period=period))

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
