"""A sale rung up without the line: it stands whatever happened meanwhile, and opens no other door."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.refusals import refuse
from tests.small_chain import (
    BREAD,
    NORTH,
    POINTS,
    PROMOTION,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    by_points,
    cash,
    line,
    off,
    proof,
    stored,
)  # fmt: skip


def ago(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="milliseconds")


def offline(
    seat: Seat, price: int = 350, *, since: float = 2, rung: float = 1, **parts: Any
) -> dict[str, Any]:
    """A loaf of bread for cash, rung up an hour ago in an outage that began two hours ago."""
    body: dict[str, Any] = {
        "lines": [line(1, BREAD, 1000, price, price, price)], "tenders": [cash(price)], "total_minor": price,
        "offline_at": ago(since), "occurred_at": ago(rung),
    }  # fmt: skip
    return seat.document("sale", **body | parts)


def stands(seat: Seat, body: Any) -> dict[str, Any]:
    answer = seat.post(body, call="resend")
    assert "refused" not in answer, answer
    faults = seat.chain.rows("select * from ledger.verify()")
    assert [row for row in faults if row[0] != "card"] == []  # cards are put into states by hand here
    return answer


def reviews(chain: SmallChain, sold: dict[str, Any]) -> list[tuple[str, Any]]:
    return chain.rows("select what, amount_minor from sec.review where document = %s order by n", sold["id"])


def dearer(chain: SmallChain, hours: float, *, now: int = 400) -> None:
    """The price of bread changed so long ago."""
    at = datetime.now(UTC) - timedelta(hours=hours)
    chain.run("update shop.price set valid_to = %s where product = %s and list = 'retail'"
              " and store is null and valid_to is null", at, BREAD)  # fmt: skip
    chain.run("insert into shop.price(product, valid_from, amount_minor) values (%s, %s, %s)", BREAD, at, now)


@pytest.fixture
def bread(chain: SmallChain) -> Any:
    kept = chain.rows("select id, valid_to from shop.price where product = %s", BREAD)
    yield
    chain.run(
        "delete from shop.price where product = %s and not id = any(%s)", BREAD, [row[0] for row in kept]
    )
    for ident, until in kept:
        chain.run("update shop.price set valid_to = %s where id = %s", until, ident)


def noted(chain: SmallChain, sold: dict[str, Any]) -> list[tuple[str, Any]]:
    """What differed, stock aside: the small chain sells from an empty store."""
    return [row for row in reviews(chain, sold) if row[0] != "oversold"]


def test_a_sale_of_an_outage_stands_once(seat: Seat, chain: SmallChain) -> None:
    body, before = offline(seat), chain.drawer_cash(seat)
    sold = stands(seat, body)
    again = seat.post(body, sold["id"], call="resend")

    assert again["replayed"] is True
    assert again["head"] == sold["head"]
    assert chain.drawer_cash(seat) == before + 350
    assert noted(chain, sold) == []


def test_the_price_on_the_paper_stands_and_the_difference_is_noted(
    seat: Seat, chain: SmallChain, bread: None
) -> None:
    dearer(chain, 1.5)
    refuse(seat, offline(seat, offline_at=None), "price_changed")  # control: without the mark it is refused
    sold = stands(seat, offline(seat))

    assert sold["total_minor"] == 350
    assert noted(chain, sold) == [("price", -50)]


def test_a_price_of_before_the_outage(seat: Seat, chain: SmallChain, bread: None) -> None:
    dearer(chain, 3)
    refuse(seat, offline(seat), "price_changed", call="resend", now=400)
    refuse(seat, offline(seat, 1), "price_changed", call="resend")
    souths = chain.value(
        "select amount_minor from shop.price where product = %s and store = %s", BREAD, SOUTH
    )
    assert souths not in (350, 400)
    refuse(seat, offline(seat, souths), "price_changed", call="resend")


def test_it_is_only_taken_from_the_journal(seat: Seat) -> None:
    refuse(seat, offline(seat), "offline_refused", why="live")


@pytest.mark.parametrize(
    ("since", "rung"), [(25, 24), (9, 0.1), (1, 2), (-1, 0)],
    ids=["a day ago", "longer than a counter may", "rung up before it began", "to come"],
)  # fmt: skip
def test_the_span_is_bounded(seat: Seat, since: float, rung: float) -> None:
    refuse(seat, offline(seat, since=since, rung=rung), "offline_refused", call="resend", why="hours", most=8)


def test_nothing_of_a_member_is_spent(seat: Seat, chain: SmallChain) -> None:
    card: Card = chain.card(seat, principal=10_000)
    chain.give_points(seat, card, 1_000)
    ways = [[stored(card, 350)], [by_points(card, 350)], [cash(350, given_minor=400, kept_minor=50)],
            [{"kind": "mobile", "amount_minor": 350, "reference": "0042"}]]  # fmt: skip
    for tenders in ways:
        body = offline(seat, wallet=card.wallet, tenders=tenders, proofs=[proof(card)])
        refuse(seat, body, "offline_refused", call="resend", why="tender")
    stands(seat, offline(seat, tenders=[{"kind": "bank_card", "amount_minor": 350, "reference": "0042"}]))


def test_no_coupon_is_earned_or_used_without_the_line(seat: Seat, chain: SmallChain) -> None:
    token = uuid.uuid4().hex * 2
    earned = {"token": token, "last": "2345", "rule": PROMOTION, "version": 1}
    for parts in (
        {"coupons": [earned]},
        {"coupons": [{"token": token}]},
        {"adjustments": [{"line": 1, "source": "coupon", "amount_minor": 50, "coupon": token}]},
    ):
        answer = seat.post(offline(seat, **parts), call="resend")
        assert answer["refused"] in {"offline_refused", "arithmetic"}, answer
        if "coupons" in parts:
            assert answer["facts"] == {"why": "parts"}
    assert chain.value("select count(*) from shop.coupon where hmac = decode(%s, 'hex')", token) == 0
    stands(seat, offline(seat))  # control: the same without


def test_a_slip_of_an_outage_is_sent_once_it_stands(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    sold = stands(seat, offline(seat, wallet=card.wallet, message="instead", age_checked=18))
    assert chain.value("select count(*) from shop.outbox where document = %s", sold["id"]) == 1
    refuse(seat, seat.document("top_up", message="instead", tenders=[cash(100)]), "unknown_key")


@pytest.mark.parametrize("kind", ["return", "reversal", "top_up", "card_issue", "adjustment", "shift_close"])
def test_other_kinds_know_no_outage(seat: Seat, kind: str) -> None:
    body = seat.document(kind, offline_at=ago(1))
    refuse(seat, body, "unknown_key", call="resend", section="header", key="offline_at")


def test_no_discount_above_the_persons_own_limit(seat: Seat) -> None:
    lines = [line(1, BREAD, 1000, 350, 350, 50)]
    body = offline(seat, lines=lines, tenders=[cash(50)], total_minor=50, adjustments=[off(1, "manual", 300)])
    refuse(seat, body, "approval_needed", call="resend", permission="discount")


def test_caps_of_the_store(seat: Seat, chain: SmallChain) -> None:
    for key, value, why in (("offline_sales", "2", "sales"), ("offline_cash_minor", "1000", "cash")):
        chain.run("insert into shop.setting values (%s, %s, jsonb_build_array(%s::text))", NORTH, key, value)
        try:
            other = chain.open_seat()
            stands(other, offline(other))
            stands(other, offline(other))
            refuse(other, offline(other), "offline_refused", call="resend", why=why)
        finally:
            chain.run("delete from shop.setting where unit = %s and key = %s", NORTH, key)


def test_goods_that_are_gone_were_sold(seat: Seat, chain: SmallChain) -> None:
    body = offline(seat)
    chain.run("update shop.product set active = false where id = %s", BREAD)
    try:
        refuse(seat, offline(seat, offline_at=None), "unknown_product")
        assert noted(chain, stands(seat, body)) == [("product_gone", 350)]
    finally:
        chain.run("update shop.product set active = true where id = %s", BREAD)
    refuse(
        seat, offline(seat, lines=[line(1, 999_999, 1000, 350, 350, 350)]), "unknown_product", call="resend"
    )


def test_stock_below_nothing_is_a_task(seat: Seat, chain: SmallChain) -> None:
    there = chain.on_hand(BREAD)
    if there < 1000:
        seat.sign_in(chain.managers[0])
        rows = [{"product": BREAD, "qty_milli": 1000 - there, "cost_minor": 0}]
        seat.done("stock_receipt", stock=rows, total_minor=0)
        there = 1000
    pieces, total = there // 1000, there // 1000 * 350
    whole = line(1, BREAD, pieces * 1000, 350, total, total)
    assert (
        reviews(chain, stands(seat, offline(seat, lines=[whole], tenders=[cash(total)], total_minor=total)))
        == []
    )
    assert reviews(chain, stands(seat, offline(seat))) == [("oversold", None)]


@pytest.mark.parametrize("state", ["frozen", "lost", "closed", "merged"])
def test_points_of_a_card_that_changed_wait(seat: Seat, chain: SmallChain, state: str) -> None:
    card = chain.card(seat)
    grants = [{"kind": "points", "rule": POINTS, "version": 1, "amount": 3}]
    stands(seat, offline(seat, wallet=card.wallet, grants=grants))
    before = chain.balances(card.wallet)["points"]
    assert before == 3
    if state == "merged":
        chain.run("update shop.member m set archived_at = now() from shop.wallet w where w.member = m.id"
                  " and w.id = %s", card.wallet)  # fmt: skip
    with chain.in_state(card, "active" if state == "merged" else state):
        sold = stands(seat, offline(seat, wallet=card.wallet, grants=grants))
    assert noted(chain, sold) == [("points", None)]
    assert chain.balances(card.wallet)["points"] == before


def test_who_was_blocked_meanwhile_sold_it(seat: Seat, chain: SmallChain) -> None:
    person = chain.person("cashier", NORTH)
    seat.sign_in(person)
    body = offline(seat)
    chain.run("update sec.staff set active = false where id = %s", person)
    chain.run("update sec.session set closed_at = clock_timestamp() where id = %s", seat.session)
    assert noted(chain, stands(seat, body)) == [("staff", 350)]

    chain.run(
        "update sec.session set closed_at = clock_timestamp() - interval '3 h' where id = %s", seat.session
    )
    refuse(seat, offline(seat), "offline_refused", call="resend", why="session")


def signed_out(seat: Seat, chain: SmallChain, *, opened: float, closed: float) -> None:
    """The seat's session was opened and ended so many hours ago."""
    chain.run(
        "update sec.session set opened_at = %s, closed_at = %s where id = %s",
        ago(opened),
        ago(closed),
        seat.session,
    )


