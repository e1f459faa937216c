"""What happened at the tills beside sales: voids, lines taken off, drawers, prices, discounts by person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.till_events import TillEvents
from huiyuan.domain.model.turnover import Period, TurnoverAsked
from huiyuan.screens import messages
from huiyuan.screens.report_words import EVENTS
from huiyuan.screens.shop import Shop
from huiyuan.screens.span_report import SpanReport
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList


class TillEventsScreen(SpanReport):
    """One list; another span by key."""

    SCOPE = "events"
    TITLE_TEXT = msg("Voids, removed lines, drawer")
    ANSWER = messages.TillEventsRead

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

    @property
    def span(self) -> TurnoverAsked:
        """The rows are always the same."""
        return self.asked

    def show_span(self, span: TurnoverAsked) -> None:
        """Other days."""
        self.asked = span
        self.look()

    def reading(self) -> Callable[[Any, int], TillEvents]:
        """What reads so many rows behind a key."""
        reports, asked, who = self.shop.reports, self.asked, self.shop.person.staff.name
        return lambda after, most: reports.till_events(replace(asked, after=after, most=most), asked_by=who)

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
