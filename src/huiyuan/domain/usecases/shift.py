"""Shifts: a float goes into the drawer, and at the close everything counted comes out.

The id of the opening document is the id of the shift; every sale of the drawer names it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from huiyuan.domain.model.document import Count, Document, Kind, Removed
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.ports import Door


def shift_open_document(*, id: UUID, number: int, at: datetime, session: int, float_minor: int) -> Document:
    """The opening count of the drawer, in minor units; zero is a count."""
    return Document(
        id=id,
        kind=Kind.SHIFT_OPEN,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=float_minor,
        counted_minor=float_minor,
    )


def open_shift(door: Door, *, id: UUID, number: int, at: datetime, session: int, float_minor: int) -> Posted:
    """Open the drawer's shift, once per `id`; `id` is the shift's from here on.

    Raises:
        Refused: `shift_already_open` (shift), `shift_missing` (the seat has no drawer), `not_permitted`.
        Unreachable, OutcomeUnknown: from the door.
    """
    return door.post(
        shift_open_document(id=id, number=number, at=at, session=session, float_minor=float_minor)
    )


def shift_close_document(
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    shift: UUID,
    counted_minor: int,
    counts: tuple[Count, ...] = (),
    reason: str | None = None,
    removed: tuple[Removed, ...] = (),
) -> Document:
    """The closing count of the drawer, in minor units; the door works out over or short.

    `counts` are the pieces of it and the slips of other tenders; `reason` says why it differs, if it does.
    """
    return Document(
        id=id,
        kind=Kind.SHIFT_CLOSE,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=counted_minor,
        shift=shift,
        reason=reason,
        counted_minor=counted_minor,
        counts=counts,
        removed=removed,
    )


def cash_document(
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    shift: UUID,
    kind: Kind,
    amount_minor: int,
    reason: str,
) -> Document:
    """Cash that goes into the drawer or out of it beside sales; nothing for a drawer that is only opened."""
    return Document(
        id=id,
        kind=kind,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=amount_minor,
        shift=shift,
        reason=reason,
        amount_minor=amount_minor or None,
    )


def unsettled_of(door: Door, shift: UUID) -> tuple[Document, ...]:
    """Documents of a shift that this counter holds without an answer; no round trip."""
    return tuple(document for document in door.unsettled() if document.shift == shift)


def refuse_unsettled(door: Door, shift: UUID) -> None:
    """A shift stays open while this counter holds a document of it whose outcome is unknown; no round trip.

    Closed before that is known, the count would miss the document, and the server would refuse it at the
    next sending although the customer has left with the goods.

    Raises:
        Refused: `unsettled` (count).
    """
    if count := len(unsettled_of(door, shift)):
        raise Refused("unsettled", {"count": count})


def close_shift(
    door: Door, *, id: UUID, number: int, at: datetime, session: int, shift: UUID, counted_minor: int
) -> Posted:
    """Close the shift, once per `id`; the answer brings expected, over or short, and the digest of heads.

    Raises:
        Refused: `unsettled` (count), `shift_closed` (shift), `shift_missing`, `not_permitted`.
        Unreachable, OutcomeUnknown: from the door.
    """
    refuse_unsettled(door, shift)
    return door.post(
        shift_close_document(
            id=id, number=number, at=at, session=session, shift=shift, counted_minor=counted_minor
        )
    )
