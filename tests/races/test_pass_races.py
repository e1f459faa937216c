"""The last use of a pass, the last visit of a day, the last of a limit: at many tills, with controls."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from tests.card_types import a_pass, buy, card_type, issue, left, use
from tests.races.barrier import overlap, race
from tests.small_chain import BREAD_LINE, FEE_DUE, Card, Seat, SmallChain, move, proof, stored

TILLS = 6


def sending(tills: Sequence[Seat], bodies: Sequence[dict[str, Any]]) -> list[Callable[[], Any]]:
    """Each body at its till."""
    return [functools.partial(till.post, body) for till, body in zip(tills, bodies, strict=True)]


def told(outcomes: list[Any]) -> Counter[str]:
    assert [each.sqlstate for each in outcomes if each.sqlstate] == []
    return Counter(each.refused or "done" for each in outcomes)


def uses(tills: list[Seat], cards: list[Card], rule: int) -> list[Callable[[], Any]]:
    """One use at each till."""
    bodies = [use(till, card, rule) for till, card in zip(tills, cards, strict=True)]
    return sending(tills, bodies)


def test_the_last_use_is_used_once(chain: SmallChain) -> None:
    tills = [chain.open_seat() for _ in range(TILLS)]
    cards = [chain.card(till) for till in tills]
    rule = a_pass(chain, count=1, price_minor=1000)
    buy(tills[0], cards[0], rule, 1, 1000)
    outcomes = race(uses(tills, [cards[0]] * TILLS, rule))
    assert told(outcomes) == {"done": 1, "insufficient": TILLS - 1}
    assert overlap(outcomes) > 1
    assert left(chain, cards[0], rule) == 0
    for till, card in zip(tills, cards, strict=True):
        buy(till, card, rule, 1, 1000)
    assert told(race(uses(tills, cards, rule))) == {"done": TILLS}, "the control: each with its own"


def test_the_last_visit_of_a_day_is_made_once(chain: SmallChain) -> None:
    tills = [chain.open_seat() for _ in range(TILLS)]
    card = chain.card(tills[0])
    rule = a_pass(chain, unlimited=True, day_max=1, price_minor=1000)
    buy(tills[0], card, rule, 1, 1000)
    assert told(race(uses(tills, [card] * TILLS, rule))) == {"done": 1, "pass_refused": TILLS - 1}


def test_the_days_limit_of_a_card_holds_at_every_till(chain: SmallChain) -> None:
    tills = [chain.open_seat() for _ in range(TILLS)]
    blank = chain.blank(card_type(chain, "personal", day_max_minor=700))
    issued = tills[0].post(issue(tills[0], blank, FEE_DUE, holder=chain.member()))
    card = Card(blank.id, blank.token, issued["wallet"])
    tills[0].done("card_activation", cards=[move(card, "issued", "active")])
    tills[0].done(
        "top_up", wallet=card.wallet, tenders=[{"kind": "cash", "amount_minor": 9000}], total_minor=9000
    )

    def bodies() -> list[Callable[[], Any]]:
        made = [
            till.document(
                "sale", lines=[BREAD_LINE], tenders=[stored(card, 350)], proofs=[proof(card)], total_minor=350
            )
            for till in tills
        ]
        return sending(tills, made)

    assert told(race(bodies())) == {"done": 2, "card_limit": TILLS - 2}
    asked = "select ledger.card_used(%s, (select max(business_date) from ledger.card_use where card = %s))"
    assert chain.value(asked, card.id, card.id) == 700
    chain.run(
        "update shop.card_type set rule = null where id = %s",
        chain.value("select type from shop.card where id = %s", card.id),
    )
    assert told(race(bodies())) == {"done": TILLS}, "the control: without the type's limit all are served"
