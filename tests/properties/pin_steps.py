"""Steps of the stateful machine that move a PIN, at both tills and at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

if TYPE_CHECKING:
    from tests.properties.model import Model
    from tests.properties.tills import Tills

_tills = st.integers(0, 1)
_which = st.integers(0, 10**6)
_pins = st.integers(0, 2)


class PinSteps:
    """A part of the machine; named before its base."""

    model: Model
    tills: Tills

    if TYPE_CHECKING:

        def _both(self, expected: str | None, got: str | None) -> None: ...

        def _used(self, which: int) -> int: ...

    @precondition(lambda self: any(state != "blank" for state in self.model.cards))
    @rule(till=_tills, which=_which, value=_pins, at_desk=st.booleans())
    def set_pin(self, till: int, which: int, value: int, at_desk: bool) -> None:
        card = self._used(which)
        expected = self.model.attempt(lambda: self.model.set_pin(card, value, at_desk=at_desk))
        self._both(expected, self.tills.set_pin(till, card, value, at_desk=at_desk))
        self._same_pin(card)

    @precondition(lambda self: any(state != "blank" for state in self.model.cards))
    @rule(till=_tills, which=_which, old=_pins, value=_pins, times=st.sampled_from([1, 1, 5]))
    def change_pin(self, till: int, which: int, old: int, value: int, times: int) -> None:
        """By whoever knows it; five times wrong locks it at both tills."""
        card = self._used(which)
        for n in range(times):
            at = (till + n) % 2
            expected = self.model.change_pin(card, old, value)
            self._both(expected, self.tills.change_pin(at, card, old, value))
        self._same_pin(card)

    @precondition(lambda self: any(state != "blank" for state in self.model.cards))
    @rule(which=_which, kind=st.sampled_from(["card_pin_reset", "card_pin_unlock"]), two=st.booleans())
    def move_pin(self, which: int, kind: str, two: bool) -> None:
        card = self._used(which)
        step = self.model.reset_pin if kind == "card_pin_reset" else self.model.unlock_pin
        state = self.model.cards[card]
        expected = self.model.attempt(lambda: step(card, two=two))
        self._both(expected, self.tills.move_pin(kind, card, state, two=two))
        self._same_pin(card)

    def _same_pin(self, card: int) -> None:
        assert self.tills.pin_of(card) == self.model.pin_of(card).value