def test_who_signed_in_without_the_line_sells_by_a_session_of_the_last_hours(
    seat: Seat, chain: SmallChain
) -> None:
    person = chain.person("cashier", NORTH)
    seat.sign_in(person)
    signed_out(seat, chain, opened=5, closed=3)
    chain.run("update sec.staff set pin_changed_at = %s where id = %s", ago(100), person)
    refuse(seat, offline(seat), "offline_refused", call="resend", why="session")  # control: without the mark
    sold = stands(seat, offline(seat, signed_at=ago(1.5)))
    assert noted(chain, sold) == []
    audit = "select facts ? 'signed_at' from sec.audit where what = 'offline_sale' and document = %s"
    assert chain.rows(audit, sold["id"]) == [(True,)]


@pytest.mark.parametrize(
    ("opened", "signed"), [(14, 1.5), (5, 6), (5, 0.5)], ids=["too long ago", "before it", "after the sale"]
)
def test_no_session_of_another_day_nor_to_come(
    seat: Seat, chain: SmallChain, opened: float, signed: float
) -> None:
    signed_out(seat, chain, opened=opened, closed=3)
    body = offline(seat, signed_at=ago(signed))
    refuse(seat, body, "offline_refused", call="resend", why="session")


def test_signing_in_without_the_line_is_nothing_without_an_outage(seat: Seat) -> None:
    body = offline(seat, offline_at=None, signed_at=ago(1))
    refuse(seat, body, "offline_refused", why="live")
    other = seat.document("top_up", signed_at=ago(1))
    refuse(seat, other, "unknown_key", section="header", key="signed_at")


