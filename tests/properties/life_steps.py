"""Steps of the stateful machine that move a card: out of use and back, on to a new one, to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.properties.books import TERMS

if TYPE_CHECKING:
    from tests.properties.model import Model
    from tests.properties.tills import Tills

_tills = st.integers(0, 1)
_which = st.integers(0, 10**6)
_kinds = st.sampled_from(["plain", "yearly", "small", "aged", "invited", "linked", "group"])


class LifeSteps:
    """A part of the machine; named before its base."""

    model: Model
    tills: Tills

    if TYPE_CHECKING:

        def _both(self, expected: str | None, got: str | None) -> None: ...

        def _used(self, which: int) -> int: ...

        def _settle(self, till: int, card: int) -> None: ...

    def _fit(self, which: int, fits: Callable[[int], object]) -> int:
        """Mostly a card that the step is for, where there is one; else any."""
        cards = [n for n, state in enumerate(self.model.cards) if state != "blank" and fits(n)]
        return cards[which % len(cards)] if cards and which % 5 else self._used(which)

    @precondition(lambda self: "issued" in self.model.cards)
    @rule(till=_tills, which=_which)
    def activate(self, till: int, which: int) -> None:
        card = self._fit(which, lambda n: self.model.cards[n] == "issued")
        if which < len(self.model.cards):
            card = which
        self._both(self.model.attempt(self.model.activate, till, card), self.tills.activate(till, card))

    @rule(which=_which, kind=st.sampled_from(["card_freeze", "card_unfreeze", "card_lost", "card_found"]))
    def live(self, which: int, kind: str) -> None:
        """A card is frozen or lost, or comes back to what it was before."""
        self._live(self._used(which), kind)

    def _live(self, card: int, kind: str) -> None:
        was = self.model.cards[card]
        back = self.model.was.get(card, ["active"])[-1:] or ["active"]
        now = {"card_freeze": "frozen", "card_lost": "lost"}.get(kind, back[0])
        expected = self.model.attempt(self.model.live, kind, card)
        self._both(expected, self.tills.live(kind, card, was, now))

    @precondition(lambda self: any(state in {"lost", "frozen"} for state in self.model.cards))
    @rule(which=_which)
    def come_back(self, which: int) -> None:
        """A card that is lost or frozen is found or unfrozen: without this few are left after a while."""
        card = self._fit(which * 5 + 1, lambda n: self.model.cards[n] in {"lost", "frozen"})
        self._live(card, "card_found" if self.model.cards[card] == "lost" else "card_unfreeze")

    @precondition(lambda self: len(self.model.cards) < 8)
    @rule(till=_tills, which=_which)
    def replace(self, till: int, which: int) -> None:
        card = self._used(which)
        was = self.model.cards[card]
        before = self.model.was.get(card, []) if was == "lost" else [was]
        now = "issued" if before[-1:] == ["issued"] else "active"
        expected = self.model.attempt(self.model.replace, till, card)
        self._both(expected, self.tills.replace(till, card, was, now))

    @rule(which=_which)
    def expire(self, which: int) -> None:
        model = self.model
        card = self._fit(which, lambda n: model.standing(n) != model.cards[n])
        was = model.cards[card]
        expected = model.attempt(model.expire, card)
        self._both(expected, self.tills.live("card_expiry", card, was, "expired"))

    @rule(till=_tills, which=_which)
    def renew(self, till: int, which: int) -> None:
        """On from its last day, or again from today."""
        card = self._fit(which, lambda n: self.model.plastic[n].kind in TERMS)
        was = self.model.cards[card]
        now = (self.model.was.get(card) or ["active"])[-1] if was == "expired" else was
        expected = self.model.attempt(self.model.renew, till, card)
        self._both(expected, self.tills.move(till, "card_renewal", card, was, now))

    @rule(till=_tills, which=_which, kind=_kinds)
    def change_type(self, till: int, which: int, kind: str) -> None:
        card = self._used(which)
        was = self.model.cards[card]
        expected = self.model.attempt(self.model.change_type, till, card, kind)
        self._both(expected, self.tills.move(till, "card_type_change", card, was, was, type=kind))

    @rule(which=_which)
    def cancel(self, which: int) -> None:
        self._cancel(self._fit(which, lambda n: not self.model.wallets[self.model.opens[n]].holds))

    def _cancel(self, card: int) -> None:
        was = self.model.cards[card]
        expected = self.model.attempt(self.model.cancel, card)
        self._both(expected, self.tills.live("card_cancellation", card, was, "closed"))

    @rule(till=_tills, which=_which)
    def settle_and_cancel(self, till: int, which: int) -> None:
        """Paid back first, then closed: together they are how somebody leaves."""
        model = self.model
        small = {
            n
            for n, wallet in enumerate(model.wallets)
            if sum(wallet.principal) <= 10_000 and not sum(wallet.passes)
        }
        card = self._fit(which, lambda n: model.opens[n] in small)
        self._settle(till, card)
        self._cancel(card)

    @precondition(lambda self: "closed" in self.model.cards)
    @rule(which=_which)
    def restore(self, which: int) -> None:
        card = self._fit(which, lambda n: self.model.cards[n] == "closed")
        now = (self.model.was.get(card) or ["active"])[-1]
        was = self.model.cards[card]
        expected = self.model.attempt(self.model.restore, card)
        self._both(expected, self.tills.live("card_restore", card, was, now))

    @rule(months=st.sampled_from([1, 7, 13]))
    def time_passes(self, months: int) -> None:
        self.model.pass_time(months)
        self.tills.set_day(self.model.today)

    def lives_stand_alike(self) -> None:
        """State, type, last day, holder and wallet of every card."""
        model = self.model
        assert self.tills.plastic() == [
            (state, own.kind, own.ends, own.holder, -1 if state == "blank" else opened)
            for state, own, opened in zip(model.cards, model.plastic, model.opens, strict=True)
        ]
