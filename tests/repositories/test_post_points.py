"""Points as money: what a rule lets them pay, what comes back of them, and in which lots."""

from __future__ import annotations

from typing import Any

from tests.small_chain import (
    GOLD,
    PENNY,
    POINTS,
    REDEEM,
    Card,
    Seat,
    SmallChain,
    by_points,
    cash,
    line,
    pairs,
    points,
    proof,
    stored,
)  # fmt: skip

WORTH = 2000


def pay(seat: Seat, card: Card, amount: int, *, earn: int = 0, total: int = WORTH) -> dict[str, Any]:
    """Pennies worth `total`, `amount` of it by points, the rest in cash."""
    return seat.done("sale", **sale_of(card, amount, earn=earn, total=total))


def sale_of(card: Card, amount: int, *, earn: int = 0, total: int = WORTH) -> dict[str, Any]:
    return {
        "wallet": card.wallet, "lines": [line(1, PENNY, total * 1000, 1, total)], "total_minor": total,
        "tenders": [by_points(card, amount), cash(total - amount)], "proofs": [proof(card)],
        "grants": [points(earn)] if earn else [],
    }  # fmt: skip


def give_back(seat: Seat, sale: dict[str, Any], fen: int) -> dict[str, Any]:
    rows = [{"n": 1, "of": 1, "qty_milli": fen * 1000}]
    return seat.done("return", of=sale["id"], reason="not wanted", lines=rows, total_minor=fen)


