"""What a terminal may do to the tables themselves: nothing but read named columns of its own store.

Tables, columns, functions and sequences are listed from the server's catalogue, so that a new one is covered
on the day it is made. Each refusal has its control: the same statement by the owner goes through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, ObjectNotInPrerequisiteState, WrongObjectType

from tests import facts
from tests.cluster import Cluster, Connection, Shop
from tests.posting import line, open_shift, sell
from tests.tills import Till, open_till

Tills = Callable[[int], Till]

SCHEMAS = ["sec", "shop", "ledger", "guard", "api"]
APPEND_ONLY = {
    "ledger.document",
    "ledger.line",
    "ledger.adjustment",
    "ledger.posting",
    "ledger.entry",
    "ledger.lot_move",
    "ledger.stock_move",
    "ledger.card_event",
    "ledger.coupon_event",
    "ledger.repointed",
    "ledger.purchase",
    "ledger.identity_check",
    "ledger.member_event",
    "ledger.application_event",
    "ledger.fee_year",
    "ledger.card_use",
    "ledger.card_custody",
    "ledger.removed",
    "ledger.bonus_plan",
    "ledger.bonus_part",
    "ledger.cash_back",
    "ledger.entitlement",
    "sec.payee_seen",
    "sec.shift_print",
    "sec.late_shift",
    "sec.offline_sale",
    "sec.review",
    "sec.review_decided",
    "sec.audit",
}
NEVER_READ = (
    "shop.member",
    "shop.wallet",
    "shop.card",
    "shop.card_token",
    "ledger.account",
    "ledger.entry",
    "ledger.lot",
    "sec.staff",
    "sec.pepper",
    "sec.session",
    "sec.sign_in_attempt",
    "sec.pin_attempt",
    "sec.proposal",
    "sec.audit",
    "ledger.removed",
    "sec.shift_print",
    "sec.late_shift",
    "sec.offline_sale",
    "sec.review",
    "sec.review_decided",
)
READABLE = {
    "ledger.document": "approved_by business_date id kind number occurred_at of posted_at rung_by shift store"
    " terminal total_minor",
    "ledger.line": "document n of_line open price_minor product qty_milli store tax_code total_minor"
    " value_minor",
    "ledger.posting": "amount credit debit demand document method n rule store unit version",
    "ledger.stock_move": "cost_minor document n place_from place_to product qty_milli store",
    "ledger.on_hand": "product qty_milli store",
    "api.turnover": "back baskets business_date document line_count lines_of member mixed net_minor sign"
    " store",
    "api.turnover_goods": "back baskets business_date category document lead line_count member net_minor"
    " store",
    "api.turnover_paid": "back baskets business_date document lead line_count member net_minor store tender",
    "api.clearing": "account amount_minor business_date document issuer n spender",
    "api.value_moves": "amount_minor business_date document kind n part posted_at receipt rule sign"
    " staff_number store what who",
    "api.till_events": "amount_minor business_date document staff_number store what who",
    "api.stock_movement": "business_date cost_minor document kind n place_from place_to posted_at product"
    " qty_milli receipt store who",
    "shop.unit": "code id kind name parent",
    "shop.barcode": "code product",
    "shop.category": "active code id name parent",
    "shop.product": "active base_unit category code id kind name tax_code tokens",
    "shop.chain": "currency demo minor_digits name time_zone",
}


# A view over several tables refuses before anybody's privilege is looked at.
REFUSALS = (InsufficientPrivilege, ObjectNotInPrerequisiteState, WrongObjectType)


def tables(shop: Shop) -> list[str]:
    found = shop.rows(
        "select format('%%I.%%I', n.nspname, c.relname)"
        " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = any (%s) and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1",
        SCHEMAS,
    )
    return [str(name) for (name,) in found]


def writes(shop: Shop, table: str) -> dict[str, str]:
    """One statement of each way to write `table` that needs this one privilege and touches no row."""
    column = shop.rows(
        "select quote_ident(attname) from pg_attribute where attrelid = %s::regclass and attnum > 0"
        " and not attisdropped and attidentity = '' and attgenerated = '' limit 1",
        table,
    )[0][0]
    return {
        "insert": f"insert into {table}({column}) select (null::{table}).{column} where false",
        "update": f"update {table} set {column} = null where false",
        "delete": f"delete from {table} where false",
        "truncate": f"truncate {table}",
    }


def is_view(shop: Shop, table: str) -> bool:
    return shop.rows("select relkind = 'v' from pg_class where oid = %s::regclass", table) == [(True,)]


@contextmanager
def as_owner(shop: Shop) -> Iterator[Connection]:
    with shop.connect() as connection:
        connection.execute("set role huiyuan_owner")
        yield connection


def test_no_way_of_writing_any_table_is_open_to_a_signed_in_manager(shop: Shop) -> None:
    till = open_till(shop, 1, number=facts.MANAGER.number, pin=facts.MANAGER.pin)
    every = tables(shop)
    assert {"ledger.document", "ledger.account", "shop.price", "sec.staff"} <= set(every)
    let_through = []
    for table in every:
        for way, statement in writes(shop, table).items():
            try:
                till.connection.execute(statement.encode())
                let_through.append((table, way))
            except REFUSALS:
                pass
    till.connection.close()
    assert let_through == []


def test_control_the_owner_writes_all_tables_and_only_appends_to_the_append_only_ones(shop: Shop) -> None:
    with as_owner(shop) as connection:
        for table in tables(shop):
            if is_view(shop, table):  # nobody writes through one
                continue
            for way, statement in writes(shop, table).items():
                if way == "truncate" and is_referenced(shop, table):
                    continue
                if table in APPEND_ONLY and way != "insert":
                    with pytest.raises(InsufficientPrivilege):
                        connection.execute(statement.encode())
                else:
                    with connection.transaction(force_rollback=True):
                        connection.execute(statement.encode())


def is_referenced(shop: Shop, table: str) -> bool:
    asked = "select count(*) from pg_constraint where contype = 'f' and confrelid = %s::regclass"
    return shop.rows(asked, table) != [(0,)]


def test_append_only_holds_for_a_superuser_and_under_replica_too(shop: Shop) -> None:
    for till in sell_in_both_stores(shop):
        till.connection.close()
    for table in APPEND_ONLY:
        with shop.connect() as connection:
            connection.execute("set session_replication_role = replica")
            if connection.execute(f"select from {table} limit 1".encode()).rowcount:
                with pytest.raises(psycopg.Error) as caught:
                    connection.execute(f"delete from {table}".encode())
                assert caught.value.sqlstate == "HY002"
            with pytest.raises(psycopg.Error) as caught:
                connection.execute(f"truncate {table} cascade".encode())
            assert caught.value.sqlstate == "HY002"


def test_people_cards_accounts_and_secrets_are_never_selected(till: Tills, shop: Shop) -> None:
    manager = till(1)
    manager.sign_in(facts.MANAGER.number, facts.MANAGER.pin)
    for table in NEVER_READ:
        with pytest.raises(InsufficientPrivilege):
            manager.connection.execute(f"select from {table}".encode())
        with as_owner(shop) as connection:
            connection.execute(f"select from {table}".encode())


def test_the_columns_that_may_be_selected_are_these_and_no_others(shared_shop: Shop) -> None:
    for role in ("huiyuan_terminal", "huiyuan_report", facts.TILL_1):
        found = shared_shop.rows(
            "select format('%%I.%%I', n.nspname, c.relname),"
            " string_agg(a.attname, ' ' order by a.attname collate \"C\")"
            " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
            " where n.nspname = any (%s) and c.relkind in ('r', 'p', 'v', 'm', 'f')"
            " and has_column_privilege(%s, c.oid, a.attnum, 'select') group by 1",
            SCHEMAS,
            role,
        )
        assert dict(found) == READABLE  # type: ignore[arg-type]


def test_every_readable_table_of_the_ledger_is_under_row_level_security(shared_shop: Shop) -> None:
    open_tables = shared_shop.rows(
        "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'ledger' and c.relkind = 'r' and not c.relrowsecurity"
        " and has_any_column_privilege('huiyuan_terminal', c.oid, 'select')"
    )
    assert open_tables == []
    writing = shared_shop.rows("select tablename, cmd from pg_policies where cmd <> 'SELECT'")
    assert writing == []


def test_no_function_outside_the_api_is_callable_and_no_sequence_is_usable(shared_shop: Shop) -> None:
    callable_ones = shared_shop.rows(
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname = any (%s) and has_function_privilege(%s, p.oid, 'execute')",
        ["sec", "shop", "ledger", "guard", "public"],
        facts.TILL_1,
    )
    assert callable_ones == []
    history = shared_shop.rows(
        "select has_function_privilege(%s, 'api.post_history(uuid, int, jsonb)', 'execute')", facts.TILL_1
    )
    assert history == [(False,)]
    usable = shared_shop.rows(
        "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = any (%s)"
        " and case when c.relkind = 'S' then has_sequence_privilege(%s, c.oid, 'usage, select, update') end",
        SCHEMAS,
        facts.TILL_1,
    )
    assert usable == []


def test_every_definer_function_pins_its_search_path(shared_shop: Shop) -> None:
    loose = shared_shop.rows(
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname = any (%s) and p.prosecdef"
        " and not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false)",
        SCHEMAS,
    )
    assert loose == []


STORES_SEEN = {
    "ledger.document": "select distinct store from ledger.document",
    "ledger.line": "select distinct d.store from ledger.line l join ledger.document d on d.id = l.document",
    "ledger.posting": "select distinct d.store from ledger.posting p"
    " join ledger.document d on d.id = p.document",
    "ledger.stock_move": "select distinct store from ledger.stock_move",
    "ledger.on_hand": "select distinct store from ledger.on_hand",
}


def seen(connection: Connection, statement: str) -> set[object]:
    return {value for (value,) in connection.execute(statement.encode()).fetchall()}


def sell_in_both_stores(shop: Shop) -> tuple[Till, Till]:
    one, three = open_till(shop, 1), open_till(shop, 3)
    for till in (one, three):
        sell(till, open_shift(till), [line(1, facts.WATER)])
    return one, three


def test_rows_of_the_own_store_only(till: Tills, shop: Shop) -> None:
    one, three = till(1), till(3)
    for each in (one, three):
        sell(each, open_shift(each), [line(1, facts.WATER)])

    for statement in STORES_SEEN.values():
        assert seen(one.connection, statement) == {facts.STORE_1}
        assert seen(three.connection, statement) == {facts.STORE_2}
        with as_owner(shop) as connection:
            assert seen(connection, statement) == {facts.STORE_1, facts.STORE_2}


@pytest.mark.parametrize("table", ["ledger.line", "ledger.posting"])
def test_a_child_row_of_another_store_is_not_seen_without_a_join_either(
    till: Tills, shop: Shop, table: str
) -> None:
    one, three = till(1), till(3)
    for each in (one, three):
        sell(each, open_shift(each), [line(1, facts.WATER)])
    asked = f"select document from {table}"

    here, there = seen(one.connection, asked), seen(three.connection, asked)

    assert here
    assert there
    assert not here & there
    with as_owner(shop) as connection:
        assert seen(connection, asked) == here | there


def test_a_manager_with_the_permission_sees_the_stores_below_his_units(shop: Shop) -> None:
    manager = open_till(shop, 1, number=facts.MANAGER.number, pin=facts.MANAGER.pin)
    assert seen(manager.connection, STORES_SEEN["ledger.on_hand"]) == {facts.STORE_1, facts.STORE_2}

    with shop.connect() as connection:
        connection.execute(
            "update sec.staff set units = %s where number = %s", ([facts.STORE_1], facts.MANAGER.number)
        )

    assert seen(manager.connection, STORES_SEEN["ledger.on_hand"]) == {facts.STORE_1}
    manager.connection.close()


def test_nothing_is_seen_before_sign_in_after_it_or_from_a_blocked_seat(shop: Shop) -> None:
    statement = STORES_SEEN["ledger.on_hand"]
    with shop.connect(facts.TILL_1) as stranger:
        assert seen(stranger, statement) == set()

    till = open_till(shop, 1)
    assert seen(till.connection, statement) == {facts.STORE_1}
    with shop.connect() as connection:
        connection.execute("update sec.terminal set active = false where role = %s", (facts.TILL_1,))
    assert seen(till.connection, statement) == set()
    with shop.connect() as connection:
        connection.execute("update sec.terminal set active = true where role = %s", (facts.TILL_1,))
    till.call("sign_out")
    assert seen(till.connection, statement) == set()
    till.connection.close()


def test_a_setting_of_the_client_moves_nobody_into_another_store(shop: Shop) -> None:
    till = open_till(shop, 1)
    for setting in ("app.store", "huiyuan.store", "request.jwt.claims"):
        till.connection.execute(f"set {setting} = '{facts.STORE_2}'".encode())
    with pytest.raises(InsufficientPrivilege):
        till.connection.execute("set role huiyuan_owner")
    till.connection.execute("set row_security = off")  # asks for an error instead of a filter
    with pytest.raises(psycopg.Error, match="row-level security"):
        till.connection.execute("select store from ledger.on_hand")
    till.connection.execute("set row_security = on")
    assert seen(till.connection, STORES_SEEN["ledger.on_hand"]) == {facts.STORE_1}
    till.connection.close()


def test_a_reader_sees_the_rows_of_its_units_and_may_call_nothing_that_moves(
    shop: Shop, cluster: Cluster
) -> None:
    with cluster.alone(), shop.connect() as connection:
        connection.execute("drop role if exists r_region")
        connection.execute("create role r_region login in role huiyuan_report")
        connection.execute("insert into sec.reader(role, units) values ('r_region', %s)", ([facts.STORE_2],))
    with shop.connect("r_region") as reader:
        assert seen(reader, STORES_SEEN["ledger.on_hand"]) == {facts.STORE_2}
        for call in ("api.hello()", "api.rules()", "api.post(gen_random_uuid(), 1, '{}')"):
            with pytest.raises(InsufficientPrivilege):
                reader.execute(f"select {call}".encode())
        with shop.connect() as connection:
            connection.execute("update sec.reader set active = false")
        assert seen(reader, STORES_SEEN["ledger.on_hand"]) == set()
    with cluster.alone(), shop.connect() as connection:
        connection.execute("drop role r_region")
