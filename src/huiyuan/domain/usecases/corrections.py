"""Corrections are documents of their own: a reversal (void), a return of lines, an adjustment.

Always true: nothing that was posted is changed; what it moved is moved back by a document that names it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from huiyuan.domain.model.document import Correction, Document, Kind, ReturnLine
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.posted import Posted, PostedDocument
from huiyuan.domain.model.returns import preview_return
from huiyuan.domain.ports import Door

REASON_MIN = 2
REASON_MAX = 200


def reversal_document(
    *, id: UUID, number: int, at: datetime, session: int, of: PostedDocument, reason: str
) -> Document:
    """The exact mirror of a whole document, in the shift it was posted in.

    Raises:
        Refused: `reason_missing`, `already_reversed` (of, by).
    """
    if of.reversed_by is not None:
        raise Refused("already_reversed", {"of": str(of.posted.id), "by": str(of.reversed_by)})
    return Document(
        id=id,
        kind=Kind.REVERSAL,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=of.posted.total_minor,
        shift=of.document.shift,
        of=of.posted.id,
        reason=reason_of(reason),
    )


def reverse(
    door: Door, *, id: UUID, number: int, at: datetime, session: int, of: PostedDocument, reason: str
) -> Posted:
    """Void a document, at most once.

    Raises:
        Refused: as `reversal_document`; `shift_closed`, `lot_spent`, `has_returns`, `approval_needed` and
            others from the door.
        Unreachable, OutcomeUnknown: from the door.
    """
    return door.post(reversal_document(id=id, number=number, at=at, session=session, of=of, reason=reason))


def return_document(
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    shift: UUID,
    sale: PostedDocument,
    pieces: Mapping[int, int],
    reason: str,
) -> Document:
    """Lines of a sale come back; the door sends the money the way it came.

    Args:
        pieces: line number of the sale -> thousandths that come back.

    Raises:
        Refused: `reason_missing`, `returned_beyond_sold` (line, left), `empty_document`.
    """
    preview = preview_return(sale, pieces)
    lines = tuple(
        ReturnLine(n=i, of=of, qty_milli=qty_milli)
        for i, (of, qty_milli) in enumerate(sorted(pieces.items()), start=1)
    )
    return Document(
        id=id,
        kind=Kind.RETURN,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=preview.total_minor,
        shift=shift,
        of=sale.posted.id,
        reason=reason_of(reason),
        lines=lines,
    )


def return_lines(
    door: Door,
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    shift: UUID,
    sale: PostedDocument,
    pieces: Mapping[int, int],
    reason: str,
) -> Posted:
    """Take lines back, once per `id`.

    Raises:
        Refused: as `return_document`; `already_reversed`, `approval_needed`, `insufficient` (the drawer has
            not that much cash) and others from the door.
        Unreachable, OutcomeUnknown: from the door.
    """
    return door.post(
        return_document(
            id=id,
            number=number,
            at=at,
            session=session,
            shift=shift,
            sale=sale,
            pieces=pieces,
            reason=reason,
        )
    )


def adjustment_document(
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    wallet: int,
    corrections: Sequence[Correction],
    reason: str,
) -> Document:
    """A wallet is put right by hand. It always needs a second person: `Door.propose` comes first.

    Raises:
        Refused: `reason_missing`, `empty_document`.
    """
    if not corrections:
        raise Refused("empty_document", {"section": "corrections"})
    return Document(
        id=id,
        kind=Kind.ADJUSTMENT,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=sum(abs(each.amount) for each in corrections),
        wallet=wallet,
        reason=reason_of(reason),
        corrections=tuple(corrections),
    )


def adjust(
    door: Door,
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    wallet: int,
    corrections: Sequence[Correction],
    reason: str,
) -> Posted:
    """Put a wallet right, once per `id`, after the same content was approved.

    Raises:
        Refused: as `adjustment_document`; `approval_needed`, `insufficient`, `balance_cap` from the door.
        Unreachable, OutcomeUnknown: from the door.
    """
    return door.post(
        adjustment_document(
            id=id,
            number=number,
            at=at,
            session=session,
            wallet=wallet,
            corrections=corrections,
            reason=reason,
        )
    )


def reason_of(text: str) -> str:
    reason = text.strip()
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Refused("reason_missing", {"least": REASON_MIN, "most": REASON_MAX})
    return reason
