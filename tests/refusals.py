"""What every refusal has to leave behind: nothing moved, and one row of the audit."""

from __future__ import annotations

import uuid
from typing import Any

from tests.small_chain import Seat, SmallChain

_TABLES = """
select t.table_schema || '.' || t.table_name from information_schema.tables t
 where t.table_type = 'BASE TABLE' and (t.table_schema = 'ledger' or (t.table_schema, t.table_name) in
       (('shop', 'card'), ('shop', 'wallet'), ('shop', 'member'), ('shop', 'card_application'),
        ('shop', 'coupon'), ('shop', 'card_limit'), ('shop', 'held_sale'), ('shop', 'group_order'),
        ('shop', 'group_place'), ('shop', 'outbox'), ('sec', 'terminal'), ('sec', 'offline_sale'),
        ('sec', 'late_shift'), ('sec', 'review'))) order by 1
"""


def standing(chain: SmallChain) -> dict[str, str]:
    """What tells whether a row of the ledger, of cards, wallets or terminals with their heads was written.

    Who inserts or updates leaves a row of a newer transaction than all others, who deletes leaves one less.
    """
    tables = [name for (name,) in chain.rows(_TABLES)]
    digest = "select '{0}', count(*) || ' to ' || coalesce(max(xmin::text::bigint), 0) from {0}"
    return dict(chain.rows(" union all ".join(digest.format(name) for name in tables)))


def refuse(
    seat: Seat, body: Any, code: str, id: object = None, /, *, call: str = "post", **facts: object
) -> dict[str, Any]:
    """Send what has to be refused with `code` and, where given, these facts; nothing may have moved.

    Returns:
        The facts of the refusal.
    """
    chain = seat.chain
    sent = str(id or uuid.uuid4())
    before = standing(chain)
    newest = chain.value("select coalesce(max(id), 0) from sec.audit")

    answer = seat.post(body, sent, call=call)

    assert answer.get("refused") == code, answer
    known = {name: answer["facts"].get(name) for name in facts}
    assert known == facts, answer
    assert standing(chain) == before
    trace = chain.rows("select what, document::text, facts->>'code' from sec.audit where id > %s", newest)
    assert trace == [("refused", sent, code)]
    return dict(answer["facts"])
