"""Pricing: a table of carts to totals, and what holds for every cart and rule."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from huiyuan.domain.model.cart import Cart, ManualDiscount
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import Limits
from huiyuan.domain.model.points import points_grant
from huiyuan.domain.model.pricing.order import beyond_limit, price_cart
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from huiyuan.domain.model.taxes import tax_inside
from tests.domain.builders import GOLD, SILVER, card, product, rule

NINETY = rule(RuleFamily.TIER, tiers=(GOLD,), max_bp=1000)
CAPPED = rule(RuleFamily.TIER, id=2, tiers=(GOLD,), max_bp=5000, max_document_minor=150)
EARN = rule(RuleFamily.POINTS, id=9, points_rate=100, min_minor=500)


@pytest.mark.parametrize(
    ("prices", "tier", "rules", "totals"),
    [
        ([1000], None, [NINETY], [1000]),
        ([1000], SILVER, [NINETY], [1000]),
        ([1000], GOLD, [NINETY], [900]),
        ([1005], GOLD, [NINETY], [905]),
        ([1000, 500], GOLD, [CAPPED], [850, 500]),
        ([1000, 500], GOLD, [NINETY, CAPPED], [900, 450]),
        ([1000, 400], GOLD, [NINETY, CAPPED], [850, 400]),
        ([4000, 500], GOLD, [NINETY, CAPPED], [3600, 450]),
        ([1000], GOLD, [], [1000]),
    ],
)
def test_a_cart_becomes_these_line_totals(
    prices: list[int], tier: int | None, rules: list[RuleVersion], totals: list[int]
) -> None:
    cart = Cart().with_card(card(tier=tier) if tier else None)
    for i, price in enumerate(prices):
        cart = cart.add(product(i + 1, price))
    assert [line.total_minor for line in price_cart(cart, rules).lines] == totals


def test_a_least_total_is_counted_after_the_manual_discounts() -> None:
    from_ten = rule(RuleFamily.TIER, tiers=(GOLD,), max_bp=1000, min_minor=1000)
    cart = Cart().with_card(card()).add(product(1, 1000))
    assert price_cart(cart, [from_ten]).total_minor == 900
    discounted = cart.discount(0, ManualDiscount(amount_minor=1))
    assert price_cart(discounted, [from_ten]).total_minor == 999
    assert price_cart(discounted, [from_ten, CAPPED]).total_minor == 849


def test_attaching_a_member_prices_every_line_anew_and_detaching_prices_it_back() -> None:
    cart = Cart().add(product(1, 1000)).add(product(2, 700))
    with_member = cart.with_card(card())
    assert price_cart(with_member, [NINETY]).total_minor == 900 + 630
    assert price_cart(with_member.with_card(None), [NINETY]) == price_cart(cart, [NINETY])


def test_manual_comes_after_tier_and_each_step_is_explained() -> None:
    cart = Cart().with_card(card()).add(product(1, 1000)).discount(0, ManualDiscount(rate_bp=1000))
    priced = price_cart(cart, [NINETY])
    assert [(s.source, s.amount_minor, s.after_minor, s.rule) for s in priced.explain(1)] == [
        ("retail", 0, 1000, None),
        ("tier", 100, 900, 1),
        ("manual", 90, 810, None),
    ]
    assert [(a.source, a.amount_minor) for a in priced.adjustments] == [("tier", 100), ("manual", 90)]


def test_a_manual_amount_never_takes_more_than_is_left() -> None:
    cart = Cart().add(product(1, 1000)).discount(0, ManualDiscount(amount_minor=5000))
    assert price_cart(cart, []).total_minor == 0


def test_a_discount_beyond_the_persons_limit_is_named() -> None:
    cart = Cart().add(product(1, 1000)).discount(0, ManualDiscount(amount_minor=101))
    priced = price_cart(cart, [])
    assert beyond_limit(priced, Limits(limit_bp=1010)) == ()
    assert [line.n for line in beyond_limit(priced, Limits(limit_bp=1000))] == [1]
    assert beyond_limit(priced, Limits()) == ()


@pytest.mark.parametrize(("amount", "rate"), [(None, None), (1, 1), (-1, None), (None, 10_001)])
def test_a_manual_discount_is_one_sensible_thing(amount: int | None, rate: int | None) -> None:
    with pytest.raises(ValueError, match="manual discount"):
        ManualDiscount(amount_minor=amount, rate_bp=rate)


def test_a_product_stands_on_one_line_however_often_it_is_scanned() -> None:
    cart = Cart().add(product(1, sold_by="weight")).add(product(2)).add(product(1, sold_by="weight"))
    assert [(line.product.id, line.qty_milli) for line in cart.lines] == [(1, 2000), (2, 1000)]
    assert [line.product.id for line in cart.remove(0).lines] == [2]
    assert cart.set_quantity(0, 1500).lines[0].qty_milli == 1500


def test_a_fresh_price_replaces_the_old_one_on_its_line() -> None:
    cart = Cart().add(product(1, 1000)).with_prices({1: product(1, 1100)})
    assert price_cart(cart, []).total_minor == 1100


@pytest.mark.parametrize("qty", [0, -1000, 10**12])
def test_a_quantity_out_of_range_is_refused_and_the_cart_stands(qty: int) -> None:
    cart = Cart().add(product(1))
    with pytest.raises(Refused) as refused:
        cart.set_quantity(0, qty)
    assert refused.value.code == "out_of_range"
    assert cart.lines[0].qty_milli == 1000


def test_the_cart_has_a_most_of_lines() -> None:
    cart = Cart()
    for i in range(500):
        cart = cart.add(product(i))
    with pytest.raises(Refused) as refused:
        cart.add(product(501))
    assert refused.value.code == "too_many_lines"
    assert cart.add(product(0)).lines[0].qty_milli == 2000


lines = st.lists(
    st.tuples(
        st.integers(0, 10**6),
        st.integers(1, 10**5),
        st.integers(0, 10_000),
        st.none() | st.integers(0, 10**6),
        st.none() | st.integers(0, 10**6),
    ),
    min_size=1,
    max_size=8,
)
bounds = st.tuples(
    st.integers(0, 10_000), st.none() | st.integers(0, 10**5), st.none() | st.integers(0, 10**6)
)


@given(lines, bounds)
def test_every_line_adds_up_and_stays_within_the_bounds(
    rows: list[tuple[int, int, int, int | None, int | None]], bound: tuple[int, int | None, int | None]
) -> None:
    max_bp, max_line, max_document = bound
    tier = rule(
        RuleFamily.TIER,
        tiers=(GOLD,),
        max_bp=max_bp,
        max_line_minor=max_line,
        max_document_minor=max_document,
    )
    cart = Cart().with_card(card())
    for i, (price, qty, manual, member_price, typed) in enumerate(rows):
        lists = () if member_price is None else (("member", member_price),)
        goods = product(i, price, tax_bp=1300 if i % 2 else 600, sold_by="weight", lists=lists)
        cart = cart.add(goods, qty, typed_minor=typed).discount(i, ManualDiscount(rate_bp=manual))
    priced = price_cart(cart, [tier, EARN])
    for line, (_, qty, _, member_price, typed) in zip(priced.lines, rows, strict=True):
        sources = {adjustment.source for adjustment in line.adjustments}
        assert len(sources & {"list", "tier"}) <= (typed is None)
        for adjustment in line.adjustments:
            if adjustment.source == "list":
                assert member_price is not None
                assert (line.value_minor - adjustment.amount_minor) * 1000 >= qty * member_price
        assert line.total_minor == line.value_minor - sum(a.amount_minor for a in line.adjustments) >= 0
        for adjustment in line.adjustments:
            assert adjustment.amount_minor > 0
            if adjustment.source == "tier":
                assert adjustment.amount_minor * 10_000 <= line.value_minor * max_bp
                assert adjustment.amount_minor <= (max_line if max_line is not None else 10**18)
    tier_total = sum(a.amount_minor for a in priced.adjustments if a.source == "tier")
    assert tier_total <= (max_document if max_document is not None else 10**18)
    assert sum(tax.base_minor for tax in priced.taxes) == priced.total_minor
    assert all(0 <= tax.amount_minor <= tax.base_minor for tax in priced.taxes)


@pytest.mark.parametrize(
    ("total", "rate", "tax"),
    [(11300, 1300, 1300), (100, 1300, 12), (0, 1300, 0), (1, 1300, 0), (106, 600, 6)],
)
def test_tax_lies_inside_the_price(total: int, rate: int, tax: int) -> None:
    assert tax_inside(total, rate) == tax


def test_a_code_without_a_rate_has_no_row_and_one_code_has_one() -> None:
    cart = Cart()
    for i, rate in enumerate((0, 1300, 1300)):
        cart = cart.add(product(i + 1, 105, tax_bp=rate))
    (row,) = price_cart(cart, []).taxes
    assert (row.code, row.base_minor, row.amount_minor) == ("T1300", 210, 24)


@pytest.mark.parametrize(("total", "points"), [(499, None), (500, 5), (599, 5), (10_000, 100)])
def test_points_are_the_floor_of_total_times_rate(total: int, points: int | None) -> None:
    grant = points_grant([EARN], eligible_minor=total, tier=None)
    assert (grant.amount if grant else None) == points


def test_nobody_earns_without_a_wallet() -> None:
    assert price_cart(Cart().add(product(1, 1000)), [EARN]).points is None
    assert price_cart(Cart().with_card(card()).add(product(1, 1000)), [EARN]).points is not None
