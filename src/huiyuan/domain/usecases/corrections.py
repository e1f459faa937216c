"""Corrections are documents of their own: a reversal (void), a return of lines, an adjustment.

Always true: nothing that was posted is changed; what it moved is moved back by a document that names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from huiyuan.domain.model.document import Document, Kind, ReturnLine
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.posted import PostedDocument
from huiyuan.domain.model.returns import preview_return
from huiyuan.domain.model.stamp import Stamp

REASON_MIN = 2
REASON_MAX = 200


def reversal_document(stamp: Stamp, *, of: PostedDocument, reason: str) -> Document:
    """The exact mirror of a whole document, in the shift it was posted in.

    Raises:
        Refused: `reason_missing`, `already_reversed` (of, by).
    """
    if of.reversed_by is not None:
        raise Refused("already_reversed", {"of": str(of.posted.id), "by": str(of.reversed_by)})
    return replace(
        stamp.document(Kind.REVERSAL, of.posted.total_minor),
        shift=of.document.shift,
        of=of.posted.id,
        reason=reason_of(reason),
    )


def return_document(
    stamp: Stamp,
    *,
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
    return replace(
        stamp.in_shift(Kind.RETURN, preview.total_minor),
        of=sale.posted.id,
        reason=reason_of(reason),
        lines=lines,
    )


def reason_of(text: str) -> str:
    """A reason without the spaces around it. Raises Refused: `reason_missing` (least, most characters)."""
    reason = text.strip()
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise Refused("reason_missing", {"least": REASON_MIN, "most": REASON_MAX})
    return reason
