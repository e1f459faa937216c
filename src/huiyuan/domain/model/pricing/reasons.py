"""Why a promotion did not lower a line: worked out from the priced basket, when somebody asks.

Always true: every promotion that is known either lowered the line or is here with one reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from huiyuan.domain.model.pricing.order import Priced
from huiyuan.domain.model.pricing.passes import Standing, Taken
from huiyuan.domain.model.pricing.promotions import base_of, day_left, missing_pieces, not_for, scope_of
from huiyuan.domain.model.promotion import Combine, Gift, Group, Promotion, Steps
from huiyuan.domain.model.quantity import MILLI
from huiyuan.domain.model.rules import RuleVersion


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A promotion and the word for its reason.

    Of the customer: tier, no_member, birthday, joined, first_order, used_up; of the time: day, weekday,
    holiday, unknown, hour, no_clock; of the line: scope, typed; of the basket: least and step
    (`missing_minor` more), pieces and needs (`missing_milli` more); of other promotions: closed,
    better (`by`), dearer (with it the basket would be); or it would take nothing: nothing.
    """

    rule: int
    name: str
    reason: str
    missing_minor: int = 0
    missing_milli: int = 0
    by: str = ""


def why_not(priced: Priced, n: int) -> tuple[WhyNot, ...]:
    """The promotions that did not lower line `n`, in the order of their rules."""
    line = priced.standing[n - 1]
    taken = {each.rule for each in line.taken if each.source == "promotion" and each.amount_minor}
    return tuple(
        _reason(priced, line, rule, rule.promotion)
        for rule in sorted(priced.terms.rules, key=lambda each: each.rule)
        if rule.promotion is not None and rule.rule not in taken and rule.rule not in priced.terms.without
    )


def _reason(priced: Priced, line: Standing, rule: RuleVersion, promotion: Promotion) -> WhyNot:
    if not scope_of(promotion).covers(line.item.product):
        return WhyNot(rule.rule, rule.name, "scope")
    if rule.rule in priced.given_up:
        return WhyNot(rule.rule, rule.name, "dearer")
    word = not_for(rule, promotion, priced.terms)
    if word:
        return WhyNot(rule.rule, rule.name, word)
    if line.item.typed_minor is not None:
        return WhyNot(rule.rule, rule.name, "typed")
    base = base_of(priced.standing)
    if base < rule.min_minor:
        return WhyNot(rule.rule, rule.name, "least", missing_minor=rule.min_minor - base)
    return _of_others(line, rule, promotion) or _of_basket(priced, rule, promotion)


def _of_others(line: Standing, rule: RuleVersion, promotion: Promotion) -> WhyNot | None:
    """Another promotion that has the line."""
    for each in _promotions(line):
        if each.closes:
            return WhyNot(rule.rule, rule.name, "closed", by=each.name)
    first = next((each for each in _promotions(line) if each.amount_minor), None)
    if first is not None and promotion.combine is not Combine.STACK:
        word = "closed" if promotion.combine is Combine.EXCLUSIVE else "better"
        return WhyNot(rule.rule, rule.name, word, by=first.name)
    return None


def _promotions(line: Standing) -> Iterator[Taken]:
    return (each for each in line.taken if each.source == "promotion")


def _of_basket(priced: Priced, rule: RuleVersion, promotion: Promotion) -> WhyNot:
    """What is missing in the basket."""
    lines, gives = priced.standing, promotion.gives
    if isinstance(gives, Group):
        missing = missing_pieces(lines, promotion, gives.size)
        return WhyNot(rule.rule, rule.name, "pieces", missing_milli=missing * MILLI)
    if isinstance(gives, Steps):
        scope = scope_of(promotion)
        base = base_of(line for line in lines if scope.covers(line.item.product))
        ahead = [step.from_minor - base for step in gives.steps if step.from_minor > base]
        if len(ahead) == len(gives.steps):
            return WhyNot(rule.rule, rule.name, "step", missing_minor=min(ahead))
    if isinstance(gives, Gift) and gives.needs:
        there = sum(line.item.qty_milli for line in lines if line.item.product.id in gives.needs)
        if there < gives.each_milli:
            return WhyNot(rule.rule, rule.name, "needs", missing_milli=gives.each_milli - there)
    return WhyNot(rule.rule, rule.name, "nothing")


@dataclass(frozen=True, slots=True)
class GiftDue:
    """A gift that this basket has earned and that is not in it yet: scan one of `products`."""

    rule: int
    name: str
    products: frozenset[int]
    qty_milli: int


def gifts_due(priced: Priced) -> tuple[GiftDue, ...]:
    """What the customer may still have for nothing."""
    found: list[GiftDue] = []
    base = base_of(priced.standing)
    for rule in priced.terms.rules:
        promotion = rule.promotion
        if (
            promotion is None
            or not isinstance(promotion.gives, Gift)
            or not_for(rule, promotion, priced.terms)
            or rule.rule in priced.given_up
        ):
            continue
        gives = promotion.gives
        there = sum(
            line.item.qty_milli
            for line in priced.standing
            if line.item.product.id in promotion.scope.products
        )
        needs = sum(line.item.qty_milli for line in priced.standing if line.item.product.id in gives.needs)
        most = needs // gives.each_milli * gives.give_milli if gives.needs else gives.give_milli
        bounds = [most, promotion.max_qty_milli]
        bounds.append(None if promotion.day_qty_milli is None else day_left(rule, promotion, priced.terms))
        earned = min(bound for bound in bounds if bound is not None)
        own = sum(
            each.amount_minor for line in priced.standing for each in line.taken if each.rule == rule.rule
        )
        if base - own >= max(rule.min_minor, 1) and earned > there:
            found.append(GiftDue(rule.rule, rule.name, promotion.scope.products, earned - there))
    return tuple(found)
