"""Debts on account: who owes how much, until when, how much at least; all of them or only the overdue ones.

Always true: it changes nothing; Enter opens the card, where the debt is seen and paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.credit import Debtor
from huiyuan.screens.ask import ask
from huiyuan.screens.paged import ASKED, PagedScreen, page_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.rows import Column, RowList


@dataclass(eq=False, repr=False)
class DebtorsRead(Message):
    """A page; `at` is its place among the pages read."""

    debtors: Sequence[Debtor]
    at: int


class DebtsDueScreen(PagedScreen[None]):
    """The list; F2 keeps the overdue ones."""

    SCOPE = "debts"
    TITLE_TEXT = msg("Debts due")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.debtors: Sequence[Debtor] = ()
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

    def on_mount(self) -> None:
        """Read them."""
        self.query_one("#debts", RowList).focus()
        self.action_refresh()

    def action_refresh(self) -> None:
        """F5."""
        self.read(self.at)

    def read(self, at: int) -> None:
        """Page `at`."""
        book, after, overdue = self.shop.members, self.starts[at], self.overdue
        ask(
            self,
            lambda: book.debtors(ASKED, after=after, overdue=overdue),
            then=lambda found: DebtorsRead(found, at),
            subject="debts",
        )

    @on(DebtorsRead)
    def show_debtors(self, message: DebtorsRead) -> None:
        """The longest due first, of a day the largest."""
        if self.is_gone(message.at, message.debtors):
            return
        say, (self.debtors, more) = self.say, page_of(message.debtors)
        self.aside(say(msg("only overdue")) if self.overdue else "")
        mark = self.turned(message.at, self.debtors[-1].place if more else None)
        self.query_one("#debts", RowList).show_rows(
            [
                (
                    each.due.due_on.isoformat() if each.due.due_on else "", f"{each.holder} {each.member}",
                    each.card, say.figure(each.due.owed_minor),
                    "" if each.due.least_minor is None else say.figure(each.due.least_minor),
                    say.figure(each.due.overdue_minor) if each.due.overdue_minor else "",
                )
                for each in self.debtors
            ],
            mark=mark,
        )  # fmt: skip
        self.refresh_bindings()

    def action_overdue(self) -> None:
        """F2: all, or only those."""
        self.overdue = not self.overdue
        self.anew()

    @on(RowList.Chosen, "#debts")
    def open_card(self, message: RowList.Chosen) -> None:
        """Enter: the card."""
        message.stop()
        if message.index < len(self.debtors):
            from huiyuan.screens.card import CardScreen

            self.app.push_screen(CardScreen(self.shop, self.debtors[message.index].card))
