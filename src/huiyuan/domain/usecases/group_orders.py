"""A group-buy order is closed: a code for every piece of everybody who takes part, in one document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from huiyuan.domain.model.document import CouponRow, Document, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.group_order import GroupOrder


def closing_document(
    order: GroupOrder,
    *,
    id: UUID,
    number: int,
    at: datetime,
    session: int,
    reason: str,
    code_of: Callable[[int], tuple[str, str]],
) -> Document:
    """The codes of the tier that stands.

    Args:
        order: As it was read, with its places.
        code_of: Token and last four characters of the n-th code (from 1) that this document gives out.

    Raises:
        Refused: `group_refused` (why: closed, called_off, short with the pieces that are missing, series).
    """
    if order.state != "open":
        raise Refused("group_refused", {"why": order.state})
    tier = order.tier
    if tier is None:
        least = min(each.from_milli for each in order.tiers)
        raise Refused("group_refused", {"why": "short", "qty_milli": least - order.qty_milli})
    series = tier.series
    if series.version is None:
        raise Refused("group_refused", {"why": "series"})
    holders = [place.member for place in order.standing for _ in range(place.pieces)]
    rows = tuple(
        CouponRow(*code_of(n), series.rule, series.version, holder)
        for n, holder in enumerate(holders, start=1)
    )
    return Document(
        id=id,
        kind=Kind.COUPON_ISSUE,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=series.face_minor * len(rows),
        reason=reason,
        group_order=order.id,
        coupons=rows,
    )
