"""Money onto cards and gifts for it: a store that takes none, more than a rule gives, what is another's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lives import accepted, holder, membership
from tests.refusals import refuse
from tests.repositories.test_post_moving import settle
from tests.repositories.test_post_recharging import MONTHLY, STEPS, release
from tests.small_chain import BONUS, NO_PIN, SOUTH, Card, Seat, SmallChain, cash
from tests.value_rules import in_force, months_ahead, recharge


@pytest.fixture
def desk(chain: SmallChain) -> Seat:
    """A seat with an open shift at which a manager sits."""
    return chain.open_seat(staff=chain.managers[1])


def top_up(seat: Seat, card: Card, **more: Any) -> dict[str, Any]:
    return seat.document("top_up", wallet=card.wallet, tenders=[cash(500)], total_minor=500, **more)


def test_no_signature_makes_a_store_an_outlet(desk: Seat, chain: SmallChain) -> None:
    """Neither a manager, nor two people, nor an approval of another day; a store beside takes it."""
    there = chain.open_seat(SOUTH, staff=chain.managers[1])
    card = chain.card(desk)
    body = top_up(there, card)
    before = there.approved(body)
    chain.run("update shop.unit set recharges = false where id = %s", SOUTH)
    try:
        for id in (None, before, there.approved(body)):
            refuse(there, body, "outlet_refused", id, store="南店")
        accepted(desk, top_up(desk, card))
    finally:
        chain.run("update shop.unit set recharges = true where id = %s", SOUTH)
    assert "refused" not in there.post(body, before)


def test_a_gift_is_that_of_one_rule_and_of_this_card(desk: Seat, chain: SmallChain) -> None:
    card = chain.card(desk)
    with in_force(chain, "recharge", STEPS | {"card_types": ["bearer"]}) as rule:
        body = recharge(desk, card, 20000, rule, 2000)
        refuse(desk, body, "recharge_refused", desk.approved(body), why="card_type")
    with in_force(chain, "recharge", STEPS) as rule:
        good = recharge(desk, card, 20000, rule, 2000)
        other = {"kind": "bonus", "rule": BONUS, "version": 1, "amount": 1}
        refuse(desk, {**good, "grants": [*good["grants"], other]}, "recharge_refused", why="one")
        accepted(desk, good)
    assert chain.balances(card.wallet)["bonus"] == 2000


def test_a_promised_part_is_nobody_elses_and_ends_with_its_card(desk: Seat, chain: SmallChain) -> None:
    card, other = chain.card(desk), chain.card(desk, principal=500)
    with in_force(chain, "recharge", MONTHLY, term_days=30) as rule:
        plan = accepted(desk, recharge(desk, card, 10000, rule, 334))["id"]
    bought = chain.value(
        "select l.document::text from ledger.lot l join ledger.account a on a.id = l.account"
        " where a.wallet = %s", other.wallet,
    )  # fmt: skip
    with months_ahead(chain, 1), chain.policy(**NO_PIN):
        early = release(desk, plan, 2)
        refuse(desk, early, "release_refused", desk.approved(early), why="early")
        refuse(desk, release(desk, bought, 1), "release_refused", why="unknown")
        refuse(desk, release(desk, plan, -1), "release_refused", why="unknown")
        for amount in (332, 334, 0, -333):
            refuse(desk, release(desk, plan, 1, amount), "release_refused", why="amount")
        accepted(desk, settle(desk, card, 10000, row={"forfeit_minor": 334}))
        refuse(desk, release(desk, plan, 1), "release_refused", why="ended")
    assert chain.balances(card.wallet)["bonus"] == 0


def test_a_membership_that_rests_takes_no_gift(desk: Seat, chain: SmallChain) -> None:
    card = chain.card(desk)
    owner = holder(chain, card)
    accepted(desk, membership(desk, "member_freeze", owner, "active", "frozen"))
    with in_force(chain, "recharge", STEPS) as rule:
        refuse(desk, recharge(desk, card, 20000, rule, 2000), "member_not_active", state="frozen")
