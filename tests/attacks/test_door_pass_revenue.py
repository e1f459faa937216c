"""What was paid for a pass is earned by its uses: to the fen, once, and given back with a use."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.card_types import a_pass, buy, use
from tests.small_chain import NO_PIN, SOUTH, Card, Seat, SmallChain

_OPEN = (
    "select coalesce(sum(case when p.credit = %s then p.amount else 0 end)"
    " - sum(case when p.debit = %s then p.amount else 0 end), 0)::bigint"
    " from ledger.posting p where %s in (p.debit, p.credit)"
)


def stands(chain: SmallChain, account: str = "passes_sold") -> int:
    """What an open account holds in all stores, as credit."""
    return int(chain.value(_OPEN, account, account, account))


def earned(answer: dict[str, Any]) -> int:
    """What a use moved to revenue."""
    assert "refused" not in answer, answer
    rows = answer.get("postings") or []
    return sum(p["amount"] for p in rows if (p["debit"], p["credit"]) == ("passes_sold", "revenue"))


@pytest.fixture
def card(seat: Seat, chain: SmallChain) -> Card:
    return chain.card(seat)


def test_every_use_earns_its_share_and_the_last_one_the_rest(
    seat: Seat, chain: SmallChain, card: Card
) -> None:
    rule = a_pass(chain, count=3, price_minor=1000)
    before, revenue = stands(chain), stands(chain, "revenue")
    buy(seat, card, rule, 3, 1000)
    assert stands(chain) - before == 1000
    shares = [earned(seat.post(use(seat, card, rule))) for _ in range(3)]
    assert shares == [333, 333, 334]
    assert stands(chain) == before
    assert stands(chain, "revenue") - revenue == 1000
    assert chain.rows("select * from ledger.verify()") == []


def test_a_use_given_back_is_owed_again_and_not_earned_twice(
    seat: Seat, chain: SmallChain, card: Card
) -> None:
    rule = a_pass(chain, count=3, price_minor=1000)
    before = stands(chain)
    sold = buy(seat, card, rule, 3, 1000)
    uses = [seat.post(use(seat, card, rule)) for _ in range(3)]
    for told in (uses[0], uses[2]):
        seat.done("reversal", of=told["id"], reason="not served")
    assert stands(chain) - before == 1000 - earned(uses[1])
    assert earned(seat.post(use(seat, card, rule, 2))) == 1000 - earned(uses[1])
    assert stands(chain) == before
    assert sold["id"]


def test_uses_from_two_purchases_earn_each_its_price(seat: Seat, chain: SmallChain, card: Card) -> None:
    rule = a_pass(chain, count=2, price_minor=500)
    before = stands(chain)
    buy(seat, card, rule, 2, 500)
    buy(seat, card, rule, 4, 1000)
    told = seat.post(use(seat, card, rule, 3))
    assert earned(told) == 750
    assert stands(chain) - before == 750
    seat.done("reversal", of=told["id"], reason="not served")
    assert stands(chain) - before == 1500


def test_what_came_as_a_gift_earns_nothing(seat: Seat, chain: SmallChain, card: Card) -> None:
    rule = a_pass(chain, count=2, price_minor=500, top_up_minor=10000)
    given = [{"kind": "pass", "rule": rule, "version": 1, "amount": 2}]
    tenders = [{"kind": "cash", "amount_minor": 10000}]
    seat.done("top_up", wallet=card.wallet, tenders=tenders, grants=given, total_minor=10000)
    before = stands(chain)
    assert earned(seat.post(use(seat, card, rule, 2))) == 0
    assert stands(chain) == before


def test_a_pass_without_a_count_is_earned_at_its_first_visit(
    seat: Seat, chain: SmallChain, card: Card
) -> None:
    rule = a_pass(chain, unlimited=True, price_minor=9900)
    before = stands(chain)
    buy(seat, card, rule, 1, 9900)
    first = seat.post(use(seat, card, rule))
    assert (earned(first), earned(seat.post(use(seat, card, rule)))) == (9900, 0)
    seat.done("reversal", of=first["id"], reason="not served")
    assert stands(chain) - before == 9900
    assert earned(seat.post(use(seat, card, rule))) == 9900


def test_it_is_owed_by_the_store_that_sold_it_and_earned_where_it_is_used(
    seat: Seat, chain: SmallChain, card: Card
) -> None:
    rule = a_pass(chain, count=2, price_minor=500)
    buy(seat, card, rule, 2, 500)
    south = chain.open_seat(SOUTH)
    told = south.post(use(south, card, rule))
    rows = chain.rows(
        "select debit_ref, credit_ref, amount from ledger.posting where document = %s and demand = 'earn'",
        told["id"],
    )
    assert rows == [(seat.store, SOUTH, 250)]


def test_it_follows_a_merge_and_a_use_that_comes_back_there(
    seat: Seat, chain: SmallChain, card: Card
) -> None:
    rule, gone = a_pass(chain, count=3, price_minor=1000), chain.card(seat)
    before = stands(chain)
    buy(seat, gone, rule, 3, 1000)
    used = seat.post(use(seat, gone, rule))
    people = [chain.value("select member from shop.wallet where id = %s", x.wallet) for x in (gone, card)]
    merges = [{"member": people[0], "kept": people[1]}]
    seat.done_by_two("member_merge", merges=merges, reason="one person", total_minor=0)
    assert stands(chain) - before == 667
    assert earned(seat.post(use(seat, card, rule))) == 333
    seat.done("reversal", of=used["id"], reason="not served")
    assert earned(seat.post(use(seat, card, rule, 2))) == 667
    assert stands(chain) == before
    assert chain.rows("select * from ledger.verify()") == []


def walk(chain: SmallChain, steps: int, seed: int) -> None:
    """Random purchases, uses and uses given back: what is owed is what the unused ones cost, to the fen."""
    rng = random.Random(seed)
    seats = [chain.open_seat(), chain.open_seat(SOUTH)]
    cards = [chain.card(seats[0]) for _ in range(3)]
    count, price = rng.choice([(3, 1000), (7, 100), (11, 12345)])
    rule = a_pass(chain, count=count, price_minor=price)
    before, done = stands(chain), []
    owed = spent = given = 0
    for _ in range(steps):
        seat, one = rng.choice(seats), rng.choice(cards)
        draw = rng.random()
        if draw < 0.25:
            packs = rng.randint(1, 2)
            buy(seat, one, rule, packs * count, packs * price)
            owed += packs * price
        elif draw < 0.8:
            answer = seat.post(use(seat, one, rule, rng.randint(1, 4)))
            if "refused" not in answer:
                done.append((seat, answer))
                spent += earned(answer)
        elif done:
            place, told = done.pop(rng.randrange(len(done)))
            if "refused" not in place.post(place.document("reversal", of=told["id"], reason="not served")):
                given += earned(told)
        assert stands(chain) - before == owed - spent + given
    wallets = [one.wallet for one in cards]
    query = (
        "select coalesce(sum(l.remaining), 0)::bigint, count(*) from ledger.lot l"
        " join ledger.account a on a.id = l.account where a.wallet = any (%s) and l.kind = %s"
    )
    unused, lots = chain.rows(query, wallets, f"pass:{rule}")[0]
    left = owed - spent + given
    assert abs(left - unused * price / count) <= lots, "each purchase is right to less than a fen"
    for seat, one in ((seats[0], each) for each in cards):
        held = chain.balances(one.wallet).get(f"pass:{rule}", 0)
        if held:
            assert "refused" not in seat.post(use(seat, one, rule, held))
    assert stands(chain) == before, "all used: nothing is owed"


def test_what_is_owed_is_what_the_unused_ones_cost(chain: SmallChain) -> None:
    with chain.policy(**NO_PIN):
        walk(chain, 40, 5)


@pytest.mark.soak
def test_what_is_owed_is_what_the_unused_ones_cost_for_long(chain: SmallChain) -> None:
    with chain.policy(**NO_PIN):
        for seed in range(20):
            chain.begin_test()
            walk(chain, 60, seed)
