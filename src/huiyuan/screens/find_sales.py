"""Finding the sale that goods come back from: by days, amount and tender, page by page.

Always true: a page is one question, and only the page on screen is in memory; another question begins at its
newest page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.desk import FoundSale, SaleFilter
from huiyuan.domain.model.errors import Refused
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.entry import Entry, read_amount
from huiyuan.screens.paged import ASKED
from huiyuan.screens.row_pages import RowPages
from huiyuan.screens.shop import Shop
from huiyuan.screens.span_report import read_day
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import TENDERS

DAYS: Final = 30


class FindSalesScreen(RowPages[UUID, FoundSale]):
    """Answers the document that was chosen, None for Esc."""

    SCOPE = "find_sales"
    TITLE_TEXT = msg("Find a sale")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        today = shop.server_now().astimezone(shop.say.zone).date()
        self.wanted = SaleFilter(today - timedelta(days=DAYS), today)

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("Time")), 16, command="find_sales.days"),
             Column(say(msg("Store")), 10), Column(say(msg("Receipt")), 15),
             Column(say(msg("Goods"))), Column(say(msg("Paid by")), 12, command="find_sales.tender"),
             Column(say(msg("Total")), 11, "right", command="find_sales.amount")],
            id="sales",
            empty=say(msg("No such sale in these days.")),
        )  # fmt: skip

    def begin(self) -> None:
        """The newest of the last days."""
        self.look(self.wanted)

    def look(self, wanted: SaleFilter) -> None:
        """Another question, from its newest page."""
        self.wanted, self.rows = wanted, ()
        say = self.say
        parts = [f"{wanted.day_from} - {wanted.day_to}"]
        if wanted.amount_minor is not None:
            parts.append(say.money(wanted.amount_minor))
        if wanted.method:
            parts.append(say.tender(wanted.method))
        self.aside("  ".join(parts))
        self.anew()

    def reading(self, after: UUID | None) -> Callable[[], Sequence[FoundSale]]:
        """From the newest."""
        desk, wanted = self.shop.desk, self.wanted
        return lambda: desk.find_sales(wanted, after=after, most=ASKED)

    def place_of(self, row: FoundSale) -> UUID:
        """The sale."""
        return row.document

    def cells_of(self, row: FoundSale) -> tuple[str, ...]:
        """When, where, what, how it was paid, how much."""
        say = self.say
        return (
            say.moment(row.at), row.store, row.receipt,
            (say(msg("taken back")) + " " if row.reversed else "") + ", ".join(row.goods),
            ", ".join(say.tender(method) for method in row.methods), say.money(row.total_minor),
        )  # fmt: skip

    def mark_for(self, mark: int | None) -> int:
        """The newest."""
        return mark or 0

    def applies(self, action: str) -> bool:
        """Only pages that are there."""
        if action == "enter":
            return bool(self.rows)
        return super().applies(action)

    def open_row(self, row: FoundSale) -> None:
        """This one."""
        self.dismiss(row.document)

    def action_days(self) -> None:
        """F4: one day, from which on it is looked for; 31 days of it at most."""
        year = self.wanted.day_to.year

        def read(text: str) -> date | None:
            if not text.strip():
                return None
            if (day := read_day(text.strip(), year)) is None:
                raise Refused("malformed", {"section": text.strip()[:20]})
            return day

        def take(day: date | None) -> None:
            today = self.shop.server_now().astimezone(self.say.zone).date()
            first = min(day or today - timedelta(days=DAYS), today)
            self.look(replace(self.wanted, day_from=first, day_to=min(first + timedelta(days=DAYS), today)))

        about = self.say(msg("From this day on, 31 days; nothing typed: the last 31 days."))
        self.app.push_screen(
            Entry(
                self.shop, self.say(msg("Day")), label=self.say(msg("Day")), read=lambda text: (read(text),),
                about=about,
            ),
            lambda found: take(found[0]) if found is not None else None,
        )  # fmt: skip

    def action_amount(self) -> None:
        """F6."""
        known = read_amount(self.shop)

        def take(found: tuple[int | None] | None) -> None:
            if found is not None:
                self.look(replace(self.wanted, amount_minor=found[0]))

        label = self.say(msg("Total"))
        self.app.push_screen(
            Entry(
                self.shop, label, label=label,
                read=lambda text: (known(text) if text.strip() else None,),
                about=self.say(msg("The total on the receipt; nothing typed: any.")),
            ),
            take,
        )  # fmt: skip

    def action_tender(self) -> None:
        """F7."""
        kinds = list(TENDERS)
        options = [self.say(msg("Any")), *(self.say.tender(kind) for kind in kinds)]

        def take(index: int | None) -> None:
            if index is not None:
                self.look(replace(self.wanted, method=kinds[index - 1] if index else None))

        self.app.push_screen(Choice(self.shop, self.say(msg("Paid by")), options), take)
