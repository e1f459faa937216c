"""Counting: pieces of each note and coin by digits, and the sum so far; what should lie there is not shown.

Always true: what is handed back was counted by the rows or typed as one sum, never both; a field that is left
empty is zero pieces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.document import Count
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.money import parse_minor
from huiyuan.domain.model.quantity import MILLI, parse_quantity
from huiyuan.domain.model.shift import ShiftReport, count_rows, counted_cash
from huiyuan.screens.dialogs.entry import Entry, read_amount
from huiyuan.screens.refusals import sentence
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

PIECES_MAX: Final = 100_000


@dataclass(frozen=True, slots=True)
class Counted:
    """Cash in minor units, and the rows of what was counted (none of cash where one sum was typed)."""

    cash_minor: int
    rows: tuple[Count, ...] = ()


def say_slips(shop: Shop) -> str:
    """That slips are not on paper yet; the shift may be closed all the same."""
    count = shop.print_jobs.waiting_counts()[0]
    return shop.say(msg("{count} slips are not printed yet (^O at home)."), count=count) if count else ""


class CountSheet(Sheet[Counted]):
    """One row a denomination, then one a tender whose slips are counted; Enter takes the field to the mark.

    Args:
        report: what is counted; what should lie there is shown only where the person may know it.
        note: something to know before counting.
    """

    SCOPE = "count"

    def __init__(self, shop: Shop, title: str, report: ShiftReport, note: str = "") -> None:
        super().__init__(shop, title)
        self.note = note
        self.values = report.denominations
        self.tenders = report.counted_tenders
        self.expected_minor = report.expected_minor
        self.pieces = [0] * len(self.values)
        self.sums: list[int | None] = [None] * len(self.tenders)
        self.one_sum: int | None = None

    def body(self) -> ComposeResult:
        """Rows, the sum so far, the one field."""
        say = self.say
        rows = RowList(
            [Column(say(msg("Note or coin")), 18, "right"), Column(say(msg("Pieces")), 10, "right"),
             Column(say(msg("Sum")), 14, "right"), Column("")],
            id="rows",
        )  # fmt: skip
        rows.can_focus = False
        rows.styles.height = len(self.values) + len(self.tenders) + 1
        yield rows
        yield Prose("", id="sum")
        yield Field(say(msg("Pieces")), id="pieces")

    def on_mount(self) -> None:
        """The largest note first."""
        self.show_rows(0)
        if self.note:
            self.tell(self.note, "warn")
        self.query_one("#pieces", Input).focus()

    @property
    def cash_minor(self) -> int:
        """What was counted in cash so far."""
        if self.one_sum is not None:
            return self.one_sum
        return counted_cash(zip(self.values, self.pieces, strict=True))

    def show_rows(self, mark: int) -> None:
        """Everything as it stands."""
        say = self.say
        rows = [
            (say.money(value), str(count) if count else "", say.figure(value * count) if count else "", "")
            for value, count in zip(self.values, self.pieces, strict=True)
        ]
        rows += [
            (say.tender(tender), "", "" if amount is None else say.figure(amount), "")
            for tender, amount in zip(self.tenders, self.sums, strict=True)
        ]
        self.query_one(RowList).show_rows(rows, mark=mark)
        text = say(msg("Counted so far {amount}"), amount=say.money(self.cash_minor))
        if self.expected_minor is not None:
            text += "   " + say(msg("expected {amount}"), amount=say.money(self.expected_minor))
        self.query_one("#sum", Prose).show(text)

    @on(Input.Submitted, "#pieces")
    def take(self, event: Input.Submitted) -> None:
        """What is typed goes to the marked row, and the mark goes on; at the end an empty field is done."""
        event.stop()
        rows, text = self.query_one(RowList), event.value.strip()
        last = len(self.values) + len(self.tenders) - 1
        if not text:
            if rows.mark >= last:
                self.action_done()
            else:
                rows.move(1)
            return
        try:
            self.put(rows.mark, text)
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        self.tell("")
        event.input.value = ""
        self.show_rows(min(rows.mark + 1, last))

    def put(self, index: int, text: str) -> None:
        """Whole pieces of a note or coin; the sum of another tender's slips. Raises Refused."""
        if index >= len(self.values):
            amount = parse_minor(text, self.say.minor_digits, zero=True)
            self.sums[index - len(self.values)] = amount
            return
        if text.strip("0") == "":
            pieces_milli = 0
        else:
            pieces_milli = parse_quantity(text)
        if pieces_milli % MILLI or pieces_milli > PIECES_MAX * MILLI:
            raise Refused("out_of_range", {"most": PIECES_MAX * MILLI})
        self.pieces[index], self.one_sum = pieces_milli // MILLI, None

    def action_up(self) -> None:
        """The row above."""
        self.query_one(RowList).move(-1)

    def action_down(self) -> None:
        """The row below."""
        self.query_one(RowList).move(1)

    def action_one_sum(self) -> None:
        """F3: somebody counted already and knows the sum."""
        entry = Entry(
            self.shop, self.title_text, label=self.say(msg("Cash counted")),
            read=read_amount(self.shop, zero=True),
        )  # fmt: skip
        self.app.push_screen(entry, self.take_sum)

    def take_sum(self, amount: int | None) -> None:
        """One sum lifts the pieces."""
        if amount is None:
            return
        self.one_sum, self.pieces = amount, [0] * len(self.values)
        if self.tenders:
            self.show_rows(len(self.values))
        else:
            self.action_done()

    def action_done(self) -> None:
        """F2: what was counted."""
        field = self.query_one("#pieces", Input)
        if field.value.strip():
            try:
                self.put(self.query_one(RowList).mark, field.value)
            except Refused as refused:
                self.tell(sentence(self.say, refused), "error")
                return
        if not self.values and self.one_sum is None:
            self.action_one_sum()
            return
        cash = () if self.one_sum is not None else count_rows(zip(self.values, self.pieces, strict=True))
        others = tuple(
            Count(tender, amount_minor=amount)
            for tender, amount in zip(self.tenders, self.sums, strict=True)
            if amount is not None
        )
        self.dismiss(Counted(self.cash_minor, (*cash, *others)))
