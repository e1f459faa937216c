"""What is owed on account: oldest first, the least to pay, what is overdue; against a simulation by fen."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from huiyuan.domain.model.card_form import terms_of_card_rule, values_of
from huiyuan.domain.model.credit import Charge, CreditTerms, credit_due, least_to_pay
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.promotion_desk import Terms

DAY = date(2026, 3, 1)
# A day later each: a charge (with its days until due, or none) or a repayment of at most what is owed.
MOVES = st.lists(
    st.tuples(st.booleans(), st.integers(1, 40), st.one_of(st.none(), st.integers(1, 30))), max_size=30
)


@given(moves=MOVES, later=st.integers(0, 40), rate=st.integers(0, 10_000), floor=st.integers(0, 90))
def test_every_fen_is_paid_oldest_first(
    moves: list[tuple[bool, int, int | None]], later: int, rate: int, floor: int
) -> None:
    queue: deque[tuple[date, date | None]] = deque()  # one place a fen that is owed
    charges: list[Charge] = []
    today = DAY
    for charged, amount, days in moves:
        today += timedelta(days=1)
        if charged:
            due = None if days is None else today + timedelta(days=days)
            charges.append(Charge(today, due, amount))
            queue.extend([(today, due)] * amount)
        else:
            for _ in range(min(amount, len(queue))):
                queue.popleft()
    today += timedelta(days=later)
    owed = len(queue)
    found = credit_due(charges, owed, CreditTerms(rate, floor), today=today)

    assert found.owed_minor == owed == sum(each.amount_minor for each in found.unpaid)
    assert [(each.on, each.due_on) for each in found.unpaid for _ in range(each.amount_minor)] == list(queue)
    assert found.overdue_minor == sum(1 for _, due in queue if due is not None and due < today)
    assert found.due_on == min((due for _, due in queue if due is not None), default=None)
    # The newest charges that make the debt say as much as all of them.
    tail = charges[len(charges) - len(found.unpaid) :]
    assert credit_due(tail, owed, CreditTerms(rate, floor), today=today) == found
    least = found.least_minor
    assert (least is None) is (rate == floor == 0)  # no least was agreed
    if least is None:
        return
    assert least <= owed
    assert least == owed or (least * 10_000 >= owed * rate and least >= floor)
    assert least in {0, owed, floor} or (least - 1) * 10_000 < owed * rate


@pytest.mark.parametrize(
    ("owed", "rate", "floor", "least"),
    [(0, 1000, 500, 0), (300, 1000, 500, 300), (9999, 1000, 500, 1000), (4000, 1000, 500, 500),
     (4000, 0, 0, 0), (4000, 10_000, 0, 4000)],
)  # fmt: skip
def test_the_least_is_the_larger_of_share_and_floor_and_never_more_than_is_owed(
    owed: int, rate: int, floor: int, least: int
) -> None:
    assert least_to_pay(owed, CreditTerms(rate, floor)) == least


def test_a_day_that_is_today_is_not_past_and_without_terms_nothing_is_due() -> None:
    charge = Charge(DAY, DAY + timedelta(days=30), 700)
    on_the_day = credit_due([charge], 700, CreditTerms(1000, 0), today=DAY + timedelta(days=30))
    assert (on_the_day.overdue_minor, on_the_day.due_on) == (0, DAY + timedelta(days=30))
    assert credit_due([charge], 700, None, today=DAY + timedelta(days=31)).overdue_minor == 700
    nothing = credit_due([Charge(DAY, None, 700)], 700, None, today=date(2030, 1, 1))
    assert (nothing.due_on, nothing.least_minor, nothing.overdue_minor) == (None, None, 0)
    assert credit_due([charge], 700, CreditTerms(), today=DAY).least_minor is None  # a day alone was agreed


def test_the_terms_are_typed_as_days_percent_and_amount() -> None:
    typed = {"type": "firm", "who": "1", "functions": "6", "due_days": "30", "least_rate": "2.5",
             "least_minor": "50"}  # fmt: skip
    terms = terms_of_card_rule("card_type", typed, digits=2)
    body = terms["body"]
    assert (body["due_days"], body["least_rate"], body["least_minor"]) == (30, 250, 5000)
    shown = values_of(Terms({"body": body}), digits=2)
    assert (shown["due_days"], shown["least_rate"], shown["least_minor"]) == ("30", "2.50", "50.00")
    for name, wrong in (("due_days", "367"), ("due_days", "0"), ("least_rate", "100.01"), ("least_rate", "x"),
                        ("least_minor", "-1")):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            terms_of_card_rule("card_type", {**typed, name: wrong}, digits=2)
        assert refusal.value.facts["field"] == name
