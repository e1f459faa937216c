"""Passes that are sold too cheap, used without the card, after their end or oftener than there are uses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attacks.test_door_law import card_of
from tests.card_types import a_pass, buy, card_type, give, left, use
from tests.refusals import refuse
from tests.small_chain import (
    FEE_DUE,
    NO_PIN,
    REGISTERED,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    bank,
    cash,
    move,
    points,
    proof,
    stored,
)


@pytest.fixture
def till(chain: SmallChain) -> Seat:
    return chain.open_seat()


@pytest.fixture
def card(till: Seat, chain: SmallChain) -> Card:
    return chain.card(till, principal=40000)


def sell(till: Seat, card: Card, rule: int, amount: int, paid: int, **more: Any) -> dict[str, Any]:
    body = till.document(
        "pass_sale", wallet=card.wallet, grants=[give(rule, amount)], tenders=[cash(paid)], total_minor=paid
    )
    return {**body, **more}


def test_a_pass_is_bought_used_and_given_back_to_the_same_lot(
    till: Seat, chain: SmallChain, card: Card
) -> None:
    rule = a_pass(chain)
    buy(till, card, rule)
    lots = "select id, remaining from ledger.lot where kind = %s and remaining < 10"
    used = till.post(use(till, card, rule, 3))
    assert left(chain, card, rule) == 7
    ((lot, remaining),) = chain.rows(lots, f"pass:{rule}")
    assert remaining == 7
    till.done("reversal", of=used["id"], reason="not served")
    assert left(chain, card, rule) == 10
    assert chain.value("select remaining from ledger.lot where id = %s", lot) == 10
    assert chain.rows("select * from ledger.verify()") == []


def test_only_whole_passes_at_their_price(till: Seat, chain: SmallChain, card: Card) -> None:
    rule = a_pass(chain)
    refuse(till, sell(till, card, rule, 10, 29999), "grant_refused", most=0)
    refuse(till, sell(till, card, rule, 10, 30001), "pass_refused", why="price", most=30000)
    refuse(till, sell(till, card, rule, 11, 30000), "grant_refused", most=10)
    refuse(till, sell(till, card, rule, 9, 30000), "pass_refused", why="whole")
    assert "refused" not in till.post(sell(till, card, rule, 20, 60000)), "the control: two of them"
    never = a_pass(chain, price_minor=100)
    chain.run("update shop.rule_version set body = body - 'price_minor' where rule = %s", never)
    refuse(till, sell(till, card, never, 10, 30000), "grant_refused", most=0)
    body = sell(till, card, rule, 10, 30000, grants=[points(1), give(rule)])
    refuse(till, body, "grant_refused", grant="points")
    refuse(till, sell(till, card, rule, 10, 30000, wallet=None), "grant_refused")
    with chain.in_state(card, "frozen"):
        refuse(till, sell(till, card, rule, 10, 30000), "card_not_active", state="frozen")


def test_a_pass_comes_with_a_top_up_only_from_its_sum_on(till: Seat, chain: SmallChain, card: Card) -> None:
    rule = a_pass(chain, count=2, top_up_minor=20000)
    for paid, amount in ((19999, 2), (20000, 3)):
        body = till.document(
            "top_up", wallet=card.wallet, tenders=[cash(paid)], grants=[give(rule, amount)], total_minor=paid
        )
        refuse(till, body, "grant_refused", grant="pass")
    body = till.document(
        "top_up", wallet=card.wallet, tenders=[cash(20000)], grants=[give(rule, 2)], total_minor=20000
    )
    assert "refused" not in till.post(body)
    assert left(chain, card, rule) == 2


def test_a_use_needs_the_card_itself(till: Seat, chain: SmallChain, card: Card) -> None:
    rule = a_pass(chain)
    buy(till, card, rule)
    other = chain.card(till)
    refuse(till, use(till, card, rule, proofs=[]), "empty_document")
    foreign = use(till, other, rule, wallet=card.wallet)
    refuse(till, foreign, "card_not_presented")
    dressed = use(till, card, rule)
    dressed["proofs"][0]["token"] = other.token
    refuse(till, dressed, "card_not_presented")
    with chain.in_state(card, "lost"):
        refuse(till, use(till, card, rule), "card_not_active", state="lost")
    refuse(till, use(till, other, rule), "insufficient", account="pass", balance=0, wanted=1)
    refuse(till, use(till, card, rule, 11), "insufficient", balance=10, wanted=11)
    for count in (0, -1):
        refuse(till, use(till, card, rule, count), "pass_refused", why="count")
    twice = use(till, card, rule)
    twice["passes"] *= 2
    refuse(till, twice, "pass_refused", why="count")
    refuse(till, use(till, card, 1), "insufficient")
    assert left(chain, card, rule) == 10


def test_uses_that_expired_are_none_and_the_first_to_end_go_first(
    till: Seat, chain: SmallChain, card: Card
) -> None:
    rule = a_pass(chain)
    buy(till, card, rule)
    with chain.expired(card, f"pass:{rule}"):
        refuse(till, use(till, card, rule), "insufficient", balance=0)
    chain.run("update shop.rule_version set term_days = 5 where rule = %s", rule)
    buy(till, card, rule)
    till.post(use(till, card, rule, 3))
    assert chain.lots(card.wallet, f"pass:{rule}") == [10, 7]


def test_a_sale_of_a_used_pass_is_not_undone(till: Seat, chain: SmallChain, card: Card) -> None:
    rule = a_pass(chain)
    sold = buy(till, card, rule)
    buy(till, card, rule)
    used = till.post(use(till, card, rule))
    undo = {"of": sold["id"], "reason": "mistake", "total_minor": 30000}
    refuse(till, till.document("reversal", **undo), "lot_spent", account=f"pass:{rule}", missing=1)
    till.done("reversal", of=used["id"], reason="not served")
    till.done("reversal", **undo)
    assert left(chain, card, rule) == 10


def test_a_pass_without_a_count_holds_to_its_end_and_so_often_a_day(
    till: Seat, chain: SmallChain, card: Card
) -> None:
    rule = a_pass(chain, unlimited=True, day_max=2, price_minor=9900)
    refuse(till, use(till, card, rule), "pass_refused", why="ended")
    buy(till, card, rule, 1, 9900)
    first = till.post(use(till, card, rule))
    assert "refused" not in till.post(use(till, card, rule))
    refuse(till, use(till, card, rule), "pass_refused", why="day", most=2)
    till.done("reversal", of=first["id"], reason="mistake")
    refuse(till, use(till, card, rule, 2), "pass_refused", why="day")
    assert "refused" not in till.post(use(till, card, rule))
    with chain.expired(card, f"pass:{rule}"):
        refuse(till, use(till, card, rule), "pass_refused", why="ended")
    refuse(till, use(till, card, 1), "insufficient")
    assert left(chain, card, rule) == 1, "a visit takes nothing away"
    assert chain.rows("select * from ledger.verify()") == []


def test_the_next_month_begins_when_this_one_ends(till: Seat, chain: SmallChain, card: Card) -> None:
    rule = a_pass(chain, unlimited=True, price_minor=9900)
    buy(till, card, rule, 1, 9900)
    buy(till, card, rule, 1, 9900)
    ends = "select expires_at::date - current_date from ledger.lot where kind = %s order by id"
    (one,), (two,) = chain.rows(ends, f"pass:{rule}")
    assert two - one == 30


def test_a_pass_of_one_store_is_not_used_in_another(till: Seat, chain: SmallChain, card: Card) -> None:
    rule = a_pass(chain, stores=[till.store])
    buy(till, card, rule)
    there = chain.open_seat(SOUTH)
    refuse(there, use(there, card, rule), "pass_refused", why="store")
    assert "refused" not in till.post(use(till, card, rule))


def test_above_the_floor_the_pin_is_asked(till: Seat, chain: SmallChain, card: Card) -> None:
    rule = a_pass(chain)  # 30.00 a use
    buy(till, card, rule)
    refuse(till, use(till, card, rule, 4), "pin_needed", floor=10000)
    assert "refused" not in till.post(use(till, card, rule, 3))
    with chain.policy(pin_floor_day_minor=15000):
        refuse(till, use(till, card, rule, 3), "pin_needed")
        assert "refused" not in till.post(use(till, card, rule, 2)), "the control: up to the day's floor"
    with chain.policy(**NO_PIN):
        assert "refused" not in till.post(use(till, card, rule, 5))


def test_a_card_whose_type_has_no_passes_neither_buys_nor_uses(till: Seat, chain: SmallChain) -> None:
    rule, kind = a_pass(chain), card_type(chain, "personal", ("stored",))
    blank = chain.blank(kind)
    issued = till.done(
        "card_issue", cards=[move(blank, "blank", "issued", holder=chain.member())], fees=[FEE_DUE],
        tenders=[cash(1000)], total_minor=1000,
    )  # fmt: skip
    card = Card(blank.id, blank.token, issued["wallet"])
    till.done("card_activation", cards=[move(card, "issued", "active")])
    refuse(till, sell(till, card, rule, 10, 30000), "card_function", function="passes")
    chain.run("update shop.card_type set rule = null where id = %s", kind)
    buy(till, card, rule)
    chain.run("update shop.card_type t set rule = v.rule from shop.rule_version v"
              " where t.id = %s and v.body->>'type' = t.code", kind)  # fmt: skip
    refuse(till, use(till, card, rule), "card_function", function="passes")


def test_passes_go_along_when_members_become_one_and_a_use_comes_back_there(
    till: Seat, chain: SmallChain, card: Card
) -> None:
    rule, spent = a_pass(chain), a_pass(chain, count=1, price_minor=1000)
    gone = chain.card(till)
    buy(till, gone, rule)
    buy(till, gone, spent, 1, 1000)
    used = till.post(use(till, gone, spent))
    people = [chain.value("select member from shop.wallet where id = %s", x.wallet) for x in (gone, card)]
    merges = [{"member": people[0], "kept": people[1]}]
    till.done_by_two("member_merge", merges=merges, reason="one person", total_minor=0)
    assert left(chain, card, rule) == 10
    till.done("reversal", of=used["id"], reason="not served")
    assert left(chain, card, spent) == 1, "what comes back later goes on to the one who stays"
    assert chain.rows("select * from ledger.verify()") == []


def of_member(till: Seat, chain: SmallChain, **who: Any) -> Card:
    """An active, registered card of a member of that kind."""
    return card_of(till, chain, chain.member(**who), REGISTERED)


def test_to_the_law_a_pass_is_a_prepaid_card(till: Seat, chain: SmallChain) -> None:
    """Article 15: whoever buys one for a registered card was seen. 17: a company's come by transfer from its
    sum on, with what it put on cards. 18: none costs more than a card may hold."""
    ten = a_pass(chain, price_minor=100_000)
    unseen = of_member(till, chain, unknown=True)
    refuse(till, sell(till, unseen, ten, 10, 100_000), "identity_needed", rule="identity_registered")
    company = of_member(till, chain, kind="company")
    till.done("top_up", wallet=company.wallet, tenders=[cash(400_000)], total_minor=400_000)
    dear = sell(till, company, ten, 10, 100_000)
    refuse(till, dear, "transfer_needed", rule="transfer_company", amount=500_000, limit=500_000)
    by_transfer = {**dear, "tenders": [bank(100_000)], "number": till.number}
    assert "refused" not in till.post(by_transfer), "the control"
    body = till.document("top_up", wallet=company.wallet, tenders=[cash(100)], total_minor=100)
    refuse(till, body, "transfer_needed", amount=500_100)
    six = sell(till, of_member(till, chain), ten, 60, 600_000)
    refuse(till, six, "balance_cap", rule="registered_cap", cap=500_000, would_be=600_000)
    assert "refused" not in till.post(sell(till, of_member(till, chain), ten, 50, 500_000)), "the control"


def test_a_pass_that_stored_value_pays_was_bought_before(till: Seat, chain: SmallChain) -> None:
    ten = a_pass(chain)
    company = of_member(till, chain, kind="company")
    till.done("top_up", wallet=company.wallet, tenders=[cash(499_999)], total_minor=499_999)
    body = sell(till, company, ten, 10, 30000, tenders=[stored(company, 30000)], proofs=[proof(company)])
    with chain.policy(**NO_PIN):
        assert "refused" not in till.post(body)
    bought = "select sum(amount_minor)::bigint from ledger.purchase where wallet = %s"
    assert chain.value(bought, company.wallet) == 499_999


def test_a_store_that_is_no_outlet_sells_no_passes(till: Seat, chain: SmallChain, card: Card) -> None:
    rule = a_pass(chain)
    chain.run("update shop.unit set recharges = false where id = %s", till.store)
    try:
        refuse(till, sell(till, card, rule, 10, 30000), "outlet_refused")
    finally:
        chain.run("update shop.unit set recharges = true where id = %s", till.store)
    assert "refused" not in till.post(sell(till, card, rule, 10, 30000)), "the control"
