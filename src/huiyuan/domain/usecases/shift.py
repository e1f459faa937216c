"""Shifts: a float goes into the drawer, and at the close everything counted comes out.

The id of the opening document is the id of the shift; every sale of the drawer names it.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from huiyuan.domain.model.document import Count, Document, Kind, Removed
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.ports import Door


def shift_open_document(stamp: Stamp, *, float_minor: int) -> Document:
    """The opening count of the drawer, in minor units; zero is a count."""
    return replace(
        stamp.document(Kind.SHIFT_OPEN, float_minor),
        counted_minor=float_minor,
    )


def shift_close_document(
    stamp: Stamp,
    *,
    counted_minor: int,
    counts: tuple[Count, ...] = (),
    reason: str | None = None,
    removed: tuple[Removed, ...] = (),
) -> Document:
    """The closing count of the drawer, in minor units; the door works out over or short.

    `counts` are the pieces of it and the slips of other tenders; `reason` says why it differs, if it does.
    """
    return replace(
        stamp.in_shift(Kind.SHIFT_CLOSE, counted_minor),
        reason=reason,
        counted_minor=counted_minor,
        counts=counts,
        removed=removed,
    )


def cash_document(
    stamp: Stamp,
    *,
    kind: Kind,
    amount_minor: int,
    reason: str,
) -> Document:
    """Cash that goes into the drawer or out of it beside sales; nothing for a drawer that is only opened."""
    return replace(
        stamp.in_shift(kind, amount_minor),
        reason=reason,
        amount_minor=amount_minor or None,
    )


def unsettled_of(door: Door, shift: UUID) -> tuple[Document, ...]:
    """Documents of a shift that this counter holds without an answer; no round trip.

    While there are any the shift stays open: the count would miss them, and the server would refuse them at
    the next sending although the customers have left with the goods.
    """
    return tuple(document for document in door.unsettled() if document.shift == shift)
