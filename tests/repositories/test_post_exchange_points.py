"""Points and a little money buy chosen goods: the door gives a piece for so many points, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.refusals import refuse
from tests.small_chain import MILK, PENNY, Card, Seat, SmallChain, cash, line, proof, tax

EACH, PRICE = 50, 200


@pytest.fixture
def rule(chain: SmallChain) -> Iterator[int]:
    """50 points and 2.00 for a bottle of milk at 10.00."""
    number = chain.value("insert into shop.rule(family, name) values ('redeem', '换购') returning id")
    chain.run(
        "insert into shop.rule_version(rule, version, valid_from, body)"
        " values (%s, 1, now() - interval '1 day', %s)",
        number, json.dumps({"product": MILK, "points": EACH, "price_minor": PRICE}),
    )  # fmt: skip
    yield int(number)
    chain.run("update shop.rule_version set valid_to = clock_timestamp() where rule = %s", number)


def milk(seat: Seat, card: Card, bottles: int, rule: int, points: int, amount: int) -> dict[str, Any]:
    total = bottles * 1000
    tender = {"kind": "points", "wallet": card.wallet, "amount_minor": amount, "points": points, "rule": rule,
              "version": 1}  # fmt: skip
    rest = [cash(total - amount)] if total > amount else []
    return seat.document(
        "sale", wallet=card.wallet, lines=[line(1, MILK, bottles * 1000, 1000, total)],
        taxes=[tax("T13", 1300, total, round(total * 13 / 113))], tenders=[tender, *rest],
        proofs=[proof(card)], total_minor=total,
    )  # fmt: skip


def test_a_bottle_for_fifty_points_and_two_yuan(seat: Seat, chain: SmallChain, rule: int) -> None:
    card = chain.card(seat)
    chain.give_points(seat, card, 120)
    sold = seat.post(milk(seat, card, 3, rule, 100, 1600))
    assert "refused" not in sold, sold
    assert chain.balances(card.wallet)["points"] == 20
    rows = [{"n": 1, "of": 1, "qty_milli": 3000}]
    seat.done("return", of=sold["id"], reason="all", lines=rows, total_minor=3000)
    assert chain.balances(card.wallet)["points"] == 120
    assert chain.rows("select * from ledger.verify_redeemed()") == []


@pytest.mark.parametrize(
    ("bottles", "points", "amount"),
    [(1, 50, 801), (1, 49, 800), (1, 51, 800), (1, 100, 1000), (1, 0, 800), (2, 50, 1600), (1, 25, 400)],
)
def test_no_more_goods_for_points_than_the_rule_gives(
    seat: Seat, chain: SmallChain, rule: int, bottles: int, points: int, amount: int
) -> None:
    card = chain.card(seat)
    chain.give_points(seat, card, 500)
    refuse(seat, milk(seat, card, bottles, rule, points, amount), "redeem_refused")
    assert "refused" not in seat.post(milk(seat, card, 1, rule, 50, 800))


def test_other_goods_are_not_bought_by_it(seat: Seat, chain: SmallChain, rule: int) -> None:
    card = chain.card(seat)
    chain.give_points(seat, card, 500)
    tender = {"kind": "points", "wallet": card.wallet, "amount_minor": 800, "points": 50, "rule": rule,
              "version": 1}  # fmt: skip
    body = seat.document(
        "sale", wallet=card.wallet, lines=[line(1, PENNY, 1_000_000, 1, 1000)], tenders=[tender, cash(200)],
        proofs=[proof(card)], total_minor=1000,
    )  # fmt: skip
    refuse(seat, body, "redeem_refused")
