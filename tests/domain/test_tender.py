"""Paying: tenders add up to the total, and only cash gives change."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.tender import Payment, pin_wanted


def test_stored_value_bank_card_and_cash_split_one_sale() -> None:
    payment = Payment(3000).with_stored(1000, wallet=7, balance_minor=6000)
    payment = payment.with_bank_card(500, reference=" 123 ").with_cash(5000)
    assert [(t.kind, t.amount_minor, t.given_minor) for t in payment.tenders] == [
        ("stored", 1000, None),
        ("bank_card", 500, None),
        ("cash", 1500, 5000),
    ]
    assert (payment.due_minor, payment.change_minor, payment.stored_minor) == (0, 3500, 1000)
    assert payment.tenders[1].reference == "123"


def test_too_little_cash_leaves_the_rest_due() -> None:
    payment = Payment(3000).with_cash(1000)
    assert (payment.due_minor, payment.change_minor) == (2000, 0)


def test_the_same_tender_again_is_more_of_it() -> None:
    payment = Payment(3000).with_cash(1000).with_stored(500, wallet=7, balance_minor=900).with_cash(2000)
    assert [(t.kind, t.amount_minor, t.given_minor) for t in payment.tenders] == [
        ("cash", 2500, 3000),
        ("stored", 500, None),
    ]
    assert payment.change_minor == 500


def test_the_last_tender_can_be_taken_back() -> None:
    assert Payment(3000).with_cash(3000).without_last() == Payment(3000) == Payment(3000).without_last()


@pytest.mark.parametrize(
    ("code", "tender"),
    [
        ("nothing_due", lambda p: p.with_cash(3000).with_cash(1)),
        ("given_too_little", lambda p: p.with_cash(0)),
        ("insufficient", lambda p: p.with_stored(1000, wallet=7, balance_minor=999)),
        (
            "insufficient",
            lambda p: p.with_stored(600, wallet=7, balance_minor=999).with_stored(
                600, wallet=7, balance_minor=999
            ),
        ),
        ("reference_missing", lambda p: p.with_bank_card(100, reference="  ")),
    ],
)
def test_what_cannot_pay_is_refused(code: str, tender: object) -> None:
    assert callable(tender)
    with pytest.raises(Refused) as refused:
        tender(Payment(3000))
    assert refused.value.code == code


@given(st.integers(1, 10**9), st.lists(st.integers(1, 10**9), max_size=5))
def test_change_is_what_was_given_beyond_the_total(total: int, notes: list[int]) -> None:
    payment = Payment(total)
    given_minor = 0
    for note in notes:
        if payment.due_minor:
            payment = payment.with_cash(note)
            given_minor += note
    assert payment.due_minor == max(total - given_minor, 0)
    assert payment.change_minor == max(given_minor - total, 0)


def test_the_pin_is_asked_above_the_floor_only() -> None:
    assert not pin_wanted(10_000, floor_minor=10_000)
    assert pin_wanted(10_001, floor_minor=10_000)
