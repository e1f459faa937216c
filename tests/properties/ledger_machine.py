"""Every step goes to the model and to the door; both refuse alike or stand alike."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.properties.books import Document
from tests.properties.desk_steps import DeskSteps
from tests.properties.exchange_model import may_be_exchanged
from tests.properties.life_steps import LifeSteps
from tests.properties.model import Model
from tests.properties.people_steps import PeopleSteps
from tests.properties.pin_steps import PinSteps
from tests.properties.tills import Tills
from tests.small_chain import SmallChain

FLOAT: Final = 5_000
SOLD: Final = ("sale", "exchange")
OF_CARDS: Final = {"card_activation", "card_replacement", "card_renewal", "card_type_change", "annual_fee"}
"""Documents that touch no value of a wallet: a merge since then is nothing to them."""

_amounts = st.sampled_from([1, 3, 7, 99, 101, 350, 999, 1000, 4321, 9000])
_topped = st.sampled_from([1, 500, 3333, 20000, 20001, 30000])
_tills = st.integers(0, 1)
_which = st.integers(0, 10**6)


class Ledger(LifeSteps, PeopleSteps, DeskSteps, PinSteps, RuleBasedStateMachine):
    """The machine; what it is about stands in its parts, too."""

    chain: SmallChain

    @initialize()
    def begin(self) -> None:
        self.tills = Tills(self.chain, FLOAT)
        day = self.tills.today().replace(month=3, day=31)
        self.model = Model(FLOAT, day)
        self.tills.set_day(day)
        for till in (0, 1):
            self.issue(till, "plain", False)
            self.activate(till, till)
            for amount in (700, 20000, 3333):
                self.top_up(till, till, amount, True)
            self.sale(till, till, 9000, 0, 2)
            self.sell_pass(till, till, 1)
            self.set_pin(till, till, 0, False)
        self.issue(0, "aged", False)
        self.activate(1, 2)

    def _both(self, expected: str | None, got: str | None) -> None:
        assert got == expected

    def _card(self, which: int) -> int:
        """Any card, also one that went back into the box, unless its wallet was merged meanwhile."""
        known = [
            n
            for n, state in enumerate(self.model.cards)
            if state != "blank" or self.model.opens[n] not in self.model.merged_wallets
        ]
        return known[which % len(known)]

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

    def _used(self, which: int) -> int:
        """A card that somebody has, or had."""
        used = [n for n, state in enumerate(self.model.cards) if state != "blank"]
        return used[which % len(used)]

    @rule(till=_tills, which=_which)
    def settle(self, till: int, which: int) -> None:
        self._settle(till, self._card(which))

    def _settle(self, till: int, card: int) -> None:
        purse = self.model.wallets[self.model.opens[card]]
        principal, bonus, points = sum(purse.principal), sum(purse.bonus), purse.points
        expected = self.model.attempt(self.model.settle, till, card, principal)
        self._both(expected, self.tills.settle(till, card, principal, bonus, points))

    def _merged(self, document: Document) -> bool:
        """What goes back to a wallet that was merged is carried on: tests of its own say how."""
        merged = {document.wallet, document.target} & set(self.model.merged_wallets)
        return document.kind not in {"member_merge", *OF_CARDS} and bool(merged)

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
        assert self.tills.drawers() == self.model.cash
        assert self.tills.on_hand() == self.model.on_hand
        self.lives_stand_alike()
        self.people_stand_alike()
        self.desks_stand_alike()

    def teardown(self) -> None:
        """The business day is the server's again."""
        if hasattr(self, "tills"):
            self.tills.set_day(None)
