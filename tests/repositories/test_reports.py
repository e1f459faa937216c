"""Turnover: what it counts, what it splits by, and whose rows it may show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.turnover import By, Period, Turnover, TurnoverAsked, TurnoverRow
from huiyuan.repositories.report_desk import turnover
from huiyuan.repositories.schema import ledger, report as report_tables, shop as shop_tables
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


def asked(till: Till, *by: By, stores: Sequence[str] = (), period: Period = Period.TODAY) -> Turnover:
    return turnover(till.connection, TurnoverAsked(period, stores=tuple(stores), by=by))


def test_pages_behind_each_other_are_the_whole_report(manager: Till, till: Tills) -> None:
    """Rows that state nothing (goods without a category) come last, and are a key like any other."""
    a_day_in_two_stores(till)
    for by in (
        (By.STORE, By.TENDER),
        (By.CATEGORY,),
        (By.MEMBER, By.STORE),
        (By.STORE, By.DAY),
        (By.TENDER,),
    ):
        whole = asked(manager, *by, period=Period.MONTH)
        for most in (1, 2, 1000):
            rows: list[TurnoverRow] = []
            after, ended = None, False
            while not ended:
                question = TurnoverAsked(Period.MONTH, by=by, after=after, most=most)
                page = turnover(manager.connection, question)
                assert len(page.rows) <= most
                assert (page.total, page.before_minor) == (whole.total, whole.before_minor)
                assert page.longest_minor == max(abs(row.net_minor) for row in whole.rows)
                rows += page.rows
                after, ended = page.following, not page.more
            assert tuple(rows) == whole.rows
            assert len(rows) > 1 or by == (By.CATEGORY,)


def a_day_in_two_stores(till: Tills) -> None:
    one, three = till(1), till(3)
    shift = open_shift(one)
    first = sell(one, shift, [line(1, facts.WATER, qty_milli=5_000)])  # 10.00 cash
    card = [{"kind": "bank_card", "amount_minor": 1_250, "reference": "T1"}]
    sell(one, shift, [line(1, facts.MILK)], tenders=card)
    wallet = facts.wallet_id(facts.PLAIN_CARD)
    sell(one, shift, [line(1, facts.WATER)], wallet=wallet, **stored(facts.PLAIN_CARD, 200))
    cash = [{"kind": "cash", "amount_minor": 5_000, "given_minor": 5_000}]
    posted(one, "top_up", shift=shift, wallet=wallet, tenders=cash, total_minor=5_000)
    lines = [{"n": 1, "of": 1, "qty_milli": 2_000}]
    posted(one, "return", shift=shift, of=first["id"], reason="破损", lines=lines, total_minor=400)
    wrong = sell(one, shift, [line(1, facts.MILK), line(2, facts.WATER)])
    posted(one, "reversal", shift=shift, of=wrong["id"], reason="输错", total_minor=1_450)
    back = posted(
        one,
        "return",
        shift=shift,
        of=first["id"],
        reason="破损",
        lines=[{"n": 1, "of": 1, "qty_milli": 1_000}],
        total_minor=200,
    )
    posted(one, "reversal", shift=shift, of=back["id"], reason="输错", total_minor=200)
    sell(three, open_shift(three), [line(1, facts.MILK, price_minor=1_180)])


def test_turnover_is_sales_less_returns_and_voids_without_top_ups(till: Tills, manager: Till) -> None:
    a_day_in_two_stores(till)

    report = asked(manager, By.TENDER)

    assert report.rows == (
        TurnoverRow(("bank_card",), 1, 1, 1_250, 0),
        TurnoverRow(("cash",), 2, 2, 1_000 + 1_180, 400),
        TurnoverRow(("stored",), 1, 1, 200, 0),
    )
    assert report.total == TurnoverRow((), 4, 4, 1_000 + 1_250 + 200 + 1_180, 400)
    assert report.total.net_minor == 3_230
    assert report.before_minor == 0
    assert asked(manager, By.MEMBER).rows == (
        TurnoverRow(("member",), 1, 1, 200, 0),
        TurnoverRow(("other",), 3, 3, 3_430, 400),
    )


def test_a_sale_paid_in_two_ways_stands_in_both_rows_and_once_in_the_total(
    till: Tills, manager: Till
) -> None:
    one = till(1)
    both = [
        {"kind": "cash", "amount_minor": 1_000, "given_minor": 1_000},
        {"kind": "bank_card", "amount_minor": 700, "reference": "T2"},
        {"kind": "bank_card", "amount_minor": 800, "reference": "T3"},
    ]
    lines = [line(1, facts.MILK), line(2, facts.MILK)]
    sell(one, open_shift(one), lines, tenders=both)

    report = asked(manager, By.STORE, By.TENDER)

    assert report.rows == (
        TurnoverRow(("S01", "bank_card"), 1, 2, 1_500, 0),
        TurnoverRow(("S01", "cash"), 1, 2, 1_000, 0),
    )
    assert report.total == TurnoverRow((), 1, 2, 2_500, 0)


def test_every_split_adds_up_to_the_same_whole(till: Tills, manager: Till) -> None:
    a_day_in_two_stores(till)
    whole = asked(manager)
    assert whole.rows == (whole.total,)
    day = whole.today
    year, week, _ = day.isocalendar()
    keys = {
        By.DAY: [day.isoformat()],
        By.WEEK: [f"{year}-W{week:02}"],
        By.MONTH: [f"{day:%Y-%m}"],
        By.QUARTER: [f"{day.year}-Q{(day.month + 2) // 3}"],
        By.YEAR: [str(day.year)],
        By.STORE: ["S01", "S02"],
    }
    for by in By:
        report = asked(manager, by)
        assert sum(row.net_minor for row in report.rows) == whole.total.net_minor, by
        assert report.total == whole.total, by
        assert by not in keys or [row.keys[0] for row in report.rows] == keys[by]
    two = asked(manager, By.STORE, By.MEMBER).rows
    assert [row.keys for row in two] == [("S01", "member"), ("S01", "other"), ("S02", "other")]
    assert sum(row.net_minor for row in two) == whole.total.net_minor


def test_goods_stand_under_their_category_and_a_basket_in_each_of_its_own(
    till: Tills, manager: Till, shop: Shop
) -> None:
    with shop.connect() as admin:
        for code, name in ((facts.MILK, "奶"), (facts.WATER, "水")):
            admin.execute("insert into shop.category(code, name) values (%s, %s)", (f"C-{code}", name))
            admin.execute(
                "update shop.product set category = (select id from shop.category where name = %s)"
                " where code = %s",
                (name, code),
            )
    one = till(1)
    shift = open_shift(one)
    lines = [line(1, facts.MILK), line(2, facts.WATER), line(3, facts.WATER)]
    sold = sell(one, shift, [*lines, line(4, facts.COFFEE)])
    back = [{"n": 1, "of": 2, "qty_milli": 1_000}]
    posted(one, "return", shift=shift, of=sold["id"], reason="破损", lines=back, total_minor=200)
    wrong = sell(one, shift, [line(1, facts.MILK)])
    posted(one, "reversal", shift=shift, of=wrong["id"], reason="输错", total_minor=1_250)

    report = asked(manager, By.CATEGORY)

    assert set(report.rows) == {
        TurnoverRow(("奶",), 1, 1, 1_250, 0),
        TurnoverRow(("水",), 1, 2, 400, 200),
        TurnoverRow((None,), 1, 1, 2_800, 0),
    }
    assert report.total == TurnoverRow((), 1, 4, 4_450, 200)


def test_a_report_names_its_stores_and_shows_no_others(till: Tills, manager: Till) -> None:
    a_day_in_two_stores(till)

    own = asked(till(1))
    assert (own.scope.stores, own.scope.stores_of_chain) == (("S01",), 2)
    assert own.total.net_minor == 2_050
    both = asked(manager)
    assert (both.scope.stores, both.scope.chain, both.scope.demo) == (("S01", "S02"), "演示连锁", True)
    one_of_both = asked(manager, By.STORE, stores=["S02"])
    assert one_of_both.scope.stores == ("S02",)
    assert [(row.keys, row.net_minor) for row in one_of_both.rows] == [(("S02",), 1_180)]


def test_a_store_out_of_reach_is_a_refusal_and_no_empty_report(shared_shop: Shop, till: Tills) -> None:
    for code in ("S02", "S99", "S01' or '1'='1"):
        with pytest.raises(Refused) as caught:
            asked(till(1), stores=[code])
        assert (caught.value.code, dict(caught.value.facts)) == ("store_out_of_reach", {"store": code})


def test_a_terminal_without_staff_reads_nothing(shared_shop: Shop) -> None:
    with shared_shop.connect(facts.TILL_1) as connection:
        with pytest.raises(Refused) as caught:
            turnover(connection, TurnoverAsked())
        assert caught.value.code == "not_signed_in"


def test_spans_are_business_days_and_the_days_before_are_as_many(till: Tills, manager: Till) -> None:
    a_day_in_two_stores(till)
    today = asked(manager).today
    day = timedelta(days=1)

    for period, first, last in (
        (Period.TODAY, today, today),
        (Period.YESTERDAY, today - day, today - day),
        (Period.WEEK, today - today.weekday() * day, today),
        (Period.MONTH, today.replace(day=1), today),
        (Period.LAST_DAYS, today - 6 * day, today),
    ):
        report = asked(manager, By.DAY, period=period)
        assert (report.scope.first, report.scope.last) == (first, last)
        counted = first <= today <= last
        assert report.total.net_minor == (3_230 if counted else 0)
        assert len(report.rows) == counted
    typed = TurnoverAsked(Period.DAYS, today + day, today + 3 * day)
    later = turnover(manager.connection, typed)
    assert (later.total.net_minor, later.before_minor) == (0, 3_230)
    assert turnover(manager.connection, replace(typed, first=today + 4 * day)).before_minor == 0


def test_the_day_is_the_stores_and_not_the_servers(till: Tills, manager: Till, shop: Shop) -> None:
    with shop.connect() as admin:
        shift = ""
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # 25 hours apart: never the same day
            admin.execute("update shop.unit set time_zone = %s where code = 'S01'", (zone,))
            one = till(1)
            shift = shift or open_shift(one)
            sell(one, shift, [line(1, facts.WATER)])
    late, early = (datetime.now(UTC) + timedelta(hours=hours) for hours in (14, -11))
    assert asked(manager).today == early.date()
    report = turnover(manager.connection, TurnoverAsked(Period.DAYS, early.date(), late.date()))
    assert [row.keys for row in report.rows] == [(early.date().isoformat(),), (late.date().isoformat(),)]


def test_the_core_tables_are_columns_that_may_be_read(till: Tills) -> None:
    connection = till(1).connection
    for metadata in (ledger.METADATA, shop_tables.METADATA, report_tables.METADATA):
        for table in metadata.tables.values():
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            connection.execute(f"select {columns} from {table.fullname} limit 0".encode())
