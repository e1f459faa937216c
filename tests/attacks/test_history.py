"""The history entry brings its own prices and dates: no terminal comes through it, whoever sits there."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from psycopg.errors import InsufficientPrivilege

from tests.cluster import Connection, Shop
from tests.tills import Till

CALLS: dict[str, dict[str, object]] = {
    "import_begin('retail', 'CNY')": {"name": "演示连锁"},
    """import_stores('[{"code": "X1", "name": "X", "time_zone": "Asia/Shanghai"}]')""": {"made": 1},
    """import_products('[{"code": "X1", "name": "X", "tax_code": "free"}]')""": {"made": 1},
    """import_members('[{"number": "X1", "name": "X"}]')""": {"made": 1},
    "import_sales(1, '[]')": {"posted": 0, "known": 0},
}


def past_sale(kind: str = "history_sale", **parts: object) -> dict[str, object]:
    """Bread of long ago for one fen."""
    body: dict[str, object] = {
        "kind": kind, "store": 3, "number": 700001, "occurred_at": "2020-01-01T12:00:00Z", "total_minor": 1,
        "lines": [past_line()], "tenders": [{"kind": "cash", "amount_minor": 1}],
    }  # fmt: skip
    return body | parts


def past_line(**parts: int) -> dict[str, int]:
    return {
        "n": 1, "product": 1, "qty_milli": 1000, "price_minor": 1, "value_minor": 1, "total_minor": 1
    } | parts  # fmt: skip


def ask(connection: Connection, call: str, *parameters: object) -> dict[str, Any]:
    row = connection.execute(f"select api.{call}".encode(), parameters or None).fetchone()
    assert row is not None
    assert isinstance(row[0], dict)
    return row[0]


def test_no_terminal_calls_the_history_entry_and_the_role_may(
    shop: Shop, till: Callable[[int], Till]
) -> None:
    seat = till(1)
    before = shop.rows("select count(*) from ledger.document")
    sale = json.dumps([{"id": str(uuid.uuid4()), "body": past_sale()}])
    for call in [*CALLS, f"import_sales(1, '{sale}')"]:
        with pytest.raises(InsufficientPrivilege):
            ask(seat.connection, call)
    for call in ("post", "resend"):
        answer = ask(seat.connection, f"{call}(%s, 1, %s)", uuid.uuid4(), json.dumps(past_sale()))
        assert (answer["refused"], answer["facts"]) == ("not_permitted", {"permission": "history"})
        # Dressed as a sale of today it may not say in which store it was.
        answer = ask(seat.connection, f"{call}(%s, 1, %s)", uuid.uuid4(), json.dumps(past_sale("sale")))
        assert answer["refused"] == "unknown_key"
    for name in ("huiyuan_import", "huiyuan_owner"):
        with pytest.raises(InsufficientPrivilege):
            seat.connection.execute(f"set role {name}".encode())
    assert shop.rows("select count(*) from ledger.document") == before

    with shop.connect() as owner:
        owner.execute("update shop.chain set demo = false")
        owner.execute("set role huiyuan_import")
        for call, expected in CALLS.items():
            assert expected.items() <= ask(owner, call).items()
        assert ask(owner, "import_sales(1, %s)", sale) == {"posted": 1, "lines": 1, "known": 0, "refused": []}
        # One by one, as opening balances come, it is nobody's: past sales come in batches only.
        alone = ask(owner, "post_history(%s, 1, %s)", uuid.uuid4(), json.dumps(past_sale(number=700002)))
        assert (alone["refused"], alone["facts"]) == ("not_permitted", {"permission": "history"})
        for statement in (
            "insert into ledger.line select * from ledger.line",
            "select name from shop.member",
        ):
            with pytest.raises(InsufficientPrivilege):
                owner.execute(statement.encode())


WRONG: list[tuple[dict[str, object], str]] = [
    ({"total_minor": 2}, "total_differs"),
    ({"tenders": [{"kind": "cash", "amount_minor": 2}]}, "unbalanced"),
    ({"tenders": [{"kind": "stored", "amount_minor": 1, "wallet": 1}]}, "unbalanced"),
    ({"adjustments": [{"line": 1, "source": "x", "amount_minor": 1}]}, "arithmetic"),
    ({"adjustments": [{"line": 2, "source": "x", "amount_minor": 1}]}, "arithmetic"),
    ({"lines": []}, "empty_document"),
    ({"lines": [past_line(n=2)]}, "arithmetic"),
    ({"lines": [past_line(), past_line()], "total_minor": 2}, "arithmetic"),
    ({"lines": [past_line(qty_milli=-1)]}, "arithmetic"),
    ({"lines": [past_line(product=9999)]}, "unknown_product"),
    ({"wallet": 999999}, "unknown_wallet"),
    ({"store": 1}, "unknown_store"),
    ({"kind": "opening_balance"}, "unknown_kind"),
    ({"number": 0}, "malformed"),
    ({"occurred_at": "yesterday"}, "malformed"),
    ({"occurred_at": "2020-01-01T12:00:00"}, "malformed"),
    ({"occurred_at": "2999-01-01T12:00:00Z"}, "malformed"),
]
SHAPELESS: list[dict[str, object]] = [  # not even the shape of a document: the whole batch stays out
    {"grants": [{"kind": "points", "rule": 1, "version": 1, "amount": 9}]},
    {"session": "1"},
    {"nobody": "knows"},
]


def test_what_is_not_conserved_stays_out_and_its_neighbours_go_in(shop: Shop) -> None:
    good = [{"id": str(uuid.uuid4()), "body": past_sale(number=n)} for n in (700002, 700003)]
    bad = [{"id": str(uuid.uuid4()), "body": past_sale() | parts} for parts, _ in WRONG]
    taken = {"id": str(uuid.uuid4()), "body": past_sale(number=700002, total_minor=1)}
    with shop.connect() as owner:
        owner.execute("set role huiyuan_import")
        for parts in SHAPELESS:
            batch = json.dumps([good[0], {"id": str(uuid.uuid4()), "body": past_sale() | parts}])
            assert ask(owner, "import_sales(1, %s)", batch)["refused"] == "malformed"
        for wrong, (parts, code) in zip(bad, WRONG, strict=True):
            answer = ask(owner, "import_sales(1, %s)", json.dumps([good[0], wrong, good[1], taken]))
            assert [each["refused"] for each in answer["refused"]] == [code, "number_used"], parts
            assert answer["posted"] + answer["known"] == 2
    assert shop.rows("select number from ledger.document where kind = 'history_sale' order by 1") == [
        (700002,),
        (700003,),
    ]
    assert shop.rows("select * from ledger.verify()") == []
