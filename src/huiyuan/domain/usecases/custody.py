"""Blank cards from hand to hand, and many of them issued in one document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from huiyuan.domain.model.custody import Batch
from huiyuan.domain.model.document import CardMove, Document, Fee, Kind, RangeRow
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.model.tender import Payment


def custody_document(stamp: Stamp, *, kind: Kind, row: RangeRow, reason: str = "") -> Document:
    """A range received, handed over, destroyed or counted. Raises Refused: `reason_missing`."""
    if kind is Kind.CARD_VOID and not reason.strip():
        raise Refused("reason_missing")
    return replace(
        stamp.document(kind, 0),
        reason=reason.strip() or None,
        ranges=(row,),
    )


def batch_issue_document(
    stamp: Stamp,
    *,
    batch: Batch,
    fees: Iterable[Fee],
) -> Document:
    """Every card of a batch to whoever brings it, its fees in cash.

    Raises:
        Refused: `card_type_refused` (no_holder): cards of this type need a holder each.
    """
    if batch.registered or not batch.cards:
        raise Refused("card_type_refused", {"why": "no_holder"})
    whole = tuple(replace(fee, amount_minor=fee.amount_minor * len(batch.cards)) for fee in fees)
    total = sum(fee.amount_minor for fee in whole)
    return replace(
        stamp.in_shift(Kind.CARD_ISSUE, total),
        fees=whole,
        tenders=Payment(total).with_cash(total).tenders if total else (),
        cards=tuple(CardMove(card, "blank", "issued") for card, _number in batch.cards),
    )
