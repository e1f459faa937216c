"""Somebody else's terminal, session, person, store or moment: who asks is decided by the server alone."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.refusals import refuse, standing
from tests.small_chain import (
    BREAD,
    BREAD_LINE,
    HQ,
    MILK,
    NORTH,
    SOUTH,
    Seat,
    SmallChain,
    cash,
    line,
    move,
)  # fmt: skip


def sale(seat: Seat, **parts: Any) -> dict[str, Any]:
    """A loaf of bread for cash."""
    whole = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350}
    return seat.document("sale", **{**whole, **parts})


def test_a_login_that_is_no_seat(seat: Seat, chain: SmallChain) -> None:
    body = sale(seat)
    chain.run("update sec.terminal set role = 'retired_x' where id = %s", seat.terminal)
    for call in ("post", "resend"):
        refuse(seat, body, "unknown_terminal", call=call)

    chain.run("update sec.terminal set role = %s where id = %s", seat.role, seat.terminal)
    assert "refused" not in seat.post(body)


def test_a_blocked_terminal_stops_at_once(seat: Seat, chain: SmallChain) -> None:
    body = sale(seat)
    chain.run("update sec.terminal set active = false where id = %s", seat.terminal)
    for call in ("post", "resend"):
        refuse(seat, body, "unknown_terminal", call=call)

    chain.run("update sec.terminal set active = true where id = %s", seat.terminal)
    assert "refused" not in seat.post(body)


def test_nobody_signed_in(seat: Seat, chain: SmallChain) -> None:
    body = sale(seat)
    chain.run("delete from sec.attached where session = %s", seat.session)
    refuse(seat, body, "not_signed_in")

    seat.attach(seat.session)
    assert "refused" not in seat.post(body)


@pytest.mark.parametrize(
    "ended",
    ["closed_at = clock_timestamp()", "ends_at = clock_timestamp() - interval '1 s'"],
    ids=["signed out", "twelve hours over"],
)
def test_a_session_that_ended_posts_nothing_new(seat: Seat, chain: SmallChain, ended: str) -> None:
    body = sale(seat)
    chain.run(f"update sec.session set {ended} where id = %s", seat.session)
    refuse(seat, body, "not_signed_in")

    seat.sign_in(seat.staff)
    assert "refused" not in seat.post({**body, "session": seat.session})


def test_a_process_number_that_came_back_inherits_no_session(seat: Seat, chain: SmallChain) -> None:
    body = sale(seat)
    pid = seat.connection.info.backend_pid
    chain.run("update sec.attached set backend_start = backend_start - interval '1 s' where pid = %s", pid)
    refuse(seat, body, "not_signed_in")

    seat.attach(seat.session)
    assert "refused" not in seat.post(body)


def test_a_session_of_another_terminal(seat: Seat, chain: SmallChain) -> None:
    other = chain.open_seat()
    for call in ("post", "resend"):
        body = sale(seat, session=other.session)
        refuse(seat, body, "wrong_session", call=call, session=other.session)
    seat.attach(other.session)
    refuse(seat, sale(seat, session=other.session), "not_signed_in")

    seat.attach(seat.session)
    assert "refused" not in seat.post(sale(seat))


def test_a_colleagues_session_of_the_same_terminal(seat: Seat, chain: SmallChain) -> None:
    theirs = chain.session(chain.managers[0], seat.terminal)
    for session in (theirs, 999_999, None, -1):
        refuse(seat, sale(seat, session=session), "wrong_session", session=session)

    assert "refused" not in seat.post(sale(seat, session=theirs), call="resend"), "the journal of that person"


@pytest.mark.parametrize(
    "ended",
    ["closed_at = clock_timestamp() - interval '25 h'", "ends_at = clock_timestamp() - interval '25 h'"],
)
def test_a_session_of_the_day_before_yesterday_resends_nothing(
    seat: Seat, chain: SmallChain, ended: str
) -> None:
    body = sale(seat)
    chain.run(f"update sec.session set {ended} where id = %s", seat.session)
    refuse(seat, body, "wrong_session", call="resend", session=seat.session)

    chain.run(f"update sec.session set {ended.replace('25 h', '23 h')} where id = %s", seat.session)
    assert "refused" not in seat.post(body, call="resend")


def test_somebody_who_left(seat: Seat, chain: SmallChain) -> None:
    person = chain.person("cashier", NORTH)
    seat.sign_in(person)
    body = sale(seat)
    chain.run("update sec.staff set active = false where id = %s", person)
    refuse(seat, body, "not_signed_in")
    refuse(seat, body, "staff_blocked", call="resend", staff=person)

    chain.run("update sec.staff set active = true where id = %s", person)
    assert "refused" not in seat.post(body)


def test_somebody_of_another_store(seat: Seat, chain: SmallChain) -> None:
    seat.sign_in(chain.person("manager", SOUTH))
    for call in ("post", "resend"):
        refuse(seat, sale(seat), "wrong_store", call=call, store=NORTH)

    seat.sign_in(chain.person("manager", HQ))
    assert "refused" not in seat.post(sale(seat)), "headquarters stands for every store below it"


def test_somebody_without_the_permission(seat: Seat, chain: SmallChain) -> None:
    sold = seat.post(sale(seat))
    card = chain.card(seat)
    trainee = chain.person("trainee", NORTH)
    give = {"of": sold["id"], "reason": "broken", "total_minor": 350}
    wanted: list[tuple[str, dict[str, Any], str]] = [
        ("return", {**give, "lines": [{"n": 1, "of": 1, "qty_milli": 1000}]}, "return"),
        ("reversal", give, "reverse"),
        ("top_up", {"wallet": card.wallet, "tenders": [cash(100)], "total_minor": 100}, "top_up"),
        ("stock_receipt", {"stock": [{"product": MILK, "qty_milli": 1}]}, "stock_receive"),
        ("adjustment", {"wallet": card.wallet, "reason": "why", "total_minor": 1,
                        "corrections": [{"account": "points", "amount": 1}]}, "adjust"),
        ("card_activation", {"cards": [move(card, "issued", "active")]}, "card_activate"),
    ]  # fmt: skip
    clerk = seat.staff
    seat.sign_in(trainee)
    for kind, parts, permission in wanted:
        refuse(seat, seat.document(kind, **parts), "not_permitted", permission=permission)
    seat.sign_in(clerk)
    seat.done(wanted[0][0], **wanted[0][1])


def test_an_amount_above_the_persons_limit(seat: Seat, chain: SmallChain) -> None:
    much = {"lines": [line(1, BREAD, 286_000, 350, 100100)], "tenders": [cash(100100)], "total_minor": 100100}
    refuse(seat, sale(seat, **much), "approval_needed", permission="sale", amount=100100, limit=100000)

    seat.sign_in(chain.managers[0])
    assert "refused" not in seat.post(sale(seat, **much))


def test_the_same_id_with_other_content_or_from_elsewhere(seat: Seat, chain: SmallChain) -> None:
    body = sale(seat)
    sold = seat.post(body)
    other = chain.open_seat()

    refuse(seat, {**body, "priced_at": body["occurred_at"]}, "id_reused", sold["id"], number=sold["number"])
    refuse(other, body, "id_reused", sold["id"], number=sold["number"])
    refuse(other, sale(other), "id_reused", sold["id"])

    assert seat.post(body, sold["id"])["replayed"] is True


def test_history_is_closed_to_terminals(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    body = {
        "kind": "opening_balance", "store": NORTH, "number": 1, "occurred_at": "2026-11-21T10:00:00Z",
        "wallet": card.wallet, "corrections": [{"account": "principal", "amount": 100}], "total_minor": 100,
    }  # fmt: skip
    for call in ("post", "resend"):
        refuse(seat, body, "not_permitted", call=call, permission="history")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        seat.ask("post_history", uuid.uuid4(), 1, Jsonb(body))

    with chain.shop.connect("proof_importer") as importer:
        call = "select api.post_history(%s, 1, %s)"
        answer = importer.execute(call, (uuid.uuid4(), Jsonb({**body, "number": 90_001}))).fetchone()
        assert answer is not None
        assert "refused" not in str(answer[0])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            importer.execute("select api.post(%s, 1, %s)", (uuid.uuid4(), Jsonb(body)))


def in_transaction(seat: Seat, opening: str, body: dict[str, Any]) -> dict[str, Any]:
    """Post inside a transaction of the client's own, and commit it."""
    seat.connection.execute(opening.encode())
    try:
        return seat.post(body)
    finally:
        seat.connection.execute("commit")


