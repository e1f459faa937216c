"""Invoices in words, and the way to the form from where a receipt lies open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from huiyuan.config.i18n import msg
from huiyuan.domain.model.invoice import Invoice, InvoiceState
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.wording import Wording

INVOICE_STATES: Final = {
    InvoiceState.WANTED: msg("to be issued"),
    InvoiceState.ISSUED: msg("invoiced"),
    InvoiceState.RED: msg("red-lettered"),
    InvoiceState.WITHDRAWN: msg("withdrawn"),
}
RED_DUE: Final = msg("to red-letter")
TOO_MUCH: Final = msg("to withdraw")
BUYERS: Final = {"person": msg("person"), "company": msg("company")}
PREPAID: Final = msg(
    "Invoiced as a sale of prepaid cards, without tax; what is bought with it later is not invoiced again"
    " (State Taxation Administration, announcement 53 of 2016, article 3)."
)
WAS_PREPAID: Final = msg(
    "What stored value paid was to be invoiced at its top-up and is not invoiced again"
    " (State Taxation Administration, announcement 53 of 2016, article 3)."
)


def invoice_state(say: Wording, invoice: Invoice) -> str:
    """How far it is, or what goods that came back make of it."""
    if invoice.red_due:
        return say(RED_DUE)
    return say(TOO_MUCH if invoice.too_much else INVOICE_STATES[invoice.state])


def noted_text(say: Wording, invoice: Invoice) -> str:
    """What was written down, and where it goes on."""
    return say(
        msg("An invoice over {amount} of receipt {receipt} is noted; it waits among the invoices (home)."),
        amount=say.money(invoice.amount_minor),
        receipt=invoice.receipt,
    )


def invoiced_text(say: Wording, numbers: Sequence[str]) -> str:
    """Said before goods of an invoiced receipt come back."""
    return say(
        msg("Invoiced under {numbers}: if more comes back than was left out, it has to be red-lettered."),
        numbers=", ".join(numbers),
    )


def red_letter_text(say: Wording, numbers: Sequence[str]) -> str:
    """Said once they came back."""
    return say(
        msg("Red-letter invoice {numbers}; it stands first among the invoices (home) until that is done."),
        numbers=", ".join(numbers),
    )


def want_invoice(screen: AskingScreen[Any], document: UUID) -> None:
    """Open the form for a receipt that lies open on `screen`, and say there what was noted."""
    from huiyuan.screens.invoice_form import InvoiceFormScreen

    def done(invoice: Invoice | None) -> None:
        if invoice is not None:
            screen.tell(noted_text(screen.say, invoice), "good")

    screen.app.push_screen(InvoiceFormScreen(screen.shop, document), done)
