"""Seats: enrolled by a manager, blocked at once, and never more than a seat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.repositories import sign_in, staff
from huiyuan.repositories.enrol import (
    SeatRefused,
    Server,
    find_seats,
    make_request,
    new_password,
    scram_verifier,
    write_seat,
)
from huiyuan.repositories.secrets import IndexKey, KeyFileRefused
from tests import facts
from tests.cluster import Connection, Shop
from tests.repositories.test_sign_in import signed_in

ROLE = "t_new_seat"


@pytest.fixture
def manager(shop: Shop) -> Iterator[Connection]:
    """A manager who is signed in at till 1; the logins that a test made go with it."""
    with shop.connect(facts.TILL_1) as connection:
        signed_in(connection, facts.MANAGER)
        yield connection
    with shop.connect() as admin:
        admin.execute(f"drop role if exists {ROLE}".encode())
        admin.execute("alter role t_s01_c02 login")


def enrol(connection: Connection, **other: Any) -> staff.TerminalRow:
    given: dict[str, Any] = {"role": ROLE, "store": "S01", "code": "7", "drawer": None, "verifier": None}
    return staff.enrol_terminal(connection, **(given | other))


def test_a_new_seat_sells_in_its_store_with_limits_that_a_client_cannot_lift(
    shop: Shop, manager: Connection
) -> None:
    made = enrol(manager)

    with shop.connect(ROLE) as connection:
        told = sign_in.hello(connection)
        assert (told.store.code, told.terminal.code, told.terminal.drawer) == ("S01", "7", made.drawer)
        assert signed_in(connection, facts.CASHIER).may("sale")
        shown = {
            name: connection.execute(f"show {name}".encode()).fetchone()
            for name in ("temp_file_limit", "statement_timeout", "idle_in_transaction_session_timeout")
        }
        assert shown == {
            "temp_file_limit": ("256MB",),
            "statement_timeout": ("30s",),
            "idle_in_transaction_session_timeout": ("5s",),
        }
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("set temp_file_limit = -1")
    assert [each.role for each in staff.listed_terminals(manager)] == sorted([*roles(), ROLE])
    audited = "select facts->>'role' from sec.audit where what = 'terminal_enrol'"
    assert shop.rows(audited) == [(ROLE,)]


def roles() -> list[str]:
    return [facts.TILL_1, facts.TILL_2, facts.TILL_3]


def test_a_seat_has_four_connections(shop: Shop, manager: Connection) -> None:
    enrol(manager)
    held = [shop.connect(ROLE) for _ in range(4)]
    with pytest.raises(psycopg.OperationalError, match="too many connections"):
        shop.connect(ROLE)
    for connection in held:
        connection.close()


NO_SEATS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"role": "postgres"}, "malformed"),
    ({"role": "t_x; drop role huiyuan_owner"}, "malformed"),
    ({"role": 't_"x'}, "malformed"),
    ({"role": "T_X"}, "malformed"),
    ({"role": "t_" + "x" * 41}, "malformed"),
    ({"code": "000"}, "malformed"),
    ({"code": "1234"}, "malformed"),
    ({"verifier": "secret"}, "malformed"),
    ({"store": "S99"}, "unknown_unit"),
    ({"store": "EAST"}, "unknown_unit"),
    ({"drawer": 3}, "unknown_drawer"),  # the other store's
    ({"code": "01"}, "seat_taken"),
    ({"role": facts.TILL_2}, "role_taken"),
)


def test_a_seat_that_cannot_be_is_not_made(shop: Shop, manager: Connection) -> None:
    query = "select rolname from pg_roles union all select role || store || code from sec.terminal order by 1"
    before = shop.rows(query)
    for other, code in NO_SEATS:
        with pytest.raises(Refused) as caught:
            enrol(manager, **other)
        assert (other, caught.value.code) == (other, code)
    assert shop.rows(query) == before


def test_a_login_that_is_no_terminal_is_never_taken_over(shop: Shop, manager: Connection) -> None:
    with shop.connect() as admin:
        admin.execute(f"create role {ROLE} superuser login")
    with pytest.raises(Refused, match="role_taken"):
        enrol(manager)
    with shop.connect() as admin:
        with pytest.raises(psycopg.errors.DuplicateObject):
            admin.execute("select sec.make_login(%s, null)", (ROLE,))
        with pytest.raises(psycopg.errors.InvalidParameterValue):
            admin.execute("select sec.make_login('postgres', null)")


def test_the_same_seat_again_gets_new_credentials_and_is_active_again(
    shop: Shop, manager: Connection
) -> None:
    first = enrol(manager)
    staff.block_terminal(manager, role=ROLE)
    again = enrol(manager, verifier=scram_verifier(new_password()))
    assert (again.id, again.drawer, again.active) == (first.id, first.drawer, True)
    with shop.connect(ROLE) as connection:
        assert sign_in.hello(connection).terminal.id == first.id


def test_a_blocked_terminal_is_out_at_once_its_connections_too(shop: Shop, manager: Connection) -> None:
    stolen = shop.connect(facts.TILL_2)
    token = signed_in(stolen, facts.CASHIER).token
    stolen.execute("begin")
    with shop.connect() as admin:
        stolen.execute("select api.sign_in_begin(gen_random_uuid(), '99', %s)", (b"\x01" * 32,))
        assert staff.block_terminal(manager, role=facts.TILL_2) == 1  # although it holds its own row

        with pytest.raises(psycopg.OperationalError):
            stolen.execute("select api.hello()")
        with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
            shop.connect(facts.TILL_2)
        admin.execute("alter role t_s01_c02 login")  # even if a connection came through
        with shop.connect(facts.TILL_2) as late:
            for call in (sign_in.hello, lambda line: sign_in.resume(line, token)):
                with pytest.raises(Refused, match="unknown_terminal"):
                    call(late)
    stolen.close()
    assert shop.rows("select count(*) from sec.session where terminal = 2 and closed_at is null") == [(0,)]
    assert ("terminal_block",) in shop.rows("select what from sec.audit")


def test_control_without_ending_its_connections_a_login_that_is_barred_goes_on(shop: Shop) -> None:
    with shop.connect(facts.TILL_2) as stolen, shop.connect() as admin:
        signed_in(stolen, facts.CASHIER)
        admin.execute("alter role t_s01_c02 nologin")
        try:
            assert sign_in.proposals(stolen) == ()
        finally:
            admin.execute("alter role t_s01_c02 login")


@pytest.mark.parametrize(
    ("role", "code"), [(facts.TILL_1, "own_terminal"), ("huiyuan_owner", "unknown_role")]
)
def test_the_own_seat_and_what_is_no_seat_cannot_be_blocked(
    shop: Shop, manager: Connection, role: str, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        staff.block_terminal(manager, role=role)
    assert shop.rows("select bool_and(active) from sec.terminal") == [(True,)]


def test_terminals_are_a_managers_business_and_of_his_stores(shop: Shop, manager: Connection) -> None:
    attempts: tuple[Callable[[Connection], object], ...] = (
        enrol,
        staff.listed_terminals,
        lambda connection: staff.block_terminal(connection, role=facts.TILL_3),
    )
    with shop.connect(facts.TILL_2) as connection:
        signed_in(connection, facts.SUPERVISOR)
        for attempt in attempts:
            with pytest.raises(Refused, match="not_permitted"):
                attempt(connection)
    with shop.connect() as admin:
        admin.execute(
            "update sec.staff set units = array[%s] where number = %s", (facts.STORE_1, facts.MANAGER.number)
        )
    with pytest.raises(Refused, match="unknown_role"):
        staff.block_terminal(manager, role=facts.TILL_3)
    with pytest.raises(Refused, match="unknown_unit"):
        enrol(manager, store="S02")
    assert [each.role for each in staff.listed_terminals(manager)] == [facts.TILL_1, facts.TILL_2]


def seat_in(folder: Path, **other: Any) -> Any:
    given: dict[str, Any] = {
        "role": ROLE,
        "store": "S01",
        "code": "7",
        "server": Server("db.example", 5432, "huiyuan"),
        "index_key": IndexKey(b"\x07" * 32),
        "password": "word",
    }
    return write_seat(folder, **(given | other))


def test_a_seats_folder_keeps_its_secrets_to_its_owner_and_out_of_the_address(tmp_path: Path) -> None:
    seat = seat_in(tmp_path / "seat")
    make_request(seat)

    assert find_seats(tmp_path) == (seat,)
    modes = {path.name: path.stat().st_mode & 0o777 for path in seat.folder.iterdir()}
    assert {modes[name] for name in ("index.key", "pgpass", "client.key")} == {0o600}
    assert seat.folder.stat().st_mode & 0o777 == 0o700
    assert "word" not in seat.url()
    assert "sslmode=verify-full" in seat.url()
    assert seat.index_key().token("number", "88000001") == IndexKey(b"\x07" * 32).token("number", "88000001")
    with pytest.raises(SeatRefused, match="seat_exists"):
        seat_in(seat.folder)
    seat.folder.joinpath("index.key").chmod(0o640)
    with pytest.raises(KeyFileRefused, match="key_open_to_others"):
        seat.index_key()


def test_what_would_break_out_of_the_file_is_refused(tmp_path: Path) -> None:
    for other in ({"role": "postgres"}, {"store": 'S"1'}, {"server": Server("a\nb", 1, "c")}):
        with pytest.raises(SeatRefused, match="seat_malformed"):
            seat_in(tmp_path / "seat", **other)
    assert list(tmp_path.iterdir()) == []
