"""Turnover: what it counts, what it splits by, and whose rows it may show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.turnover import By, Turnover, TurnoverRow
from huiyuan.repositories.reports import reporting, today_of, turnover
from huiyuan.repositories.schema import ledger, shop as shop_tables
from tests import facts
from tests.cluster import Shop
from tests.posting import line, open_shift, posted, sell, stored
from tests.tills import Till, open_till

Tills = Callable[[int], Till]


@pytest.fixture
def manager(shop: Shop) -> Iterator[Till]:
    signed_in = open_till(shop, 2, number=facts.MANAGER.number, pin=facts.MANAGER.pin)
    yield signed_in
    signed_in.connection.close()


def asked(till: Till, *, stores: Sequence[str] = (), by: Sequence[By] = (By.TENDER,)) -> Turnover:
    with reporting(till.connection) as reader:
        today = today_of(reader, datetime.now(UTC))
        return turnover(reader, first=today, last=today, stores=stores, by=by)


def a_day_in_two_stores(till: Tills) -> None:
    one, three = till(1), till(3)
    shift = open_shift(one)
    first = sell(one, shift, [line(1, facts.WATER, qty_milli=5_000)])  # 10.00 cash
    card = [{"kind": "bank_card", "amount_minor": 1_250, "reference": "T1"}]
    sell(one, shift, [line(1, facts.MILK)], tenders=card)
    sell(one, shift, [line(1, facts.WATER)], **stored(facts.PLAIN_CARD, 200))
    cash = [{"kind": "cash", "amount_minor": 5_000, "given_minor": 5_000}]
    posted(
        one, "top_up", shift=shift, wallet=facts.wallet_id(facts.PLAIN_CARD), tenders=cash, total_minor=5_000
    )
    lines = [{"n": 1, "of": 1, "qty_milli": 2_000}]
    posted(one, "return", shift=shift, of=first["id"], reason="破损", lines=lines, total_minor=400)
    wrong = sell(one, shift, [line(1, facts.MILK)])
    posted(one, "reversal", shift=shift, of=wrong["id"], reason="输错", total_minor=1_250)
    sell(three, open_shift(three), [line(1, facts.MILK, price_minor=1_180)])


def test_turnover_is_sold_less_returned_and_reversed_without_top_ups(till: Tills, manager: Till) -> None:
    a_day_in_two_stores(till)

    report = asked(manager)

    assert report.rows == (
        TurnoverRow(None, None, "bank_card", 1, 1_250, 0),
        TurnoverRow(None, None, "cash", 5, 1_000 + 1_250 + 1_180, 400 + 1_250),
        TurnoverRow(None, None, "stored", 1, 200, 0),
    )
    assert sum(row.turnover_minor for row in report.rows) == 1_000 - 400 + 1_250 + 200 + 1_180


def test_it_splits_by_day_store_and_tender_and_every_split_has_the_same_sum(
    till: Tills, manager: Till
) -> None:
    a_day_in_two_stores(till)
    whole = asked(manager, by=()).rows
    assert len(whole) == 1
    assert (whole[0].day, whole[0].store, whole[0].tender, whole[0].documents) == (None, None, None, 7)
    for by in ((By.DAY,), (By.STORE,), (By.STORE, By.TENDER), (By.DAY, By.STORE, By.TENDER)):
        report = asked(manager, by=by)
        assert sum(row.turnover_minor for row in report.rows) == whole[0].turnover_minor
    by_store = asked(manager, by=(By.STORE,)).rows
    assert [(row.store, row.turnover_minor) for row in by_store] == [("S01", 2_050), ("S02", 1_180)]
    assert asked(manager, by=(By.DAY,)).rows[0].day == asked(manager).first


def test_a_report_names_its_stores_and_shows_no_others(till: Tills, manager: Till) -> None:
    a_day_in_two_stores(till)

    own = asked(till(1))
    assert (own.scope.stores, own.scope.stores_of_chain) == (("S01",), 2)
    assert sum(row.turnover_minor for row in own.rows) == 2_050
    both = asked(manager)
    assert (both.scope.stores, both.scope.chain, both.scope.demo) == (("S01", "S02"), "演示连锁", True)
    one_of_both = asked(manager, stores=["S02"])
    assert one_of_both.scope.stores == ("S02",)
    assert sum(row.turnover_minor for row in one_of_both.rows) == 1_180


def test_a_store_out_of_reach_is_a_refusal_and_no_empty_report(till: Tills) -> None:
    for code in ("S02", "S99", "S01' or '1'='1"):
        with pytest.raises(Refused) as caught:
            asked(till(1), stores=[code])
        assert (caught.value.code, dict(caught.value.facts)) == ("wrong_store", {"store": code})


def test_a_terminal_without_staff_reads_nothing(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection:
        with pytest.raises(Refused) as caught:
            asked(Till(shop, facts.TILL_1, connection, {}))
        assert caught.value.code == "not_signed_in"


def test_days_outside_the_span_do_not_count(till: Tills, manager: Till) -> None:
    a_day_in_two_stores(till)
    with reporting(manager.connection) as reader:
        today = today_of(reader, datetime.now(UTC))
        day = timedelta(days=1)
        for first, last in ((today - 9 * day, today - day), (today + day, today + 9 * day)):
            assert turnover(reader, first=first, last=last).rows == ()


def test_the_day_is_the_chains_and_not_the_servers(shared_shop: Shop) -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    with shared_shop.connect() as connection, reporting(connection) as reader:
        assert today_of(reader, late) == date(2026, 11, 22)  # Shanghai is eight hours ahead


def test_the_core_tables_are_columns_that_may_be_read(shop: Shop, till: Tills) -> None:
    connection = till(1).connection
    for metadata in (ledger.METADATA, shop_tables.METADATA):
        for table in metadata.tables.values():
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            connection.execute(f"select {columns} from {table.fullname} limit 0".encode())
