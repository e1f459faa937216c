"""Prepaid cards by quarter, what is owed to their holders, and the ratio that the law bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.filing import Filing, FilingRow
from huiyuan.domain.model.law import ratio_bp
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.entry import Entry, read_amount
from huiyuan.screens.law_words import article_line, limit_text
from huiyuan.screens.paged import LAST
from huiyuan.screens.reports import ReportScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

KINDS: Final = {"registered": msg("registered"), "bearer": msg("bearer")}
SECTORS: Final = (msg("shops, hotels, food"), msg("services to residents"))


@dataclass(eq=False, repr=False)
class FilingRead(Message):
    filing: Filing


@dataclass(eq=False, repr=False)
class RevenueKept(Message):
    """The revenue was written down."""


class FilingScreen(ReportScreen):
    """A year's quarters by kind of card; below them what is owed and the ratio."""

    SCOPE = "filing"
    TITLE_TEXT = msg("Prepaid cards by quarter")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.year = shop.wall_clock().year
        self.filing: Filing | None = None

    def body(self) -> ComposeResult:
        """One list, what is owed, what it means."""
        say = self.say
        yield RowList(
            [Column("", 2), Column(say(msg("Card")), 10),
             Column(say(msg("Cards sold")), 12, "right"), Column(say(msg("Granted")), 10, "right"),
             Column(say(msg("Consumed")), 12, "right"), Column(say(msg("Refunded")), 10, "right"),
             Column(say(msg("Outstanding")), 12, "right"),
             Column(say(msg("Bonus in it")), 11, "right", from_width=100)],
            id="rows",
            empty=say(msg("No quarter of this year has begun.")),
        )  # fmt: skip
        yield Prose("", id="sums")
        yield from self.words()

    def look(self) -> None:
        """Ask."""
        books, year, who = self.shop.books, self.year, self.shop.person.staff.name
        self.count(lambda: books.filing(year, asked_by=who), FilingRead)

    @on(FilingRead)
    def show_filing(self, message: FilingRead) -> None:
        """Rows, what is owed, the ratio."""
        found = self.filing = message.filing
        self.counted(found.table())
        self.query_one(RowList).show_rows([self.cells_of(each) for each in found.rows], mark=LAST)
        self.query_one("#sums", Prose).show("\n".join((self.owed(found), self.ratio(found))))
        self.aside(str(found.year))
        self.refresh_bindings()

    def cells_of(self, row: FilingRow) -> tuple[str, ...]:
        """One row."""
        say = self.say
        return (
            f"Q{row.quarter}",
            say(KINDS["registered" if row.registered else "bearer"]),
            *(say.figure(row.told(flow)) for flow in ("sold", "granted", "consumed", "refunded")),
            say.figure(row.owed_minor),
            say.figure(row.bonus_minor),
        )

    def owed(self, found: Filing) -> str:
        """What stands now, and that it is the sum of all balances."""
        say = self.say
        text = say(
            msg("Owed now: principal {principal}, bonus {bonus}, in passes {passes}."),
            principal=say.money(found.principal_minor),
            bonus=say.money(found.bonus_minor),
            passes=say.money(found.passes_minor),
        )
        ties = msg("Tied to all balances, to the last unit.")
        apart = msg("The balances add up to {sum}: run huiyuan verify.")
        return text + " " + (say(ties) if found.ties else say(apart, sum=say.money(found.balance_minor)))

    def ratio(self, found: Filing) -> str:
        """What was paid ahead beside the revenue of the year before."""
        say = self.say
        whose = msg("by this chain's books") if found.from_books else msg("as entered")
        ratio = ratio_bp(found.paid_ahead_minor, found.revenue_minor)
        shown = "-" if ratio is None else f"{ratio // 100}.{ratio % 100:02}%"
        text = say(
            msg("Revenue of {year} {revenue} ({whose}), {sector}: {ratio}."),
            year=found.revenue_year,
            revenue=say.money(found.revenue_minor),
            whose=say(whose),
            sector=say(SECTORS[found.services]),
            ratio=shown,
        )
        name = "liability_services" if found.services else "liability_retail"
        row = next((each for each in found.rules if each.rule == name), None)
        if row is None:
            return text
        if not found.revenue_minor:
            return text + " " + say(msg("No revenue is known: F6 writes it down."))
        over = found.verdict() is not None
        judged = msg("ABOVE the most, {limit}: {where}") if over else msg("At most {limit}: {where}")
        return text + " " + say(judged, limit=limit_text(say, row), where=article_line(say, row))

    def turn(self, by: int) -> None:
        """Another year."""
        if self.counting is None:
            self.year += by
            self.look()

    def action_before(self) -> None:
        """F2."""
        self.turn(-1)

    def action_after(self) -> None:
        """F3."""
        self.turn(1)

    def action_revenue(self) -> None:
        """F6: the sector, then the figure of the year before."""
        found = self.filing
        if found is None:
            return
        say = self.say

        def take_sector(index: int | None) -> None:
            if index is None:
                return
            title = say(msg("Main revenue of {year}"), year=found.revenue_year)
            entry = Entry(self.shop, title, label=say(msg("Amount")), read=read_amount(self.shop))
            self.app.push_screen(entry, self.keeping(found.revenue_year, services=bool(index)))

        options = [say(each) for each in SECTORS]
        self.app.push_screen(Choice(self.shop, say(msg("What this chain lives on")), options), take_sector)

    def keeping(self, year: int, *, services: bool) -> Callable[[int | None], None]:
        """What writes the figure down."""

        def keep(amount: int | None) -> None:
            if amount is not None:
                books = self.shop.books
                ask(
                    self,
                    lambda: books.put_revenue(year, amount, services=services),
                    then=lambda _: RevenueKept(),
                    subject=WRITE,
                )

        return keep

    @on(RevenueKept)
    def read_again(self) -> None:
        """With the new figure."""
        self.look()
