"""The life of cards and memberships beside the model: led through every move there is, taken or refused."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.planted import planted
from tests.properties.books import DEAD
from tests.properties.desk_model import DECIDES
from tests.properties.ledger_machine import Ledger
from tests.properties.model import BOX
from tests.properties.people_model import MEMBER_MOVES
from tests.small_chain import NO_PIN, SmallChain

TYPES: Final = ("plain", "yearly", "small", "aged", "invited", "linked", "group")
ISSUED: Final = ("plain", "yearly", "yearly", "small", "aged", "aged")
CUSTODY: Final = ("card_receive", "card_hand_over", "card_void", "card_count")
LIVES: Final = ("card_freeze", "card_unfreeze", "card_lost", "card_found")


class Led(Ledger):
    """The machine with a purse of chances, and a tally of what became of each step."""

    told: Counter[tuple[str, bool]]
    chance: random.Random
    step: str

    def _both(self, expected: str | None, got: str | None) -> None:
        assert got == expected, self.step
        self.told[self.step, got is None] += 1

    def moves(self) -> dict[str, tuple[int, Callable[[], None]]]:
        """Each step by name, how often it comes, and itself with chances for the rest."""
        till, which, pick = self.chance.randrange(2), self.chance.randrange(10**6), self.chance.choice
        some = self.chance.random()
        any_card = pick((which, which, which % len(self.model.cards)))
        one, other = self.chance.randrange(BOX), self.chance.randrange(BOX)
        past = any(self.model.standing(n) != state for n, state in enumerate(self.model.cards))
        alive = sum(state not in {*DEAD, "blank"} for state in self.model.cards)
        return {
            "issue": ((alive < 6) * 3, lambda: self.issue(till, pick(ISSUED), some < 0.3)),
            "issue_on": ((alive < 9) * 2, lambda: self.issue_on(till, which, pick(TYPES[5:]), some < 0.8)),
            "issue_to_a_group": (alive < 9, lambda: self.issue_to_a_group(till)),
            "invite": (alive < 9, lambda: self.invite(till, which)),
            "activate": (("issued" in self.model.cards) * 3, lambda: self.activate(till, any_card)),
            "live": (4, lambda: self.live(which, pick(LIVES))),
            "come_back": (self.stopped() * 6, lambda: self.come_back(which)),
            "replace": ((alive < 9) * 2, lambda: self.replace(till, which)),
            "expire": (6 if past else 1, lambda: self.expire(which)),
            "renew": (4, lambda: self.renew(till, which)),
            "change_type": (3, lambda: self.change_type(till, which, pick(TYPES[:5]))),
            "cancel": (1, lambda: self.cancel(which)),
            "settle_and_cancel": (1, lambda: self.settle_and_cancel(till, which)),
            "restore": (("closed" in self.model.cards) * 3, lambda: self.restore(which)),
            "time_passes": (1, lambda: self.time_passes(pick((1, 7, 13)))),
            "member_move": (2, lambda: self.member_move(which, pick(sorted(MEMBER_MOVES)))),
            "wake": (3 * self.rests(), lambda: self.wake(which)),
            "limit": (1, lambda: self.limit(which, pick((None, 100, 5000)), pick((None, 1000, 5000)))),
            "apply": (2, lambda: self.apply(till, which, some < 0.4, some > 0.2)),
            "decide": (bool(self.model.applications), lambda: self.decide(which, pick(sorted(DECIDES)))),
            "charge": (self.has("aged") * 2, lambda: self.charge(till, which, some < 0.3)),
            "custody": (
                3,
                lambda: self.custody(pick(CUSTODY), till, one, other, pick((0, 0, 1)), some < 0.7),
            ),
            "give_out": (1, lambda: self.give_out(till, one)),
            "sale": (4, lambda: self.sale(till, which, pick((7, 350, 999, 4321)), which % 5, which % 3)),
            "top_up": (2, lambda: self.top_up(till, which, pick((500, 3333, 20000)), False)),
            "transfer": (2, lambda: self.transfer(till, which, which // 7, pick((1, 500, 3333)))),
            "merge": (1, lambda: self.merge(till, which, which // 11)),
            "give_back": (self.sold(), lambda: self.give_back(which, which % 4 + 1)),
            "use_pass": (1, lambda: self.use_pass(till, which, 1)),
            "reverse": (4, lambda: self.reverse(self.chance.randrange(6))),
        }

    def _card(self, which: int) -> int:
        """One that is past its last day comes again and again: whoever has it tries."""
        past = [n for n, state in enumerate(self.model.cards) if self.model.standing(n) != state]
        if past and which % 3 == 0:
            return past[which % len(past)]
        return self._fit(which, lambda n: self.model.standing(n) == "active")

    def has(self, kind: str) -> bool:
        return any(own.kind == kind for own in self.model.plastic)

    def stopped(self) -> bool:
        return any(state in {"lost", "frozen"} for state in self.model.cards)

    def rests(self) -> bool:
        return any(state != "active" for state in self.model.people)

    def sold(self) -> bool:
        return any(document.kind == "sale" for document in self.model.documents)


TAKEN_AND_REFUSED: Final = frozenset({
    "issue_on", "activate", "live", "replace", "expire", "renew", "change_type", "cancel",
    "settle_and_cancel", "restore", "member_move", "apply", "decide", "charge", "custody", "sale", "reverse",
})  # fmt: skip
MOST: Final = 1500
"""Steps within which everything has happened."""


def soak(*case: str) -> Any:
    return pytest.param(*case, marks=pytest.mark.soak)


def walk(
    chain: SmallChain, seed: int, steps: int, wanted: frozenset[str] = frozenset()
) -> Counter[tuple[str, bool]]:
    """Lead the machine through so many steps, and on until each one wanted was both taken and refused."""
    machine = type("LedHere", (Led,), {"chain": chain})()
    machine.told, machine.chance, machine.step = Counter(), random.Random(seed), "begin"
    told: Counter[tuple[str, bool]] = machine.told
    with chain.policy(**NO_PIN):
        try:
            machine.begin()
            for n in range(MOST):
                if n >= steps and all(told[step, True] and told[step, False] for step in wanted):
                    break
                moves = machine.moves()
                often = [int(times) for times, _ in moves.values()]
                (machine.step,) = machine.chance.choices(list(moves), often)
                moves[machine.step][1]()
                machine.both_stand_alike()
        finally:
            machine.teardown()
    return told


def test_every_move_of_a_life_is_taken_and_refused_as_the_page_says(chain: SmallChain) -> None:
    told = walk(chain, 2, 200, TAKEN_AND_REFUSED)
    assert [step for step in TAKEN_AND_REFUSED if not (told[step, True] and told[step, False])] == []
    assert chain.rows("select * from ledger.verify()") == []


@pytest.mark.parametrize(
    ("function", "was", "now"),
    [
        ("ledger.year_settled", "return exists", "return false and exists"),
        soak("ledger.standing_state", "valid_to < day", "false"),
        soak("guard.wallet_not_empty", "return (select", "return null; return (select"),
        soak("guard.card_limit", "for s in select", "return null; for s in select"),
        soak("guard.member_not_active", "begin", "begin return null;"),
    ],
)
def test_control_a_weaker_door_is_found(chain: SmallChain, function: str, was: str, now: str) -> None:
    """By one of a few walks: what a guard is about does not come up in every one."""

    def walks() -> None:
        for seed in (3, 4, 5, 6, 7, 8):
            walk(chain, seed, 400)

    with planted(chain, function, was, now), pytest.raises(AssertionError):
        walks()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4, 7))
def test_many_lives_are_led_as_the_page_says(chain: SmallChain, seed: int) -> None:
    walk(chain, seed, 300)
    assert chain.rows("select * from ledger.verify()") == []
