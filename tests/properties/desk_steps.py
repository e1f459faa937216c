"""Steps of the stateful machine at the desk: applications, fees of every year, blank cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.properties.desk_model import DECIDES
from tests.properties.model import BOX

if TYPE_CHECKING:
    from tests.properties.model import Model
    from tests.properties.tills import Tills

_tills = st.integers(0, 1)
_which = st.integers(0, 10**6)
_cards = st.integers(0, BOX - 1)
_custody = st.sampled_from(["card_receive", "card_receive", "card_hand_over", "card_void", "card_count"])


class DeskSteps:
    """A part of the machine; named before its base."""

    model: Model
    tills: Tills

    if TYPE_CHECKING:

        def _both(self, expected: str | None, got: str | None) -> None: ...

        def _used(self, which: int) -> int: ...

    @rule(till=_tills, which=_which, new=st.booleans(), approved=st.booleans())
    def apply(self, till: int, which: int, new: bool, approved: bool) -> None:
        person = -1 if new else which % len(self.model.people)
        known = len(self.model.applications)
        self._both(self.model.attempt(self.model.apply, person), self.tills.apply(till, person))
        if approved and len(self.model.applications) > known:
            self.decide(known, "card_approval")

    @precondition(lambda self: self.model.applications)
    @rule(which=_which, kind=st.sampled_from(sorted(DECIDES)))
    def decide(self, which: int, kind: str) -> None:
        n = which % len(self.model.applications)
        was = self.model.applications[n][1]
        expected = self.model.attempt(self.model.decide, kind, n)
        self._both(expected, self.tills.decide(kind, n, was, DECIDES[kind][1]))

    @precondition(lambda self: any(own.kind == "aged" for own in self.model.plastic))
    @rule(till=_tills, which=_which, waived=st.booleans())
    def charge(self, till: int, which: int, waived: bool) -> None:
        """The oldest year that is open; where none is, this one is asked in vain."""
        aged = [n for n, own in enumerate(self.model.plastic) if own.kind == "aged"]
        due = [n for n in aged if self.model.years_due(n)]
        aged = due if due and which % 5 else aged
        card = aged[which % len(aged)]
        year = (self.model.years_due(card) or [self.model.today.year])[0]
        expected = self.model.attempt(self.model.charge, till, card, waived)
        self._both(expected, self.tills.charge(till, card, year, waived=waived))

    @rule(kind=_custody, store=_tills, one=_cards, other=_cards, off=st.sampled_from([0, 0, 0, 1, -1]),
          reason=st.booleans())  # fmt: skip
    def custody(self, kind: str, store: int, one: int, other: int, off: int, reason: bool) -> None:
        """So many of a range as there are, or one more or less; the first move is that of the whole box."""
        first, last = sorted((one, other)) if self.model.box[0].store is not None else (0, BOX - 1)
        count = max(0, self.model.meant(kind, store, first, last) + off)
        step = (kind, store, first, last, count, reason)
        self._both(self.model.attempt(self.model.custody, *step), self.tills.custody(*step))

    @rule(till=_tills, n=_cards)
    def give_out(self, till: int, n: int) -> None:
        self._both(self.model.attempt(self.model.give_out, till, n), self.tills.give_out(till, n))

    def desks_stand_alike(self) -> None:
        """Applications, years that are due, and where every blank card lies."""
        model = self.model
        assert self.tills.asked_for() == [state for _, state in model.applications]
        assert self.tills.in_box() == [(card.state, card.store, card.coming) for card in model.box]
        for card, own in enumerate(model.plastic):
            if own.kind == "aged":
                assert self.tills.years_due(card) == model.years_due(card), card
