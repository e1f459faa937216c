"""Stock on hand: goods found as one types, own store or all that may be seen, what is below zero.

Always true: what is typed is asked for after a short pause, and an answer that came too late for it is
dropped; the next page joins where the last one ended; Enter opens a product's movements.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.stock import StockAsked, StockOnHand, StockOnly, StockRow
from huiyuan.screens import messages
from huiyuan.screens.beside_field import BesideField
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.report_words import unit_text
from huiyuan.screens.reports import EXPORT_ROWS, Page, ReportScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

PAUSE_S: Final = 0.25
ONLY: Final = (
    (StockOnly.ALL, msg("all goods")),
    (StockOnly.BELOW_ZERO, msg("only below zero")),
    (StockOnly.ZERO, msg("only at zero")),
)


class StockScreen(ReportScreen, BesideField[None]):
    """One field, the rows, what they are of."""

    SCOPE = "stock"
    TITLE_TEXT = msg("Stock on hand")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.own = shop.greeting.store.code
        self.asked = StockAsked(stores=(self.own,))
        self.rows: Sequence[StockRow] = ()
        self.page: StockOnHand | None = None
        self.pause: Timer | None = None

    def body(self) -> ComposeResult:
        """The field above, because it is typed into first."""
        say = self.say
        yield Field(say(msg("Find goods")), id="entry")
        yield RowList(
            [Column(say(msg("Store")), 8, from_width=90, command="stock.stores"),
             Column(say(msg("Code")), 14),
             Column(say(msg("Goods"))),
             Column(say(msg("Category")), 12, from_width=90, command="stock.category"),
             Column(say(msg("Unit")), 6),
             Column(say(msg("On hand")), 12, "right", command="stock.only"), Column("", 8)],
            id="rows",
        )  # fmt: skip
        yield Prose("", id="sums")
        yield from self.words()

    def begin(self) -> None:
        """The first page of the own store."""
        self.query_one(RowList).can_focus = False
        self.query_one("#entry", Input).focus()
        self.look()

    def look_at(self, asked: StockAsked) -> None:
        """Ask for the first page of something."""
        self.asked = asked
        self.look()

    def ask_page(self, after: tuple[str, str] | None) -> None:
        """Only the page on screen is kept."""
        asked = replace(self.asked, after=after)
        reports, who = self.shop.reports, self.shop.person.staff.name
        self.count(lambda: reports.on_hand(asked, asked_by=who), messages.StockRead)

    @on(messages.StockRead)
    def show_page(self, message: messages.StockRead) -> None:
        """The rows of this page, and where the next one begins."""
        page = message.page
        self.rows = page.rows
        mark = self.page_here(page.following)
        self.query_one(RowList).empty = self.say(msg("Nothing here fits."))
        self.page = page
        self.counted(page.table())
        self.query_one(RowList).show_rows([self.texts(row) for row in self.rows], mark=mark)
        text = msg("{shown} of {count}   below zero {below}   at zero {zero}")
        self.query_one("#sums", Prose).show(
            self.say(
                text,
                shown=self.at * self.asked.most + len(self.rows),
                count=page.count,
                below=page.below_zero,
                zero=page.at_zero,
            )
        )
        self.show_filters()
        self.refresh_bindings()

    def texts(self, row: StockRow) -> tuple[str, ...]:
        """What needs an eye is told by a word, not by a colour."""
        say = self.say
        sign = say(msg("BELOW 0")) if row.qty_milli < 0 else say(msg("none")) if row.qty_milli == 0 else ""
        goods = row.name if self.app.size.width >= 90 or self.asked.stores else f"{row.store} {row.name}"
        return (
            row.store,
            row.code,
            goods,
            row.category or "",
            unit_text(say, row.unit),
            say.quantity(row.qty_milli),
            sign,
        )

    def show_filters(self) -> None:
        """Which stores, which category, which rows."""
        say = self.say
        parts = [self.own if self.asked.stores else say(msg("all stores"))]
        if self.asked.category and self.page is not None:
            parts.append(dict(self.page.categories).get(self.asked.category, self.asked.category))
        parts += [say(label) for only, label in ONLY[1:] if only is self.asked.only]
        self.aside("  ".join(parts))

    @on(Input.Changed, "#entry")
    def wait_for_more(self, event: Input.Changed) -> None:
        """Ask when the typing pauses."""
        event.stop()
        if self.pause is not None:
            self.pause.stop()
        self.pause = self.set_timer(PAUSE_S, self.look_for_typed)

    def look_for_typed(self) -> None:
        words = self.query_one("#entry", Input).value.strip()
        if self.export is not None:
            self.pause = self.set_timer(PAUSE_S, self.look_for_typed)
        elif words != self.asked.words:
            self.look_at(replace(self.asked, words=words))

    @on(Input.Submitted, "#entry")
    def open_moves(self, event: Input.Submitted) -> None:
        """Enter: first what was typed, then the movements of the marked row."""
        event.stop()
        if event.value.strip() != self.asked.words:
            self.look_for_typed()
            return
        row = self.marked()
        if row is not None and self.counting is None:
            from huiyuan.screens.stock_moves import StockMovesScreen

            self.app.push_screen(StockMovesScreen(self.shop, row))

    def marked(self) -> StockRow | None:
        """The row under the mark."""
        index = self.query_one(RowList).marked
        return None if index is None else self.rows[index]

    def applies(self, action: str) -> bool:
        """A further page only where there is one."""
        if action == "category":
            return self.page is not None and bool(self.page.categories)
        if action == "open":
            return bool(self.rows)
        return super().applies(action)

    def action_only(self) -> None:
        """F2: all, below zero, at zero, all."""
        kinds = [only for only, _ in ONLY]
        following = kinds[(kinds.index(self.asked.only) + 1) % len(kinds)]
        self.look_at(replace(self.asked, only=following))

    def action_stores(self) -> None:
        """F3: the own store, or all that this person may see."""
        self.look_at(replace(self.asked, stores=() if self.asked.stores else (self.own,)))

    def action_category(self) -> None:
        """F4: one of the categories."""
        if self.page is None:
            return
        listed: Sequence[tuple[str, str]] = (("", self.say(msg("every category"))), *self.page.categories)
        codes = [code for code, _ in listed]

        def take(index: int | None) -> None:
            if index is not None:
                self.look_at(replace(self.asked, category=codes[index]))

        mark = codes.index(self.asked.category) if self.asked.category in codes else 0
        title = self.say(msg("Category"))
        self.app.push_screen(Choice(self.shop, title, [name for _, name in listed], mark=mark), take)

    def action_receive(self) -> None:
        """F8: goods that arrived."""
        from huiyuan.screens.receiving import ReceivingScreen

        self.app.push_screen(ReceivingScreen(self.shop), self.after_receiving)

    def after_receiving(self, _nothing: None) -> None:
        """What stands now."""
        self.look()

    def pages_of_export(self) -> Callable[[Any], Page]:
        """Everything that fits."""
        reports, asked, who = self.shop.reports, self.asked, self.shop.person.staff.name

        def page(after: Any) -> Page:
            found = reports.on_hand(replace(asked, after=after, most=EXPORT_ROWS), asked_by=who)
            return found.table(), found.following

        return page
