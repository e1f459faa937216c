"""A card that is charged, replaced, frozen, cancelled at several tills in the same moment, with controls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.lives import accepted, holder, life, membership, replacing
from tests.races.barrier import Outcome, overlap, race
from tests.small_chain import BREAD, NO_PIN, Card, Seat, SmallChain, cash, line, proof, stored

ROUNDS: Final = 6


def told(outcomes: list[Outcome]) -> Counter[str]:
    assert [each.sqlstate for each in outcomes if each.sqlstate] == []
    return Counter(each.refused or "done" for each in outcomes)


def sent(seat: Seat, body: dict[str, Any]) -> Callable[[], Any]:
    return lambda: seat.post(body)


def spending(seat: Seat, card: Card, price: int = 350) -> dict[str, Any]:
    return seat.document(
        "sale", lines=[line(1, BREAD, 1000, price, price)], tenders=[stored(card, price)],
        proofs=[proof(card)], total_minor=price,
    )  # fmt: skip


def test_two_replacements_of_one_card(chain: SmallChain) -> None:
    tills = [chain.open_seat() for _ in range(6)]
    card = chain.card(tills[0], principal=20000)
    news = [chain.blank() for _ in tills]
    bodies = [replacing(till, card, new) for till, new in zip(tills, news, strict=True)]
    outcomes = race([sent(till, body) for till, body in zip(tills, bodies, strict=True)])
    assert told(outcomes) == {"done": 1, "card_state": 5}
    assert overlap(outcomes) > 1
    assert sorted(chain.card_state(new) for new in news) == ["active", *["blank"] * 5]
    assert (
        chain.value("select count(*) from shop.card where wallet = %s and state = 'active'", card.wallet) == 1
    )

    cards = [chain.card(till) for till in tills]
    control = [
        sent(till, replacing(till, old, chain.blank())) for till, old in zip(tills, cards, strict=True)
    ]
    assert told(race(control)) == {"done": 6}, "the control: every till with a card of its own"


def test_one_blank_card_takes_over_for_one_only(chain: SmallChain) -> None:
    tills = [chain.open_seat() for _ in range(4)]
    cards, new = [chain.card(till) for till in tills], chain.blank()
    bodies = [replacing(till, old, new) for till, old in zip(tills, cards, strict=True)]
    outcomes = race([sent(till, body) for till, body in zip(tills, bodies, strict=True)])
    assert told(outcomes) == {"done": 1, "card_state": 3}


@pytest.mark.parametrize("kind", ["card_freeze", "card_lost", "member_freeze"])
def test_a_card_that_is_stopped_while_it_is_charged(chain: SmallChain, kind: str) -> None:
    """Whoever is first: what was charged before the stop stands, and nothing is charged after it."""
    desk = chain.open_seat(staff=chain.managers[1])
    tills, busiest = [chain.open_seat() for _ in range(5)], 0
    with chain.policy(**NO_PIN):
        for _ in range(ROUNDS):
            card = chain.card(desk, principal=20000)
            owner = holder(chain, card)
            if kind == "member_freeze":
                stop = membership(desk, kind, owner, "active", "frozen")
            else:
                stop = life(desk, kind, card, "active", "lost" if kind == "card_lost" else "frozen")
            sales = [sent(till, spending(till, card)) for till in tills]
            outcomes = race([sent(desk, stop), *sales])
            answers = told(outcomes)
            assert outcomes[0].refused is None
            assert set(answers) <= {"done", "card_not_active", "member_not_active"}
            busiest = max(busiest, overlap(outcomes))
            stopped_at = outcomes[0].answer["posted_at"]
            sold = [each.answer for each in outcomes[1:] if each.refused is None]
            assert all(each["posted_at"] < stopped_at for each in sold), "nothing is charged after the stop"
            left = chain.balances(card.wallet)["principal"]
            assert left == 20000 - 350 * len(sold)
    assert busiest > 1, "a race that did not overlap is no race"


def test_a_last_card_is_cancelled_while_money_is_paid_in(chain: SmallChain) -> None:
    """Either the money came first and the card stays, or the card is closed and the money is refused."""
    desk = chain.open_seat(staff=chain.managers[1])
    till = chain.open_seat()
    seen = set()
    for _ in range(ROUNDS * 2):
        card = chain.card(desk)
        pay = till.document("top_up", wallet=card.wallet, tenders=[cash(500)], total_minor=500)
        cancel = life(desk, "card_cancellation", card, "active", "closed")
        answers = [each.refused for each in race([sent(till, pay), sent(desk, cancel)])]
        assert answers in ([None, "wallet_not_empty"], ["card_not_active", None]), answers
        seen.add(answers[0])
        closed = chain.card_state(card) == "closed"
        assert chain.balances(card.wallet)["principal"] == (0 if closed else 500)
    assert chain.rows("select * from ledger.verify()") == []


def test_two_cards_of_one_wallet_move_in_either_order(chain: SmallChain) -> None:
    desk = [chain.open_seat(staff=chain.managers[1]) for _ in range(4)]
    one, two = chain.card(desk[0]), chain.card(desk[0])
    moves = [(one, "active", "frozen"), (two, "active", "frozen")]
    rows = [{"card": card.id, "was": was, "now": now} for card, was, now in moves]
    bodies = [
        seat.document("card_freeze", cards=rows if n % 2 else rows[::-1], reason="asked")
        for n, seat in enumerate(desk)
    ]
    outcomes = race([sent(seat, body) for seat, body in zip(desk, bodies, strict=True)])
    assert told(outcomes) == {"done": 1, "card_state": 3}
    accepted(desk[0], life(desk[0], "card_unfreeze", one, "frozen", "active"))
