"""Coupons given out, passed on or made void: the documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from huiyuan.domain.model.document import CouponRow, Document, Kind
from huiyuan.domain.model.stamp import Stamp


def coupon_document(
    stamp: Stamp, kind: Kind, rows: Iterable[CouponRow], *, reason: str, face_minor: int = 0
) -> Document:
    """What becomes of codes, and why; `face_minor` is what those given out are worth together."""
    return replace(stamp.document(kind, face_minor), reason=reason, coupons=tuple(rows))
