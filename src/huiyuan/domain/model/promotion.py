"""Promotions: what a rule version gives, on what, when and to whom, as frozen values.

Always true: a promotion says nothing that the door's bounds of its version do not say too; `kind` decides the
pass: threshold steps and gifts look at the whole basket, all others at lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from huiyuan.domain.model.catalog import Product


class Combine(StrEnum):
    """How promotions meet on one line.

    `EXCLUSIVE` closes the line for every other promotion. Of those that are `BEST` a line has the one that
    takes most. `STACK` comes on top of whatever was taken before.
    """

    EXCLUSIVE = "exclusive"
    BEST = "best"
    STACK = "stack"


@dataclass(frozen=True, slots=True)
class Percent:
    """`rate_bp` per 10,000 of what is left of a line."""

    rate_bp: int


@dataclass(frozen=True, slots=True)
class AmountOff:
    """`off_minor` off every base unit."""

    off_minor: int


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """A base unit costs `price_minor`, if it does not cost less anyway."""

    price_minor: int


@dataclass(frozen=True, slots=True)
class Group:
    """Of every `size` pieces, dearest first, the last `give` cost `rate_bp` less: nth item, buy x get y."""

    size: int
    give: int
    rate_bp: int


@dataclass(frozen=True, slots=True)
class Part:
    product: int
    qty_milli: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """These parts together cost `price_minor`, as many times as the basket holds them all."""

    parts: tuple[Part, ...]
    price_minor: int

    @property
    def set_milli(self) -> int:
        return sum(part.qty_milli for part in self.parts)


@dataclass(frozen=True, slots=True)
class Threshold:
    """From `from_minor` on `off_minor`, or `rate_bp` of all of it."""

    from_minor: int
    off_minor: int = 0
    rate_bp: int = 0


@dataclass(frozen=True, slots=True)
class Steps:
    """The step that takes most of those reached; with `repeats` an amount counts for every `from_minor`."""

    steps: tuple[Threshold, ...]
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Gift:
    """`give_milli` of the products in scope cost nothing, once or for every `each_milli` of `needs`."""

    give_milli: int
    needs: frozenset[int] = frozenset()
    each_milli: int = 0


Gives = Percent | AmountOff | FixedPrice | Group | Bundle | Steps | Gift


@dataclass(frozen=True, slots=True)
class Scope:
    """Which goods: whatever one of the three names, less `but`; nothing named means all. None in `kind`:
    both.

    `categories` holds those below the named ones too.
    """

    products: frozenset[int] = frozenset()
    categories: frozenset[int] = frozenset()
    brands: frozenset[str] = frozenset()
    but: frozenset[int] = frozenset()
    kind: str = ""

    @property
    def everything(self) -> bool:
        return not (self.products or self.categories or self.brands or self.but or self.kind)

    def covers(self, product: Product) -> bool:
        """Whether `product` is in scope."""
        if product.id in self.but or (self.kind and product.kind != self.kind):
            return False
        if not (self.products or self.categories or self.brands):
            return True
        return (
            product.id in self.products
            or product.category in self.categories
            or bool(product.brand and product.brand in self.brands)
        )


EVERYTHING: Final = Scope()
ALL_DAY: Final = 1440


@dataclass(frozen=True, slots=True)
class Window:
    """When, by the store's wall clock.

    Minutes count from midnight, `to_minute` is the first at which it is over; `from_minute` after it: across
    midnight, and the day is that of the moment. `days`: only these; `not_on`: not on these, which are known
    up to the end of `known_to`: later than that it never holds, because nobody knows the holidays yet.
    """

    weekdays: frozenset[int] = frozenset()
    from_minute: int = 0
    to_minute: int = ALL_DAY
    days: frozenset[date] | None = None
    not_on: frozenset[date] | None = None
    known_to: date | None = None

    def closed(self, moment: datetime | None) -> str:
        """Why it does not hold at `moment`, empty if it does: no_clock, day, weekday, holiday, unknown,
        hour.
        """
        if self is ALWAYS or self == ALWAYS:
            return ""
        if moment is None:
            return "no_clock"
        today, minute = moment.date(), moment.hour * 60 + moment.minute
        if self.days is not None and today not in self.days:
            return "day"
        if self.weekdays and today.isoweekday() not in self.weekdays:
            return "weekday"
        if self.not_on is not None and (self.known_to is None or today > self.known_to):
            return "unknown"
        if self.not_on is not None and today in self.not_on:
            return "holiday"
        past, before = minute >= self.from_minute, minute < self.to_minute
        inside = past and before if self.from_minute <= self.to_minute else past or before
        return "" if inside else "hour"


ALWAYS: Final = Window()


@dataclass(frozen=True, slots=True)
class Promotion:
    """One promotion.

    `priority`: the higher comes first, then the lower rule id. Without `with_member` it takes the place of a
    member's price or discount on a line, where it takes more, instead of coming on top. `max_qty_milli`
    bounds what one sale has of it, `day_qty_milli` what one member has in a business day of the store.
    """

    gives: Gives
    scope: Scope = EVERYTHING
    window: Window = ALWAYS
    combine: Combine = Combine.BEST
    priority: int = 0
    with_member: bool = True
    first_order: bool = False
    birth_month: bool = False
    joined_days: int | None = None
    max_qty_milli: int | None = None
    day_qty_milli: int | None = None

    @property
    def of_members(self) -> bool:
        """Whether somebody has to be named to have it."""
        return (
            self.first_order
            or self.birth_month
            or self.joined_days is not None
            or self.day_qty_milli is not None
        )

    @property
    def of_basket(self) -> bool:
        """Whether it belongs to the pass that looks at the whole basket."""
        return isinstance(self.gives, Steps | Gift)

    @property
    def counted(self) -> bool:
        """Whether an adjustment has to say how much of the line it covers."""
        plain = isinstance(self.gives, Percent | Steps)
        return not plain or self.max_qty_milli is not None or self.day_qty_milli is not None
