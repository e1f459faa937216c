"""Group-buy orders of the small chain, through the calls that a counter has."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from tests.coupons import DATED, new_code
from tests.promotions import publish
from tests.small_chain import MILK, Seat, SmallChain


def series(chain: SmallChain, off_minor: int = 100, **body: Any) -> int:
    """So much off a bottle (10.00); ten of them in a sale, each with a bottle of its own."""
    terms = {"kind": "off", "off_minor": off_minor, "per_sale": 10, "products": [MILK], **body}
    return publish(chain, terms, family="coupon", name="团购券", min_minor=1000, **DATED)


def opened(seat: Seat, *tiers: tuple[int, int], **other: Any) -> dict[str, Any]:
    """What api.group_open answers; a tier is pieces and a series."""
    asked = {
        "id": uuid.uuid4(), "product": MILK, "organiser": seat.chain.member(),
        "closes_at": datetime.now(UTC) + timedelta(days=3), "note": None,
        "tiers": Jsonb([{"from_milli": pieces * 1000, "rule": rule} for pieces, rule in tiers]), **other,
    }  # fmt: skip
    query = "select api.group_open(%s::uuid, %s::int, %s::bigint, %s::timestamptz, %s::text, %s::jsonb)"
    answer: dict[str, Any] = seat.call(query, *asked.values())
    return answer


def group_order(seat: Seat, *tiers: tuple[int, int]) -> str:
    """The id of a new order."""
    answer = opened(seat, *tiers)
    assert "refused" not in answer, answer
    return str(answer["id"])


def joining(seat: Seat, order: str, member: int, pieces: float = 1, place: object = None) -> dict[str, Any]:
    """What api.group_join answers."""
    query = "select api.group_join(%s::uuid, %s::uuid, %s::bigint, %s::bigint)"
    answer: dict[str, Any] = seat.call(query, order, place or uuid.uuid4(), member, int(pieces * 1000))
    return answer


def join(seat: Seat, order: str, member: int, pieces: int = 1) -> str:
    """The id of a new place."""
    place = str(uuid.uuid4())
    answer = joining(seat, order, member, pieces, place)
    assert "refused" not in answer, answer
    return place


def leaving(seat: Seat, order: str, place: str) -> dict[str, Any]:
    """What api.group_leave answers."""
    answer: dict[str, Any] = seat.call("select api.group_leave(%s::uuid, %s::uuid)", order, place)
    return answer


def read(seat: Seat, order: str) -> dict[str, Any]:
    """What api.group_order answers."""
    answer: dict[str, Any] = seat.call("select api.group_order(%s::uuid)", order)
    return answer


def standing_places(found: dict[str, Any]) -> list[tuple[int, int]]:
    """Member and pieces of every place that stands."""
    places = [each for each in found["places"] if each["left_at"] is None]
    return [(each["member"], each["qty_milli"] // 1000) for each in places]


def reached(found: dict[str, Any]) -> dict[str, Any] | None:
    """The highest tier that the places of an answer reach, counted here."""
    pieces = sum(count for _, count in standing_places(found))
    tiers = [each for each in found["tiers"] if each["from_milli"] <= pieces * 1000]
    return max(tiers, key=lambda each: each["from_milli"], default=None)


def closing(seat: Seat, order: str, **other: Any) -> dict[str, Any]:
    """The body of the document that closes an order as it stands now."""
    found = read(seat, order)
    tier = reached(found) or found["tiers"][0]
    rows = [
        {**new_code(), "rule": tier["rule"], "version": tier["version"], "holder": member}
        for member, count in standing_places(found)
        for _ in range(count)
    ]
    total = tier["off_minor"] * len(rows)
    parts = {"group_order": order, "coupons": rows, "reason": "group", "total_minor": total, **other}
    return seat.document("coupon_issue", **parts)
