"""An invoice is wanted: of which receipt, for whom, how much.

Always true: what can be invoiced is the server's word, read anew for each receipt; stored value is not
invoiced a second time, and the screen says why; an invoice's id is made once a receipt, so that a second try
writes nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.invoice import Invoice, InvoiceStanding, InvoiceState, read_buyer
from huiyuan.domain.model.money import parse_minor
from huiyuan.domain.model.receipt_code import receipt_of
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.invoice_words import PREPAID, WAS_PREPAID, invoice_state
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field, ShopInput
from huiyuan.screens.widgets.prose import Facts, Prose

FIELDS: Final = ("title", "tax_no", "amount")
PREPAID_ACCOUNTS: Final = frozenset({"principal", "bonus"})
SHOWN_MOST: Final = 3


@dataclass(eq=False, repr=False)
class StandingRead(Message):
    """What of a receipt can be invoiced."""

    standing: InvoiceStanding


@dataclass(eq=False, repr=False)
class InvoiceNoted(Message):
    """It is in the register."""

    invoice: Invoice


class InvoiceFormScreen(ShopScreen[Invoice]):
    """Answers the invoice that was noted, None for Esc.

    Args:
        document: the receipt, where it lay open already.
    """

    SCOPE = "invoice_form"
    TITLE_TEXT = msg("Note an invoice")

    DEFAULT_CSS = """
    InvoiceFormScreen #standing { margin-top: 1; }
    InvoiceFormScreen #law { color: $text-muted; margin-bottom: 1; }
    """

    def __init__(self, shop: Shop, document: UUID | None = None) -> None:
        super().__init__(shop)
        self.document = document
        self.standing: InvoiceStanding | None = None
        self.invoice = shop.ids.new()

    def body(self) -> ComposeResult:
        """Receipt, what can be invoiced and why, for whom and how much."""
        say = self.say
        yield Field(say(msg("Receipt number")), id="receipt", label_width=22)
        yield Facts(id="standing", width=16, label_width=30)
        yield Prose(say(msg("Scan the slip or type its number, then Enter; F4 finds a sale.")), id="law")
        yield Field(say(msg("Title of the invoice")), id="title", label_width=22)
        yield Field(
            say(msg("Taxpayer number")), id="tax_no", label_width=22,
            placeholder=say(msg("of a company; empty for a person")),
        )  # fmt: skip
        yield Field(say(msg("Sum to be invoiced")), id="amount", label_width=22)

    def on_mount(self) -> None:
        """The receipt first, unless it is known."""
        self.query_one("#receipt", Input).focus()
        if (document := self.document) is not None:
            book = self.shop.invoices
            ask(self, lambda: book.standing(document=document), then=StandingRead, subject="standing")

    def applies(self, action: str) -> bool:
        """Nothing to note before a receipt was read that has something left."""
        if action == "post":
            return self.standing is not None and self.standing.left_minor > 0
        return super().applies(action)

    def code_scanned(self, text: str) -> bool:
        """The code of a slip, from a scanner that is no keyboard."""
        self.find(text)
        return True

    @on(Input.Submitted, "#receipt")
    def typed(self, event: Input.Submitted) -> None:
        """Enter in the first field."""
        event.stop()
        self.find(event.value)

    def find(self, text: str) -> None:
        """Read the receipt with this number."""
        receipt, book = receipt_of(text), self.shop.invoices
        if receipt and not self.writing:
            ask(self, lambda: book.standing(receipt=receipt), then=StandingRead, subject="standing")

    def action_find_sale(self) -> None:
        """F4."""
        from huiyuan.screens.find_sales import FindSalesScreen

        def chosen(document: UUID | None) -> None:
            if document is not None:
                book = self.shop.invoices
                ask(self, lambda: book.standing(document=document), then=StandingRead, subject="standing")

        self.app.push_screen(FindSalesScreen(self.shop), chosen)

    @on(StandingRead)
    def show_standing(self, message: StandingRead) -> None:
        """What money paid, what does not count, what is left."""
        say, found = self.say, message.standing
        self.standing, self.invoice = found, self.shop.ids.new()
        self.aside(f"{say.kind(found.kind)} {found.receipt}  {say.moment(found.at)}")
        self.query_one("#standing", Facts).show(self.rows_of(found))
        self.query_one("#law", Prose).show(self.law_text(found))
        self.query_one("#receipt", Input).value = found.receipt
        self.query_one("#amount", ShopInput).offer(say.figure(found.left_minor).replace(",", ""))
        self.refresh_bindings()
        if found.left_minor:
            self.tell("")
            self.query_one("#title", Input).focus()
        else:
            self.query_one("#receipt", Input).focus()
            self.tell(sentence(say, Refused("invoice_refused", {"why": "nothing"})), "warn")

    def rows_of(self, found: InvoiceStanding) -> list[tuple[str, str]]:
        """What the receipt came to, what of it is not invoiced (again), what is left."""
        say = self.say
        rows = [(say(msg("Receipt total")), say.money(found.total_minor))]
        for part in found.paid:
            if not part.counts:
                label = say(msg("Not invoiced: {account}"), account=say.account(part.account))
                rows.append((label, say.money(-part.amount_minor)))
        if found.given_back_minor:
            rows.append((say(msg("Given back")), say.money(-found.given_back_minor)))
        stand = [each for each in found.invoices if each.state in {InvoiceState.WANTED, InvoiceState.ISSUED}]
        rows += [
            (f"{invoice_state(say, each)} {each.number}", say.money(-each.amount_minor))
            for each in stand[:SHOWN_MOST]
        ]
        if more := sum(each.amount_minor for each in stand[SHOWN_MOST:]):
            rows.append((say(msg("Further invoices")), say.money(-more)))
        return [*rows, (say(msg("Can be invoiced")), say.money(found.left_minor))]

    def law_text(self, found: InvoiceStanding) -> str:
        """What the invoice says, and what the law leaves out of it."""
        if found.what == "prepaid":
            return self.say(PREPAID)
        if any(part.account in PREPAID_ACCOUNTS for part in found.paid):
            return self.say(WAS_PREPAID)
        return ""

    @on(Input.Submitted, "#title, #tax_no, #amount")
    def go_on(self, event: Input.Submitted) -> None:
        """From field to field; from the last one it is noted."""
        event.stop()
        place = FIELDS.index(event.input.id or "")
        if place + 1 < len(FIELDS):
            following = self.query_one(f"#{FIELDS[place + 1]}", ShopInput)
            if following.numeric:
                following.offer(following.value)
            following.focus()
        else:
            self.action_post()

    def action_post(self) -> None:
        """F2: what cannot be read stays in its field, with a sentence."""
        found, say, book = self.standing, self.say, self.shop.invoices
        if found is None or not found.left_minor or self.writing:
            return
        title, tax_no, amount = (self.query_one(f"#{name}", Input) for name in FIELDS)
        field = title
        try:
            read_buyer(title.value, "")
            field = tax_no
            buyer = read_buyer(title.value, tax_no.value)
            field = amount
            amount_minor = parse_minor(amount.value, say.minor_digits)
            if amount_minor > found.left_minor:
                raise Refused("invoice_refused", {"why": "too_much", "most": found.left_minor})
        except Refused as refused:
            field.focus()
            self.tell(sentence(say, refused), "error")
            return
        invoice = self.invoice
        ask(
            self,
            lambda: book.want(invoice, found.document, buyer=buyer, amount_minor=amount_minor),
            then=InvoiceNoted,
            subject=WRITE,
        )

    @on(InvoiceNoted)
    def leave(self, message: InvoiceNoted) -> None:
        """It waits in the register."""
        self.dismiss(message.invoice)
