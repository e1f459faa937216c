"""Prices in force at a moment against a painted timeline; check digits; labels of a scale."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from huiyuan.domain.model.barcode import ScaleLabel, check_digit, read_scale_label, wrong_ean
from huiyuan.domain.model.catalog import RETAIL, PriceRow, micros, prices_in_force
from huiyuan.domain.model.quantity import quantity_for

MOMENTS = 40
USUAL = "20IIIIIWWWWWC"


@st.composite
def price_rows(draw: st.DrawFn) -> list[PriceRow]:
    """Rows as the database holds them: those of one list and one owner never overlap; in any order."""
    rows = []
    for own in (True, False):
        for each in (RETAIL, "member"):
            cuts = sorted(draw(st.sets(st.integers(0, MOMENTS), max_size=6)))
            for begin, end in zip(cuts, [*cuts[1:], None], strict=False):
                if draw(st.booleans()):
                    until = end if end is not None or draw(st.booleans()) else MOMENTS
                    if until is None or until > begin:
                        rows.append(PriceRow(own, begin, until, draw(st.integers(0, 999)), each))
    return draw(st.permutations(rows))


def painted(rows: list[PriceRow]) -> list[dict[str, int]]:
    """The model: a timeline on which the chain's prices are painted first and the store's own over them."""
    line: list[dict[str, int]] = [{} for _ in range(MOMENTS + 1)]
    for own in (False, True):
        for row in rows:
            if row.own is own:
                end = MOMENTS + 1 if row.valid_to is None else min(row.valid_to, MOMENTS + 1)
                for at in range(row.valid_from, end):
                    line[at][row.list] = row.amount_minor
    return line


@given(price_rows())
def test_the_price_in_force_is_the_painted_one_at_every_moment(rows: list[PriceRow]) -> None:
    assert [prices_in_force(rows, at) for at in range(MOMENTS + 1)] == painted(rows)


def test_times_are_whole_microseconds_whatever_the_zone() -> None:
    at = datetime(2026, 5, 1, 12, 0, 0, 123456, tzinfo=UTC)
    assert micros(at) == 1_777_636_800_123_456
    assert micros(at - timedelta(microseconds=1)) == micros(at) - 1


@pytest.mark.parametrize("code", ["4006381333931", "6901234567892", "9780306406157", "0000000000000"])
def test_a_right_last_digit_is_right_and_every_other_is_wrong(code: str) -> None:
    assert wrong_ean(code) is None
    for digit in set("0123456789") - {code[-1]}:
        assert wrong_ean(code[:-1] + digit) == code[-1]


@pytest.mark.parametrize(
    "text", ["", "12345678", "400638133393a", "４００６３８１３３３９３１", "40063813339310"]
)
def test_what_is_no_ean_13_has_no_wrong_digit(text: str) -> None:
    assert wrong_ean(text) is None


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_one_mistyped_digit_is_always_seen(twelve: str, place: int, by: int) -> None:
    good = twelve + check_digit(twelve)
    bad = good[:place] + str((int(good[place]) + by) % 10) + good[place + 1 :]
    assert wrong_ean(bad) is not None


@given(st.integers(0, 99_999), st.integers(1, 99_999))
def test_a_label_is_read_as_it_was_printed(item: int, grams: int) -> None:
    twelve = f"20{item:05}{grams:05}"
    label = twelve + check_digit(twelve)
    assert read_scale_label(label, [USUAL]) == ScaleLabel(f"{item:05}", grams)
    assert read_scale_label(label, ["21IIIIIWWWWWC", USUAL]) == ScaleLabel(f"{item:05}", grams)
    assert read_scale_label(label[:-1] + str((int(label[-1]) + 1) % 10), [USUAL]) is None


@given(st.integers(0, 99_999), st.integers(1, 99_999))
def test_a_label_with_the_price_in_it_is_read_as_it_was_printed(item: int, amount_minor: int) -> None:
    twelve = f"22{item:05}{amount_minor:05}"
    label = twelve + check_digit(twelve)
    read = ScaleLabel(f"{item:05}", amount_minor=amount_minor)
    assert read_scale_label(label, [USUAL, "22IIIIIPPPPPC"]) == read


@given(st.integers(1, 99_999), st.integers(1, 10**6))
def test_what_a_scale_weighed_costs_what_its_label_says(grams: int, price_minor: int) -> None:
    """The scale rounds once: the same money comes out, and where a gram costs a fen the same grams."""
    amount_minor = (2 * grams * price_minor + 1000) // 2000
    if amount_minor:
        found = quantity_for(amount_minor=amount_minor, price_minor=price_minor)
        assert (2 * found * price_minor + 1000) // 2000 == amount_minor
        assert found == grams or price_minor < 1000


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_label_of_another_price_is_never_charged_above_what_it_says(amount: int, price: int) -> None:
    found = quantity_for(amount_minor=amount, price_minor=price)
    assert (2 * found * price + 1000) // 2000 <= amount
    assert (2 * (found + 1) * price + 1000) // 2000 >= amount


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("2000042012345", "20IIIIIWWWPPC"),  # it would have to be both
        ("200004200000" + check_digit("200004200000"), USUAL),  # no weight
        ("2000042012", USUAL),
        ("20000420123٣٣", USUAL),
        ("2000042012345", "20IIIIINNNNNN"),  # a pattern without a weight
        ("2000042012345", ".*"),
        ("2000042012345", "20(IIII)+WWWW"),
        ("2000042012345", ""),
    ],
)
def test_what_does_not_fit_is_no_label(text: str, pattern: str) -> None:
    assert read_scale_label(text, [pattern]) is None


def test_a_label_of_eighteen_digits_with_the_amount_in_it() -> None:
    seventeen = "21000420123400441"
    label = seventeen + check_digit(seventeen)
    assert read_scale_label(label, ["21IIIIIWWWWWNNNNNC"]) == ScaleLabel("00042", 1234)
