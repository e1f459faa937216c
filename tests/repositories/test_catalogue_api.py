"""What `api.catalogue` answers: pages, one store's prices, and deltas that miss nothing that commits late."""

from __future__ import annotations

from typing import Any

import psycopg

from huiyuan.repositories import demo
from huiyuan.repositories.demo_data import STORE_2
from tests import facts
from tests.cluster import Connection, Shop

COLA = facts.product_id("COLA-330")
MILK = facts.product_id("MILK-1L")


def terminal(shop: Shop, role: str = demo.TERMINALS[0].role) -> Connection:
    return shop.connect(role)


def catalogue(
    connection: Connection,
    epoch: str | None = None,
    horizon: str | None = None,
    after: int = 0,
    most: int = 2000,
) -> dict[str, Any]:
    row = connection.execute(
        "select api.catalogue(%s::text, %s::text, %s::int, %s::int)", (epoch, horizon, after, most)
    ).fetchone()
    assert row is not None
    return row[0]  # type: ignore[return-value]


def delta(connection: Connection, since: dict[str, Any], **more: Any) -> dict[str, Any]:
    return catalogue(connection, since["epoch"], since["horizon"], **more)


def ids(answer: dict[str, Any]) -> list[int]:
    return [row[0] for row in answer["products"]]


def rename(connection: Connection, product: int, name: str) -> None:
    connection.execute(
        "update shop.product set name = %s, version = version + 1 where id = %s", (name, product)
    )


def newest(connection: Connection) -> int:
    """What a counter with a running number would remember: the highest transaction it has seen."""
    row = connection.execute("select max(xid::text::bigint) from shop.product_change").fetchone()
    assert row is not None
    return int(str(row[0]))


def above(connection: Connection, seen: int) -> list[int]:
    found = connection.execute(
        "select product from shop.product_change where xid::text::bigint > %s", (seen,)
    ).fetchall()
    return [int(str(row[0])) for row in found]


def test_the_whole_comes_in_pages_without_a_session(shared_shop: Shop) -> None:
    with terminal(shared_shop) as here:
        whole = catalogue(here)
        assert whole["whole"]
        assert not whole["more"]
        assert len(whole["products"]) == len(demo.PRODUCTS)
        pages, after = [], 0
        while True:
            page = catalogue(here, whole["epoch"], after=after, most=7)
            pages += page["products"]
            if not page["more"]:
                break
            after = page["products"][-1][0]
        assert pages == whole["products"]
        assert {code for code, _ in whole["taxes"]} == {"free", "vat6", "vat9", "vat13"}
        cola = next(row for row in whole["products"] if row[0] == COLA)
        assert cola[1:5] == ["COLA-330", "可乐 330ml", "goods", "piece"]
        assert [qty for _, qty in cola[12]] == [1_000, 6_000]


def test_a_store_sees_its_own_prices_and_those_of_all(shared_shop: Shop) -> None:
    other = next(seat.role for seat in demo.TERMINALS if seat.store == STORE_2)
    prices = {}
    for role in (demo.TERMINALS[0].role, other):
        with terminal(shared_shop, role) as here:
            milk = next(row for row in catalogue(here)["products"] if row[0] == MILK)
            prices[role] = [(own, amount) for own, _, _, amount in milk[13]]
    assert prices == {demo.TERMINALS[0].role: [(0, 1_250)], other: [(1, 1_180), (0, 1_250)]}


def test_a_delta_holds_what_changed_and_only_that(shop: Shop) -> None:
    with terminal(shop) as here, shop.connect() as owner:
        first = catalogue(here)
        assert ids(delta(here, first)) == []
        rename(owner, COLA, "新可乐")
        owner.execute("delete from shop.barcode where product = %s and qty_milli = 6000", (COLA,))
        owner.execute("update shop.product set active = false where id = %s", (MILK,))
        second = delta(here, first)
        assert not second["whole"]
        assert ids(second) == sorted([COLA, MILK])
        assert next(row for row in second["products"] if row[0] == MILK) == [MILK]
        cola = next(row for row in second["products"] if row[0] == COLA)
        assert cola[2] == "新可乐"
        assert len(cola[12]) == 1
        assert ids(delta(here, second)) == []
        owner.execute(
            "insert into shop.price(product, store, valid_from, amount_minor)"
            " select 3, id, now() + interval '1 day', 5 from shop.unit where kind = 'store'"
        )
        third = delta(here, second)
        assert ids(third) == [3]
        assert [amount for _, _, _, amount in third["products"][0][13]] == [5, demo.PRODUCTS[2].price_minor]


def test_a_barcode_that_moves_is_news_of_both_products(shop: Shop) -> None:
    with terminal(shop) as here, shop.connect() as owner:
        first = catalogue(here)
        owner.execute("update shop.barcode set product = 9 where product = 10")
        assert ids(delta(here, first)) == [9, 10]