def test_points_pay_in_money_and_are_taken_in_points(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    chain.give_points(seat, card, 500)

    sold = pay(seat, card, 999, earn=20)

    assert pairs(sold) == [
        ("points_redeemed", "revenue", 999), ("points", "points_spent", 200), ("cash", "revenue", 1001),
        ("points_issued", "points", 20),
    ]  # fmt: skip
    assert chain.balances(card.wallet)["points"] == 320
    paid = seat.ask("document", sold["id"])["paid"]
    assert [(row["paid_with"], row["method"], row["amount_minor"]) for row in paid] == [
        ("points_redeemed", "points", 999), ("cash", "cash", 1001),
    ]  # fmt: skip
    methods = {
        row["kind"]: row["amount_minor"] for row in chain.value("select ledger.shift_tenders(%s)", seat.shift)
    }
    assert methods["points"] == 999
    assert chain.rows("select * from ledger.verify()") == []


def test_a_return_gives_points_back_as_the_money_they_stood_for(seat: Seat, chain: SmallChain) -> None:
    """Of 20.00 with 10.00 by 200 points: a third comes back, then the exact rest."""
    card = chain.card(seat)
    chain.give_points(seat, card, 200)
    sale = pay(seat, card, 1000, earn=20)
    assert chain.balances(card.wallet)["points"] == 20

    one = give_back(seat, sale, 667)
    assert [p for p in pairs(one) if "points" in p[0] or "points" in p[1]] == [
        ("revenue", "points_redeemed", 334), ("points_spent", "points", 66), ("points", "points_issued", 6),
    ]  # fmt: skip
    two = give_back(seat, sale, 1333)
    assert [p for p in pairs(two) if "points" in p[0] or "points" in p[1]] == [
        ("revenue", "points_redeemed", 666), ("points_spent", "points", 134), ("points", "points_issued", 14),
    ]  # fmt: skip
    assert chain.balances(card.wallet) == {"principal": 0, "bonus": 0, "points": 200, "points_debt": 0}
    assert chain.rows("select * from ledger.verify()") == []


def scatter(seat: Seat, chain: SmallChain, card: Card) -> None:
    """Three lots of points of three rules: 50 that end next month, 300 within the year, 70 in three years."""
    for amount, days in ((50, 20), (300, 200), (70, 900)):
        rule = chain.value("insert into shop.rule(family, name) values ('points', 'x') returning id")
        chain.run(
            "insert into shop.rule_version(rule, version, valid_from, points_rate, term_days)"
            " values (%s, 1, now() - interval '1 day', 10000, %s)", rule, days,
        )  # fmt: skip
        grants = [{**points(amount), "rule": rule}]
        seat.done("sale", **{**sale_of(card, 5, total=amount), "tenders": [cash(amount)], "grants": grants})


def test_lots_are_spent_by_expiry_and_filled_again_as_they_were(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    scatter(seat, chain, card)
    before = chain.lots(card.wallet, "points")
    assert before == [50, 300, 70]

    sale = pay(seat, card, 1000, earn=20)
    assert chain.lots(card.wallet, "points") == [150, 70, 20]
    give_back(seat, sale, 1000)
    give_back(seat, sale, 1000)
    assert chain.lots(card.wallet, "points") == before

    again = pay(seat, card, 1000, earn=20)
    seat.done("reversal", of=again["id"], reason="wrong", total_minor=WORTH)
    assert chain.lots(card.wallet, "points") == before
    assert chain.rows("select * from ledger.verify()") == []


def test_a_return_undone_takes_the_points_again_or_leaves_a_debt(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    chain.give_points(seat, card, 200)
    sale = pay(seat, card, 1000)
    back = give_back(seat, sale, 1000)
    assert chain.balances(card.wallet)["points"] == 100
    pay(seat, card, 450)
    assert chain.balances(card.wallet)["points"] == 10

    seat.done("reversal", of=back["id"], reason="wrong", total_minor=1000)

    assert chain.balances(card.wallet) == {"principal": 0, "bonus": 0, "points": 0, "points_debt": 90}
    assert chain.rows("select * from ledger.verify()") == []


def test_points_that_are_owed_do_not_pay(seat: Seat, chain: SmallChain) -> None:
    """Earned 20, spent 20, the earning taken back: what comes back later is owed first."""
    card = chain.card(seat)
    earned = seat.done("sale", **{**sale_of(card, 5, earn=20), "tenders": [cash(WORTH)], "proofs": []})
    spent = pay(seat, card, 100)
    give_back(seat, earned, WORTH)
    assert chain.balances(card.wallet)["points_debt"] == 20
    chain.give_points(seat, card, 1)
    give_back(seat, spent, WORTH)
    assert chain.balances(card.wallet)["points"] == 21

    body = seat.document("sale", **sale_of(card, 50))
    answer = seat.post(body)
    assert (answer["refused"], answer["facts"]["balance"]) == ("insufficient", 1)
    chain.give_points(seat, card, 9)
    pay(seat, card, 50)


def test_a_sale_paid_by_points_and_stored_value_of_one_card(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, tier=GOLD, principal=20000)
    chain.give_points(seat, card, 100)

    sold = seat.done("sale", **{**sale_of(card, 500), "tenders": [by_points(card, 500), stored(card, 1500)]})

    assert chain.balances(card.wallet)["principal"] == 18500
    seat.done("reversal", of=sold["id"], reason="wrong", total_minor=WORTH)
    assert chain.balances(card.wallet) == {"principal": 20000, "bonus": 0, "points": 100, "points_debt": 0}


def test_points_that_expired_meanwhile_come_back_with_a_short_term(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    chain.give_points(seat, card, 100)
    sale = pay(seat, card, 500)

    own = (
        "select l.id, l.expires_at from ledger.lot l join ledger.account a on a.id = l.account"
        " where a.wallet = %s and a.kind = 'points'"
    )
    [(lot, ends)] = chain.rows(own, card.wallet)

    chain.run("update ledger.lot set expires_at = now() - interval '1 day' where id = %s", lot)
    give_back(seat, sale, WORTH)
    chain.run("update ledger.lot set expires_at = %s where id = %s", ends, lot)

    assert chain.lots(card.wallet, "points") == [100]
    fresh = "select expires_at < now() + interval '31 days' from ledger.lot where id > %s"
    assert chain.rows(fresh, lot) == [(True,)]
    assert chain.rows("select * from ledger.verify()") == []


def test_what_points_paid_earns_nothing_where_the_rule_says_so(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    chain.give_points(seat, card, 400)
    rule = chain.value("insert into shop.rule(family, name) values ('points', 'x') returning id")
    chain.run(
        "insert into shop.rule_version(rule, version, valid_from, points_rate, body)"
        " values (%s, 1, now() - interval '1 day', 100, '{\"except_points\": true}')", rule,
    )  # fmt: skip
    body = sale_of(card, 1000)
    body["grants"] = [{**points(11), "rule": rule}]
    refused = seat.post(seat.document("sale", **body))
    assert (refused["refused"], refused["facts"]["most"]) == ("grant_refused", 10)

    seat.done("sale", **{**body, "grants": [{**points(10), "rule": rule}]})
    seat.done("sale", **{**sale_of(card, 1000), "grants": [points(20)]})
    assert POINTS != rule != REDEEM
