"""Coupons in a basket: the shape of a code, what each kind takes, and why it takes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st

from huiyuan.domain.model.card import AttachedMember, Balances, Member, Tier
from huiyuan.domain.model.cart import Cart, ManualDiscount
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.coupon import ALPHABET, POSSIBLE, Coupon, code_from, read_code
from huiyuan.domain.model.plain_rows import from_plain, to_plain
from huiyuan.domain.model.pricing.coupons import clashes, coupon_why_not
from huiyuan.domain.model.pricing.order import price_cart, promoted
from huiyuan.domain.model.pricing.what_if import what_if

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def goods(product: int, price: int) -> Product:
    return Product(product, f"P{product}", f"goods {product}", "goods", "pcs", "free", 0, price)


def coupon(token: str = "a", **terms: Any) -> Coupon:
    base: dict[str, Any] = {
        "token": token, "last": "ABCD", "rule": 7, "version": 1, "name": "ten off", "kind": "off",
        "state": "open", "expires_at": NOON, "off_minor": 1000,
    }  # fmt: skip
    return Coupon(**{**base, **terms})


def basket(*prices: int, **more: Any) -> Cart:
    cart = Cart()
    for n, price in enumerate(prices, 1):
        cart = cart.add(goods(n, price), 1000)
    return replace(cart, **more)


def member(number: int) -> AttachedMember:
    return AttachedMember(Member(number, "M1", "Li", Tier(1, "basic", "Basic")), 5, Balances())


@given(st.integers(0, POSSIBLE - 1))
def test_a_code_reads_back_and_a_wrong_character_shows(chance: int) -> None:
    code = code_from(chance)
    assert read_code(code.lower().replace("-", "")) == code
    wrong = ALPHABET[(ALPHABET.index(code[5]) + 1) % len(ALPHABET)]
    assert read_code(code[:5] + wrong + code[6:]) is None


@pytest.mark.parametrize("text", ["", "CP-", "6901234567892", "RC-S01-01-000042", "CP-7K2M-9QXD-4TW"])
def test_what_is_no_code(text: str) -> None:
    assert read_code(text) is None


@pytest.mark.parametrize(
    ("terms", "totals"),
    [
        ({}, [667, 333]),
        ({"kind": "percent", "rate_bp": 1000}, [1800, 900]),
        ({"kind": "percent", "rate_bp": 5000, "max_minor": 300}, [1800, 900]),
        ({"kind": "goods", "give_milli": 1000, "products": (2,)}, [2000, 0]),
        ({"products": (2,), "off_minor": 5000}, [2000, 0]),
        ({"min_minor": 3000, "off_minor": 100}, [1933, 967]),
        ({"min_minor": 3001}, [2000, 1000]),
        ({"holder": 9}, [2000, 1000]),
        ({"tiers": (1,)}, [2000, 1000]),
        ({"weekdays": (1,)}, [2000, 1000]),
    ],
)  # fmt: skip
def test_what_each_kind_takes(terms: dict[str, Any], totals: list[int]) -> None:
    if not terms:
        terms = {"off_minor": 2000}
    priced = price_cart(basket(2000, 1000, coupons=(coupon(**terms),)), (), NOON)
    assert [line.total_minor for line in priced.lines] == totals
    assert {each.source for each in priced.adjustments} <= {"coupon"}


def test_by_hand_comes_after_and_the_holder_may() -> None:
    cart = basket(2000, coupons=(coupon(holder=9),), named=member(9))
    priced = price_cart(cart.discount(0, ManualDiscount(rate_bp=5000)), (), NOON)
    taken = [(each.source, each.amount_minor) for each in priced.adjustments]
    assert taken == [("coupon", 1000), ("manual", 500)]
    assert priced.adjustments[0].coupon == "a"
    asked = [each for each in what_if(priced, ()) if each.what == "without"]
    assert [(each.name, each.saved_minor) for each in asked] == [("ten off ABCD", -500)]


def test_series_that_do_not_stand_beside_each_other() -> None:
    one, other = coupon(), coupon("b", rule=8)
    cart = basket(9000, coupons=(one,))
    assert clashes(cart, one) == "twice"
    assert clashes(cart, coupon("c")) == "many"
    assert clashes(cart, other) == "alone"
    friends = replace(one, with_coupons=True), replace(other, with_coupons=True)
    assert clashes(replace(cart, coupons=friends[:1]), friends[1]) == ""
    both = price_cart(replace(cart, coupons=(one, other)), (), NOON)
    assert both.total_minor == 8000
    assert coupon_why_not(other, promoted(both), both.terms).reason == "alone"
    least = price_cart(basket(900, coupons=(coupon(min_minor=1000),)), (), NOON)
    why = coupon_why_not(least.cart.coupons[0], promoted(least), least.terms)
    assert (why.reason, why.missing_minor) == ("least", 100)


@given(
    st.lists(st.integers(1, 50_000), min_size=1, max_size=6), st.integers(1, 90_000), st.integers(1, 10_000)
)
def test_the_parts_are_the_whole_and_no_line_costs_less_than_nothing(
    prices: list[int], off_minor: int, rate_bp: int
) -> None:
    shown = (
        coupon(off_minor=off_minor, with_coupons=True),
        coupon("b", rule=8, kind="percent", rate_bp=rate_bp, with_coupons=True),
    )
    cart = basket(*prices, coupons=shown)
    priced = price_cart(cart, (), NOON)
    assert priced.coupon_minor("a") == min(off_minor, sum(prices))
    assert priced.coupon_minor("b") <= sum(prices) * rate_bp // 10_000
    assert all(line.total_minor >= 0 for line in priced.lines)
    other_way = price_cart(replace(cart, coupons=shown[::-1]), (), NOON)
    assert other_way.adjustments == priced.adjustments


def test_a_kept_basket_keeps_its_coupons() -> None:
    kept = coupon(days=("2026-11-20",), tiers=(1, 2))
    assert from_plain(Coupon, to_plain(kept)) == kept
