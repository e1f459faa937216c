"""Around the door: what a terminal's login may say to the database directly, which is close to nothing."""

from __future__ import annotations

from typing import Final

import psycopg
import pytest

from tests.refusals import refuse, standing
from tests.small_chain import BREAD_LINE, Seat, SmallChain, cash

WRITES: Final = (
    "update ledger.account set balance = 99999",
    "insert into ledger.reversed(document, by) values (gen_random_uuid(), gen_random_uuid())",
    "insert into ledger.lot(account, kind, document, store, amount, remaining)"
    " select min(id), 'principal', gen_random_uuid(), 2, 5, 5 from ledger.account",
    "update ledger.lot set remaining = amount",
    "update ledger.on_hand set qty_milli = 0",
    "update ledger.shift set closed_at = null",
    "update ledger.kind set guards = '{}', approval_above_minor = null",
    "insert into ledger.kind_pair values ('sale', 'tender', 'cash', 'principal')",
    "delete from ledger.returned",
    "update shop.price set amount_minor = 1",
    "update shop.rule_version set max_bp = 10000",
    "update shop.card set state = 'active' where wallet is not null",
    "update shop.wallet set pin_verifier = null",
    "insert into shop.card_token(kind, hmac, card) select 'uid', 'x', min(id) from shop.card",
    "update shop.chain set pin_floor_minor = 1000000000",
    "update sec.staff set duty = 'manager'",
    "update sec.permission set limit_minor = null",
    "update sec.terminal set store = 3",
    "insert into sec.session(staff, terminal, resume_hash) select 1, min(id), 'x' from sec.terminal",
    "update sec.attached set session = 1",
    "update sec.proposal set ok_at = now()",
    "delete from sec.pin_attempt",
)
READS: Final = (
    "select k from sec.pepper",
    "select verifier from sec.staff",
    "select resume_hash from sec.session",
    "select guess from sec.pin_attempt",
    "select guess from sec.sign_in_attempt",
    "select facts from sec.audit",
    "select name from shop.member",
    "select pin_verifier from shop.wallet",
    "select hmac from shop.card_token",
    "select number from shop.card",
    "select balance from ledger.account",
    "select delta from ledger.entry",
    "select remaining from ledger.lot",
    "select body from ledger.document",
    "select result from ledger.document",
    "select reference from ledger.posting",
    "select body from sec.proposal",
    "select guards from ledger.kind",
)
CALLS: Final = (
    "select ledger.post(gen_random_uuid(), 1, '{}', 'history')",
    "select ledger.post_document(gen_random_uuid(), 1, '{}', 'live')",
    "select ledger.write_document(null)",
    "select ledger.heads()",
    "select sec.write_audit(1, 1, 'x', null, '{}')",
    "select sec.session_here()",
    "select sec.judge_card_pin(gen_random_uuid(), gen_random_uuid(), 1)",
    "select ledger.verify()",
)
POWERS: Final = (
    "set role huiyuan_owner",
    "set role huiyuan_import",
    "set role huiyuan_admin",
    "set role proof_60",
    "set session authorization huiyuan_admin",
    "set session_replication_role = replica",
    "create temp table account(id int)",
    "create table public.account(id int)",
    "create schema mine",
    "create table api.x(id int)",
    "create function pg_temp.x(bytea) returns bytea language sql as 'select $1'",
    "create function public.x() returns int language sql as 'select 1'",
    "create or replace function api.home() returns jsonb language sql as 'select null::jsonb'",
    "alter table ledger.entry disable trigger no_change",
    "drop trigger no_change on ledger.entry",
    "alter function api.post(uuid, int, jsonb) reset all",
    "truncate ledger.outbox",
    "do $$ begin lock table ledger.account in access exclusive mode; end $$",
    "select lo_create(0)",
    "select lo_from_bytea(0, 'x')",
    "copy ledger.account to program 'cat'",
    "alter role current_user createrole",
    "create role mine",
    "grant huiyuan_owner to current_user",
    "alter system set fsync = off",
    "do language plpgsql $$ begin"
    " perform pg_terminate_backend(pid) from pg_stat_activity where usename = 'huiyuan_admin'; end $$",
)


