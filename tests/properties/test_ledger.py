"""The door beside a small model over sequences that nobody thought of, and each undone to where it began."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)  # fmt: skip

from tests.properties.books import Document
from tests.properties.exchange_model import may_be_exchanged
from tests.properties.model import Model
from tests.properties.passes_model import PRICE
from tests.properties.pin_steps import PinSteps
from tests.properties.tills import Tills
from tests.small_chain import NO_PIN, SmallChain

FLOAT: Final = 5_000
SOLD: Final = ("sale", "exchange")
_ANY_HEALTH: Final = list(HealthCheck)
_amounts = st.sampled_from([1, 3, 7, 99, 101, 350, 999, 1000, 4321, 9000])
_topped = st.sampled_from([1, 500, 3333, 20000, 20001, 30000])
_tills = st.integers(0, 1)
_which = st.integers(0, 10**6)


class Ledger(PinSteps, RuleBasedStateMachine):
    """Every step goes to the model and to the door; both refuse alike or stand alike."""

    chain: SmallChain

    @initialize()
    def begin(self) -> None:
        self.model = Model(FLOAT)
        self.tills = Tills(self.chain, FLOAT)
        for till in (0, 1):
            self.issue(till)
            self.activate(till, till)
            for amount in (700, 20000, 3333):
                self.top_up(till, till, amount, True)
            self.sale(till, till, 9000, 0, 2)
            self.sell_pass(till, till, 1)
            self.set_pin(till, till, 0, False)

    def _both(self, expected: str | None, got: str | None) -> None:
        assert got == expected

    def _card(self, which: int) -> int:
        return which % len(self.model.cards)

    @precondition(lambda self: len(self.model.cards) < 4)
    @rule(till=_tills)
    def issue(self, till: int) -> None:
        self._both(self.model.attempt(self.model.issue, till, 1000), self.tills.issue(till, 1000))

    @precondition(lambda self: any(state != "active" for state in self.model.cards))
    @rule(till=_tills, which=_which)
    def activate(self, till: int, which: int) -> None:
        card = self._card(which)
        self._both(self.model.attempt(self.model.activate, till, card), self.tills.activate(till, card))

    @precondition(lambda self: self.model.cards)
    @rule(till=_tills, which=_which, amount=_topped, generous=st.booleans())
    def top_up(self, till: int, which: int, amount: int, generous: bool) -> None:
        step = (till, self._card(which), amount, amount // 10 if generous and amount >= 20000 else 0)
        self._both(self.model.attempt(self.model.top_up, *step), self.tills.top_up(*step))

    @precondition(lambda self: self.model.cards)
    @rule(till=_tills, which=_which, total=_amounts, part=st.integers(0, 4), earn=st.integers(0, 2))
    def sale(self, till: int, which: int, total: int, part: int, earn: int) -> None:
        step = (till, self._card(which), total, total * part // 4, total // 100 * earn // 2)
        self._both(self.model.attempt(self.model.sale, *step), self.tills.sale(*step))

    @precondition(lambda self: any(wallet.points for wallet in self.model.wallets))
    @rule(till=_tills, which=_which, total=_amounts, part=st.integers(0, 3), share=st.integers(0, 5))
    def sale_by_points(self, till: int, which: int, total: int, part: int, share: int) -> None:
        """By all the points there are, by fewer or one too many, beside stored value; and it earns."""
        rich = [n for n, wallet in enumerate(self.model.wallets) if wallet.points]
        wallet = rich[which % len(rich)]
        worth = self.model.wallets[wallet].points * 5
        wishes = (worth // 3, worth // 2, worth, worth + 1, total // 2, total // 2 + 1)
        by_points = max(1, min(total, wishes[share]))
        stored = (total - by_points) * part // 4
        step = (till, wallet, total, stored, total // 100, by_points)
        self._both(self.model.attempt(self.model.sale, *step), self.tills.sale(*step))

    @rule(till=_tills, which=_which, pieces=st.integers(1, 9), price=st.sampled_from([1, 80, 120, 333]))
    def sale_at_a_typed_price(self, till: int, which: int, pieces: int, price: int) -> None:
        wallet = self._card(which) if self.model.cards else -1
        step = (till, wallet, pieces * price, 0, 0, 0, price)
        self._both(self.model.attempt(self.model.sale, *step), self.tills.sale(*step))

    @rule(till=_tills, total=_amounts)
    def cash_sale(self, till: int, total: int) -> None:
        step = (till, -1, total, 0, 0)
        self._both(self.model.attempt(self.model.sale, *step), self.tills.sale(*step))

    @precondition(lambda self: len(self.model.cards) > 1)
    @rule(till=_tills, one=_which, other=_which, amount=_topped)
    def transfer(self, till: int, one: int, other: int, amount: int) -> None:
        step = (till, self._card(one), self._card(other), amount)
        self._both(self.model.attempt(self.model.transfer, *step), self.tills.transfer(*step))

    @precondition(lambda self: len(self.model.cards) > 2)
    @rule(till=_tills, one=_which, other=_which)
    def merge(self, till: int, one: int, other: int) -> None:
        step = (till, self._card(one), self._card(other))
        if "blank" in {self.model.cards[card] for card in step[1:]}:
            return
        self._both(self.model.attempt(self.model.merge, *step), self.tills.merge(*step))

    @precondition(lambda self: self.model.cards)
    @rule(till=_tills, which=_which, packs=st.integers(1, 3))
    def sell_pass(self, till: int, which: int, packs: int) -> None:
        step = (till, self._card(which), packs)
        self._both(self.model.attempt(self.model.sell_pass, *step), self.tills.sell_pass(*step))

    @precondition(lambda self: self.model.cards)
    @rule(till=_tills, which=_which, count=st.sampled_from([1, 1, 3, 9, 10, 11]))
    def use_pass(self, till: int, which: int, count: int) -> None:
        step = (till, self._card(which), count)
        self._both(self.model.attempt(self.model.use_pass, *step), self.tills.use_pass(*step))

    @precondition(lambda self: any(state != "blank" for state in self.model.cards))
    @rule(which=_which, kind=st.sampled_from(["card_freeze", "card_unfreeze", "card_lost", "card_found"]))
    def live(self, which: int, kind: str) -> None:
        """A card is frozen or lost, or comes back to what it was before."""
        card = self._used(which)
        was = self.model.cards[card]
        back = self.model.was.get(card, ["active"])[-1:] or ["active"]
        now = {"card_freeze": "frozen", "card_lost": "lost"}.get(kind, back[0])
        expected = self.model.attempt(self.model.live, kind, card)
        self._both(expected, self.tills.live(kind, card, was, now))

    @precondition(lambda self: len(self.model.cards) < 6 and any(c != "blank" for c in self.model.cards))
    @rule(till=_tills, which=_which)
    def replace(self, till: int, which: int) -> None:
        card = self._used(which)
        was = self.model.cards[card]
        before = self.model.was.get(card, []) if was == "lost" else [was]
        now = "issued" if before[-1:] == ["issued"] else "active"
        expected = self.model.attempt(self.model.replace, till, card)
        self._both(expected, self.tills.replace(till, card, was, now))

    def _used(self, which: int) -> int:
        """A card that somebody has, or had."""
        used = [n for n, state in enumerate(self.model.cards) if state != "blank"]
        return used[which % len(used)]

    @rule(till=_tills, which=_which)
    def settle(self, till: int, which: int) -> None:
        card = self._card(which)
        purse = self.model.wallets[self.model.opens[card]]
        principal, bonus, points = sum(purse.principal), sum(purse.bonus), purse.points
        expected = self.model.attempt(self.model.settle, till, card, principal)
        self._both(expected, self.tills.settle(till, card, principal, bonus, points))

    def _merged(self, document: Document) -> bool:
        """What goes back to a wallet that was merged is carried on: tests of its own say how."""
        alive = set(self.model.opens)
        if document.kind == "card_issue" and self.model.opens.count(document.wallet) > 1:
            return True
        return document.kind != "member_merge" and bool({document.wallet, document.target} - alive - {-1})

    @precondition(lambda self: any(d.kind in SOLD for d in self.model.documents))
    @rule(which=_which, part=st.integers(1, 4))
    def give_back(self, which: int, part: int) -> None:
        sales = [n for n, d in enumerate(self.model.documents) if d.kind in SOLD and not self._merged(d)]
        if not sales:
            return
        n = sales[which % len(sales)]
        sale = self.model.documents[n]
        qty = max(1, (sale.qty - sale.returned_qty) * part // 3)
        if not sale.stock:
            qty = max(1000, qty // 1000 * 1000)  # stamps are sold by the piece
        total = sale.due_back(qty)
        expected = self.model.attempt(self.model.give_back, sale, qty)
        self._both(expected, self.tills.give_back(self.tills.documents[n], qty, total))

    @precondition(lambda self: any(may_be_exchanged(d) for d in self.model.documents))
    @rule(which=_which, part=st.integers(1, 4), out=_amounts, earn=st.booleans())
    def exchange(self, which: int, part: int, out: int, earn: bool) -> None:
        """Of a sale or of what went out in an exchange before; dearer, cheaper or even."""
        sales = [
            n
            for n, d in enumerate(self.model.documents)
            if may_be_exchanged(d) and not self._merged(d) and (d.wallet < 0 or self._active(d.wallet))
        ]
        if not sales:
            return
        n = sales[which % len(sales)]
        sale = self.model.documents[n]
        qty = max(1, (sale.qty - sale.returned_qty) * part // 3)
        points = out // 100 if earn and sale.wallet >= 0 else 0
        back = sale.due_back(qty)
        expected = self.model.attempt(self.model.exchange, sale, qty, out, points)
        self._both(expected, self.tills.exchange(self.tills.documents[n], qty, back, out, points))

    def _active(self, wallet: int) -> bool:
        """Somebody holds a card of it that is in use."""
        return any(
            opened == wallet and state == "active"
            for opened, state in zip(self.model.opens, self.model.cards, strict=True)
        )

    @rule(till=_tills, qty=_amounts)
    def receive(self, till: int, qty: int) -> None:
        self._both(self.model.attempt(self.model.receive, till, qty), self.tills.receive(till, qty))

    @precondition(lambda self: any(w.points for w in self.model.wallets))
    @rule(till=_tills, which=_which, more=st.booleans())
    def spend_points(self, till: int, which: int, more: bool) -> None:
        rich = [n for n, wallet in enumerate(self.model.wallets) if wallet.points]
        wallet = rich[which % len(rich)]
        step = (till, wallet, self.model.wallets[wallet].points + more)
        self._both(self.model.attempt(self.model.spend_points, *step), self.tills.spend_points(*step))

    @precondition(lambda self: self.model.documents)
    @rule(back=st.integers(0, 5))
    def reverse(self, back: int) -> None:
        n = max(0, len(self.model.documents) - 1 - back)
        if self._merged(self.model.documents[n]):
            return
        expected = self.model.attempt(self.model.reverse, self.model.documents[n])
        self._both(expected, self.tills.reverse(self.tills.documents[n]))

    @rule(till=_tills, off=st.sampled_from([0, 0, 5, -5]))
    def change_shift(self, till: int, off: int) -> None:
        if self.model.is_open[till]:
            counted = max(0, self.model.cash[till] + off)
            self.model.close(till)
            assert self.tills.close(till, counted) is None
        else:
            self.model.open(till, FLOAT)
            self.tills.open(till, FLOAT)

    @invariant()
    def both_stand_alike(self) -> None:
        if not hasattr(self, "tills"):
            return
        sums, lots = self.tills.sums(), self.tills.lots()
        for wallet, purse in zip(self.tills.wallets, self.model.wallets, strict=True):
            for kind in ("principal", "bonus"):
                assert lots.get((wallet, kind), []) == purse.lots(kind), (wallet, kind)
            held = lots.get((wallet, f"pass:{self.tills.pass_rule}"), [])
            assert held == purse.passes, wallet
            assert sums[wallet, "points"] == purse.points
            assert sums[wallet, "points_debt"] == purse.debt
        opens = [self.tills.wallets.index(card.wallet) for card in self.tills.cards]
        assert opens == self.model.opens
        assert self.tills.drawers() == self.model.cash
        assert self.tills.on_hand() == self.model.on_hand
        assert self.tills.states() == self.model.cards


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
    run_machine(chain, 12, 25)


@pytest.mark.soak
def test_the_door_does_what_the_page_says_for_long(chain: SmallChain) -> None:
    run_machine(chain, 60, 50)


_steps = st.lists(st.tuples(st.integers(0, 16), _tills, _which, _amounts, _topped), min_size=3, max_size=14)


def play(tills: Tills, steps: list[tuple[int, int, int, int, int]]) -> None:
    """Take each step that the door accepts; what it refuses is none."""
    for step, till, which, amount, topped in steps:
        card = which % len(tills.cards)
        sales = [document for document in tills.documents if document["kind"] == "sale"]
        if step == 0:
            tills.issue(till, 1000)
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
            tills.replace(till, card, "active", "active", keep=True)
        else:
            settle_all(tills, till, card)


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
            tills.issue(till, 1000)
            tills.activate(till, till)
            for amount in (700, 20000, 3333):
                tills.top_up(till, till, amount, amount // 10 if amount == 20000 else 0)
            tills.sale(till, till, 9000, 0, 90)
            tills.sell_pass(till, till, 1)
        first = len(tills.documents)
        known, wallets = list(tills.cards), list(tills.wallets)
        before = (tills.sums(), tills.lots(), tills.drawers(), tills.on_hand(), tills.states())

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
        after = (tills.sums(), lots, tills.drawers(), tills.on_hand(), tills.states())
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
