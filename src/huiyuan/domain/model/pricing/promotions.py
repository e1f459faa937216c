"""The two passes of promotions: those of lines, then those of the whole basket.

Always true: within a pass the exclusive ones come first, then the best of those of which a line has one, then
those that stack; among equals the higher priority, then the lower rule id. A line that an exclusive one took
is closed to all others. Least totals and steps are judged by the basket at the customer's own prices, so that
one promotion never takes another one away. Goods whose price was typed have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from huiyuan.domain.model.pricing.offers import Offer, Open, Room, offer_of
from huiyuan.domain.model.pricing.packing import best_groups, best_singles
from huiyuan.domain.model.pricing.passes import Standing, Taken, Terms, after
from huiyuan.domain.model.promotion import (
    AmountOff,
    Bundle,
    Combine,
    FixedPrice,
    Gift,
    Percent,
    Promotion,
    Scope,
)
from huiyuan.domain.model.quantity import MILLI
from huiyuan.domain.model.rules import RuleFamily, RuleVersion

Running = tuple[RuleVersion, Promotion]


def line_promotions(lines: Sequence[Standing], terms: Terms) -> list[Taken]:
    """What promotions of lines take."""
    return _Round(lines, terms).run(running(terms, of_basket=False))


def basket_promotions(lines: Sequence[Standing], terms: Terms) -> list[Taken]:
    """What threshold steps and gifts take."""
    return _Round(lines, terms).run(running(terms, of_basket=True))


def running(terms: Terms, *, of_basket: bool) -> list[Running]:
    """The promotions of one pass that hold for this customer at this moment, in their order."""
    found = [
        (rule, rule.promotion)
        for rule in terms.rules
        if rule.promotion is not None
        and rule.promotion.of_basket is of_basket
        and not not_for(rule, rule.promotion, terms)
    ]
    return sorted(found, key=lambda each: (-each[1].priority, each[0].rule))


def stacking(lines: Sequence[Standing], terms: Terms) -> int:
    """How many promotions that stack hold now and touch a line that has no typed price."""
    open_lines = [line.item.product for line in lines if line.item.typed_minor is None]
    held = (running(terms, of_basket=of_basket) for of_basket in (False, True))
    return sum(
        promotion.combine is Combine.STACK and any(map(scope_of(promotion).covers, open_lines))
        for of_pass in held
        for _, promotion in of_pass
    )


def not_for(rule: RuleVersion, promotion: Promotion, terms: Terms) -> str:
    """Why a promotion does not hold for this customer now, whatever the basket; empty if it does."""
    member = terms.cart.member
    if rule.family is not RuleFamily.PROMOTION or rule.rule in terms.without:
        return "left_out"
    if not rule.holds_for(terms.cart.tier):
        return "tier"
    if promotion.of_members and member is None:
        return "no_member"
    if promotion.birth_month and member is not None and not member.birth_month:
        return "birthday"
    if promotion.joined_days is not None and member is not None:
        joined = member.joined_days
        if joined is None or joined > promotion.joined_days:
            return "joined"
    if promotion.first_order and member is not None and not member.first_order:
        return "first_order"
    if promotion.day_qty_milli is not None and day_left(rule, promotion, terms) <= 0:
        return "used_up"
    return promotion.window.closed(terms.moment)


def day_left(rule: RuleVersion, promotion: Promotion, terms: Terms) -> int:
    """How much of a promotion with a bound for the day the member may still have today, in milli."""
    member = terms.cart.member
    used = dict(member.used).get(rule.rule, 0) if member else 0
    return (promotion.day_qty_milli or 0) - used


def base_of(lines: Iterable[Standing]) -> int:
    """The basket at the customer's own prices: the measure of least totals and steps."""
    return sum(line.base_minor for line in lines)


def scope_of(promotion: Promotion) -> Scope:
    """The goods whose price a promotion lowers."""
    if isinstance(promotion.gives, Bundle):
        return Scope(products=frozenset(part.product for part in promotion.gives.parts))
    return promotion.scope


