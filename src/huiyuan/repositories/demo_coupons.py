"""Series of coupons of the demo chain, and codes of them that can be typed at the till.

Always true: each series is as the coupon desk would publish it; the codes were given out by a document, as
any code is, at a seat of the third store, so that the first till's numbers begin with 1.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection, sql

from huiyuan.domain.model.coupon import code_from
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
_ISSUE: Final = UUID("01980000-0000-7000-8000-0000c0a90001")

PUBLISH: Final = """
with made as (insert into shop.rule(family, name) values ('coupon', %s) returning id)
insert into shop.rule_version
select (shop.with_bounds(jsonb_populate_record(null::shop.rule_version, jsonb_build_object('rule', made.id,
  'version', 1, 'valid_from', now() - interval '1 day', 'published_at', now(), 'bounded', false,
  'min_minor', %s::bigint, 'max_document_minor', %s::bigint, 'term_days', %s::int, 'body', %s::jsonb)),
  'coupon')).* from made returning rule
"""
_SIT_DOWN: Final = """
insert into sec.session(staff, terminal, resume_hash)
select s.id, t.id, sha256(convert_to(t.role, 'UTF8')) from sec.staff s, sec.terminal t
 where s.number = %s and t.role = %s returning id, terminal
"""


def seed_coupons(connection: Connection[Any], *, role: str, index_key: IndexKey) -> None:
    """Publish the series and give the codes out at the seat of `role`. The connection is a superuser's."""
    if connection.execute("select from shop.rule r where r.family = 'coupon'").rowcount:
        return
    rules = []
    for name, body, least, days in SERIES:
        most = MOST_MINOR if body["kind"] == "percent" else None
        row = connection.execute(PUBLISH, (name, least, most, days, json.dumps(body))).fetchone()
        assert row is not None
        rules.append(row[0])
    member = connection.execute("select min(id) from shop.member").fetchone()
    assert member is not None
    rows = []
    for chance, place, owned in CODES:
        code = code_from(chance)
        token = index_key.token("coupon", code).hex()
        row = {"token": token, "last": code[-4:], "rule": rules[place], "version": 1}
        rows.append(row | ({"holder": member[0]} if owned else {}))
    _give_out(connection, role, rows)


def _give_out(connection: Connection[Any], role: str, rows: list[dict[str, Any]]) -> None:
    sat = connection.execute(_SIT_DOWN, (MANAGER, role)).fetchone()
    assert sat is not None
    face = sum(1_000 if place == 0 else MOST_MINOR for _, place, _ in CODES)
    number = connection.execute("select number + 1 from sec.terminal where id = %s", (sat[1],)).fetchone()
    assert number is not None
    body = {
        "kind": "coupon_issue", "session": sat[0], "number": number[0], "total_minor": face,
        "occurred_at": datetime.now(UTC).isoformat(timespec="milliseconds"), "reason": "演示",
        "coupons": rows,
    }  # fmt: skip
    connection.execute("select sec.attach(%s, %s)", sat)
    connection.execute(sql.SQL("set session authorization {}").format(sql.Identifier(role)))
    try:
        answer = connection.execute("select api.post(%s, 1, %s)", (_ISSUE, json.dumps(body))).fetchone()
    finally:
        connection.execute("reset session authorization")
    connection.execute("select sec.end_sessions(array[%s]::bigint[])", (sat[0],))
    if answer is None or "refused" in answer[0]:
        raise RuntimeError(f"the coupons of the demo were refused: {answer and answer[0]}")
