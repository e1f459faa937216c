"""A product's movements in one store, page by page, newest first; Enter opens the document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.stock import MovesAsked, StockMove, StockMoves, StockRow
from huiyuan.screens import messages
from huiyuan.screens.document_page import OpensDocuments
from huiyuan.screens.report_words import place_text
from huiyuan.screens.reports import EXPORT_ROWS, Page, ReportScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import Wording


class StockMovesScreen(ReportScreen, OpensDocuments[None]):
    """The rows, and of the marked one what they have no room for."""

    SCOPE = "moves"
    TITLE_TEXT = msg("Movements of goods")

    def __init__(self, shop: Shop, row: StockRow) -> None:
        super().__init__(shop)
        self.of = row
        self.asked = MovesAsked(row.product, row.store)
        self.moves: Sequence[StockMove] = ()
        self.page: StockMoves | None = None

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("Booked at")), 16), Column(say(msg("Kind"))), Column(say(msg("Receipt")), 15),
             Column(say(msg("Qty")), 9, "right"), Column(say(msg("Stood then")), 10, "right"),
             Column(say(msg("Cost")), 10, "right")],
            id="rows",
        )  # fmt: skip
        yield Prose("", id="sums")
        yield from self.words()

    def begin(self) -> None:
        """The newest page."""
        self.aside(f"{self.of.code} {self.of.name}  {self.of.store}")
        super().begin()

    def ask_page(self, after: MovesAsked | None) -> None:
        """Only the page on screen is kept."""
        asked = after or self.asked
        reports, who = self.shop.reports, self.shop.person.staff.name
        self.count(lambda: reports.moves(asked, asked_by=who), messages.MovesRead)

    def pages_of_export(self) -> Callable[[Any], Page]:
        """Every movement there is."""
        reports, first, who = self.shop.reports, self.asked, self.shop.person.staff.name

        def page(after: MovesAsked | None) -> Page:
            found = reports.moves(replace(after or first, most=EXPORT_ROWS), asked_by=who)
            return found.table(), found.next_page(first.store)

        return page

    @on(messages.MovesRead)
    def show_page(self, message: messages.MovesRead) -> None:
        """The moves of this page, and where the next one begins."""
        say = self.say
        self.page = message.page
        self.query_one(RowList).empty = say(msg("Nothing moved yet."))
        self.moves = message.page.rows
        mark = self.page_here(message.page.next_page(self.of.store))
        self.counted(message.page.table())
        rows = [
            (
                *(when(say, move), say.kind(move.kind), move.receipt),
                *(say.quantity(move.qty_milli), say.quantity(move.after_milli)),
                "" if move.cost_minor is None else say.figure(move.cost_minor),
            )
            for move in self.moves
        ]
        self.query_one(RowList).show_rows(rows, mark=mark)
        self.show_marked()

    @on(RowList.Marked)
    def show_marked(self) -> None:
        """From where to where, and who rang it up."""
        say, index = self.say, self.query_one(RowList).marked
        if index is None:
            self.query_one("#sums", Prose).show("")
            return
        move = self.moves[index]
        places = {"first": place_text(say, move.place_from), "last": place_text(say, move.place_to)}
        text = say(msg("From {first} to {last}"), **places)
        if move.who:
            text += "  " + say(msg("by {who}"), who=move.who)
        self.query_one("#sums", Prose).show(text)
        self.refresh_bindings()

    @on(RowList.Chosen)
    def open_row(self, message: RowList.Chosen) -> None:
        """Enter: the document as its slip."""
        message.stop()
        self.open_document(self.moves[message.index].key.document)

    def names_of_goods(self) -> dict[int, str]:
        """Counts and deliveries carry no names on their lines."""
        return {self.of.product: self.of.name}

    def applies(self, action: str) -> bool:
        """Older ones only where there are."""
        if action == "open":
            return bool(self.moves)
        return super().applies(action)


def when(say: Wording, move: StockMove) -> str:
    """When it was posted; of what was written down long afterwards, such as an import, the day it was for."""
    posted, day = move.key.posted_at.astimezone(say.zone).date(), move.key.business_date
    return say.moment(move.key.posted_at) if abs((posted - day).days) <= 1 else day.isoformat()
