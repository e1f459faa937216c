"""The door beside a small model over sequences that nobody thought of, and each undone to where it began."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st
from hypothesis.stateful import run_state_machine_as_test

from tests.properties.ledger_machine import Ledger
from tests.properties.passes_model import PRICE
from tests.properties.tills import Tills
from tests.small_chain import NO_PIN, SmallChain

_ANY_HEALTH: Final = list(HealthCheck)
_amounts = st.sampled_from([1, 3, 7, 99, 101, 350, 999, 1000, 4321, 9000])
_topped = st.sampled_from([1, 500, 3333, 20000, 20001, 30000])
_tills = st.integers(0, 1)
_which = st.integers(0, 10**6)


def run_machine(chain: SmallChain, examples: int, steps: int) -> None:
    """Run the machine on one chain, and ask `verify` about all that it left."""
    machine = type("LedgerHere", (Ledger,), {"chain": chain})
    how = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=_ANY_HEALTH
    )
    with chain.policy(**NO_PIN):
        run_state_machine_as_test(machine, settings=how)
    assert chain.rows("select * from ledger.verify()") == []


def test_the_door_does_what_the_page_says(chain: SmallChain) -> None:
    run_machine(chain, 8, 25)


@pytest.mark.soak
def test_the_door_does_what_the_page_says_for_long(chain: SmallChain) -> None:
    run_machine(chain, 60, 50)


_steps = st.lists(st.tuples(st.integers(0, 19), _tills, _which, _amounts, _topped), min_size=3, max_size=14)


def play(tills: Tills, steps: list[tuple[int, int, int, int, int]]) -> None:
    """Take each step that the door accepts; what it refuses is none."""
    for step, till, which, amount, topped in steps:
        card = which % len(tills.cards)
        sales = [document for document in tills.documents if document["kind"] == "sale"]
        if step == 0:
            tills.issue(till)
        elif step == 1:
            tills.activate(till, len(tills.cards) - 1)
        elif step == 2:
            tills.top_up(till, card, topped, topped // 10 if topped >= 20000 else 0)
        elif step == 3:
            tills.sale(till, card, amount, amount // 2, amount // 100)
        elif step == 4:
            tills.sale(till, card, amount, amount, amount // 100)
        elif step == 5 and sales:
            sale = sales[which % len(sales)]
            tills.give_back(sale, sale["qty_milli"], sale["total_minor"])
        elif step == 16 and sales:
            sale = sales[which % len(sales)]
            half = max(1, sale["qty_milli"] // 2)
            back = sale["total_minor"] * half // sale["qty_milli"]
            tills.exchange(sale, half, back, amount, 0)
        elif step == 6:
            tills.receive(till, amount)
        elif step == 7:
            tills.sale(till, card, amount, amount // 4, amount // 100, min(amount // 2, topped))
        elif step == 8:
            tills.sale(till, card, which % 9 * 80 + 80, 0, 1, 0, 80)
        elif step == 9:
            tills.spend_points(till, card, 1 + amount // 100)
        elif step == 10:
            tills.transfer(till, card, topped % len(tills.cards), amount)
        elif step == 11:
            tills.merge(till, card, topped % len(tills.cards))
        elif step == 12:
            tills.sell_pass(till, card, 1)
        elif step == 13:
            tills.use_pass(till, card, amount % 7 + 1)
        elif step == 14:
            tills.replace(till, card, "active", "active")
        elif step == 15:
            settle_all(tills, till, card)
        else:
            live_on(tills, till, card, step, which)


def live_on(tills: Tills, till: int, card: int, step: int, which: int) -> None:
    """What may be taken back of the life of a card."""
    if step == 17:
        tills.move(till, "card_renewal", card, "active", "active")
    elif step == 18:
        kind = ("plain", "yearly", "small", "aged")[which % 4]
        tills.move(till, "card_type_change", card, "active", "active", type=kind)
    elif step == 19:
        tills.issue(till, ("linked", "aged")[which % 2], main=card if which % 2 == 0 else -1)


def settle_all(tills: Tills, till: int, card: int) -> None:
    """Pay back whatever a card holds."""
    wallet, sums = tills.cards[card].wallet, tills.sums()
    values = [sums[wallet, kind] for kind in ("principal", "bonus", "points")]
    tills.settle(till, card, *values)


def undone(chain: SmallChain, steps: list[tuple[int, int, int, int, int]]) -> None:
    """Play the steps, take every document back in reverse order, and compare with the start."""
    with chain.policy(**NO_PIN):
        tills = Tills(chain, 200_000)
        for till in (0, 1):
            tills.issue(till)
            tills.activate(till, till)
            for amount in (700, 20000, 3333):
                tills.top_up(till, till, amount, amount // 10 if amount == 20000 else 0)
            tills.sale(till, till, 9000, 0, 90)
            tills.sell_pass(till, till, 1)
        first = len(tills.documents)
        known, wallets = list(tills.cards), list(tills.wallets)
        before = (tills.sums(), tills.lots(), tills.drawers(), tills.on_hand(), tills.plastic())

        play(tills, steps)
        owed, unused = tills.owed_for_passes()
        assert owed == unused
        for document in reversed(tills.documents[first:]):
            assert tills.reverse(document) is None, document

        made = set(tills.wallets[len(wallets) :])
        assert all(left == 0 for (wallet, _), left in tills.sums().items() if wallet in made)
        assert tills.states()[len(known) :] == ["blank"] * (len(tills.cards) - len(known))
        assert tills.cards[: len(known)] == known
        tills.cards, tills.wallets = known, wallets
        lots = {key: [n for n in left if n] for key, left in tills.lots().items() if any(left)}
        after = (tills.sums(), lots, tills.drawers(), tills.on_hand(), tills.plastic())
        assert after == before
        assert tills.owed_for_passes() == (2 * PRICE, 2 * PRICE)


# A debt that a return left after a merge, of which a later sale settled a part.
_DEBT: Final = [(11, 0, 0, 1, 1), (0, 0, 0, 1, 1), (5, 0, 0, 1, 1), (8, 0, 1, 1, 1)]


@settings(max_examples=15, deadline=None, suppress_health_check=_ANY_HEALTH)
@given(steps=_steps)
@example(steps=[*[(0, 0, 0, 1, 1)] * 9, *_DEBT])
@example(steps=[(14, 0, 0, 1, 1), (4, 1, 0, 100, 1), (4, 1, 2, 100, 1), (14, 1, 2, 1, 1), (2, 0, 3, 1, 333)])
def test_a_sequence_taken_back_in_reverse_ends_where_it_began(chain: SmallChain, steps: Any) -> None:
    undone(chain, steps)


@pytest.mark.soak
@settings(max_examples=150, deadline=None, suppress_health_check=_ANY_HEALTH)
@given(steps=_steps)
def test_a_sequence_taken_back_in_reverse_ends_where_it_began_for_long(chain: SmallChain, steps: Any) -> None:
    undone(chain, steps)