@pytest.fixture
def busy(chain: SmallChain) -> Seat:
    """A till with somebody signed in."""
    return chain.seat()


@pytest.mark.parametrize("statement", [*WRITES, *READS, *CALLS, *POWERS])
def test_a_terminal_may_not(busy: Seat, chain: SmallChain, statement: str) -> None:
    before = standing(chain)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        busy.connection.execute(statement.encode())
    assert standing(chain) == before


@pytest.mark.parametrize("statement", [*WRITES, *READS])
def test_the_same_statement_works_for_the_superuser(seat: Seat, chain: SmallChain, statement: str) -> None:
    """The control: nothing above is refused for another reason than the missing right."""
    chain.card(seat)
    with chain.shop.connect() as admin:
        admin.execute("begin")
        admin.execute(statement.encode())
        admin.execute("rollback")


def test_only_the_api_may_be_called(chain: SmallChain) -> None:
    callable_ = (
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname in ('sec', 'shop', 'ledger', 'guard', 'public')"
        " and has_function_privilege('huiyuan_terminal', p.oid, 'execute')"
        " and has_schema_privilege('huiyuan_terminal', n.oid, 'usage')"
    )
    assert chain.rows(callable_) == []


def test_every_function_pins_its_search_path_with_temp_last(chain: SmallChain) -> None:
    loose = (
        "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname in ('sec', 'shop', 'ledger', 'guard', 'api')"
        " and not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false)"
    )
    assert chain.rows(loose) == []


def test_what_runs_with_the_owners_rights_is_the_api_and_named_exceptions(chain: SmallChain) -> None:
    definers = (
        "select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prosecdef"
        " and n.nspname in ('sec', 'shop', 'ledger', 'guard')"
        " and has_schema_privilege('huiyuan_terminal', n.oid, 'usage')"
        " and has_function_privilege('huiyuan_terminal', p.oid, 'execute')"
    )
    assert chain.rows(definers) == []
    invokers = (
        "select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname = 'api' and not p.prosecdef"
    )
    assert chain.rows(invokers) == []


SETTINGS: Final = (
    "set search_path = pg_temp, public",
    "set standard_conforming_strings = off",
    "set array_nulls = off",
    "set transform_null_equals = on",
    "set bytea_output = 'escape'",
    "set datestyle = 'SQL, DMY'",
    "set timezone = 'Pacific/Kiritimati'",
    "set plan_cache_mode = force_custom_plan",
    "set row_security = off",
    "set intervalstyle = 'sql_standard'",
    "set enable_indexscan = off",
    "set enable_hashjoin = off",
    "set lock_timeout = 0",
    "set statement_timeout = 0",
    "set xmloption = document",
    "set escape_string_warning = off",
)


def test_no_setting_of_the_client_changes_a_verdict(seat: Seat, chain: SmallChain) -> None:
    """A fresh connection, because functions are read under the settings of their first call."""
    with chain.shop.connect(seat.role) as fresh:
        for setting in SETTINGS:
            fresh.execute(setting.encode())
        kept, seat.connection = seat.connection, fresh
        try:
            seat.attach(seat.session)
            sale = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350}
            sold = seat.done("sale", **sale)
            refuse(seat, seat.document("sale", **sale, reason="a\u202eb"), "malformed", detail="reason")
            refuse(seat, seat.document("sale", **{**sale, "total_minor": 349}), "total_differs", total=350)
            refuse(seat, seat.document("sale", **sale, memo="x"), "unknown_key", key="memo")
        finally:
            seat.connection = kept
    faults = chain.rows("select * from ledger.verify() where id = %s", sold["id"])
    assert faults == []


def test_a_terminal_sees_no_row_of_another_store(seat: Seat, chain: SmallChain) -> None:
    south = chain.open_seat(3)
    theirs = south.shift
    mine = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)

    seen = {str(id) for (id,) in seat.connection.execute("select id from ledger.document").fetchall()}

    assert mine["id"] in seen
    assert theirs not in seen
