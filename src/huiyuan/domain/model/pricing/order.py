"""The written order of pricing; `PASSES` is that order.

Always true: `total = value - adjustments >= 0` on every line; the same cart, rules and moment give the same
prices; the derivation tells every step with its source, rule and version, so a price can be explained at
the till.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from huiyuan.domain.model.cart import BP, Cart, CartLine
from huiyuan.domain.model.document import Adjustment, Grant, SaleLine, TaxRow
from huiyuan.domain.model.identity import Limits
from huiyuan.domain.model.points import points_grant
from huiyuan.domain.model.pricing.by_hand import by_hand
from huiyuan.domain.model.pricing.coupons import coupons
from huiyuan.domain.model.pricing.passes import Pass, Standing, Taken, Terms, after
from huiyuan.domain.model.pricing.promotions import basket_promotions, line_promotions, stacking
from huiyuan.domain.model.pricing.steps import ListOffer, TierOffer, list_offer, tier_offers
from huiyuan.domain.model.quantity import value_of
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.taxes import tax_rows

PASSES: Final[tuple[Pass, ...]] = (line_promotions, basket_promotions, coupons, by_hand)
"""After the customer's own price."""
STACKING_MOST: Final = 6
GIVEN_UP_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a line's price: what it took off and what was left after it.

    `source` is retail or typed, then list, tier, promotion, coupon or manual; `name` is the rule's name as
    published or the price list's, empty without one. `qty_milli` is how much of the line it covers.
    """

    line: int
    source: str
    amount_minor: int
    after_minor: int
    rule: int | None = None
    version: int | None = None
    name: str = ""
    qty_milli: int | None = None


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A cart line with its money. `n` counts from 1 and is the line's number in the document."""

    n: int
    item: CartLine
    value_minor: int
    adjustments: tuple[Adjustment, ...]
    total_minor: int

    @property
    def saved_minor(self) -> int:
        return self.value_minor - self.total_minor


@dataclass(frozen=True, slots=True)
class Priced:
    """A cart as it would be posted now."""

    cart: Cart
    lines: tuple[PricedLine, ...]
    taxes: tuple[TaxRow, ...]
    points: Grant | None
    derivation: tuple[Step, ...]
    terms: Terms = field(default_factory=lambda: Terms(Cart()))
    standing: tuple[Standing, ...] = ()
    given_up: frozenset[int] = frozenset()
    """Promotions that hold and are not used, because with them the basket would be dearer."""

    @property
    def rules(self) -> tuple[RuleVersion, ...]:
        """The rules in force when it was priced."""
        return tuple(self.terms.rules)

    @property
    def value_minor(self) -> int:
        """At list prices."""
        return sum(line.value_minor for line in self.lines)

    @property
    def total_minor(self) -> int:
        """What is to be paid."""
        return sum(line.total_minor for line in self.lines)

    @property
    def sale_lines(self) -> tuple[SaleLine, ...]:
        """The document's `lines`."""
        return tuple(
            SaleLine(
                n=line.n,
                product=line.item.product.id,
                qty_milli=line.item.qty_milli,
                price_minor=line.item.price_minor,
                value_minor=line.value_minor,
                total_minor=line.total_minor,
                open=True if line.item.typed_minor is not None else None,
            )
            for line in self.lines
        )

    @property
    def adjustments(self) -> tuple[Adjustment, ...]:
        """The document's `adjustments`, line by line."""
        return tuple(each for line in self.lines for each in line.adjustments)

    def earned(self, points_minor: int) -> Grant | None:
        """The points that this sale earns where points pay `points_minor` of it."""
        return _earned(self.cart, self.rules, self.total_minor, points_minor)

    def coupon_minor(self, token: str) -> int:
        """What a code takes off the basket."""
        return sum(each.amount_minor for each in self.adjustments if each.coupon == token)

    def explain(self, n: int) -> tuple[Step, ...]:
        """The steps of line `n`, in the order they were taken."""
        return tuple(step for step in self.derivation if step.line == n)


def price_cart(
    cart: Cart,
    rules: Iterable[RuleVersion],
    moment: datetime | None = None,
    without: frozenset[int] = frozenset(),
) -> Priced:
    """Price a cart by the rules in force. Pure; a few milliseconds for a hundred lines and hundreds of rules.

    Args:
        moment: the store's wall clock; without it no promotion holds that asks for a day or an hour.
        without: promotions that are left out.
    """
    terms = Terms(cart, tuple(rules), moment, without)
    values = [value_of(qty_milli=line.qty_milli, price_minor=line.price_minor) for line in cart.lines]
    standing, given_up = _cheapest(terms, values)
    lines = tuple(_priced(line) for line in standing)
    taxes = tax_rows(
        (line.item.product.tax_code, line.item.product.tax_rate_bp, line.total_minor) for line in lines
    )
    return Priced(
        cart=cart,
        lines=lines,
        taxes=taxes,
        points=_earned(cart, terms.rules, sum(line.total_minor for line in lines), 0),
        derivation=tuple(step for line in standing for step in _steps(line)),
        terms=terms,
        standing=standing,
        given_up=given_up,
    )


def _earned(cart: Cart, rules: Sequence[RuleVersion], total_minor: int, points_minor: int) -> Grant | None:
    if not cart.earns or total_minor <= 0 or not cart.may("points"):
        return None
    return points_grant(rules, eligible_minor=total_minor, tier=cart.tier, points_minor=points_minor)


