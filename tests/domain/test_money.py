"""Money and quantities: parts add up to the whole, and only ASCII digits are a number."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.money import allocate, divide_half_up, floor_share, format_minor, parse_minor
from huiyuan.domain.model.quantity import format_quantity, parse_quantity, value_of

amounts = st.integers(min_value=0, max_value=10**12)
weights = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=12).filter(any)


@given(amounts, weights)
def test_the_parts_of_a_split_add_up_to_the_whole(amount: int, shares: list[int]) -> None:
    parts = allocate(amount, shares)
    assert sum(parts) == amount
    whole = sum(shares)
    for part, share in zip(parts, shares, strict=True):
        assert amount * share // whole <= part <= -(-amount * share // whole)


@pytest.mark.parametrize(
    ("amount", "shares", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (1, [1, 2], [0, 1]),
        (5, [0, 1, 0], [0, 5, 0]),
        (0, [3, 4], [0, 0]),
    ],
)
def test_the_odd_fen_goes_to_the_largest_remainder_and_ties_to_the_earlier(
    amount: int, shares: list[int], parts: list[int]
) -> None:
    assert allocate(amount, shares) == parts


@pytest.mark.parametrize(("amount", "shares"), [(1, [0, 0]), (1, []), (1, [2, -1]), (-1, [1])])
def test_a_split_without_a_weight_is_refused(amount: int, shares: list[int]) -> None:
    with pytest.raises(ValueError, match="split needs"):
        allocate(amount, shares)


@pytest.mark.parametrize(
    ("numerator", "denominator", "answer"),
    [(1, 2, 1), (3, 2, 2), (1, 3, 0), (2, 3, 1), (0, 7, 0), (5, 10, 1)],
)
def test_a_half_is_rounded_up(numerator: int, denominator: int, answer: int) -> None:
    assert divide_half_up(numerator, denominator) == answer


def test_rounding_refuses_what_it_is_not_defined_for() -> None:
    with pytest.raises(ValueError, match="non-negative"):
        divide_half_up(-1, 2)
    assert floor_share(100, 1, 0) == 0


@pytest.mark.parametrize(
    ("text", "minor"), [("12.50", 1250), ("12.5", 1250), ("12", 1200), (" 0.01 ", 1), ("007", 700)]
)
def test_an_amount_is_read_as_it_is_typed(text: str, minor: int) -> None:
    assert parse_minor(text) == minor


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-1", "not_ascii_digits"),
        ("0", "out_of_range"),
        ("1e9", "not_ascii_digits"),
        ("NaN", "not_ascii_digits"),
        ("1.0005", "too_precise"),
        ("１", "not_ascii_digits"),
        ("٣", "not_ascii_digits"),
        ("0x10", "not_ascii_digits"),
        ("1,000", "not_ascii_digits"),
        ("", "not_ascii_digits"),
        (".5", "not_ascii_digits"),
        ("5.", "not_ascii_digits"),
        ("1_0", "not_ascii_digits"),
        ("1\n", "not_ascii_digits"),
        ("999999999", "out_of_range"),
        ("9" * 40, "not_ascii_digits"),
    ],
)
def test_what_is_no_quantity_is_refused_with_its_code(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_quantity(text)
    assert refused.value.code == code


def test_a_drawer_may_be_empty_but_a_payment_may_not_be_nothing() -> None:
    assert parse_minor("0", zero=True) == 0
    with pytest.raises(Refused) as refused:
        parse_minor("0.00")
    assert refused.value.code == "out_of_range"


def test_an_amount_beyond_the_most_is_refused_before_it_overflows_anything() -> None:
    with pytest.raises(Refused) as refused:
        parse_minor("99999999999999")
    assert refused.value.code == "out_of_range"


@given(st.integers(min_value=1, max_value=10**9))
def test_what_is_written_is_read_back(number: int) -> None:
    assert parse_minor(format_minor(number)) == number
    assert parse_quantity(format_quantity(number)) == number


@pytest.mark.parametrize(
    ("minor", "digits", "text"), [(-1250, 2, "-12.50"), (5, 2, "0.05"), (7, 0, "7"), (1001, 3, "1.001")]
)
def test_an_amount_is_written_with_the_digits_of_its_currency(minor: int, digits: int, text: str) -> None:
    assert format_minor(minor, digits) == text


@given(st.integers(min_value=1, max_value=10**7), st.integers(min_value=0, max_value=10**7))
def test_a_line_value_is_within_half_a_minor_unit_of_quantity_times_price(qty: int, price: int) -> None:
    assert abs(value_of(qty_milli=qty, price_minor=price) * 1000 - qty * price) <= 500
