"""Nobody becomes somebody else: not another role, not another terminal, not another person.

Each attempt has its control: the same statement by the owner works, or the honest way does.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from huiyuan.domain.model.errors import Refused
from huiyuan.repositories import sign_in
from huiyuan.repositories.demo_data import CHAIN_UID
from huiyuan.repositories.secrets import staff_key
from tests import facts
from tests.cluster import Connection, Shop
from tests.repositories.test_sign_in import WRONG_KEY, guess, signed_in


def answer(connection: Connection, statement: str, *values: object) -> Any:
    row: Any = connection.execute(statement.encode(), values or None).fetchone()
    return row[0]


LEAVING = (
    "set role huiyuan_owner",
    "set role huiyuan_enroller",
    "set role huiyuan_import",
    "set role t_s01_c02",
    "set session authorization t_s01_c02",
    "set session authorization huiyuan_owner",
    "set session_replication_role = replica",
    "set temp_file_limit = -1",
    "set log_parameter_max_length = -1",
    "create role t_mine login",
    "grant huiyuan_owner to t_s01_c01",
    "alter role t_s01_c01 createrole",
    "alter role t_s01_c01 connection limit 100",
    "alter role t_s01_c02 nologin",
    "alter system set log_statement = 'all'",
    "create schema mine",
    "copy (select 1) to program 'true'",
    "copy (select 1) to '/tmp/huiyuan-attack'",
    "select pg_read_file('postgresql.conf')",
    "create temp table staff(x int)",
    "create table public.staff(x int)",
    "create function public.sha256(bytea) returns bytea language sql as 'select $1'",
    "select lo_creat(-1)",
    "select lo_create(0)",
    "select lo_from_bytea(0, '\\x00')",
    "select sec.make_login('t_mine', null)",
    "select sec.close_login('t_s01_c02')",
    "select ledger.post(gen_random_uuid(), 1, '{}', 'live')",
)
NOT_TRIED_AS_OWNER = ("to program", "/tmp/", "alter system")


def test_a_signed_in_manager_cannot_leave_the_terminals_role(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection, shop.connect() as admin:
        signed_in(connection, facts.MANAGER)
        for statement in LEAVING:
            try:
                connection.execute(statement.encode())
                pytest.fail(statement)
            except InsufficientPrivilege:
                pass
            assert answer(connection, "select current_user || ' ' || session_user") == "t_s01_c01 t_s01_c01"
            if not any(word in statement for word in NOT_TRIED_AS_OWNER):
                # Control: it is the role that is refused, not the statement that is wrong.
                with admin.transaction(force_rollback=True):
                    admin.execute(statement.encode())


def test_a_variable_of_the_session_is_no_identity(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection:
        honest = answer(connection, "select api.hello()->'store'")
        for variable in ("app.store", "app.terminal", "huiyuan.role", "request.jwt.claims"):
            connection.execute("select set_config(%s, %s, false)", (variable, facts.TILL_3))
        connection.execute("set application_name = 't_s02_c01'")
        connection.execute("set role none")
        assert answer(connection, "select api.hello()->'store'") == honest
    with shop.connect() as admin:  # control: the login decides
        admin.execute("set session authorization t_s02_c01")
        assert answer(admin, "select api.hello()->'store'") != honest


def test_a_connection_of_another_terminal_cannot_be_ended_but_an_own_one_can(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as mine, shop.connect(facts.TILL_1) as twin:
        with shop.connect(facts.TILL_2) as other:
            with pytest.raises(InsufficientPrivilege):
                mine.execute("select pg_terminate_backend(%s)", (other.info.backend_pid,))
            with pytest.raises(InsufficientPrivilege):
                mine.execute("select pg_cancel_backend(%s)", (other.info.backend_pid,))
            other.execute("select 1")
        mine.execute("select pg_terminate_backend(%s, 2000)", (twin.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError):
            twin.execute("select 1")


def test_what_others_send_is_not_seen(shop: Shop) -> None:
    query = "select query from pg_stat_activity where pid = %s"
    with shop.connect(facts.TILL_1) as mine, shop.connect(facts.TILL_2) as other, shop.connect() as admin:
        other.execute("select 'what another till sends'")
        pid = other.info.backend_pid
        assert mine.execute(query, (pid,)).fetchone() == ("<insufficient privilege>",)
        assert admin.execute(query, (pid,)).fetchone() == ("select 'what another till sends'",)


def test_a_document_that_names_a_session_of_another_terminal_is_refused(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as mine, shop.connect(facts.TILL_2) as other:
        own, foreign = signed_in(mine, facts.CASHIER), signed_in(other, facts.CASHIER)
        for mode in ("post", "resend"):
            for session, code in ((foreign.session, "wrong_session"), (own.session, None)):
                body = {"kind": "shift_open", "session": session, "number": 1, "counted_minor": 0}
                body |= {"total_minor": 0, "occurred_at": "2026-03-01T09:00:00+00:00"}
                with mine.transaction(force_rollback=True):
                    posted = answer(mine, f"select api.{mode}(%s, 1, %s)", uuid.uuid4(), json.dumps(body))
                assert posted.get("refused") == code


def test_a_reused_process_number_inherits_no_session(shop: Shop) -> None:
    older = "update sec.attached set backend_start = backend_start %s interval '1 second'"
    with shop.connect(facts.TILL_1) as connection, shop.connect() as admin:
        signed_in(connection, facts.CASHIER)
        admin.execute((older % "-").encode())
        with pytest.raises(Refused, match="not_signed_in"):
            sign_in.proposals(connection)
        admin.execute((older % "+").encode())
        sign_in.proposals(connection)


NAIVE = """
    create function api.naive(staff_number text, key bytea) returns text language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
    begin
      if (select count(*) from sec.naive n where n.number = staff_number) >= 5 then return 'locked'; end if;
      insert into sec.naive values (staff_number);
      return coalesce((select 'ok' from sec.staff f
                        where f.number = staff_number and f.verifier = sec.verifier(key)), 'wrong');
    end $$;
    create table sec.naive(number text);
    alter table sec.naive owner to huiyuan_owner;
    alter function api.naive owner to huiyuan_owner;
    grant execute on function api.naive to huiyuan_terminal
