"""What a pass of pricing sees and answers.

Always true: a pass is a pure function from the lines as they stand to what it takes off them; it edits
nothing, and `after` is the only place where a line moves on. What is taken is never more than what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from huiyuan.domain.model.cart import Cart, CartLine
from huiyuan.domain.model.rules import RuleVersion


@dataclass(frozen=True, slots=True)
class Taken:
    """What a pass takes off line `index` (from 0), and why.

    `source` is list, tier, promotion, coupon or manual. `instead`: what the member's price took is given back
    first. `closes`: no other promotion may touch the line any more.
    """

    index: int
    source: str
    amount_minor: int
    rule: int | None = None
    version: int | None = None
    name: str = ""
    list: str | None = None
    qty_milli: int | None = None
    coupon: str | None = None
    instead: bool = False
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A line between two passes. `base_minor` is what the customer's own price left, before any promotion."""

    index: int
    item: CartLine
    value_minor: int
    left_minor: int
    base_minor: int
    taken: tuple[Taken, ...] = ()
    closed: bool = False
    promoted: bool = False

    @property
    def customer_minor(self) -> int:
        """What a member's price or discount took."""
        return self.value_minor - self.base_minor


@dataclass(frozen=True, slots=True)
class Terms:
    """What the passes know beside the lines: the basket, the rules in force, the store's wall clock.

    `moment` is local to the store; without it no rule holds that asks for a day or an hour. `without` are
    rules that are left out, to see what a basket would cost.
    """

    cart: Cart
    rules: Sequence[RuleVersion] = ()
    moment: datetime | None = None
    without: frozenset[int] = field(default_factory=frozenset)


Pass = Callable[[Sequence[Standing], Terms], list[Taken]]


def after(lines: Sequence[Standing], taken: Iterable[Taken]) -> tuple[Standing, ...]:
    """The lines once `taken` is off."""
    moved = list(lines)
    for each in taken:
        line = moved[each.index]
        kept = tuple(old for old in line.taken if not each.instead or old.source not in ("list", "tier"))
        member = each.source in ("list", "tier")
        left = line.left_minor + (line.customer_minor if each.instead else 0) - each.amount_minor
        base = line.value_minor if each.instead else line.base_minor - (each.amount_minor if member else 0)
        moved[each.index] = replace(
            line,
            left_minor=left,
            base_minor=base,
            taken=(*kept, each),
            closed=line.closed or each.closes,
            promoted=line.promoted or (each.source == "promotion" and each.amount_minor > 0),
        )
    return tuple(moved)