def test_by_a_pin_that_was_none_any_more_it_is_noted(seat: Seat, chain: SmallChain) -> None:
    person = chain.person("cashier", NORTH)
    seat.sign_in(person)
    signed_out(seat, chain, opened=5, closed=3)
    chain.run("update sec.staff set pin_changed_at = %s where id = %s", ago(2.5), person)
    assert noted(chain, stands(seat, offline(seat, signed_at=ago(1.5)))) == [("staff", 350)]


def test_a_shift_that_was_closed_meanwhile_gets_a_late_one(seat: Seat, chain: SmallChain) -> None:
    bodies = [offline(seat) for _ in range(2)]
    old = offline(seat, offline_at=ago(0), occurred_at=ago(0))
    counted = chain.drawer_cash(seat) + 700  # their cash is in the drawer already: the count finds it over
    close = seat.document("shift_close", counted_minor=counted, total_minor=counted, reason="no line")
    answer = seat.post(close, seat.approved(close))
    assert answer["over_short_minor"] == 700, answer

    sold = [stands(seat, body) for body in bodies]
    assert sold[0]["shift"] == sold[1]["shift"] != bodies[0]["shift"]
    assert chain.drawer_cash(seat) == 0, "what was counted and put away is not in the drawer again"
    assert noted(chain, sold[0]) == [("late_shift", 350)]
    old["offline_at"] = ago(-0.01)
    refuse(seat, old, "shift_closed", call="resend")


