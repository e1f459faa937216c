"""The last use of a pass, a part of a bonus: a second wall behind the door's locks, and a control with none.

Each race is run three times in a database of its own, which is thrown away: as it is; without the locks; and
(the control) without the locks, the conditions of the writing functions and the constraints of the tables.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import pytest

from tests.card_types import a_pass, buy, left, use
from tests.planted import planted
from tests.races.barrier import Outcome, overlap, race
from tests.races.meeting import meeting
from tests.small_chain import NO_PIN, Seat, SmallChain
from tests.value_rules import in_force, months_ahead, recharge

Race = tuple[list[dict[str, Any]], Callable[[], int]]
Wall = tuple[tuple[tuple[str, str, str], ...], tuple[str, ...]]
"""Functions with what is planted in them, and constraints that are dropped."""


@pytest.fixture
def two(quiet_chain: SmallChain) -> list[Seat]:
    """Two counters with open shifts, a manager at each."""
    quiet_chain.begin_test()
    managers = quiet_chain.managers
    return [quiet_chain.open_seat(staff=managers[1]), quiet_chain.open_seat(staff=managers[1])]


@contextlib.contextmanager
def last_use(chain: SmallChain, seats: list[Seat]) -> Iterator[Race]:
    """A pass of one use, and how many uses were made of it."""
    card = chain.card(seats[0])
    rule = a_pass(chain, count=1, price_minor=1000)
    buy(seats[0], card, rule, 1, 1000)
    with chain.policy(**NO_PIN):
        yield [use(seat, card, rule) for seat in seats], lambda: 1 - left(chain, card, rule)


@contextlib.contextmanager
def promised_part(chain: SmallChain, seats: list[Seat]) -> Iterator[Race]:
    """The second of two halves of a bonus, a month later, and how often it came."""
    card = chain.card(seats[0])
    terms = {"steps": [{"from_minor": 1000, "give_minor": 100}], "months": 2}
    with in_force(chain, "recharge", terms) as rule:
        plan = seats[0].post(recharge(seats[0], card, 1000, rule, 50))["id"]
    rows = [{"plan": plan, "part": 1, "amount_minor": 50}]
    with months_ahead(chain, 1):
        yield (
            [seat.document("bonus_release", releases=rows, total_minor=50) for seat in seats],
            lambda: (chain.balances(card.wallet)["bonus"] - 50) // 50,
        )


CASES: Final[dict[str, tuple[Any, set[str], Wall]]] = {
    "last use": (
        last_use,
        {"insufficient", "23514"},
        (
            (
                ("ledger.take_from_lots", "if v_taken is distinct from amount then", "if false then"),
                ("ledger.write_value", "and a.balance + g.delta >= -a.limit_minor", ""),
                ("ledger.write_value", "or a.balance + g.delta < -a.limit_minor", ""),
            ),
            ("ledger.lot drop constraint lot_bounds", "ledger.account drop constraint below_limit"),
        ),
    ),
    "promised part": (
        promised_part,
        {"release_refused", "23505"},
        ((), ("ledger.bonus_part drop constraint bonus_part_plan_part_key",)),
    ),
}


def met(chain: SmallChain, seats: list[Seat], make: Any, *, locks: bool) -> tuple[Counter[str], int]:
    """What each was told, and how often it was done."""
    with make(chain, seats) as (bodies, done):
        with meeting(chain, seats, locks=locks):
            outcomes = race([partial(seat.post, body) for seat, body in zip(seats, bodies, strict=True)])
        assert overlap(outcomes) == 2
        return Counter(map(answer, outcomes)), done()


def answer(outcome: Outcome) -> str:
    return outcome.sqlstate or outcome.refused or "done"


@pytest.mark.parametrize("name", CASES)
def test_it_is_done_once_behind_either_wall_and_twice_without_any(
    two: list[Seat], quiet_chain: SmallChain, name: str
) -> None:
    make, refusals, (weaker, dropped) = CASES[name]
    for locks in (True, False):
        told, done = met(quiet_chain, two, make, locks=locks)
        assert (told["done"], done) == (1, 1), (locks, told)
        assert set(told) - {"done"} <= refusals
        assert not locks or told.keys().isdisjoint({"23514", "23505"}), "refused in words, no error"

    for constraint in dropped:
        quiet_chain.admin.execute(f"alter table {constraint}".encode())
    with contextlib.ExitStack() as stack:
        for function in weaker:
            stack.enter_context(planted(quiet_chain, *function))
        told, done = met(quiet_chain, two, make, locks=False)
    assert told == {"done": 2}, "the control: both are told that it is theirs"
    assert done == 2, "and it was used twice"
