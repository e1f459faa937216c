"""The register of invoices: what has to be red-lettered, what is wanted, then what was done.

Always true: who an invoice is for stands in no row, and whoever reads it is on record; a number is typed as
the tax system gave it: nothing is sent there from here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.invoice import (
    Invoice,
    InvoiceBuyer,
    InvoicePage,
    InvoiceState,
    read_invoice_number,
)
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.entry import Entry, ask_reason
from huiyuan.screens.invoice_words import BUYERS, INVOICE_STATES, PREPAID, RED_DUE, invoice_state, noted_text
from huiyuan.screens.paged import ASKED
from huiyuan.screens.row_pages import RowPages
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

DUE: Final = "due"
FILTERS: Final = (
    None, DUE, InvoiceState.WANTED, InvoiceState.ISSUED, InvoiceState.RED, InvoiceState.WITHDRAWN,
)  # fmt: skip


@dataclass(eq=False, repr=False)
class InvoiceMoved(Message):
    """One step further."""

    invoice: Invoice


@dataclass
class BuyerRead(Message):
    """Who it is for; its repr is dull."""

    invoice: Invoice
    buyer: InvoiceBuyer = field(repr=False)


class InvoiceSheet(Sheet[None]):
    """What is typed into the tax system."""

    SCOPE = "invoice"

    def __init__(self, shop: Shop, invoice: Invoice, buyer: InvoiceBuyer) -> None:
        super().__init__(
            shop, shop.say(msg("Invoice")), f"{invoice.receipt}  {invoice_state(shop.say, invoice)}"
        )
        self.invoice = invoice
        self.buyer = buyer

    def body(self) -> ComposeResult:
        """Title, number, sum, and what it says."""
        say, invoice = self.say, self.invoice
        label = msg("{label}: {text}")
        rows = [(msg("Title of the invoice"), self.buyer.title)]
        if self.buyer.tax_no:
            rows.append((msg("Taxpayer number"), self.buyer.tax_no))
        rows.append((msg("Sum to be invoiced"), say.money(invoice.amount_minor)))
        if invoice.number:
            rows.append((msg("Invoice number"), invoice.number))
        if invoice.red_number:
            rows.append((msg("Red invoice"), invoice.red_number))
        if invoice.reason:
            rows.append((msg("Reason"), invoice.reason))
        rows.append((msg("Noted by"), f"{invoice.by}, {say.moment(invoice.at)}"))
        text = [say(label, label=say(name), text=value) for name, value in rows]
        if invoice.what == "prepaid":
            text.append(say(PREPAID))
        yield Prose("\n".join(text))

    def action_done(self) -> None:
        """Enter."""
        self.dismiss(None)


class InvoicesScreen(RowPages[None, Invoice]):
    """One list; the keys say what can be done with the marked row."""

    SCOPE = "invoices"
    TITLE_TEXT = msg("Invoices")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.stores: Sequence[tuple[int, str]] = ()
        self.state: str | None = None
        self.store: int | None = shop.greeting.store.id

    def body(self) -> ComposeResult:
        """When, which receipt, for whom, how much, how far."""
        say = self.say
        yield RowList(
            [Column(say(msg("Time")), 16), Column(say(msg("Store")), 12, from_width=100),
             Column(say(msg("Receipt")), 13), Column(say(msg("Made out to")), 11, from_width=100),
             Column(say(msg("Amount")), 12, "right"),
             Column(say(msg("State")), 13, command="invoices.state"), Column(say(msg("Invoice number")))],
            id="invoices",
            empty=say(msg("No such invoice. F2 notes one.")),
        )  # fmt: skip

    def begin(self) -> None:
        """What is open stands first."""
        self.look()

    def look(self) -> None:
        """By what is chosen, from the first page."""
        say = self.say
        known = [*self.stores, (self.shop.greeting.store.id, self.shop.greeting.store.name)]
        parts = [next((name for id, name in known if id == self.store), say(msg("All stores")))]
        if self.state is not None:
            parts.append(say(self.filter_word(self.state)))
        self.aside("  ".join(parts))
        self.anew()

    @staticmethod
    def filter_word(state: str | None) -> str:
        """How a choice of states is called."""
        if state is None:
            return msg("Any")
        return RED_DUE if state == DUE else INVOICE_STATES[InvoiceState(state)]

    def reading(self, after: UUID | None) -> Callable[[], InvoicePage]:
        """The invoices behind one."""
        book, store, state = self.shop.invoices, self.store, self.state
        return lambda: book.page(store=store, state=state, after=after, most=ASKED)

    def unpack(self, found: InvoicePage) -> Sequence[Invoice]:
        """With the stores whose invoices may be seen."""
        self.stores = found.stores
        return found.rows

    def place_of(self, row: Invoice) -> UUID:
        """The invoice."""
        return row.id

    def cells_of(self, row: Invoice) -> tuple[str, ...]:
        """When, which receipt, for whom, how much, how far."""
        say = self.say
        return (
            say.moment(row.at), row.store, row.receipt, say.word(BUYERS, row.buyer),
            say.figure(row.amount_minor), invoice_state(say, row), row.red_number or row.number,
        )  # fmt: skip

    def applies(self, action: str) -> bool:
        """What can be done with the marked one; steps are its own store's."""
        found = self.marked()
        steps = {"issue": InvoiceState.ISSUED, "red": InvoiceState.RED, "withdraw": InvoiceState.WITHDRAWN}
        if action in steps:
            own = found is not None and found.store_id == self.shop.greeting.store.id
            return found is not None and own and found.may(steps[action])
        if action == "enter":
            return found is not None
        if action == "store":
            return len(self.stores) > 1
        return super().applies(action)

    def action_note(self) -> None:
        """F2."""
        from huiyuan.screens.invoice_form import InvoiceFormScreen

        def done(invoice: Invoice | None) -> None:
            if invoice is not None:
                self.done = noted_text(self.say, invoice)
                self.look()

        self.app.push_screen(InvoiceFormScreen(self.shop), done)

    # Steps

    def ask_number(self, found: Invoice, state: InvoiceState, title: str, about: str) -> None:
        """The number that the tax system gave."""

        def go(number: str | None) -> None:
            if number is not None:
                self.step(found.id, state, number=number)

        entry = Entry(
            self.shop, title, aside=found.receipt, label=self.say(msg("Invoice number")),
            read=read_invoice_number, about=about,
        )  # fmt: skip
        self.app.push_screen(entry, go)

    def step(
        self, id: UUID, state: InvoiceState, *, number: str | None = None, reason: str | None = None
    ) -> None:
        """Write it down."""
        book = self.shop.invoices
        ask(
            self,
            lambda: book.step(id, state, number=number, reason=reason),
            then=InvoiceMoved,
            subject=WRITE,
        )

    def action_issue(self) -> None:
        """F3."""
        if (found := self.marked()) is not None:
            about = msg("Make it out in the tax system over {amount} (Enter on the row shows for whom),"
                        " then type its number.")  # fmt: skip
            amount = self.say.money(found.amount_minor)
            self.ask_number(
                found, InvoiceState.ISSUED, self.say(msg("Type its number")), self.say(about, amount=amount)
            )

    def action_red(self) -> None:
        """F4."""
        if (found := self.marked()) is not None:
            about = msg("Red-letter {number} in the tax system, then type the number of the red invoice.")
            text = self.say(about, number=found.number)
            self.ask_number(found, InvoiceState.RED, self.say(msg("Red-letter")), text)

    def action_withdraw(self) -> None:
        """F6."""
        if (found := self.marked()) is not None:

            def withdraw(reason: str) -> None:
                self.step(found.id, InvoiceState.WITHDRAWN, reason=reason)

            ask_reason(self, self.say(msg("Withdraw")), withdraw, aside=found.receipt)

    @on(InvoiceMoved)
    def say_moved(self, message: InvoiceMoved) -> None:
        """The list as it is now."""
        text = msg("Receipt {receipt}: {state}.")
        invoice = message.invoice
        self.done = self.say(text, receipt=invoice.receipt, state=invoice_state(self.say, invoice))
        self.action_refresh()

    # Looking

    def open_row(self, row: Invoice) -> None:
        """For whom; on record."""
        book = self.shop.invoices
        ask(self, lambda: book.buyer(row.id), then=lambda buyer: BuyerRead(row, buyer), subject="buyer")

    @on(BuyerRead)
    def show_buyer(self, message: BuyerRead) -> None:
        """Over the list."""
        self.app.push_screen(InvoiceSheet(self.shop, message.invoice, message.buyer))

    def action_state(self) -> None:
        """F7."""

        def take(index: int | None) -> None:
            if index is not None:
                self.state = FILTERS[index]
                self.look()

        words = [self.say(self.filter_word(each)) for each in FILTERS]
        mark = FILTERS.index(self.state)
        self.app.push_screen(Choice(self.shop, self.say(msg("State")), words, mark=mark), take)

    def action_store(self) -> None:
        """F8."""
        stores: list[tuple[int | None, str]] = [(None, self.say(msg("All stores"))), *self.stores]

        def take(index: int | None) -> None:
            if index is not None:
                self.store = stores[index][0]
                self.look()

        mark = next((n for n, (id, _) in enumerate(stores) if id == self.store), 0)
        names = [name for _, name in stores]
        self.app.push_screen(Choice(self.shop, self.say(msg("Store")), names, mark=mark), take)
