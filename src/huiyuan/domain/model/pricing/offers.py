"""What one promotion would take off the lines that are open to it, kind by kind.

Always true: the answer depends on what the lines are, not on the order they were scanned in; every share
stays within what the door allows for the part of the line it covers, because a share of a share rounds down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from huiyuan.domain.model.cart import BP
from huiyuan.domain.model.catalog import PIECE
from huiyuan.domain.model.money import allocate
from huiyuan.domain.model.pricing.passes import Standing
from huiyuan.domain.model.promotion import (
    AmountOff,
    Bundle,
    FixedPrice,
    Gift,
    Group,
    Percent,
    Promotion,
    Steps,
)
from huiyuan.domain.model.quantity import MILLI
from huiyuan.domain.model.rules import RuleVersion


@dataclass(frozen=True, slots=True)
class Open:
    """A line as a promotion finds it. `lost_minor` is the member's price that it would take the place of."""

    line: Standing
    start_minor: int
    lost_minor: int = 0

    @property
    def qty_milli(self) -> int:
        return self.line.item.qty_milli

    def worth(self, qty_milli: int) -> int:
        """What a part of the line costs before this promotion, rounded down."""
        return self.start_minor * qty_milli // self.qty_milli


@dataclass(frozen=True, slots=True)
class Share:
    """What a promotion takes off one line, and how much of it that covers."""

    index: int
    amount_minor: int
    qty_milli: int
    lost_minor: int = 0

    @property
    def gain_minor(self) -> int:
        return self.amount_minor - self.lost_minor


@dataclass(frozen=True, slots=True)
class Offer:
    """What a rule would take; `consumed` are the lines that it uses up, discounted or not."""

    rule: RuleVersion
    promotion: Promotion
    shares: tuple[Share, ...]
    consumed: frozenset[int]

    @property
    def gain_minor(self) -> int:
        return sum(share.gain_minor for share in self.shares)


@dataclass(frozen=True, slots=True)
class Room:
    """How far a rule may go here: milli that it may still cover (None: no bound), and what the basket has.

    `base_minor` is the basket at the customer's own prices, `milli_of` how much of a product is in it.
    """

    qty_milli: int | None
    base_minor: int
    milli_of: Callable[[int], int]


def dearest_first(lines: Sequence[Open]) -> list[Open]:
    """By what one base unit costs now; then by what the line is, so that no order of scans shows."""
    return sorted(lines, key=_rank)


def _rank(each: Open) -> tuple[int, ...]:
    item = each.line.item
    unit = each.start_minor * MILLI * MILLI // each.qty_milli
    return (-unit, item.product.id, item.price_minor, each.qty_milli, each.line.index)


def offer_of(rule: RuleVersion, promotion: Promotion, lines: Sequence[Open], room: Room) -> Offer | None:
    """What `rule` takes off `lines`; None if that is nothing."""
    if not lines:
        return None
    made, consumed = _KINDS[type(promotion.gives)](promotion.gives, dearest_first(lines), room)
    shares = _within(rule, made)
    if sum(share.gain_minor for share in shares) <= 0:
        return None
    if (
        isinstance(promotion.gives, Bundle)
        and promotion.day_qty_milli is not None
        and len(shares) < len(made)
    ):
        return None  # a part without a share could not be counted by the day
    return Offer(rule, promotion, tuple(shares), frozenset(consumed))


def _within(rule: RuleVersion, shares: Sequence[Share]) -> list[Share]:
    """Cut down to what the version may take of a line and of a document."""
    kept: list[Share] = []
    left = rule.max_document_minor
    for share in shares:
        amount = share.amount_minor
        amount = amount if rule.max_line_minor is None else min(amount, rule.max_line_minor)
        amount = amount if left is None else min(amount, left)
        left = None if left is None else left - amount
        if amount > 0:
            kept.append(Share(share.index, amount, share.qty_milli, share.lost_minor))
    return kept


Made = tuple[list[Share], set[int]]


def _each(lines: Sequence[Open], room: Room, amount_of: Callable[[Open, int], int]) -> Made:
    """Line by line, the dearest first, as much of each as the rule may still cover."""
    shares: list[Share] = []
    left = room.qty_milli
    for each in lines:
        qty = each.qty_milli if left is None else min(each.qty_milli, left)
        if each.line.item.product.sold_by == PIECE:
            qty -= qty % MILLI
        amount = amount_of(each, qty) if qty > 0 else 0
        if amount > each.lost_minor:
            shares.append(Share(each.line.index, amount, qty, each.lost_minor))
            left = None if left is None else left - qty
    return shares, {share.index for share in shares}


