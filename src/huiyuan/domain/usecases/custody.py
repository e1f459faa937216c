"""Blank cards from hand to hand, and many of them issued in one document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from huiyuan.domain.model.custody import Batch
from huiyuan.domain.model.document import CardMove, Document, Fee, Kind, RangeRow
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.tender import Payment


def custody_document(
    *, id: UUID, kind: Kind, number: int, at: datetime, session: int, row: RangeRow, reason: str = ""
) -> Document:
    """A range received, handed over, destroyed or counted. Raises Refused: `reason_missing`."""
    if kind is Kind.CARD_VOID and not reason.strip():
        raise Refused("reason_missing")
    return Document(
        id=id,
        kind=kind,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=0,
        reason=reason.strip() or None,
        ranges=(row,),
    )


def batch_issue_document(
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    shift: UUID,
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
    return Document(
        id=id,
        kind=Kind.CARD_ISSUE,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=total,
        shift=shift,
        fees=whole,
        tenders=Payment(total).with_cash(total).tenders if total else (),
        cards=tuple(CardMove(card, "blank", "issued") for card, _number in batch.cards),
    )
