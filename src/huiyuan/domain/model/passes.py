"""Passes: so many uses of a service, or any number while it lasts; and what a card's type may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from huiyuan.domain.model.rules import RuleFamily, RuleVersion

FUNCTIONS: Final = ("discount", "points", "stored", "passes", "period", "credit")
"""What a card type may combine, in the order in which forms number them."""
WHO: Final = ("personal", "supplementary", "group", "bearer")
"""Whom a card of a type is for."""


@dataclass(frozen=True, slots=True)
class CardTerms:
    """What the type of a card says in the version that holds now; `who` is one of `WHO`."""

    who: str = "personal"
    functions: tuple[str, ...] = FUNCTIONS

    def may(self, function: str) -> bool:
        """True if a card of this type has the function."""
        return function in self.functions


PLAIN: Final = CardTerms()
"""Of a type that nobody has published anything about: it may do everything."""


@dataclass(frozen=True, slots=True)
class HeldPass:
    """A pass that a wallet holds. `left` are uses, of an `unlimited` one meaningless.

    `worth_minor` is what one use counts for at the PIN's floor, in minor units.
    """

    rule: int
    name: str
    unlimited: bool
    left: int
    expires_at: datetime | None = None
    day_max: int | None = None
    used_today: int = 0
    worth_minor: int = 0

    @property
    def usable(self) -> int | None:
        """How many uses are possible now; None: as many as one likes."""
        today = None if self.day_max is None else max(self.day_max - self.used_today, 0)
        if self.unlimited:
            return today
        return self.left if today is None else min(self.left, today)


@dataclass(frozen=True, slots=True)
class PassOffer:
    """A pass as it is sold now: `uses` of it (1 where it is without a count) for `price_minor`."""

    rule: int
    version: int
    name: str
    uses: int
    price_minor: int
    unlimited: bool
    term_days: int | None


def offers(rules: tuple[RuleVersion, ...] | list[RuleVersion], tier: int | None) -> tuple[PassOffer, ...]:
    """Every pass that is sold to a member of `tier` (None: nobody known) by rules in force."""
    return tuple(
        PassOffer(
            rule=each.rule,
            version=each.version,
            name=each.name,
            uses=int(each.body.get("count", 1)),
            price_minor=int(each.body["price_minor"]),
            unlimited=bool(each.body.get("unlimited")),
            term_days=each.term_days,
        )
        for each in rules
        if each.family is RuleFamily.PASS and "price_minor" in each.body and each.holds_for(tier)
    )


def countless(rules: Iterable[object]) -> frozenset[int]:
    """Those of `rules` (versions, offers) that are passes without a count: one that is granted is no use."""
    return frozenset(
        each.rule
        for each in rules
        if (isinstance(each, PassOffer) and each.unlimited)
        or (isinstance(each, RuleVersion) and each.family is RuleFamily.PASS and each.body.get("unlimited"))
    )