def _percent(gives: Percent, lines: Sequence[Open], room: Room) -> Made:
    return _each(
        lines, room, lambda each, qty: each.start_minor * qty * gives.rate_bp // (each.qty_milli * BP)
    )


def _amount(gives: AmountOff, lines: Sequence[Open], room: Room) -> Made:
    return _each(lines, room, lambda each, qty: min(each.worth(qty), gives.off_minor * qty // MILLI))


def _fixed(gives: FixedPrice, lines: Sequence[Open], room: Room) -> Made:
    return _each(lines, room, lambda each, qty: each.worth(qty) - -(-gives.price_minor * qty // MILLI))


def _group(gives: Group, lines: Sequence[Open], room: Room) -> Made:
    pieces = [each for each in lines if each.line.item.product.sold_by == PIECE]
    groups = sum(each.qty_milli // MILLI for each in pieces) // gives.size
    if room.qty_milli is not None:
        groups = min(groups, room.qty_milli // (gives.give * MILLI))

    def given(count: int) -> int:
        """Of the first `count` pieces, how many are lowered."""
        count = min(count, groups * gives.size)
        return count // gives.size * gives.give + max(0, count % gives.size - (gives.size - gives.give))

    shares: list[Share] = []
    consumed: set[int] = set()
    begin = 0
    for each in pieces:
        end = begin + each.qty_milli // MILLI
        if begin < groups * gives.size:
            consumed.add(each.line.index)
        if qty := (given(end) - given(begin)) * MILLI:
            amount = each.start_minor * qty * gives.rate_bp // (each.qty_milli * BP)
            shares.append(Share(each.line.index, amount, qty, each.lost_minor))
        begin = end
    return shares, consumed


def _bundle(gives: Bundle, lines: Sequence[Open], room: Room) -> Made:
    there = {part.product: 0 for part in gives.parts}
    for each in lines:
        there[each.line.item.product.id] += each.qty_milli
    sets = min(there[part.product] // part.qty_milli for part in gives.parts)
    if room.qty_milli is not None:
        sets = min(sets, room.qty_milli // gives.set_milli)
    wanted = {part.product: part.qty_milli * sets for part in gives.parts}
    used: list[tuple[Open, int]] = []
    for each in lines:
        product = each.line.item.product.id
        if qty := min(each.qty_milli, wanted[product]):
            used.append((each, qty))
            wanted[product] -= qty
    worth = [each.worth(qty) for each, qty in used]
    return _spread(used, worth, sum(worth) - gives.price_minor * sets)


def _spread(used: Sequence[tuple[Open, int]], worth: Sequence[int], amount: int) -> Made:
    """An amount over lines by what they are worth, the odd units to the largest remainders."""
    amount = min(amount, sum(worth))
    if amount <= 0:
        return [], set()
    shares = [
        Share(each.line.index, part, qty, each.lost_minor)
        for (each, qty), part in zip(used, allocate(amount, worth), strict=True)
    ]
    return shares, {each.line.index for each, _ in used}


def step_minor(gives: Steps, base_minor: int, left_minor: int) -> int:
    """What the best of the steps reached takes: judged by `base_minor`, a rate is of `left_minor`."""
    offs = [
        step.off_minor * (base_minor // step.from_minor if gives.repeats and step.from_minor else 1)
        or left_minor * step.rate_bp // BP
        for step in gives.steps
        if step.from_minor <= base_minor
    ]
    return min(max(offs, default=0), left_minor)


def _steps(gives: Steps, lines: Sequence[Open], _room: Room) -> Made:
    base = sum(each.line.base_minor + each.lost_minor for each in lines)
    worth = [each.start_minor for each in lines]
    off = step_minor(gives, base, sum(worth))
    return _spread([(each, each.qty_milli) for each in lines], worth, off)


def gift_milli(gives: Gift, room: Room) -> int:
    """How much of a gift this basket has earned."""
    if not gives.needs:
        return gives.give_milli
    return sum(room.milli_of(product) for product in gives.needs) // gives.each_milli * gives.give_milli


def _gift(gives: Gift, lines: Sequence[Open], room: Room) -> Made:
    most = gift_milli(gives, room)
    left = most if room.qty_milli is None else min(most, room.qty_milli)
    free = Room(left, room.base_minor, room.milli_of)
    return _each(lines, free, lambda each, qty: each.worth(qty))


_KINDS: Final[dict[type[Any], Callable[..., Made]]] = {
    Percent: _percent,
    AmountOff: _amount,
    FixedPrice: _fixed,
    Group: _group,
    Bundle: _bundle,
    Steps: _steps,
    Gift: _gift,
}
