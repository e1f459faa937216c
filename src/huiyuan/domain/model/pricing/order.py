"""The written order of pricing: list price -> member list or tier -> manual -> total; then tax and points.

Always true: `total = value - adjustments >= 0` on every line; the same cart and rules give the same prices;
the derivation tells every step with its source, rule and version, so a price can be explained at the till.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from huiyuan.domain.model.cart import BP, Cart, CartLine
from huiyuan.domain.model.document import Adjustment, Grant, SaleLine, TaxRow
from huiyuan.domain.model.identity import Limits
from huiyuan.domain.model.points import points_grant
from huiyuan.domain.model.pricing.steps import ListOffer, TierOffer, list_offer, manual_amount, tier_offers
from huiyuan.domain.model.quantity import value_of
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.taxes import tax_rows


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a line's price: what it took off and what was left after it.

    `source` is retail or typed, then list, tier or manual; `name` is the rule's name as published or the
    price list's, empty without one.
    """

    line: int
    source: str
    amount_minor: int
    after_minor: int
    rule: int | None = None
    version: int | None = None
    name: str = ""


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
    rules: tuple[RuleVersion, ...] = ()

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

    def explain(self, n: int) -> tuple[Step, ...]:
        """The steps of line `n`, in the order they were taken."""
        return tuple(step for step in self.derivation if step.line == n)


def price_cart(cart: Cart, rules: Iterable[RuleVersion]) -> Priced:
    """Price a cart by the rules in force. Pure; well under 5 ms for 500 lines."""
    known = tuple(rules)
    values = [value_of(qty_milli=line.qty_milli, price_minor=line.price_minor) for line in cart.lines]
    lines, derivation = _best_lines(cart, known, values)
    taxes = tax_rows(
        (line.item.product.tax_code, line.item.product.tax_rate_bp, line.total_minor) for line in lines
    )
    total = sum(line.total_minor for line in lines)
    return Priced(
        cart=cart,
        lines=tuple(lines),
        taxes=taxes,
        points=_earned(cart, known, total, 0),
        derivation=tuple(derivation),
        rules=known,
    )


def _earned(cart: Cart, rules: Sequence[RuleVersion], total_minor: int, points_minor: int) -> Grant | None:
    if cart.wallet is None or total_minor <= 0:
        return None
    return points_grant(rules, eligible_minor=total_minor, tier=cart.tier, points_minor=points_minor)


def _best_lines(
    cart: Cart, rules: Sequence[RuleVersion], values: Sequence[int]
) -> tuple[list[PricedLine], list[Step]]:
    """The lines under the tier rule that takes most and whose least total is still reached.

    The total counts without the rule itself but after the manual discounts, as the door counts it.
    """
    lists = [list_offer(line, value, cart.member) for line, value in zip(cart.lines, values, strict=True)]
    at_list = [0 if line.typed_minor is not None else v for line, v in zip(cart.lines, values, strict=True)]
    for offer in tier_offers(rules, at_list, [each.amount_minor for each in lists], cart.tier):
        lines, derivation = _price_lines(cart, values, lists, offer)
        if sum(line.total_minor for line in lines) + offer.total_minor >= offer.rule.min_minor:
            return lines, derivation
    return _price_lines(cart, values, lists, None)


def _price_lines(
    cart: Cart, values: Sequence[int], lists: Sequence[ListOffer], offer: TierOffer | None
) -> tuple[list[PricedLine], list[Step]]:
    lines: list[PricedLine] = []
    derivation: list[Step] = []
    for i, (item, value) in enumerate(zip(cart.lines, values, strict=True)):
        line, steps = _price_line(i + 1, item, value, lists[i], offer)
        lines.append(line)
        derivation += steps
    return lines, derivation


def beyond_limit(priced: Priced, limits: Limits) -> tuple[PricedLine, ...]:
    """Lines whose manual discount is more than this person may give of the line's value."""
    if limits.limit_bp is None:
        return ()
    return tuple(
        line for line in priced.lines if _manual_minor(line) * BP > line.value_minor * limits.limit_bp
    )


def _manual_minor(line: PricedLine) -> int:
    return sum(each.amount_minor for each in line.adjustments if each.source == "manual")


def _price_line(
    n: int, item: CartLine, value: int, listed: ListOffer, offer: TierOffer | None
) -> tuple[PricedLine, list[Step]]:
    source = "retail" if item.typed_minor is None else "typed"
    steps = [Step(line=n, source=source, amount_minor=0, after_minor=value)]
    adjustments: list[Adjustment] = []
    left = value
    tier_minor = offer.amounts[n - 1] if offer else 0
    if offer and tier_minor:
        left -= tier_minor
        rule, version = offer.rule.rule, offer.rule.version
        adjustments.append(
            Adjustment(line=n, source="tier", amount_minor=tier_minor, rule=rule, version=version)
        )
        steps.append(Step(n, "tier", tier_minor, left, rule=rule, version=version, name=offer.rule.name))
    elif listed.amount_minor:
        left -= listed.amount_minor
        adjustments.append(
            Adjustment(line=n, source="list", amount_minor=listed.amount_minor, list=listed.name)
        )
        steps.append(Step(n, "list", listed.amount_minor, left, name=listed.name))
    for manual in item.manual:
        if manual_minor := manual_amount(manual, left):
            left -= manual_minor
            adjustments.append(
                Adjustment(line=n, source="manual", amount_minor=manual_minor, name=manual.name or None)
            )
            steps.append(Step(n, "manual", manual_minor, left, name=manual.name))
    line = PricedLine(n=n, item=item, value_minor=value, adjustments=tuple(adjustments), total_minor=left)
    return line, steps