def test_what_commits_late_is_not_missed(shop: Shop) -> None:
    """The one that began first commits last, after a counter saw the second. A running number misses it."""
    with terminal(shop) as here, shop.connect() as slow, shop.connect() as quick, shop.connect() as control:
        first = catalogue(here)
        slow.execute("begin")
        rename(slow, COLA, "late")
        rename(quick, MILK, "early")
        second, seen = delta(here, first), newest(control)
        assert ids(second) == [MILK]
        slow.execute("commit")
        assert COLA in ids(delta(here, second))
        assert above(control, seen) == [], "the control did not miss it: nothing was shown"


def test_a_change_while_pages_are_fetched_comes_with_the_next_round(shop: Shop) -> None:
    with terminal(shop) as here, shop.connect() as owner:
        first = catalogue(here, most=10)
        rename(owner, first["products"][0][0], "meanwhile")
        last = catalogue(here, first["epoch"], after=first["products"][-1][0])
        assert first["products"][0][0] not in ids(last)
        assert first["products"][0][0] in ids(delta(here, first))


def test_another_life_of_the_database_begins_anew(shop: Shop, cluster: Any) -> None:
    with terminal(shop) as here:
        first = catalogue(here)
        assert catalogue(here, "1.00000001.5", first["horizon"], after=30)["whole"]
        assert catalogue(here, first["epoch"], "no number")["whole"]
        with cluster.copy() as restored, terminal(restored) as there:
            answer = delta(there, first)
            assert answer["whole"]
            assert answer["epoch"] != first["epoch"]
            assert len(answer["products"]) == len(demo.PRODUCTS)


def test_a_login_that_is_no_seat_learns_nothing(shop: Shop) -> None:
    with terminal(shop) as here, shop.connect() as owner:
        owner.execute("update sec.terminal set active = false where role = %s", (demo.TERMINALS[0].role,))
        assert catalogue(here) == {"refused": "unknown_terminal", "facts": {}}


def test_thirteen_digits_with_a_wrong_last_one_are_refused(shop: Shop) -> None:
    from tests.tills import open_till

    manager = open_till(shop, 1, number=facts.MANAGER.number, pin=facts.MANAGER.pin)
    with manager.connection:
        refused = manager.call("barcode_put", "6901234567890", 1, 1_000)
        assert refused == {"refused": "check_digit", "facts": {"code": "6901234567890", "due": "2"}}
        assert manager.call("barcode_put", "6901234567892", 1, 1_000) == {"code": "6901234567892"}
        assert manager.call("barcode_put", "12345678", 1, 1_000) == {"code": "12345678"}


def test_a_category_never_lies_below_itself(shop: Shop) -> None:
    from tests.tills import open_till

    manager = open_till(shop, 1, number=facts.MANAGER.number, pin=facts.MANAGER.pin)
    with manager.connection:
        top = manager.call("category_put", None, None, None, "DRINK", "饮料", True)["category"]
        tea = manager.call("category_put", None, None, top, "TEA", "茶", True)["category"]
        assert manager.call("category_put", top, 1, tea, "DRINK", "饮料", True)["refused"] == "malformed"
        assert (
            manager.call("category_put", None, None, None, "TEA", "又茶", True)["refused"] == "already_used"
        )
        assert [(row["code"], row["depth"]) for row in manager.call("categories")] == [
            ("DRINK", 0),
            ("TEA", 1),
        ]
        described = manager.call(
            "product_describe", COLA, 1, tea, "可口可乐", "330ml", None, "piece", True, ["kele", "kl", "可"]
        )
        assert described == {"product": COLA, "version": 2}
        stale = manager.call("product_describe", COLA, 1, tea, None, None, None, "piece", False, [])
        assert stale["refused"] == "stale"
        found = manager.call("find_product", "COLA-330")
        assert (found["open_price"], found["category"]) == (True, tea)


def test_a_new_name_is_not_found_by_the_words_of_the_old(shop: Shop) -> None:
    from tests.tills import open_till

    manager = open_till(shop, 1, number=facts.MANAGER.number, pin=facts.MANAGER.pin)

    def words() -> object:
        return shop.rows("select words from shop.product where id = %s", COLA)[0][0]

    with manager.connection:
        edit = (COLA, 1, "COLA-330", "可乐 330ml", "goods", "piece", "vat13", True)
        assert "kele" in str(words())
        manager.call("product_put", *edit)
        assert "kele" in str(words())
        manager.call("product_put", COLA, 2, "COLA-330", "雪碧 330ml", "goods", "piece", "vat13", True)
        assert words() is None
        audit = shop.rows("select facts from sec.audit where what = 'product' order by id desc limit 1")
        assert "kele" not in str(audit)


def test_a_terminal_cannot_write_the_log_itself(shop: Shop) -> None:
    with terminal(shop) as here:
        for statement in ("delete from shop.product_change", "select * from shop.product_change"):
            try:
                here.execute(statement.encode())
            except psycopg.errors.InsufficientPrivilege:
                continue
            raise AssertionError(statement)
