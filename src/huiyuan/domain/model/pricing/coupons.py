"""The pass of coupons: after every promotion, before what is given by hand.

Always true: what a code takes stays within the version it was given out under, as the door checks it; its
least total is judged by the goods in scope as promotions left them, once for every code of its series; a code
that takes nothing is not used. Codes are taken series by series, whatever the order of their scans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huiyuan.domain.model.cart import BP, Cart
from huiyuan.domain.model.coupon import Coupon
from huiyuan.domain.model.money import allocate
from huiyuan.domain.model.pricing.passes import Standing, Taken, Terms, after


@dataclass(frozen=True, slots=True)
class CouponWhyNot:
    """Why a code takes nothing: tier, holder, a word of `Window.closed`, many, alone, scope, least (with
    `missing_minor` more) or nothing; empty if nothing speaks against it."""

    reason: str = ""
    missing_minor: int = 0


def coupons(lines: Sequence[Standing], terms: Terms) -> list[Taken]:
    """What the codes of the basket take."""
    taken: list[Taken] = []
    for coupon in _in_order(terms.cart):
        if not coupon_why_not(coupon, lines, terms).reason:
            taken += _taken(coupon, lines, after(lines, taken))
    return taken


def coupon_why_not(coupon: Coupon, lines: Sequence[Standing], terms: Terms) -> CouponWhyNot:
    """`lines` as promotions left them."""
    cart = terms.cart
    if coupon.rule in terms.without:
        return CouponWhyNot("nothing")
    if coupon.holder is not None and (cart.member is None or cart.member.id != coupon.holder):
        return CouponWhyNot("holder")
    if coupon.tiers is not None and cart.tier not in coupon.tiers:
        return CouponWhyNot("tier")
    if word := coupon.window.closed(terms.moment):
        return CouponWhyNot(word)
    series = _in_order(cart)
    if coupon.rule != series[0].rule and not all(each.with_coupons for each in series):
        return CouponWhyNot("alone")
    place = [each.token for each in series if each.rule == coupon.rule].index(coupon.token) + 1
    if place > coupon.per_sale:
        return CouponWhyNot("many")
    eligible = _eligible(coupon, lines)
    if not eligible:
        return CouponWhyNot("scope")
    missing = coupon.min_minor * place - sum(line.left_minor for line in eligible)
    return CouponWhyNot("least", missing) if missing > 0 else CouponWhyNot()


def clashes(cart: Cart, coupon: Coupon) -> str:
    """Why `coupon` may not join the basket: twice, many or alone; empty if it may."""
    same = [each for each in cart.coupons if each.rule == coupon.rule]
    others = [each for each in cart.coupons if each.rule != coupon.rule]
    if any(each.token == coupon.token for each in same):
        return "twice"
    if len(same) >= coupon.per_sale:
        return "many"
    return "alone" if others and not all(each.with_coupons for each in (coupon, *others)) else ""


def _in_order(cart: Cart) -> list[Coupon]:
    return sorted(cart.coupons, key=lambda each: (each.rule, each.token))


def _eligible(coupon: Coupon, lines: Sequence[Standing]) -> list[Standing]:
    scope = coupon.scope
    return [
        line
        for line in lines
        if line.item.typed_minor is None
        and scope.covers(line.item.product)
        and (coupon.with_promotions or not line.promoted)
    ]


def _taken(coupon: Coupon, before: Sequence[Standing], now: Sequence[Standing]) -> list[Taken]:
    eligible = _eligible(coupon, now)
    if coupon.kind == "goods":
        return _goods(coupon, eligible)
    base = sum(line.left_minor for line in _eligible(coupon, before))
    most = base * coupon.rate_bp // BP if coupon.kind == "percent" else coupon.off_minor
    left = [line.left_minor for line in eligible]
    amount = min(most, sum(left), most if coupon.max_minor is None else coupon.max_minor)
    if amount <= 0:
        return []
    parts = allocate(amount, left)
    return [_row(coupon, line, part) for line, part in zip(eligible, parts, strict=True) if part]


def _goods(coupon: Coupon, eligible: Sequence[Standing]) -> list[Taken]:
    """The dearest first; a piece that another code covers already costs nothing more."""
    rest, taken = coupon.give_milli, []
    for line in sorted(
        eligible, key=lambda each: (-each.left_minor * 1000 // each.item.qty_milli, each.index)
    ):
        covered = sum(each.qty_milli or 0 for each in line.taken if each.source == "coupon")
        qty = min(rest, line.item.qty_milli - covered)
        if qty <= 0 or not line.left_minor:
            continue
        amount = line.left_minor * qty // (line.item.qty_milli - covered)
        if amount:
            taken.append(_row(coupon, line, amount, qty))
            rest -= qty
    return taken


def _row(coupon: Coupon, line: Standing, amount: int, qty_milli: int | None = None) -> Taken:
    return Taken(
        index=line.index,
        source="coupon",
        amount_minor=amount,
        rule=coupon.rule,
        version=coupon.version,
        name=coupon.name,
        qty_milli=qty_milli,
        coupon=coupon.token,
    )
