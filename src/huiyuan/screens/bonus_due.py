"""What is due of promised bonus and of cash back, one row a booking; Enter books the marked one, F2 all.

Always true: each row is a document of its own; what cannot be booked stays in the list with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.document_rows import Release
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.value_desk import DueRow
from huiyuan.domain.usecases.moving import due_document
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.paged import PAGE_ROWS
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.rows import Column, RowList


@dataclass
class DueRead(Message):
    """What can be booked now."""

    rows: Sequence[DueRow]


class BonusDueScreen(PostingScreen[None]):
    """One list."""

    SCOPE = "due"
    TITLE_TEXT = msg("Bonus due")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.rows: Sequence[DueRow] = ()
        self.going_on = False
        self.booked = 0

    def body(self) -> ComposeResult:
        """Member, what, since when, how much."""
        say = self.say
        yield RowList(
            [Column(say(msg("Member no.")), 12), Column(say(msg("Member"))), Column(say(msg("What")), 18),
             Column(say(msg("Due")), 11), Column(say(msg("Amount")), 12, "right")],
            id="due",
            empty=say(msg("Nothing is due.")),
        )  # fmt: skip

    def on_mount(self) -> None:
        """Read them."""
        self.query_one(RowList).focus()
        self.action_refresh()

    def action_refresh(self) -> None:
        """F5."""
        self.tell("")
        value = self.shop.value
        ask(self, lambda: value.due(PAGE_ROWS), then=DueRead, subject="due")

    @on(DueRead)
    def show_due(self, message: DueRead) -> None:
        """The first of them; what was booked is gone."""
        say, self.rows = self.say, message.rows
        self.query_one(RowList).show_rows([self.cells(each) for each in self.rows[:PAGE_ROWS]])
        more = "+" if len(self.rows) >= PAGE_ROWS else ""
        self.aside(say(msg("{count} due"), count=f"{len(self.rows)}{more}"))
        if self.going_on and self.rows:
            self.book(self.rows[0])
        else:
            self.going_on = False
        if self.booked and not self.going_on:
            self.tell(say(msg("{count} booked."), count=self.booked), "good")
            self.booked = 0
        self.refresh_bindings()

    def cells(self, each: DueRow) -> tuple[str, ...]:
        """One row."""
        say, row = self.say, each.row
        if isinstance(row, Release):
            what = say(msg("Bonus, part {n} of {all}"), n=row.part + 1, all=each.parts + 1)
            due = each.due_on.isoformat() if each.due_on else ""
        else:
            what, due = say(msg("Cash back")), row.month
        return (each.number, each.member, what, due, say.money(row.amount_minor))

    def applies(self, action: str) -> bool:
        """While there is something."""
        if action in {"book", "all"}:
            return not self.held and not self.going_on and bool(self.rows)
        return super().applies(action)

    @on(RowList.Chosen)
    def book_chosen(self, message: RowList.Chosen) -> None:
        """Enter."""
        message.stop()
        if not self.held and not self.going_on and message.index < len(self.rows):
            self.book(self.rows[message.index])

    def action_all(self) -> None:
        """F2: one after the other, until one is refused."""
        if self.rows and not self.held and not self.going_on:
            self.going_on = True
            self.book(self.rows[0])

    def book(self, each: DueRow) -> None:
        """One document."""
        shop = self.shop
        self.submit(
            due_document(
                stamp_of(shop),
                row=each.row,
            )
        )

    def posted(self, document: Document, posted: Posted) -> None:
        """The next one, or the list as it is now."""
        del document, posted
        self.booked += 1
        self.action_refresh()

    @on(messages.NoLine)
    def stop_without_line(self) -> None:
        """Whoever reads the list again sees what is left."""
        self.going_on = False
        self.refresh_bindings()

    @on(messages.Refused)
    def stop_there(self, message: messages.Refused) -> None:
        """What was refused is looked at before anything else is booked."""
        if message.subject == WRITE:
            self.going_on = False
