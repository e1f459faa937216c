"""Invoices that the register does not take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

INVOICES: Final[Mapping[str, str]] = {
    "invoice_refused": msg(
        "The register does not take this invoice. Nothing was changed. Read the list again."
    ),
    "invoice_number": msg(
        "An invoice number has 8 to 30 letters and digits. Type the number that the tax system gave."
    ),
}

INVOICE_WHY: Final[Mapping[str, Mapping[str, str]]] = {
    "invoice_refused": {
        "nothing": msg(
            "Nothing of this receipt is left to be invoiced: stored value was invoiced at its top-up;"
            " what came back or is invoiced already does not count. Nothing was noted."
        ),
        "too_much": msg(
            "At most {most} of this receipt can still be invoiced. Nothing was noted. Type less."
        ),
        "kind": msg(
            "A document of this kind is not invoiced ({kind}). Take the receipt of the sale or of the top-up."
        ),
        "store": msg("This receipt is of {store}; its invoice is noted there."),
        "less": msg(
            "Only {most} of this receipt can be invoiced now: goods came back, or more was issued."
            " Nothing was changed. Withdraw this one, and in the tax system what was made out already."
        ),
        "known": msg(
            "This invoice was noted already, with another sum. Nothing was changed. Read the list again."
        ),
        "unknown": msg("This invoice is not in the register. Read the list again."),
        "state": msg("This invoice was moved on meanwhile. Nothing was changed. Read the list again."),
    }
}
"""What an invoice stands against, by `why`."""
