"""Paying: tenders add up to the total, and only cash gives change."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import CashRule
from huiyuan.domain.model.tender import Payment, cash_rounding, pin_wanted


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


def coins(amount: int, step: int, mode: str) -> int:
    """What a person hands over who has nothing smaller: by counting, not by dividing."""
    below = 0
    while below + step <= amount:
        below += step
    nearer_above = mode == "nearest" and (below + step - amount) <= (amount - below)
    return below + step if nearer_above else below


@pytest.mark.parametrize("mode", ["nearest", "down"])
@pytest.mark.parametrize("step", [1, 5, 10, 20, 50, 100])
def test_cash_rounds_to_the_least_coin_as_a_person_counts(step: int, mode: str) -> None:
    rule = CashRule(step, mode)
    for amount in range(1, 320):
        assert amount + cash_rounding(amount, rule) == (coins(amount, step, mode) if step > 1 else amount)


@pytest.mark.parametrize(
    ("total", "given", "amount", "rounded", "change"),
    [
        (998, 1000, 998, 2, 0), (998, 2000, 998, 2, 1000), (992, 990, 992, -2, 0), (992, 1000, 992, -2, 10),
        (995, 1000, 995, 5, 0), (994, 990, 994, -4, 0), (4, 0, 4, -4, 0), (1000, 1000, 1000, None, 0),
        (998, 500, 500, None, 0), (998, 503, 500, None, 3), (998, 998, 990, None, 8),
    ],
)  # fmt: skip
def test_a_table_of_rounding_and_change(
    total: int, given: int, amount: int, rounded: int | None, change: int
) -> None:
    (tender,) = Payment(total, cash=CashRule(10)).with_cash(given).tenders
    assert (tender.amount_minor, tender.rounded_minor) == (amount, rounded)
    assert Payment(total, (tender,), CashRule(10)).change_minor == change


def test_only_the_cash_part_of_a_split_is_rounded() -> None:
    payment = Payment(2337, cash=CashRule(10)).with_bank_card(1001, reference="1").with_cash(500)
    assert (payment.due_minor, payment.cash_due_minor) == (836, 840)
    payment = payment.with_cash(840)
    assert [(t.amount_minor, t.rounded_minor) for t in payment.tenders] == [(1001, None), (1336, 4)]
    assert (payment.due_minor, payment.change_minor) == (0, 0)


def test_change_stays_on_the_card_as_far_as_the_chain_allows() -> None:
    payment = Payment(960, cash=CashRule(1, keep_most_minor=30)).with_cash(1000).keeping_change()
    assert (payment.kept_minor, payment.change_minor) == (30, 10)
    with pytest.raises(Refused, match="no_change"):
        Payment(960).with_cash(960).keeping_change()


def test_money_on_account_and_paid_ahead_is_what_is_left_of_it() -> None:
    payment = Payment(960).with_account("advance", 300, wallet=7, left_minor=300)
    with pytest.raises(Refused, match="insufficient"):
        payment.with_account("advance", 1, wallet=7, left_minor=300)
    assert payment.with_account("credit", 5000, wallet=7, left_minor=660).due_minor == 0


@given(
    st.integers(1, 10**7),
    st.sampled_from([1, 5, 10, 20, 50, 100]),
    st.sampled_from(["nearest", "down"]),
    st.lists(
        st.tuples(st.sampled_from(["cash", "bank", "stored", "rest"]), st.integers(1, 10**6)), max_size=6
    ),
)
def test_parts_are_the_whole_only_cash_is_rounded_and_nothing_is_below_zero(
    total: int, step: int, mode: str, tries: list[tuple[str, int]]
) -> None:
    payment = Payment(total, cash=CashRule(step, mode))
    codes: set[str] = set()
    for kind, amount in tries:
        try:
            if kind == "cash":
                payment = payment.with_cash(amount)
            elif kind == "bank":
                payment = payment.with_bank_card(amount, reference="1")
            elif kind == "stored":
                payment = payment.with_stored(amount, wallet=7, balance_minor=10**6)
            else:
                payment = payment.with_cash(payment.cash_due_minor)
        except Refused as refused:
            codes.add(refused.code)
    assert codes <= {"nothing_due", "given_too_little", "insufficient"}
    paid = sum(tender.amount_minor for tender in payment.tenders)
    assert paid + payment.due_minor == total
    assert payment.due_minor >= 0
    assert payment.change_minor >= 0
    for tender in payment.tenders:
        assert tender.amount_minor > 0
        assert tender.kind == "cash" or tender.rounded_minor is None
        rounded = tender.rounded_minor or 0
        assert abs(rounded) <= (step // 2 if mode == "nearest" else step - 1)
        if tender.kind == "cash":
            assert rounded == cash_rounding(tender.amount_minor, CashRule(step, mode))
            assert (tender.given_minor or 0) >= tender.amount_minor + rounded
