"""Open items: documents without an answer, and documents refused at resending that wait for a person.

Always true: nothing leaves this list by itself but through a definite answer, and nothing parked without a
name and a note.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.journal import Drained, ParkedDocument
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.entry import Entry, read_reason
from huiyuan.screens.paged import WindowScreen
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import Wording

RECEIPTS_NAMED = 5


def open_items(shop: Shop) -> int:
    """How many documents and payments have no answer or wait for a decision; no round trip."""
    return len(shop.door.unsettled()) + len(shop.door.parked()) + len(shop.charges.pending())


def settled_text(say: Wording, drained: Drained) -> str:
    """What was settled of before, with the receipts."""
    receipts = drained.receipts[:RECEIPTS_NAMED]
    more = " ..." if len(drained.receipts) > RECEIPTS_NAMED else ""
    return say(msg("{count} documents of before were settled: {receipts}."), count=drained.settled,
               receipts=", ".join(receipts) + more)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One row: `why` is empty while there is no answer."""

    document: Document
    why: str

    @property
    def parked(self) -> bool:
        return bool(self.why)


class UnsettledScreen(WindowScreen[None]):
    """The list; Enter on a refused document says what was done about it."""

    SCOPE = "unsettled"
    TITLE_TEXT = msg("Open items")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.items: list[Item] = []
        self.deciding: UUID | None = None

    def body(self) -> ComposeResult:
        """List, and the sentence of the marked row."""
        say = self.say
        yield RowList(
            [Column(say(msg("Rung up at")), 16), Column(say(msg("Kind")), 12),
             Column(say(msg("No.")), 7, "right"), Column(say(msg("Amount")), 12, "right"),
             Column(say(msg("State")))],
            id="items",
            empty=say(msg("Everything is settled.")),
        )  # fmt: skip
        yield Prose("", id="why")

    def on_mount(self) -> None:
        """Read the journal; no round trip."""
        self.show_items()

    def show_items(self) -> None:
        """The page that is shown, as it is now."""
        self.show_page(self.at)

    def show_page(self, at: int) -> None:
        """Those without an answer, then those that were refused."""
        say, door = self.say, self.shop.door
        every: list[Document | ParkedDocument] = [*door.unsettled(), *door.parked()]
        page, mark = self.window(at, every)
        self.items = [
            Item(each, "")
            if isinstance(each, Document)
            else Item(each.document, sentence(say, Refused(each.code, each.facts)))
            for each in page
        ]
        rows = []
        for item in self.items:
            document = item.document
            state = say(msg("refused, decide")) if item.parked else say(msg("no answer yet"))
            rows.append((say.moment(document.occurred_at), say.kind(document.kind), str(document.number),
                         say.figure(document.total_minor), state))  # fmt: skip
        self.query_one(RowList).show_rows(rows, mark=mark)
        self.show_why()

    @on(RowList.Marked)
    def show_why(self) -> None:
        """Why the marked one was refused."""
        index = self.query_one(RowList).marked
        self.query_one("#why", Prose).show("" if index is None else self.items[index].why)

    def applies(self, action: str) -> bool:
        """Sending again only if something has no answer, deciding only by somebody."""
        if action == "drain":
            return bool(self.shop.door.unsettled())
        if action == "enter":
            return self.shop.signed is not None and bool(self.shop.door.parked())
        return True

    def action_printer(self) -> None:
        """F6."""
        from huiyuan.screens.printer import PrinterScreen

        self.app.push_screen(PrinterScreen(self.shop))

    def action_charges(self) -> None:
        """F7."""
        from huiyuan.screens.charges import ChargesScreen

        self.app.push_screen(ChargesScreen(self.shop))

    def action_drain(self) -> None:
        """F5."""
        ask(self, self.shop.door.drain, then=messages.Resent, subject=WRITE)

    @on(messages.Resent)
    def show_resent(self, message: messages.Resent) -> None:
        """What is left."""
        self.show_items()
        text = self.say(
            msg("{settled} settled, {left} still without an answer."),
            settled=message.drained.settled,
            left=message.drained.left,
        )
        self.tell(text, "info" if message.drained.left else "good")
        self.refresh_bindings()

    @on(RowList.Chosen)
    def decide(self, message: RowList.Chosen) -> None:
        """Only a refused one, and only by somebody who is signed in."""
        message.stop()
        item = self.items[message.index]
        if not item.parked or self.writing:
            return
        if self.shop.signed is None:
            self.tell(self.say(msg("Sign in first; the decision carries a name.")), "error")
            return
        self.deciding = item.document.id
        entry = Entry(
            self.shop,
            self.say(msg("What was done about it")),
            label=self.say(msg("Note")),
            read=read_reason,
            about=item.why,
        )
        self.app.push_screen(entry, self.write_decision)

    def write_decision(self, note: str | None) -> None:
        """With the name of who decided."""
        document, door, by = self.deciding, self.shop.door, self.shop.person.staff.number
        if note is None or document is None:
            return

        def work() -> UUID:
            door.decide(document, by=by, note=note)
            return document

        ask(self, work, then=messages.Decided, subject=WRITE)

    @on(messages.Decided)
    def show_decided(self) -> None:
        """It is off the list."""
        self.show_items()
        self.tell(self.say(msg("Decided. It stays in the journal and leaves this list.")), "good")
        self.refresh_bindings()
