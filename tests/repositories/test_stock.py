"""Stock on hand and movements: what stands, what moved it, page by page, and whose rows they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.stock import MovesAsked, StockAsked, StockOnly, StockRow
from huiyuan.repositories.report_desk import moves, on_hand
from huiyuan.repositories.search_words import product_tokens
from tests import facts
from tests.cluster import Shop
from tests.posting import line, open_shift, posted, sell
from tests.tills import Till, open_till

Tills = Callable[[int], Till]
WATER = facts.product_id(facts.WATER)


@pytest.fixture
def manager(shop: Shop) -> Iterator[Till]:
    signed_in = open_till(shop, 2, number=facts.MANAGER.number, pin=facts.MANAGER.pin)
    yield signed_in
    signed_in.connection.close()


def stands(till: Till, code: str, *stores: str) -> list[tuple[str, int]]:
    found = on_hand(till.connection, StockAsked(stores, words=code))
    return [(row.store, row.qty_milli) for row in found.rows]


def test_on_hand_follows_every_movement_and_names_what_fell_below_zero(
    till: Tills, manager: Till, shop: Shop
) -> None:
    one, three = till(1), till(3)
    ((_, opened),) = stands(one, facts.WATER)
    shift = open_shift(one)
    sold = sell(one, shift, [line(1, facts.WATER, qty_milli=5_000)])
    back = [{"n": 1, "of": 1, "qty_milli": 2_000}]
    posted(one, "return", shift=shift, of=sold["id"], reason="破损", lines=back, total_minor=400)
    received = [{"product": WATER, "qty_milli": 24_000, "cost_minor": 90}]
    posted(manager, "stock_receipt", stock=received, total_minor=2_160)
    assert stands(one, facts.WATER) == [("S01", opened + 21_000)]

    both = dict(stands(manager, facts.WATER))
    assert set(both) == {"S01", "S02"}
    before = both["S02"]
    sell(three, open_shift(three), [line(1, facts.WATER, qty_milli=before + 1_000)])
    below = on_hand(manager.connection, StockAsked(only=StockOnly.BELOW_ZERO))
    assert [(row.store, row.code, row.qty_milli) for row in below.rows] == [("S02", facts.WATER, -1_000)]
    assert (below.count, below.below_zero, below.at_zero) == (1, 1, 0)
    sell(manager, open_shift(manager), [line(1, facts.WATER, qty_milli=opened + 21_000)])
    zero = on_hand(manager.connection, StockAsked(("S01",), only=StockOnly.ZERO))
    assert [(row.code, row.qty_milli) for row in zero.rows] == [(facts.WATER, 0)]

    history = moves(manager.connection, MovesAsked(WATER, "S01"))
    assert [(m.kind, m.qty_milli, m.after_milli, m.cost_minor) for m in history.rows[:4]] == [
        ("sale", -(opened + 21_000), 0, None),
        ("stock_receipt", 24_000, opened + 21_000, 90),
        ("return", 2_000, opened - 3_000, None),
        ("sale", -5_000, opened - 5_000, None),
    ]
    assert history.rows[1].who == facts.MANAGER.name
    assert history.rows[-1].after_milli == history.rows[-1].qty_milli  # the first one began at nothing
    assert (history.code, history.unit, history.more) == (facts.WATER, history.unit, False)


def test_pages_join_without_a_gap_and_a_sale_in_between_shifts_nothing(till: Tills) -> None:
    one = till(1)
    shift = open_shift(one)
    for _ in range(5):
        sell(one, shift, [line(1, facts.WATER)])
    whole = moves(one.connection, MovesAsked(WATER, "S01")).rows

    page = moves(one.connection, MovesAsked(WATER, "S01", most=2))
    joined = list(page.rows)
    sell(one, shift, [line(1, facts.WATER)])
    while (asked := page.next_page("S01")) is not None:
        page = moves(one.connection, MovesAsked(WATER, "S01", asked.before, asked.after_milli, most=2))
        joined += page.rows
    assert tuple(joined) == whole

    rows: list[StockRow] = []
    asked_page = StockAsked(most=3)
    every = on_hand(one.connection, StockAsked())
    while True:
        found = on_hand(one.connection, asked_page)
        rows += found.rows
        assert (found.count, len(found.rows) <= 3) == (every.count, True)
        if not found.more:
            break
        asked_page = StockAsked(most=3, after=(rows[-1].code, rows[-1].store))
    assert tuple(rows) == every.rows
    assert len(rows) == every.count > 3


def test_goods_are_found_by_code_barcode_and_words_and_by_category_and_what_lies_below(
    till: Tills, shop: Shop
) -> None:
    with shop.connect() as admin:
        for code in (facts.WATER, facts.MILK):
            name = facts.product(code).name
            tokens = product_tokens(name, code)
            admin.execute("update shop.product set tokens = %s where code = %s", (tokens, code))
        admin.execute(
            "insert into shop.category(parent, code, name) values (null, 'X1', '饮品'),"
            " ((select max(id) + 1 from shop.category), 'X2', '水')"
        )
        admin.execute("update shop.category set parent = (select id from shop.category where code = 'X1')"
                      " where code = 'X2'")  # fmt: skip
        admin.execute(
            "update shop.product set category = (select id from shop.category where code = 'X2')"
            " where code = %s",
            (facts.WATER,),
        )
    connection = till(1).connection

    def found(**asked: str) -> set[str]:
        return {row.code for row in on_hand(connection, StockAsked(**asked)).rows}  # type: ignore[arg-type]

    name = facts.product(facts.WATER).name
    for words in (facts.WATER, facts.WATER.lower(), facts.barcode(facts.WATER), name[:2], f" {name[:1]} "):
        assert facts.WATER in found(words=words), words
    assert found(words=facts.WATER) == {facts.WATER}
    for words in ("%", "_", "' or 1=1 --", "\\", "nothing like it"):
        assert found(words=words) == set() or words in {"%", "_", "\\"}
    for category in ("X1", "X2"):
        assert found(category=category) == {facts.WATER}
    assert found(category="X9") == set()
    report = on_hand(connection, StockAsked(category="X1"))
    assert report.rows[0].category == "水"
    assert {("X1", "饮品"), ("X2", "水")} <= set(report.categories)


def test_another_stores_stock_is_a_refusal_and_never_rows(till: Tills, manager: Till) -> None:
    one = till(1)
    assert {row.store for row in on_hand(one.connection, StockAsked()).rows} == {"S01"}
    for ask in (
        lambda: on_hand(one.connection, StockAsked(("S02",))),
        lambda: moves(one.connection, MovesAsked(WATER, "S02")),
        lambda: moves(one.connection, MovesAsked(WATER, "NONE")),
    ):
        with pytest.raises(Refused) as caught:
            ask()
        assert caught.value.code == "store_out_of_reach"
    with pytest.raises(Refused) as caught:
        moves(one.connection, MovesAsked(10**6, "S01"))
    assert caught.value.code == "unknown_product"
    assert moves(manager.connection, MovesAsked(WATER, "S02")).rows  # control: who may, sees them
