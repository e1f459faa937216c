"""Many tills at one moment: nothing is spent twice, nothing is posted twice, nobody waits in a circle."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from psycopg import errors

from tests.races.barrier import RETRIES, Outcome, overlap, race
from tests.small_chain import (
    BREAD_LINE,
    NO_PIN,
    PENNY,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    by_points,
    cash,
    line,
    proof,
    stored,
)  # fmt: skip

Posting = Callable[[], Any]


def later(seat: Seat, body: dict[str, Any], id: object = None) -> Posting:
    """A posting that waits for the barrier. Where the queue before it is longer than a lock is waited for
    (fifty tills, a busy machine) it sends the same again, as a counter does; a circle is never healed so.
    """
    sent = id or uuid.uuid4()

    def post() -> dict[str, Any]:
        while True:
            with suppress(errors.LockNotAvailable):
                return seat.post(body, sent)

    return post


def no_retry(outcomes: list[Outcome]) -> None:
    """Nobody waited in a circle or met any other error; a long queue is no error (see `later`)."""
    assert [o.sqlstate for o in outcomes if o.sqlstate] == []


def whole(chain: SmallChain) -> None:
    """Every figure can be made again from what was posted."""
    assert chain.rows("select * from ledger.verify()") == []


def spend(seat: Seat, card: Card, amount: int) -> dict[str, Any]:
    """Pennies worth `amount` from a card."""
    return seat.document(
        "sale", lines=[line(1, PENNY, amount * 1000, 1, amount)], tenders=[stored(card, amount)],
        proofs=[proof(card)], total_minor=amount,
    )  # fmt: skip


def test_fifty_tills_spend_one_wallet(chain: SmallChain) -> None:
    """Six lots, 7.00 in all, fifty times 0.20: 35 can be paid, 15 not, and no lot is used twice."""
    tills = [chain.open_seat() for _ in range(50)]
    card = chain.card(tills[0])
    for amount in (50, 100, 100, 150, 100, 200):
        tills[0].done("top_up", wallet=card.wallet, tenders=[cash(amount)], total_minor=amount)
    bodies = [spend(till, card, 20) for till in tills]
    ids = [str(uuid.uuid4()) for _ in tills]

    with chain.policy(**NO_PIN):
        outcomes = race([later(*one) for one in zip(tills, bodies, ids, strict=True)])

    no_retry(outcomes)
    assert overlap(outcomes) >= 30
    accepted = [o.answer["id"] for o in outcomes if o.refused is None]
    assert Counter(o.refused for o in outcomes) == {None: 35, "insufficient": 15}
    assert chain.balances(card.wallet)["principal"] == 0
    posted = chain.rows("select id::text from ledger.document where id = any (%s::uuid[])", ids)
    assert sorted(id for (id,) in posted) == sorted(accepted)
    whole(chain)


def pay_by_points(seat: Seat, card: Card, amount: int) -> dict[str, Any]:
    """Pennies for twice `amount`, half of it by the points of a card."""
    return seat.document(
        "sale", wallet=card.wallet, proofs=[proof(card)],
        lines=[line(1, PENNY, amount * 2000, 1, amount * 2)],
        tenders=[by_points(card, amount), cash(amount)], total_minor=amount * 2,
    )  # fmt: skip


def test_fifty_tills_pay_with_the_points_of_one_wallet(chain: SmallChain) -> None:
    """700 points, fifty times 20 for 1.00: 35 sales stand, 15 are refused, and no point pays twice."""
    tills = [chain.open_seat() for _ in range(50)]
    card = chain.card(tills[0])
    for amount in (250, 400, 50):
        chain.give_points(tills[0], card, amount)
    bodies = [pay_by_points(till, card, 100) for till in tills]

    with chain.policy(**NO_PIN):
        outcomes = race([later(till, body) for till, body in zip(tills, bodies, strict=True)])

    no_retry(outcomes)
    assert overlap(outcomes) >= 30
    assert Counter(o.refused for o in outcomes) == {None: 35, "insufficient": 15}
    assert chain.balances(card.wallet)["points"] == 0
    spent = (
        "select sum(p.amount) from ledger.posting p join ledger.account a on a.id = p.debit_ref"
        " where a.wallet = %s and p.demand = 'redeem'"
    )
    assert chain.value(spent, card.wallet) == 700
    whole(chain)


def test_one_document_fifty_times(chain: SmallChain) -> None:
    """The till's own connections all send it, as after a line that came back: one posting, 49 replays."""
    till = chain.open_seat()
    body = till.document("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    sent = str(uuid.uuid4())
    lines = [chain.shop.connect(till.role) for _ in range(50)]
    try:
        copies = [Seat(chain, one, till.role, till.terminal, till.store, till.drawer) for one in lines]
        for copy in copies:
            copy.attach(till.session)
        outcomes = race([later(copy, body, sent) for copy in copies])
    finally:
        for one in lines:
            one.close()

    no_retry(outcomes)
    assert overlap(outcomes) >= 30
    answers = [o.answer for o in outcomes]
    assert Counter(bool(a.get("replayed")) for a in answers) == {True: 49, False: 1}
    assert len({a["head"] for a in answers}) == 1
    assert chain.drawer_cash(till) == 50350
    whole(chain)


def test_one_id_from_two_terminals(chain: SmallChain) -> None:
    one, two = chain.open_seat(), chain.open_seat()
    for _ in range(10):
        sent = str(uuid.uuid4())
        bodies = [
            till.document("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
            for till in (one, two)
        ]
        outcomes = race([later(one, bodies[0], sent), later(two, bodies[1], sent)])
        no_retry(outcomes)
        assert Counter(o.refused for o in outcomes) == {None: 1, "id_reused": 1}
        refused = next(o.answer for o in outcomes if o.refused)
        assert isinstance(refused["facts"]["number"], int)
    whole(chain)


def give_back(till: Seat, sale: dict[str, Any], qty: int, total: int) -> dict[str, Any]:
    """A return of line 1."""
    lines = [{"n": 1, "of": 1, "qty_milli": qty}]
    return till.document("return", of=sale["id"], reason="broken", lines=lines, total_minor=total)


def test_the_same_return_from_two_tills(chain: SmallChain) -> None:
    one, two = chain.open_seat(), chain.open_seat()
    for _ in range(10):
        sale = one.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
        outcomes = race([later(till, give_back(till, sale, 1000, 350)) for till in (one, two)])
        no_retry(outcomes)
        assert Counter(o.refused for o in outcomes) == {None: 1, "returned_beyond_sold": 1}
    whole(chain)


def test_pieces_of_one_sale_come_back_at_many_tills(chain: SmallChain) -> None:
    """Twelve ask for ten pieces, each for the share that falls to the next: never more than was paid."""
    tills = [chain.open_seat() for _ in range(12)]
    sale = tills[0].done("sale", lines=[line(1, PENNY, 10_000, 1, 10)], tenders=[cash(10)], total_minor=10)
    outcomes = race([later(till, give_back(till, sale, 1000, 1)) for till in tills])

    no_retry(outcomes)
    assert Counter(o.refused for o in outcomes) == {None: 10, "returned_beyond_sold": 2}
    whole(chain)


def test_a_return_against_the_reversal_of_its_sale(chain: SmallChain) -> None:
    one = chain.open_seat()
    two = chain.seat(drawer=one.drawer)
    two.shift = one.shift
    seen: Counter[tuple[str | None, ...]] = Counter()
    for _ in range(12):
        sale = one.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
        reversal = two.document("reversal", of=sale["id"], reason="mistake", total_minor=350)
        outcomes = race([later(one, give_back(one, sale, 1000, 350)), later(two, reversal)])
        no_retry(outcomes)
        seen[tuple(o.refused for o in outcomes)] += 1
    assert set(seen) <= {(None, "has_returns"), ("already_reversed", None)}
    assert chain.drawer_cash(one) == 50000
    whole(chain)


def test_a_piece_comes_back_while_another_is_undone(chain: SmallChain) -> None:
    """The undoing holds the return, not the sale; whatever the order, no more goes back than was paid."""
    one, two = chain.open_seat(), chain.open_seat()
    three = chain.seat(drawer=one.drawer)
    three.shift = one.shift
    for _ in range(10):
        sale = one.done("sale", lines=[line(1, PENNY, 7_000, 1, 7)], tenders=[cash(7)], total_minor=7)
        first = one.post(give_back(one, sale, 2_500, 2))
        undo = three.document("reversal", of=first["id"], reason="mistake", total_minor=2)
        pieces = [later(two, give_back(two, sale, 4_500, 5)), later(one, give_back(one, sale, 4_500, 4))]
        outcomes = race([later(three, undo), *pieces])
        no_retry(outcomes)
        paid = chain.value(
            "select coalesce(sum(amount_minor), 0)::int from ledger.returned where document = %s", sale["id"]
        )
        assert 0 <= paid <= 7
    whole(chain)


def test_one_line_comes_back_and_is_exchanged_at_two_tills(chain: SmallChain) -> None:
    """A return, an exchange and a return at another store reach for the same loaf; one gets it."""
    one, two, south = chain.open_seat(), chain.open_seat(), chain.open_seat(SOUTH)
    with chain.policy(returns_across=True):
        for _ in range(10):
            sale = one.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
            backs = [{"n": 1, "of": 1, "qty_milli": 1000, "total_minor": 350}]
            swap = two.document(
                "exchange", of=sale["id"], reason="too old", backs=backs, total_minor=350,
                lines=[line(1, PENNY, 350_000, 1, 350)],
            )  # fmt: skip
            outcomes = race(
                [later(one, give_back(one, sale, 1000, 350)), later(two, swap),
                 later(south, give_back(south, sale, 1000, 350))]
            )  # fmt: skip
            no_retry(outcomes)
            assert overlap(outcomes) >= 2
            assert Counter(o.refused for o in outcomes) == {None: 1, "returned_beyond_sold": 2}
    returned = "select coalesce(max(qty_milli), 0) from ledger.returned where document = %s"
    assert chain.value(returned, sale["id"]) == 1000
    whole(chain)


def goods(chain: SmallChain) -> list[int]:
    """Twelve products of one fen each, on hand in the store."""
    made = chain.rows(
        "insert into shop.product(code, name, tax_code)"
        " select 'B' || gen_random_uuid()::text::char(8), '物', 'T0' from generate_series(1, 12) returning id"
    )
    products = [id for (id,) in made]
    chain.run(
        "insert into shop.price(product, amount_minor, valid_from)"
        " select unnest(%s), 1, now() - interval '1 d'",
        products,
    )
    return products


def baskets(chain: SmallChain, seed: int, rounds: int) -> list[Outcome]:
    """Eight tills sell eight of twelve goods each, every basket in an order of its own, again and again."""
    chance = random.Random(seed)
    products = goods(chain)
    tills = [chain.open_seat() for _ in range(8)]
    cards = [chain.card(tills[n], principal=20000) for n in range(4)]

    def work(till: Seat) -> Posting:
        orders = [chance.sample(products, 8) for _ in range(rounds)]
        payers = [chance.sample(cards, 2) for _ in range(rounds)]

        def run() -> list[Any]:
            answers = []
            for order, (first, second) in zip(orders, payers, strict=True):
                lines = [line(n, product, 1000, 1, 1) for n, product in enumerate(order, start=1)]
                answers.append(till.post(till.document(
                    "sale", lines=lines, tenders=[stored(first, 3), stored(second, 3), cash(2)],
                    proofs=[proof(first), proof(second)], total_minor=8,
                )))  # fmt: skip
            return answers

        return run

    with chain.policy(**NO_PIN):
        return race([work(till) for till in tills], timeout_s=300.0)


def basket_order(chain: SmallChain, seed: int, rounds: int) -> list[Outcome]:
    """The control: the same rows of stock, updated one by one in the order of the basket."""
    chance = random.Random(seed)
    products = goods(chain)
    chain.run("insert into ledger.on_hand select 2, unnest(%s), 0", products)
    lines = [chain.shop.connect() for _ in range(8)]

    def work(connection: Any) -> Posting:
        orders = [chance.sample(products, 8) for _ in range(rounds)]

        def run() -> list[str | None]:
            states: list[str | None] = []
            for order in orders:
                try:
                    with connection.transaction():
                        for product in order:
                            connection.execute(
                                "update ledger.on_hand set qty_milli = qty_milli - 0"
                                " where store = 2 and product = %s", (product,),
                            )  # fmt: skip
                    states.append(None)
                except Exception as error:  # noqa: BLE001 (its SQLSTATE is what is asked)
                    states.append(getattr(error, "sqlstate", None) or repr(error))
            return states

        return run

    try:
        for one in lines:
            one.execute("set deadlock_timeout = '20ms'")
        return race([work(one) for one in lines], timeout_s=300.0)
    finally:
        for one in lines:
            one.close()
        chain.run(
            "delete from ledger.on_hand where store = 2 and product = any (%s) and qty_milli = 0", products
        )


def no_circle(chain: SmallChain, rounds: int) -> None:
    outcomes = baskets(chain, 1, rounds)
    no_retry(outcomes)
    answers = [answer for outcome in outcomes for answer in outcome.answer]
    assert len(answers) == 8 * rounds
    assert Counter(answer.get("refused") for answer in answers) == {None: 8 * rounds}
    whole(chain)

    control = [state for outcome in basket_order(chain, 1, rounds * 4) for state in outcome.answer]
    assert Counter(control)["40P01"] > 0, "the rows are hot enough for the door to have met a deadlock"
    assert {state for state in control if state} <= RETRIES


def test_baskets_in_any_order_never_wait_in_a_circle(chain: SmallChain) -> None:
    no_circle(chain, 12)


@pytest.mark.soak
def test_baskets_in_any_order_never_wait_in_a_circle_for_long(chain: SmallChain) -> None:
    no_circle(chain, 300)
