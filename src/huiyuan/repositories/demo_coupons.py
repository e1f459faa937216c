"""Series of coupons of the demo chain, and codes of them that can be typed at the till.

Always true: each series is as the coupon desk would publish it; the codes were given out by a document, as
any code is, at a seat of the third store, so that the first till's numbers begin with 1.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from huiyuan.domain.model.coupon import code_from
from huiyuan.repositories.demo_rules import publish
from huiyuan.repositories.demo_seat import seated
from huiyuan.repositories.secrets import IndexKey

SERIES: Final[tuple[tuple[str, dict[str, Any], int, int], ...]] = (  # name, body, least total, days
    ("满 50 减 10 元券", {"kind": "off", "off_minor": 1_000}, 5_000, 365),
    ("八五折券", {"kind": "percent", "rate_bp": 1_500, "with_promotions": False}, 0, 365),
    ("满 100 送 5 元券", {"kind": "off", "off_minor": 500, "earn_minor": 10_000, "per_sale": 3}, 2_000, 60),
)
MOST_MINOR: Final = 3_000
"""What a rate takes off at most."""
CODES: Final = ((0, 0, False), (1, 0, False), (2, 1, False), (3, 1, True))
"""The number that makes the code (0: CP-2222-2222-2222), its series, and whether the first member has it."""
MANAGER: Final = "9001"
SECOND: Final = "9002"
_ISSUE: Final = UUID("01980000-0000-7000-8000-0000c0a90001")


def seed_coupons(connection: Connection[Any], *, role: str, index_key: IndexKey) -> None:
    """Publish the series and give the codes out at the seat of `role`. The connection is a superuser's."""
    rules = _series(connection)
    member = connection.execute("select min(id) from shop.member").fetchone()
    assert member is not None
    rows = []
    for chance, place, owned in CODES:
        code = code_from(chance)
        token = index_key.token("coupon", code).hex()
        row = {"token": token, "last": code[-4:], "rule": rules[place], "version": 1}
        rows.append(row | ({"holder": member[0]} if owned else {}))
    face = sum(1_000 if place == 0 else MOST_MINOR for _, place, _ in CODES)
    with seated(connection, role, staff=MANAGER, second=SECOND) as seat:
        seat.post(_ISSUE, "coupon_issue", face, {"reason": "演示", "coupons": rows})


def _series(connection: Connection[Any]) -> list[int]:
    """The rules of the series, published where they are not."""
    known = dict(connection.execute("select name, id from shop.rule where family = 'coupon'").fetchall())
    with connection.transaction():
        for name, body, least, days in SERIES:
            terms: dict[str, Any] = {"min_minor": least, "term_days": days}
            if body["kind"] == "percent":
                terms["max_document_minor"] = MOST_MINOR
            if name not in known:
                known[name] = publish(connection, "coupon", name, body, **terms)
    return [known[name] for name, *_ in SERIES]