class _Round:
    """One pass while it runs: the lines as they stand, and which of them have their best promotion."""

    def __init__(self, lines: Sequence[Standing], terms: Terms) -> None:
        self.begin = tuple(lines)
        self.lines = self.begin
        self.terms = terms
        self.taken: list[Taken] = []
        self.base_minor = base_of(lines)
        self.free = [line.index for line in lines if line.item.typed_minor is None]
        self.by_product: dict[int, list[int]] = {}
        for i in self.free:
            self.by_product.setdefault(lines[i].item.product.id, []).append(i)
        self.products = self.by_product.keys()

    def run(self, rules: Sequence[Running]) -> list[Taken]:
        """What the rules take, in the order they take it."""
        if not rules or not self.free:
            return []
        for rule, promotion in rules:
            if promotion.combine is Combine.EXCLUSIVE:
                self.take([self.offer(rule, promotion)])
        self.take_best([each for each in rules if each[1].combine is Combine.BEST])
        for rule, promotion in rules:
            if promotion.combine is Combine.STACK:
                self.take([self.offer(rule, promotion)])
        return self.taken

    def take_best(self, rules: Sequence[Running]) -> None:
        """A line has one of these at most, and together they take as much as they can."""
        offers = [offer for rule, promotion in rules if (offer := self.offer(rule, promotion)) is not None]
        alone = (Percent, AmountOff, FixedPrice)
        singles = best_singles([each for each in offers if isinstance(each.promotion.gives, alone)])
        groups = best_groups(
            [each for each in offers if not isinstance(each.promotion.gives, alone)], singles
        )
        gone = {i for group in groups for i in group.consumed}
        self.take(groups)
        found: dict[int, tuple[Offer, list[int]]] = {}
        for i, (offer, _) in singles.items():
            if i not in gone:
                found.setdefault(offer.rule.rule, (offer, []))[1].append(i)
        self.take(_only(offer, kept) for offer, kept in found.values())

    def offer(self, rule: RuleVersion, promotion: Promotion) -> Offer | None:
        """What a rule would take now."""
        lines = self.open_to(promotion)
        if not lines:
            return None
        room = self.room_of(rule, promotion)
        if not isinstance(promotion.gives, Gift) and room.base_minor < rule.min_minor:
            return None
        offer = offer_of(rule, promotion, lines, room)
        if offer is None or not isinstance(promotion.gives, Gift):
            return offer
        free = sum(share.amount_minor for share in offer.shares)
        return offer if room.base_minor - free >= rule.min_minor else None

    def room_of(self, rule: RuleVersion, promotion: Promotion) -> Room:
        """How far a rule may go in this basket."""
        bounds = [promotion.max_qty_milli] if promotion.max_qty_milli is not None else []
        if promotion.day_qty_milli is not None:
            bounds.append(day_left(rule, promotion, self.terms))
        return Room(min(bounds, default=None), self.base_minor, self.milli_of)

    def milli_of(self, product: int) -> int:
        """How much of a product is in the basket."""
        return sum(self.lines[i].item.qty_milli for i in self.by_product.get(product, ()))

    def open_to(self, promotion: Promotion) -> list[Open]:
        """The lines in scope that it may still touch, at the price it starts from."""
        found: list[Open] = []
        alone = promotion.combine is Combine.EXCLUSIVE or not promotion.with_member
        for i in self.in_scope(scope_of(promotion)):
            line = self.lines[i]
            if line.closed or line.left_minor <= 0 or (alone and line.promoted):
                continue
            if promotion.with_member:
                found.append(Open(line, line.left_minor))
            else:
                found.append(Open(line, line.left_minor + line.customer_minor, line.customer_minor))
        return found

    def in_scope(self, scope: Scope) -> list[int]:
        """Lines by what the rule names: with hundreds of rules nearly all of them name nothing of this
        basket.
        """
        if scope.everything:
            return self.free
        if scope.products and not (scope.categories or scope.brands):
            found = [i for each in scope.products & self.products for i in self.by_product[each]]
            if not scope.but and not scope.kind:
                return found
            return [i for i in found if scope.covers(self.lines[i].item.product)]
        return [i for i in self.free if scope.covers(self.lines[i].item.product)]

    def take(self, offers: Iterable[Offer | None]) -> None:
        """Off with it."""
        taken = [each for offer in offers if offer is not None for each in _taken(offer)]
        if taken:
            self.taken += taken
            self.lines = after(self.lines, taken)
            self.base_minor = base_of(self.lines)


def _only(offer: Offer, kept: Sequence[int]) -> Offer:
    lines = frozenset(kept)
    shares = tuple(share for share in offer.shares if share.index in lines)
    return Offer(offer.rule, offer.promotion, shares, lines)


def _taken(offer: Offer) -> list[Taken]:
    """Its shares; an exclusive one closes what it used up without lowering it, too."""
    rule, promotion = offer.rule, offer.promotion
    closes = promotion.combine is Combine.EXCLUSIVE
    lowered = {share.index for share in offer.shares}
    used_up = [
        Taken(i, "promotion", 0, rule.rule, rule.version, rule.name, closes=True)
        for i in sorted(offer.consumed - lowered)
        if closes
    ]
    return used_up + [
        Taken(
            index=share.index,
            source="promotion",
            amount_minor=share.amount_minor,
            rule=rule.rule,
            version=rule.version,
            name=rule.name,
            qty_milli=share.qty_milli if promotion.counted else None,
            instead=share.lost_minor > 0,
            closes=closes,
        )
        for share in offer.shares
    ]


def missing_pieces(lines: Sequence[Standing], promotion: Promotion, size: int) -> int:
    """How many pieces in scope are missing to the next full group."""
    scope = scope_of(promotion)
    there = sum(
        line.item.qty_milli // MILLI
        for line in lines
        if line.item.typed_minor is None and scope.covers(line.item.product)
    )
    return size - there % size