def _cheapest(terms: Terms, values: Sequence[int]) -> tuple[tuple[Standing, ...], frozenset[int]]:
    """The lines, and the promotions that are given up because the basket is cheaper without them.

    What stacks comes on top of what a line has, so another promotion, better by itself, can leave less for
    it. The newest that takes something is left out, then the next, and the cheapest of all these baskets
    holds: by induction one more promotion that closes no line makes no basket dearer. What need not be left
    out comes back. That holds up to `STACKING_MOST` stacking promotions that touch a basket and
    `GIVEN_UP_MOST` that take something; without any the best of all sets was found at once.
    """
    lines = best = _best_lines(terms, values)
    chosen: frozenset[int] = frozenset()
    if not 0 < stacking(lines, terms) <= STACKING_MOST:
        return best, chosen
    out: frozenset[int] = frozenset()
    for _ in range(GIVEN_UP_MOST):
        newest = max((rule for line in lines for rule in _opened(line)), default=None)
        if newest is None:
            break
        out |= {newest}
        lines = _best_lines(replace(terms, without=terms.without | out), values)
        if _left(lines) < _left(best):
            best, chosen = lines, out
    for rule in sorted(chosen):
        fewer = chosen - {rule}
        lines = _best_lines(replace(terms, without=terms.without | fewer), values)
        if _left(lines) <= _left(best):
            best, chosen = lines, fewer
    return best, chosen


def _opened(line: Standing) -> Iterator[int]:
    """The promotions that take something off a line and close it to no other."""
    return (
        each.rule
        for each in line.taken
        if each.source == "promotion" and each.rule is not None and each.amount_minor and not each.closes
    )


def _left(lines: Iterable[Standing]) -> int:
    return sum(line.left_minor for line in lines)


def _best_lines(terms: Terms, values: Sequence[int]) -> tuple[Standing, ...]:
    """The lines under the tier rule that takes most and whose least total is still reached.

    The total counts without the rule itself and without promotions, but after what is given by hand, as the
    door counts it.
    """
    cart = terms.cart
    member = cart.member if cart.may("discount") else None
    lists = [list_offer(line, value, member) for line, value in zip(cart.lines, values, strict=True)]
    at_list = [0 if line.typed_minor is not None else v for line, v in zip(cart.lines, values, strict=True)]
    goods = [line.product for line in cart.lines]
    taken = [each.amount_minor for each in lists]
    rules = terms.rules if cart.may("discount") else ()
    for offer in tier_offers(rules, at_list, taken, cart.tier, goods):
        lines = _through(terms, values, lists, offer)
        if _without(lines, ("tier", "promotion", "coupon")) >= offer.rule.min_minor:
            return lines
    return _through(terms, values, lists, None)


def _without(lines: Sequence[Standing], sources: Sequence[str]) -> int:
    """What the lines come to with these sources given back."""
    back = sum(each.amount_minor for line in lines for each in line.taken if each.source in sources)
    return sum(line.left_minor for line in lines) + back


def _through(
    terms: Terms, values: Sequence[int], lists: Sequence[ListOffer], offer: TierOffer | None
) -> tuple[Standing, ...]:
    """The lines through every pass."""
    lines: tuple[Standing, ...] = tuple(
        Standing(i, item, value, value, value)
        for i, (item, value) in enumerate(zip(terms.cart.lines, values, strict=True))
    )
    lines = after(lines, _own_price(lists, offer))
    for each in PASSES:
        lines = after(lines, each(lines, terms))
    return lines


def _own_price(lists: Sequence[ListOffer], offer: TierOffer | None) -> list[Taken]:
    """What the customer is: a tier's discount, or a price list that is open to the member. One of both."""
    taken: list[Taken] = []
    for i, listed in enumerate(lists):
        by_tier = offer.amounts[i] if offer else 0
        if offer and by_tier:
            rule = offer.rule
            taken.append(Taken(i, "tier", by_tier, rule.rule, rule.version, rule.name))
        elif listed.amount_minor:
            taken.append(Taken(i, "list", listed.amount_minor, name=listed.name, list=listed.name))
    return taken


def _priced(line: Standing) -> PricedLine:
    adjustments = tuple(
        Adjustment(
            line=line.index + 1,
            source=each.source,
            amount_minor=each.amount_minor,
            rule=each.rule,
            version=each.version,
            list=each.list,
            name=(each.name or None) if each.source == "manual" else None,
            qty_milli=each.qty_milli,
            coupon=each.coupon,
        )
        for each in line.taken
        if each.amount_minor
    )
    return PricedLine(line.index + 1, line.item, line.value_minor, adjustments, line.left_minor)


def _steps(line: Standing) -> list[Step]:
    source = "retail" if line.item.typed_minor is None else "typed"
    steps = [Step(line.index + 1, source, 0, line.value_minor)]
    left = line.value_minor
    for each in line.taken:
        if each.amount_minor:
            left -= each.amount_minor
            steps.append(
                Step(line.index + 1, each.source, each.amount_minor, left, each.rule, each.version, each.name,
                     each.qty_milli)
            )  # fmt: skip
    return steps


def promoted(priced: Priced) -> tuple[Standing, ...]:
    """The lines as promotions left them, before coupons and what was given by hand."""
    lines = []
    for line in priced.standing:
        kept = tuple(each for each in line.taken if each.source not in ("coupon", "manual"))
        left = line.value_minor - sum(each.amount_minor for each in kept)
        lines.append(replace(line, left_minor=left, taken=kept))
    return tuple(lines)


def beyond_limit(priced: Priced, limits: Limits) -> tuple[PricedLine, ...]:
    """Lines whose manual discount is more than this person may give of the line's value."""
    if limits.limit_bp is None:
        return ()
    return tuple(
        line for line in priced.lines if _manual_minor(line) * BP > line.value_minor * limits.limit_bp
    )


def _manual_minor(line: PricedLine) -> int:
    return sum(each.amount_minor for each in line.adjustments if each.source == "manual")
