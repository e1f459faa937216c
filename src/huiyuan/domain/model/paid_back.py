"""What a document hands back to the customer, read from the door's answer.

Always true: what an exchange carried over into other goods is not handed back; points are not money.
"""

from __future__ import annotations

from typing import Final

from huiyuan.domain.model.document import Document, Kind
from huiyuan.domain.model.posted import Posted, PostingRow

POINT: Final = "POINT"
CASH: Final = "cash"
ROUNDING: Final = "rounding"
MONEY_BACK: Final = frozenset(
    {"cash", "tender", "principal", "bonus", "prepaid", "voucher", "credit", "advance"}
)
"""Accounts through which money is given back."""

_TAKES_BACK: Final = frozenset({Kind.RETURN, Kind.REVERSAL, Kind.BLIND_RETURN, Kind.ADVANCE_BACK})


def paid_back(document: Document, posted: Posted) -> list[tuple[PostingRow, int]]:
    """Each way back once: a posting that stands for it, and the minor units that went there in all.

    Ways are told apart by account and tender.
    """
    rows: dict[tuple[str, str | None], tuple[PostingRow, int]] = {}
    exchange = document.kind == Kind.EXCHANGE
    if not exchange and document.kind not in _TAKES_BACK:
        return []
    for row in posted.postings:
        if row.credit in MONEY_BACK and row.unit != POINT and (not exchange or row.demand == "refund"):
            known, amount = rows.get((row.credit, row.method), (row, 0))
            rows[row.credit, row.method] = (known, amount + row.amount)
    for row in posted.postings:
        if row.demand == ROUNDING and row.debit == CASH:
            for way in [each for each in rows if each[0] == CASH][:1]:
                rows[way] = (rows[way][0], rows[way][1] - row.amount)
    if exchange:
        for way, over in _carried(document, posted).items():
            if way in rows:
                rows[way] = (rows[way][0], rows[way][1] - over)
    return [(row, amount) for row, amount in rows.values() if amount > 0]


def taken_in_minor(document: Document, posted: Posted) -> int:
    """What undoing a payout brings into the drawer again, minor units: somebody has to take it first."""
    if document.kind != Kind.REVERSAL:
        return 0
    came = sum(row.amount for row in posted.postings if row.debit == CASH)
    return max(0, came - sum(row.amount for row in posted.postings if row.credit == CASH))


def rounded_back_minor(document: Document, posted: Posted) -> int:
    """What the least coin adds to the cash that goes back (less than nothing: leaves out), minor units."""
    if document.kind not in _TAKES_BACK:
        return 0
    rows = [row for row in posted.postings if row.demand == ROUNDING]
    return sum(-row.amount if row.debit == CASH else row.amount for row in rows)


def _carried(document: Document, posted: Posted) -> dict[tuple[str, str | None], int]:
    """What went straight into the goods out: the first of the tenders, before those of the customer."""
    carried: dict[tuple[str, str | None], int] = {}
    left = posted.total_minor - sum(tender.amount_minor for tender in document.tenders)
    for row in (each for each in posted.postings if each.demand == "tender"):
        if left <= 0:
            break
        carried[row.debit, row.method] = carried.get((row.debit, row.method), 0) + row.amount
        left -= row.amount
    return carried
