"""Signing in: a lockout that nothing escapes, sessions that end, one round trip."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import psycopg
import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import SignedIn
from huiyuan.repositories import sign_in
from huiyuan.repositories.demo_data import CHAIN_UID, DemoStaff
from huiyuan.repositories.secrets import staff_key
from tests import facts
from tests.cluster import Connection, Shop
from tests.faults.proxy import Proxy

WRONG_KEY = b"\x01" * 32


def signed_in(connection: Connection, person: DemoStaff, *, pin: str | None = None) -> SignedIn:
    return sign_in.sign_in(
        connection, chain=CHAIN_UID, attempt=uuid.uuid4(), staff_number=person.number, pin=pin or person.pin
    )


def guess(connection: Connection, number: str, key: bytes = WRONG_KEY) -> dict[str, Any]:
    """Both steps without the slow key; the first answer that is a refusal, else the second."""
    attempt = uuid.uuid4()
    begun = connection.execute("select api.sign_in_begin(%s, %s, %s)", (attempt, number, key)).fetchone()
    judged = connection.execute("select api.sign_in_finish(%s)", (attempt,)).fetchone()
    assert begun is not None
    assert judged is not None
    answer: Any = begun[0] if "refused" in begun[0] else judged[0]  # type: ignore[operator]
    return dict(answer)


def attempts(shop: Shop) -> int:
    return int(str(shop.rows("select count(*) from sec.sign_in_attempt")[0][0]))


def audited(shop: Shop, what: str) -> int:
    return int(str(shop.rows("select count(*) from sec.audit where what = %s", what)[0][0]))


def refused(shop: Shop, code: str) -> int:
    query = "select count(*) from sec.audit where what = 'refused' and facts->>'refused' = %s"
    return int(str(shop.rows(query, code)[0][0]))


def open_sessions(shop: Shop) -> int:
    return int(str(shop.rows("select count(*) from sec.session where closed_at is null")[0][0]))


def test_whoever_takes_over_a_seat_ends_the_session_of_before_and_a_mistyped_pin_ends_nobodys(
    shop: Shop,
) -> None:
    with shop.connect(facts.TILL_1) as connection:
        first = signed_in(connection, facts.CASHIER)
        wrong = uuid.uuid4()
        with pytest.raises(Refused):
            sign_in.sign_in_by(connection, WRONG_KEY, wrong, facts.MANAGER.number, former=first.token)
        assert open_sessions(shop) == 1
        key = staff_key(facts.MANAGER.pin, chain=CHAIN_UID, number=facts.MANAGER.number)
        sign_in.sign_in_by(connection, key, uuid.uuid4(), facts.MANAGER.number, former=first.token)
        assert open_sessions(shop) == 1
        assert audited(shop, "switch") == 1
        with pytest.raises(Refused) as refusal:
            sign_in.resume(connection, first.token)
    assert refusal.value.code == "not_signed_in"


def test_a_right_pin_opens_a_session_that_says_what_the_person_may(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection:
        session = signed_in(connection, facts.CASHIER)

    assert session.staff.number == facts.CASHIER.number
    assert session.may("sale")
    assert session.permissions["return"].limit_minor == 20_000
    assert session.permissions["discount"].limit_bp == 500
    assert not session.may("staff")
    assert session.next_number >= 1
    assert session.shift is None
    assert len(session.token) == 32
    assert session.token.hex() not in repr(session)
    assert audited(shop, "sign_in") == 1
    assert shop.rows("select count(*) from sec.session where resume_hash = sha256(%s)", session.token) == [
        (1,)
    ]


def test_five_wrong_guesses_lock_the_number_at_this_terminal_only(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as here, shop.connect(facts.TILL_2) as there:
        answers = [guess(here, facts.CASHIER.number) for _ in range(7)]

        assert [answer["facts"].get("tries_left") for answer in answers] == [4, 3, 2, 1, 0, None, None]
        assert [answer["refused"] for answer in answers[5:]] == ["locked", "locked"]
        assert answers[5]["facts"] == {"minutes": 15}
        with pytest.raises(Refused, match="locked"):
            signed_in(here, facts.CASHIER)
        assert signed_in(there, facts.CASHIER).staff.number == facts.CASHIER.number
    assert attempts(shop) == 6  # a locked number stores no guess
    assert (refused(shop, "wrong_pin"), refused(shop, "locked")) == (5, 3)


def test_a_right_guess_in_between_forgives_the_wrong_ones(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection:
        for _ in range(4):
            guess(connection, facts.CASHIER.number)
        signed_in(connection, facts.CASHIER)

        assert guess(connection, facts.CASHIER.number)["facts"] == {"tries_left": 4}


def test_the_lock_is_over_after_fifteen_minutes(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection, shop.connect() as admin:
        for _ in range(5):
            guess(connection, facts.CASHIER.number)
        admin.execute("update sec.staff set pin_changed_at = pin_changed_at - interval '1 day'")
        older = b"update sec.sign_in_attempt set at = at - interval '%d minutes'"
        admin.execute(older % 14)
        assert guess(connection, facts.CASHIER.number)["facts"] == {"minutes": 1}
        admin.execute(older % 1)
        assert guess(connection, facts.CASHIER.number)["facts"] == {"tries_left": 4}


def test_an_unknown_number_behaves_like_a_wrong_pin(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection:
        known = [guess(connection, facts.CASHIER.number) for _ in range(6)]
        unknown = [guess(connection, "77707770") for _ in range(6)]

    assert unknown == known
    rows = shop.rows("select facts::text from sec.audit where facts::text like '%%77707770%%'")
    assert rows == []  # it may be a PIN typed into the wrong field


def test_one_hostile_till_does_not_lock_a_person_out_elsewhere_but_fifty_guesses_do(shop: Shop) -> None:
    row = (
        "insert into sec.sign_in_attempt(id, staff_number, terminal, guess, at)"
        " select gen_random_uuid(), %s, %s, '\\x00', clock_timestamp() - make_interval(mins => n)"
        " from generate_series(16, 15 + %s) n"
    )
    with shop.connect() as admin, shop.connect(facts.TILL_2) as connection:
        admin.execute("update sec.staff set pin_changed_at = pin_changed_at - interval '2 hours'")
        admin.execute(row, (facts.CASHIER.number, 1, 20))  # all that one till can do in an hour
        signed_in(connection, facts.CASHIER)

        admin.execute(row, (facts.CASHIER.number, 3, 30))
        with pytest.raises(Refused, match="locked"):
            signed_in(connection, facts.CASHIER)
        assert signed_in(connection, facts.SUPERVISOR).staff.number == facts.SUPERVISOR.number


def test_a_terminal_that_tries_one_pin_on_everybody_is_locked(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as here, shop.connect(facts.TILL_2) as there:
        answers = [guess(here, str(100 + n))["refused"] for n in range(32)]

        assert answers == ["wrong_pin"] * 30 + ["locked"] * 2
        assert guess(there, "100")["refused"] == "wrong_pin"


def test_guesses_from_many_connections_at_once_are_counted_one_by_one(shop: Shop) -> None:
    barrier = threading.Barrier(8)
    codes: list[str] = []

    def try_some() -> None:
        with shop.connect(facts.TILL_1) as connection:
            barrier.wait()
            codes.extend(guess(connection, facts.CASHIER.number)["refused"] for _ in range(4))

    threads = [threading.Thread(target=try_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(codes) == 32
    assert attempts(shop) == 5
    assert codes.count("wrong_pin") == 5


def test_a_person_of_another_store_is_refused_and_it_counts_as_no_wrong_guess(shop: Shop) -> None:
    with shop.connect(facts.TILL_3) as connection:
        with pytest.raises(Refused) as caught:
            signed_in(connection, facts.CASHIER_S01)
        assert (caught.value.code, dict(caught.value.facts)) == ("wrong_store", {"store": facts.STORE_2})
        assert guess(connection, facts.CASHIER_S01.number)["facts"] == {"tries_left": 4}
        with pytest.raises(Refused, match="not_signed_in"):
            sign_in.proposals(connection)
    assert shop.rows("select count(*) from sec.session") == [(0,)]


def test_a_token_opens_its_session_for_another_connection_of_the_same_terminal_only(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as first, shop.connect(facts.TILL_1) as second:
        session = signed_in(first, facts.CASHIER)
        assert sign_in.resume(second, session.token).session == session.session
        sign_in.proposals(second)
        with shop.connect(facts.TILL_2) as other, pytest.raises(Refused, match="not_signed_in"):
            sign_in.resume(other, session.token)
        with pytest.raises(Refused, match="not_signed_in"):
            sign_in.resume(second, b"\x02" * 32)


@pytest.mark.parametrize("end", ["sign_out", "lock", "twelve hours", "leaves", "blocked terminal"])
def test_what_ends_a_session_ends_it_on_every_connection_and_for_its_token(shop: Shop, end: str) -> None:
    by_admin = {
        "twelve hours": "update sec.session set ends_at = clock_timestamp()",
        "leaves": "update sec.staff set active = false",
        "blocked terminal": "update sec.terminal set active = false",
    }
    with shop.connect(facts.TILL_1) as first, shop.connect(facts.TILL_1) as second, shop.connect() as admin:
        session = signed_in(first, facts.CASHIER)
        sign_in.resume(second, session.token)
        sign_in.proposals(second)

        if end == "sign_out":
            sign_in.sign_out(first)
        elif end == "lock":
            sign_in.lock(first)
        else:
            admin.execute(by_admin[end].encode())

        code = "unknown_terminal" if end == "blocked terminal" else "not_signed_in"
        for connection in (first, second):
            with pytest.raises(Refused, match=code):
                sign_in.proposals(connection)
        with pytest.raises(Refused, match=code):
            sign_in.resume(second, session.token)


def test_signing_out_twice_or_without_a_session_is_no_error(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection:
        signed_in(connection, facts.CASHIER)
        sign_in.sign_out(connection)
        sign_in.sign_out(connection)
        sign_in.lock(connection)
    assert audited(shop, "sign_out") == 1


def test_connections_that_are_gone_are_swept_at_the_next_sign_in(shop: Shop) -> None:
    for _ in range(3):
        with shop.connect(facts.TILL_1) as connection:
            signed_in(connection, facts.CASHIER)
    with shop.connect(facts.TILL_1) as connection:
        signed_in(connection, facts.CASHIER)
        assert shop.rows("select pid from sec.attached") == [(connection.info.backend_pid,)]


def test_an_own_pin_is_changed_with_the_old_one_and_ends_the_other_sessions(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection, shop.connect(facts.TILL_2) as elsewhere:
        signed_in(connection, facts.CASHIER)
        signed_in(elsewhere, facts.CASHIER)
        change(connection, "5830")

        sign_in.proposals(connection)
        with pytest.raises(Refused, match="not_signed_in"):
            sign_in.proposals(elsewhere)
        with pytest.raises(Refused, match="wrong_pin"):
            signed_in(elsewhere, facts.CASHIER)
        assert signed_in(elsewhere, facts.CASHIER, pin="5830").staff.number == facts.CASHIER.number
    assert audited(shop, "change_pin") == 1


def change(connection: Connection, new_pin: str, *, old_pin: str | None = None) -> None:
    sign_in.change_pin(
        connection,
        chain=CHAIN_UID,
        attempt=uuid.uuid4(),
        staff_number=facts.CASHIER.number,
        old_pin=old_pin or facts.CASHIER.pin,
        new_pin=new_pin,
    )


def test_a_pin_that_anybody_would_guess_first_is_refused_before_it_leaves(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection:
        signed_in(connection, facts.CASHIER)
        for new_pin in ("123", "1111", "1234", "9876", "12a4", "1234567890123", "１２３４"):
            with pytest.raises(Refused, match=r"pin_format|pin_too_simple"):
                change(connection, new_pin)
    assert attempts(shop) == 1


def test_a_wrong_old_pin_changes_nothing_and_counts(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection:
        signed_in(connection, facts.CASHIER)
        with pytest.raises(Refused) as caught:
            change(connection, "5830", old_pin="4711")
        assert (caught.value.code, dict(caught.value.facts)) == ("wrong_pin", {"tries_left": 4})
        assert signed_in(connection, facts.CASHIER).staff.number == facts.CASHIER.number


def test_a_proof_by_another_number_changes_no_pin(shop: Shop) -> None:
    with shop.connect(facts.TILL_1) as connection:
        signed_in(connection, facts.CASHIER)
        before = shop.rows("select verifier from sec.staff order by id")
        with pytest.raises(Refused, match="unknown_attempt"):
            sign_in.change_pin(
                connection,
                chain=CHAIN_UID,
                attempt=uuid.uuid4(),
                staff_number=facts.SUPERVISOR.number,
                old_pin=facts.SUPERVISOR.pin,
                new_pin="5830",
            )
    assert shop.rows("select verifier from sec.staff order by id") == before


def test_signing_in_takes_one_round_trip_and_the_whole_start_three(shop: Shop, proxy: Proxy) -> None:
    proxy.delay_ms = 20  # so that whoever waits for an answer is seen to wait
    with psycopg.connect(proxy.url(facts.TILL_1), autocommit=True) as connection:
        connected = proxy.count.round_trips
        found = sign_in.hello(connection)
        greeted = proxy.count.round_trips
        session = sign_in.sign_in(
            connection,
            chain=found.chain.uid,
            attempt=uuid.uuid4(),
            staff_number=facts.CASHIER.number,
            pin=facts.CASHIER.pin,
        )
        signed = proxy.count.round_trips
    with psycopg.connect(proxy.url(facts.TILL_1), autocommit=True) as connection:
        before = proxy.count.round_trips
        sign_in.resume(connection, session.token)
        resumed = proxy.count.round_trips

    assert (greeted - connected, signed - greeted, resumed - before) == (1, 1, 1)