"""


def rolled_back(connection: Connection, statement: str, *values: object) -> Any:
    with connection.transaction(force_rollback=True):
        return answer(connection, statement, *values)


def test_eight_guesses_with_rolled_back_verdicts_are_five_and_then_locked(shop: Shop) -> None:
    codes = []
    with shop.connect(facts.TILL_1) as connection:
        for _ in range(8):
            attempt = uuid.uuid4()
            begun = answer(
                connection,
                "select api.sign_in_begin(%s, %s, %s)",
                attempt,
                facts.CASHIER.number,
                WRONG_KEY,
            )
            judged = rolled_back(connection, "select api.sign_in_finish(%s)", attempt)
            codes.append(begun.get("refused") or judged["refused"])
        assert codes == ["wrong_pin"] * 5 + ["locked"] * 3
        with pytest.raises(Refused, match="locked"):
            signed_in(connection, facts.CASHIER)
    trace = "select count(*) from sec.audit where what = 'sign_in_try'"
    assert shop.rows(trace) == [(5,)]  # rolling the verdict back leaves the trace of the try


def test_control_one_step_that_counts_and_judges_is_guessed_for_ever(shop: Shop) -> None:
    with shop.connect() as admin, shop.connect(facts.TILL_1) as connection:
        admin.execute(NAIVE.encode())
        values = (facts.CASHIER.number, WRONG_KEY)
        codes = [rolled_back(connection, "select api.naive(%s, %s)", *values) for _ in range(8)]
        assert codes == ["wrong"] * 8


@pytest.mark.parametrize("pin", ["right", "wrong"])
def test_a_guess_judged_in_its_own_transaction_says_nothing(shop: Shop, pin: str) -> None:
    number = facts.CASHIER.number
    key = staff_key(facts.CASHIER.pin, chain=CHAIN_UID, number=number) if pin == "right" else WRONG_KEY
    with shop.connect(facts.TILL_1) as connection:
        attempt = uuid.uuid4()
        with connection.transaction(force_rollback=True):
            begun = answer(connection, "select api.sign_in_begin(%s, %s, %s)", attempt, number, key)
            with connection.transaction():  # a savepoint is no transaction of its own
                judged = answer(connection, "select api.sign_in_finish(%s)", attempt)
            again = answer(connection, "select api.sign_in_begin(%s, %s, %s)", uuid.uuid4(), number, key)
        assert begun == {"attempt": str(attempt)}
        assert (judged["refused"], again["refused"]) == ("in_transaction", "in_transaction")
        late = answer(connection, "select api.sign_in_finish(%s)", attempt)
        assert late["refused"] == "unknown_attempt"
    assert shop.rows("select count(*) from sec.session") == [(0,)]


def test_an_old_snapshot_does_not_hide_the_guesses_made_meanwhile(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection:
        connection.execute("begin isolation level repeatable read")
        begun = answer(
            connection, "select api.sign_in_begin(%s, %s, %s)", uuid.uuid4(), facts.CASHIER.number, WRONG_KEY
        )
        connection.execute("rollback")
    assert begun["refused"] == "in_transaction"


def cost(connection: Connection, call: str, *values: object) -> tuple[int, int]:
    """What a statement, rolled back, shows its sender of itself: log records and their bytes.

    The least of several, because a page or a sequence is written down anew now and then.
    """
    found = []
    for _ in range(6):
        fresh = [uuid.uuid4() if value is None else value for value in values]
        with connection.transaction(force_rollback=True):
            plan = answer(connection, f"explain (analyze, wal, format json) select {call}", *fresh)
        found.append((plan[0]["Plan"]["WAL Records"], plan[0]["Plan"]["WAL Bytes"]))
    return min(found)


def test_a_rolled_back_guess_shows_nothing_in_its_own_log_records_either(shop: Shop) -> None:
    """EXPLAIN tells how much a statement wrote: that must not depend on whether the PIN is right."""
    number = facts.CASHIER.number
    right = staff_key(facts.CASHIER.pin, chain=CHAIN_UID, number=number)
    begin = "api.sign_in_begin(%s, %s, %s)"
    with shop.connect() as admin, shop.connect(facts.TILL_1) as connection:
        admin.execute(NAIVE.encode())
        guess(connection, "777")
        shown = [cost(connection, begin, None, number, key) for key in (right, WRONG_KEY)]
        unknown = cost(connection, begin, None, "7777", right)
        assert shown == [unknown, unknown]
        assert unknown > (0, 0)

        # Control: a begin that already writes down its verdict shows it.
        admin.execute(
            "create or replace function api.naive(staff_number text, key bytea) returns text language plpgsql"
            " security definer set search_path = pg_catalog, pg_temp as $$ begin insert into sec.naive select"
            " case when f.verifier = sec.verifier(key) then 'ok' else 'wrong' end from sec.staff f"
            " where f.number = staff_number; return ''; end $$"
        )
        told = [cost(connection, "api.naive(%s, %s)", number, key) for key in (right, WRONG_KEY)]
        assert told[0] != told[1]