def test_each_is_decided_once_with_a_name_and_a_reason(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    grants = [{"kind": "points", "rule": POINTS, "version": 1, "amount": 3}]
    with chain.in_state(card, "frozen"):
        sold = stands(seat, offline(seat, wallet=card.wallet, grants=grants))
    n = chain.value("select n from sec.review where document = %s and what = 'points'", sold["id"])
    assert seat.ask("review_decide", uuid.UUID(sold["id"]), n, "given by hand")["refused"] == "not_permitted"
    seat.sign_in(chain.managers[0])
    shown = [row for row in seat.call("select api.reviews(null, null, 200)") if row["document"] == sold["id"]]
    assert ("points", {"wallet": card.wallet, "points": 3}) in [(row["what"], row["facts"]) for row in shown]
    first, second = (
        seat.call("select api.reviews(null, null, 1)"),
        seat.call("select api.reviews(null, null, 2)"),
    )
    behind = seat.call("select api.reviews(%s::uuid, %s, 1)", first[0]["document"], first[0]["n"])
    assert [*first, *behind] == second, "a page begins behind the row before"
    assert seat.ask("review_decide", uuid.UUID(sold["id"]), n, " ")["refused"] == "reason_missing"
    assert seat.ask("review_decide", uuid.UUID(sold["id"]), n, "given by hand")["n"] == n
    assert seat.ask("review_decide", uuid.UUID(sold["id"]), n, "again")["refused"] == "unknown_review"
    audit = "select facts->>'reason' from sec.audit where what = 'review' and document = %s"
    assert chain.rows(audit, sold["id"]) == [("given by hand",)]
