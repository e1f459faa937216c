"""Closed shifts of this store: found by number or day, read, and their Z printed again as a copy.

Always true: a print takes its number at the server, so that a copy says which one it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.shift import ClosedShift
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.beside_field import BesideField
from huiyuan.screens.follows_paper import FollowsPaper
from huiyuan.screens.paged import ASKED
from huiyuan.screens.paper import report_slip
from huiyuan.screens.row_pages import RowPages
from huiyuan.screens.shop import Shop
from huiyuan.screens.span_report import read_day
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.rows import Column, RowList

NUMBER_DIGITS: Final = 6


class OldShiftsScreen(RowPages[None, ClosedShift], FollowsPaper[None], BesideField[None]):
    """A list and one field over it."""

    SCOPE = "old"
    TITLE_TEXT = msg("Closed shifts")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.wanted: tuple[int | None, date | None] = (None, None)

    def body(self) -> ComposeResult:
        """Newest first."""
        say = self.say
        yield Field(say(msg("Number or day")), id="which", placeholder=say(msg("12 or 2026-03-01")))
        rows = RowList(
            [Column("Z", 6, "right"), Column(say(msg("Drawer")), 10), Column(say(msg("Closed at")), 16),
             Column(say(msg("Closed by")), 10), Column(say(msg("Counted")), 11, "right"),
             Column(say(msg("Over or short")), 13, "right"), Column(say(msg("Prints")), 0, "right")],
            id="shifts",
            empty=say(msg("No such closed shift.")),
        )  # fmt: skip
        rows.can_focus = False
        yield rows

    def begin(self) -> None:
        """All of them."""
        self.query_one("#which", Input).focus()
        self.find(None, None)

    def find(self, number: int | None, on_day: date | None) -> None:
        """Ask for them, from the newest."""
        self.wanted = (number, on_day)
        self.anew()

    def reading(self, after: UUID | None) -> Callable[[], Sequence[ClosedShift]]:
        """From the newest."""
        reads, (number, on_day) = self.shop.reads, self.wanted
        return lambda: reads.shifts(number=number, on_day=on_day, most=ASKED, after=after)

    def place_of(self, row: ClosedShift) -> UUID:
        """The shift."""
        return row.shift

    def cells_of(self, row: ClosedShift) -> tuple[str, ...]:
        """Its number, where, when, by whom, how much."""
        say = self.say
        return (
            str(row.number), row.drawer, say.moment(row.closed_at), row.closed_by,
            say.figure(row.counted_minor), say.figure(row.over_short_minor) if row.over_short_minor else "",
            str(row.prints),
        )  # fmt: skip

    def mark_for(self, mark: int | None) -> int:
        """The newest."""
        return mark or 0

    @on(Input.Submitted, "#which")
    def choose(self, event: Input.Submitted) -> None:
        """A number, a day, or nothing: then the marked one is printed."""
        event.stop()
        text, event.input.value = event.value.strip(), ""
        if not text:
            self.reprint()
        elif text.isdecimal() and len(text) <= NUMBER_DIGITS:
            self.find(int(text), None)
        elif (day := read_day(text, self.shop.wall_clock().year)) is not None:
            self.find(None, day)
        else:
            self.tell(self.say(msg("Type the number of a Z, or a day such as 2026-03-01.")), "error")

    def reprint(self) -> None:
        """The marked one, as a copy."""
        found, reads = self.marked(), self.shop.reads
        if found is not None:
            shift = found.shift
            ask(self, lambda: reads.shift_print(shift), then=messages.ShiftPrinted, subject="paper")

    @on(messages.ShiftPrinted)
    def put_report(self, message: messages.ShiftPrinted) -> None:
        """Into the printer's queue."""
        self.put_paper(report_slip(self.shop, message.report))
