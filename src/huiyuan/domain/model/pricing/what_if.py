"""What a basket would come to if something were otherwise: another tier, no member, a rule less, money
topped up.

Always true: each answer is the same pricing with one thing changed, so the till can promise it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from huiyuan.domain.model.card import AttachedMember, Balances, Member, Tier
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.points import bonus_for
from huiyuan.domain.model.pricing.order import Priced, price_cart
from huiyuan.domain.model.rules import RuleFamily


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`what` is tier, no_member, without or top_up. `bonus_minor` is what a top-up of `paid_minor` brings."""

    what: str
    name: str = ""
    total_minor: int = 0
    saved_minor: int = 0
    paid_minor: int = 0
    bonus_minor: int = 0


def what_if(priced: Priced, tiers: Sequence[Tier]) -> tuple[WhatIf, ...]:
    """Every other tier, no member, each promotion and coupon of the basket left out, the top-ups at which
    a bonus begins.
    """
    return (
        *_tiers(priced, tiers),
        *_nobody(priced),
        *_without(priced),
        *_no_coupon(priced),
        *_top_ups(priced),
    )


def as_tier(cart: Cart, tier: Tier) -> Cart:
    """The basket of the same member at another tier; of nobody: of a member who is known for nothing else."""
    if cart.card is not None and cart.card.member is not None:
        return replace(cart, card=replace(cart.card, member=replace(cart.card.member, tier=tier)))
    if cart.named is not None:
        return replace(cart, named=replace(cart.named, member=replace(cart.named.member, tier=tier)))
    return replace(cart, card=None, named=AttachedMember(Member(0, "", "", tier), 0, Balances()))


def _again(priced: Priced, what: str, name: str, other: Priced) -> WhatIf:
    return WhatIf(what, name, other.total_minor, priced.total_minor - other.total_minor)


def _tiers(priced: Priced, tiers: Sequence[Tier]) -> list[WhatIf]:
    terms = priced.terms
    return [
        _again(
            priced,
            "tier",
            tier.name,
            price_cart(as_tier(priced.cart, tier), terms.rules, terms.moment, terms.without),
        )
        for tier in tiers
        if tier.id != priced.cart.tier
    ]


def _nobody(priced: Priced) -> list[WhatIf]:
    if priced.cart.member is None:
        return []
    terms = priced.terms
    return [
        _again(
            priced,
            "no_member",
            "",
            price_cart(priced.cart.with_card(None), terms.rules, terms.moment, terms.without),
        )
    ]


def _without(priced: Priced) -> list[WhatIf]:
    terms = priced.terms
    names = {
        each.rule: each.name
        for line in priced.standing
        for each in line.taken
        if each.source == "promotion" and each.rule is not None and each.amount_minor
    }
    return [
        _again(
            priced,
            "without",
            names[rule],
            price_cart(priced.cart, terms.rules, terms.moment, terms.without | {rule}),
        )
        for rule in sorted(names)
    ]


def _no_coupon(priced: Priced) -> list[WhatIf]:
    terms = priced.terms
    return [
        _again(
            priced,
            "without",
            f"{each.name} {each.last}",
            price_cart(priced.cart.without_coupon(each.token), terms.rules, terms.moment, terms.without),
        )
        for each in priced.cart.coupons
        if priced.coupon_minor(each.token)
    ]


def _top_ups(priced: Priced) -> list[WhatIf]:
    found = [
        WhatIf("top_up", rule.name, paid_minor=rule.min_minor, bonus_minor=bonus_for(rule, rule.min_minor))
        for rule in priced.terms.rules
        if rule.family is RuleFamily.BONUS and rule.min_minor and rule.holds_for(priced.cart.tier)
    ]
    return sorted((each for each in found if each.bonus_minor), key=lambda each: each.paid_minor)
