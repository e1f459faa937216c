"""Invoices: the register, the form, and where a receipt lies open."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, menu, refresh, row

_HERE: Final = msg("Notes that the buyer wants an invoice of this receipt: title, taxpayer number, sum.")

INVOICES: Final[tuple[Command, ...]] = (
    menu("home.invoices", "", "invoices", msg("Invoices"),
       msg("Who wants one, its number, what to red-letter."), needs="invoice", letter="5"),
    row("result.invoice", "f7", "invoice", msg("Invoice"), _HERE, needs="invoice"),
    row("returns.invoice", "f8", "invoice", msg("Invoice"), _HERE, needs="invoice"),
    row("purchases.invoice", "f4", "invoice", msg("Invoice"), _HERE, needs="invoice"),
    # The register
    row("invoices.enter", "enter", "", msg("Show"),
       msg("Title, taxpayer number and sum of the marked one, to be typed into the tax system; on record.")),
    row("invoices.note", "f2", "note", msg("Note one"),
       msg("Finds a receipt and notes that an invoice of it is wanted."), needs="invoice"),
    row("invoices.issue", "f3", "issue", msg("Type its number"),
       msg("The tax system made it out: types its number."), needs="invoice", writes=True),
    row("invoices.red", "f4", "red", msg("Red-letter"),
       msg("The tax system cancelled it by a red one: types the number of that."), needs="invoice",
       writes=True, letter="d"),
    refresh("invoices"),
    row("invoices.withdraw", "f6", "withdraw", msg("Withdraw"),
       msg("It is not wanted any more, or was noted wrong; with a reason."), needs="invoice", writes=True),
    row("invoices.state", "f7", "state", msg("State"), msg("Only invoices in one state, or all.")),
    row("invoices.store", "f8", "store", msg("Store"),
       msg("Only invoices of one of your stores, or of all."), letter="t"),
    row("invoice.done", "enter", "done", msg("Back"), msg("Goes back to the list.")),
    # The form
    row("invoice_form.enter", "enter", "", msg("Next"),
       msg("Reads the receipt; then from field to field; from the last one it notes the invoice.")),
    row("invoice_form.post", "f2", "post", msg("Note it"),
       msg("Notes the invoice; it waits in the register until its number is typed."), needs="invoice",
       writes=True),
    row("invoice_form.find", "f4", "find_sale", msg("Find a sale"),
       msg("Finds the sale by day, amount and tender."), needs="return"),
)  # fmt: skip
