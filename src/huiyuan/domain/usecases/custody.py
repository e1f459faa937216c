"""Blank cards from hand to hand, and many of them issued in one document."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from huiyuan.domain.model.custody import Batch
from huiyuan.domain.model.document import CardMove, Document, Kind, RangeRow
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases.cards import fees_due


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
    rules: Iterable[RuleVersion],
) -> Document:
    """Every card of a batch to whoever brings it, its fees in cash.

    Raises:
        Refused: `card_type_refused` (no_holder): cards of this type need a holder each.
    """
    if batch.registered or not batch.cards:
        raise Refused("card_type_refused", {"why": "no_holder"})
    fees = fees_due(rules, kind=Kind.CARD_ISSUE, cards=len(batch.cards))
    total = sum(fee.amount_minor for fee in fees)
    return Document(
        id=id,
        kind=Kind.CARD_ISSUE,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=total,
        shift=shift,
        fees=fees,
        tenders=Payment(total).with_cash(total).tenders if total else (),
        cards=tuple(CardMove(card, "blank", "issued") for card, _number in batch.cards),
    )
