"""A top-up brings what one published rule gives beside its money, and nothing else."""

from __future__ import annotations

from typing import Any

from tests.refusals import refuse
from tests.small_chain import BONUS, BREAD_LINE, Seat, SmallChain, cash, points
from tests.value_rules import in_force, recharge

STEPS = {"steps": [{"from_minor": 10000, "give_minor": 500, "points": 200}]}


def gift(rule: int, amount: int, kind: str = "points", version: int = 1) -> dict[str, Any]:
    return {"kind": kind, "rule": rule, "version": version, "amount": amount}


def test_points_of_a_top_up_are_those_of_its_rule(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    with in_force(chain, "recharge", STEPS) as rule, in_force(chain, "recharge", STEPS) as other:
        body = recharge(seat, card, 10000, rule, 500)
        money = body["grants"][0]
        refuse(seat, {**body, "grants": [money, gift(rule, 201)]}, "grant_refused", grant="points", most=200)
        refuse(
            seat, {**body, "grants": [gift(rule, 200, version=2)]}, "grant_refused", grant="points", most=0
        )
        refuse(seat, {**body, "grants": [gift(BONUS, 1)]}, "grant_refused", grant="points", most=0)
        refuse(seat, {**body, "grants": [money, gift(other, 200)]}, "recharge_refused", why="one")
        twice = [gift(rule, 100), gift(rule, 100)]
        refuse(seat, {**body, "grants": twice}, "recharge_refused", why="one")
        small = recharge(seat, card, 9999, rule, 0, grants=[gift(rule, 1)])
        refuse(seat, small, "grant_refused", grant="points", most=0)

        assert "refused" not in seat.post({**body, "grants": [money, gift(rule, 200)]})
    assert chain.balances(card.wallet)["points"] == 200


def test_the_points_of_a_purchase_are_no_gift_of_a_top_up_nor_the_other_way(
    seat: Seat, chain: SmallChain
) -> None:
    card = chain.card(seat)
    with in_force(chain, "recharge", {"steps": [{"from_minor": 1, "points": 999}]}) as rule:
        sale = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350, "wallet": card.wallet}
        refuse(seat, seat.document("sale", **sale, grants=[gift(rule, 999)]), "grant_refused", most=0)
        body = recharge(seat, card, 10000, rule, 0, grants=[points(100)])
        refuse(seat, body, "grant_refused", grant="points", most=0)

        assert "refused" not in seat.post(seat.document("sale", **sale, grants=[points(3)]))


def test_points_of_a_rule_for_other_cards_are_refused(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    with in_force(chain, "recharge", STEPS | {"card_types": ["bearer"]}) as rule:
        body = recharge(seat, card, 10000, rule, 0, grants=[gift(rule, 200)])
        refuse(seat, body, "recharge_refused", why="card_type")
    with in_force(chain, "recharge", STEPS | {"card_types": ["registered"]}) as rule:
        body = recharge(seat, card, 10000, rule, 0, grants=[gift(rule, 200)])
        assert "refused" not in seat.post(body)
