"""A code as the server answers it, with the terms of its version as plain fields.

Always true: a term that this version does not know is passed over; the door judges every code again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from huiyuan.domain.model.coupon import Coupon, CouponRecord, Series, series_terms_of

_PLAIN: Final = (
    "off_minor", "rate_bp", "give_milli", "per_sale", "with_promotions", "with_coupons", "goods",
    "from_minute", "to_minute", "known_to",
)  # fmt: skip
_LISTS: Final = ("products", "categories", "brands", "but", "weekdays", "days", "not_on")


def coupon_of(row: Mapping[str, Any]) -> Coupon:
    """An answer of api.open_coupon, or a row of api.member_coupons. Raises KeyError if it is none."""
    body: Mapping[str, Any] = row["body"]
    terms = {name: body[name] for name in _PLAIN if body.get(name) is not None}
    terms |= {name: tuple(body[name]) for name in _LISTS if body.get(name) is not None}
    return Coupon(
        token=row.get("token") or "",
        last=row["last"],
        rule=row["rule"],
        version=row["version"],
        name=row["name"],
        kind=body["kind"],
        state=row["state"],
        expires_at=datetime.fromisoformat(row["expires_at"]),
        min_minor=row["min_minor"],
        max_minor=row["max_document_minor"],
        tiers=None if row["tiers"] is None else tuple(row["tiers"]),
        holder=row["holder"]["id"] if row["holder"] else None,
        mark=row["mark"],
        **terms,
    )


def series_of(row: Mapping[str, Any]) -> Series:
    """A row of api.coupon_series."""
    return series_terms_of(row["rule"], row["version"], row["name"], columns=row, body=row["body"])


def record_of(row: Mapping[str, Any]) -> CouponRecord:
    """An answer of api.open_coupon, or a row of api.find_coupons. Raises KeyError if it is none."""
    return CouponRecord(
        coupon=coupon_of(row),
        issued_at=datetime.fromisoformat(row["issued_at"]),
        holder_name=row["holder"]["name"] if row["holder"] else "",
        used_at=_at(row["used_at"]),
        used_store=row["used_store"] or "",
        used_receipt=row["used_receipt"] or "",
        voided_at=_at(row["voided_at"]),
    )


def _at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
