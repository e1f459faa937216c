"""Steps of the stateful machine about who holds a card: issued, linked, in a group, at rest, limited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.properties.people_model import MEMBER_MOVES

if TYPE_CHECKING:
    from tests.properties.model import Model
    from tests.properties.tills import Tills

_tills = st.integers(0, 1)
_which = st.integers(0, 10**6)
_limits = st.sampled_from([None, 1, 100, 1000, 5000])


class PeopleSteps:
    """A part of the machine; named before its base."""

    model: Model
    tills: Tills

    if TYPE_CHECKING:

        def _both(self, expected: str | None, got: str | None) -> None: ...

        def _used(self, which: int) -> int: ...

        def activate(self, till: int, which: int) -> None: ...

    def _issue(self, till: int, kind: str, person: int, main: int, waived: bool) -> None:
        step = (till, kind, person, main)
        expected = self.model.attempt(self.model.issue, *step, waived)
        self._both(expected, self.tills.issue(*step, waived=waived))

    @precondition(lambda self: len(self.model.cards) < 5)
    @rule(till=_tills, kind=st.sampled_from(["plain", "yearly", "small", "aged"]), waived=st.booleans())
    def issue(self, till: int, kind: str, waived: bool) -> None:
        """To somebody new; the fee of the first year may be waived by two."""
        self._issue(till, kind, -1, -1, waived and kind == "aged")

    @precondition(lambda self: len(self.model.cards) < 7)
    @rule(till=_tills, which=_which, kind=st.sampled_from(["linked", "linked", "group"]), used=st.booleans())
    def issue_on(self, till: int, which: int, kind: str, used: bool) -> None:
        """Onto the wallet of a card that is there: a supplementary one, or one more of a group."""
        known = len(self.model.cards)
        self._issue(till, kind, -1, self._used(which), False)
        if used and len(self.model.cards) > known:
            self.activate(till, known)

    @precondition(lambda self: len(self.model.cards) < 7)
    @rule(till=_tills)
    def issue_to_a_group(self, till: int) -> None:
        self._issue(till, "group", -1, -1, False)

    @precondition(lambda self: len(self.model.cards) < 7)
    @rule(till=_tills, which=_which)
    def invite(self, till: int, which: int) -> None:
        """A card that is applied for, to whoever has none yet."""
        model = self.model
        owners = {wallet.owner for wallet in model.wallets}
        bare = [n for n in range(len(model.people)) if n not in owners and n not in model.merged_people]
        bare = [n for n in bare if all(own.holder != n for own in model.plastic)]
        self._issue(till, "invited", bare[which % len(bare)] if bare else -1, -1, False)

    @rule(which=_which, kind=st.sampled_from(sorted(MEMBER_MOVES)))
    def member_move(self, which: int, kind: str) -> None:
        person = which % len(self.model.people)
        was, now = self.model.people[person], MEMBER_MOVES[kind][1]
        expected = self.model.attempt(self.model.member_move, kind, person)
        self._both(expected, self.tills.member_move(kind, person, was, now))

    @precondition(lambda self: any(state != "active" for state in self.model.people))
    @rule(which=_which)
    def wake(self, which: int) -> None:
        """Whoever rests comes back: without this little is done after a while."""
        resting = [n for n, state in enumerate(self.model.people) if state != "active"]
        person = resting[which % len(resting)]
        was = self.model.people[person]
        kind = "member_unfreeze" if was == "frozen" else "member_restore"
        expected = self.model.attempt(self.model.member_move, kind, person)
        self._both(expected, self.tills.member_move(kind, person, was, "active"))

    @rule(which=_which, sale=_limits, day=_limits)
    def limit(self, which: int, sale: int | None, day: int | None) -> None:
        card = self._used(which)
        expected = self.model.attempt(self.model.limit, card, sale, day)
        self._both(expected, self.tills.limit(card, sale, day))

    def people_stand_alike(self) -> None:
        """Memberships, and what each card with a limit drew today."""
        assert self.tills.memberships() == self.model.people
        today = self.model.today
        for card in self.model.limits:
            assert self.tills.drawn(card, today) == self.model.drew(card), card