@pytest.mark.parametrize(
    "opening",
    [
        "begin isolation level repeatable read",
        "begin isolation level serializable",
        "begin; select pg_current_xact_id()",
    ],
)
def test_a_document_inside_a_transaction(seat: Seat, chain: SmallChain, opening: str) -> None:
    before = standing(chain)
    assert in_transaction(seat, opening, sale(seat)) | {"id": ""} == {
        "id": "", "refused": "in_transaction", "facts": {},
    }  # fmt: skip
    assert standing(chain) == before

    assert "refused" not in seat.post(sale(seat))


def test_a_default_of_the_session_is_no_way_around(seat: Seat, chain: SmallChain) -> None:
    seat.connection.execute("set default_transaction_isolation = 'repeatable read'")
    try:
        assert seat.post(sale(seat))["refused"] == "in_transaction"
    finally:
        seat.connection.execute("reset default_transaction_isolation")


def test_two_documents_do_not_share_a_transaction(seat: Seat, chain: SmallChain) -> None:
    """Else one of them could be shown to a member and rolled back with the other."""
    seat.connection.execute("begin")
    first, second = seat.post(sale(seat)), seat.post(sale(seat))
    seat.connection.execute("rollback")

    assert "refused" not in first
    assert second["refused"] == "in_transaction"
    assert chain.rows("select from ledger.document where id = %s", first["id"]) == []
