"""Another system's receipt rung up line by line: the same money, and it is said how."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from huiyuan.domain.model.cart import Cart, ManualDiscount
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.pricing.ringing import ring_up
from tests.domain.builders import product

TEA = product(1, 109)


@pytest.mark.parametrize(
    ("quantity", "value", "typed", "rounding"),
    [
        (1, 109, None, 0),
        (3, 327, None, 0),
        (3, 100, 34, 2),
        (2, 100, 50, 0),
        (0, 250, 250, 0),
        (0, 0, 0, 0),
        (89_638, 25_000, 1, 64_638),
        (1, 0, 0, 0),
    ],
    ids=["list", "three at the list", "not divisible", "another price", "not counted", "nothing",
         "far too many", "free"],
)  # fmt: skip
def test_a_line_comes_to_its_value(quantity: int, value: int, typed: int | None, rounding: int) -> None:
    cart = ring_up(Cart(), TEA, qty_milli=quantity * 1000, value_minor=value)
    (line,) = price_cart(cart, []).lines
    assert line.total_minor == value
    assert line.item.typed_minor == typed
    assert line.item.qty_milli == max(quantity, 1) * 1000
    taken_off = [(a.amount_minor, a.name) for a in line.adjustments]
    assert taken_off == ([(rounding, "rounding")] if rounding else [])


def test_discounts_keep_their_names_and_two_lines_of_one_product_stay_two() -> None:
    off = (
        ManualDiscount(amount_minor=20, name="loyalty"),
        ManualDiscount(amount_minor=9, name="coupon match"),
    )
    cart = ring_up(Cart(), TEA, qty_milli=1000, value_minor=109, off=off)
    cart = ring_up(cart, TEA, qty_milli=1000, value_minor=109)
    priced = price_cart(cart, [])
    assert [line.total_minor for line in priced.lines] == [80, 109]
    assert [(a.source, a.name, a.amount_minor) for a in priced.adjustments] == [
        ("manual", "loyalty", 20), ("manual", "coupon match", 9),
    ]  # fmt: skip
    assert priced.adjustments[0].to_row()["name"] == "loyalty"


def test_more_off_than_a_line_is_worth_is_no_line() -> None:
    with pytest.raises(Refused) as refused:
        ring_up(Cart(), TEA, qty_milli=1000, value_minor=109, off=(ManualDiscount(amount_minor=110),))
    assert refused.value.facts["most"] == 109


@given(
    st.lists(
        st.tuples(st.integers(0, 100_000), st.integers(0, 10**6), st.integers(0, 10_000)),
        min_size=1,
        max_size=100,
    )
)
def test_any_basket_comes_to_its_sum_and_every_line_passes_the_arithmetic_of_the_door(
    rows: list[tuple[int, int, int]],
) -> None:
    cart = Cart()
    for quantity, value, share in rows:
        off = ManualDiscount(amount_minor=value * share // 10_000, name="loyalty")
        cart = ring_up(cart, TEA, qty_milli=quantity * 1000, value_minor=value, off=(off,))
    priced = price_cart(cart, [])
    assert priced.total_minor == sum(value - value * share // 10_000 for _, value, share in rows)
    for line in priced.sale_lines:
        assert line.qty_milli > 0
        assert abs(line.value_minor - line.qty_milli * line.price_minor / 1000) <= 1
