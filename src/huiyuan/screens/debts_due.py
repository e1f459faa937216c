"""Debts on account: who owes how much, until when, how much at least; all of them or only the overdue ones.

Always true: it changes nothing; Enter opens the card, where the debt is seen and paid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.credit import Debtor
from huiyuan.screens.paged import ASKED
from huiyuan.screens.row_pages import RowPages
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.rows import Column, RowList


class DebtsDueScreen(RowPages[None, Debtor]):
    """The list; F2 keeps the overdue ones."""

    SCOPE = "debts"
    TITLE_TEXT = msg("Debts due")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.overdue = False

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("Due by")), 11), Column(say(msg("Member"))),
             Column(say(msg("Card number")), 13), Column(say(msg("Owed")), 11, "right"),
             Column(say(msg("Least to pay")), 12, "right"), Column(say(msg("Overdue")), 11, "right")],
            id="debts",
            empty=say(msg("Nobody owes anything here.")),
        )  # fmt: skip

    def reading(self, after: Sequence[int] | None) -> Callable[[], Sequence[Debtor]]:
        """The longest due first, of a day the largest."""
        book, overdue = self.shop.members, self.overdue
        return lambda: book.debtors(ASKED, after=after, overdue=overdue)

    def unpack(self, found: Sequence[Debtor]) -> Sequence[Debtor]:
        """Which ones they are stands beside the title."""
        self.aside(self.say(msg("only overdue")) if self.overdue else "")
        return found

    def place_of(self, row: Debtor) -> Sequence[int]:
        """Its day, its sum, its wallet."""
        return row.place

    def cells_of(self, row: Debtor) -> tuple[str, ...]:
        """Until when, who, how much."""
        say, due = self.say, row.due
        return (
            due.due_on.isoformat() if due.due_on else "", f"{row.holder} {row.member}", row.card,
            say.figure(due.owed_minor), "" if due.least_minor is None else say.figure(due.least_minor),
            say.figure(due.overdue_minor) if due.overdue_minor else "",
        )  # fmt: skip

    def action_overdue(self) -> None:
        """F2: all, or only those."""
        self.overdue = not self.overdue
        self.anew()

    def open_row(self, row: Debtor) -> None:
        """The card."""
        from huiyuan.screens.card import CardScreen

        self.app.push_screen(CardScreen(self.shop, row.card))
