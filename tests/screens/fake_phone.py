"""Ways of paying back in the fake ledger beside cash for a sale: a phone that paid it whole, a deposit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.posted import PaidLeft, Posted, PostingRow


def phone_postings(document: Document) -> list[PostingRow]:
    """The posting of a sale that a phone paid whole; none for any other."""
    if [each.kind for each in document.tenders] != ["mobile"]:
        return []
    (phone,) = document.tenders
    amount, reference = phone.amount_minor, phone.reference
    return [PostingRow(1, "tender", "money", "tender", "revenue", amount, reference, "mobile")]


def paid_with(posted: Posted) -> PaidLeft:
    """How a sale was paid."""
    total = posted.total_minor
    if posted.postings and posted.postings[0].method == "mobile":
        return PaidLeft(1, "tender", total, total, "mobile")
    return PaidLeft(1, "cash", total, total, "cash")


def advance_back(self: Any, document: Document, result: Any, _at: datetime) -> None:
    """A method of the ledger: always by two people."""
    if document.id not in self.approved:
        raise Refused("approval_needed", {"permission": "advance_back", "amount": document.total_minor})
    card = self.card_of(document.wallet)
    card.balances = replace(card.balances, advance=card.balances.advance - document.total_minor)
    result.touched.append(card)
