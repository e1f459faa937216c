"""The law at its edges: the table of `tests/law_cases`, rows of tomorrow, and what is outstanding."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from huiyuan.domain.model.law import (
    LawRule,
    Purchase,
    judge_liability,
    judge_purchase,
    judge_refund,
    ratio_bp,
)
from tests.law_cases import AT, BUYS, REFUNDS, Buy, Refund, article_of, dated, rows


def purchase(case: Buy) -> Purchase:
    """A row of the table as the domain takes it."""
    return Purchase(
        registered=case.registered,
        amount_minor=case.amount,
        held_minor=case.held,
        bonus_minor=case.bonus,
        cash_minor=case.amount if case.cash is None else case.cash,
        named=case.named,
        identified=not case.unknown and case.named,
        company=case.company,
    )


@pytest.mark.parametrize("case", BUYS, ids=lambda case: case.name)
def test_a_purchase_at_the_edge_of_the_law(case: Buy) -> None:
    verdict = judge_purchase(rows(case.bought, case.ago), purchase(case), at=AT)

    if not case.code:
        assert verdict is None
        return
    assert verdict is not None
    assert (verdict.code, verdict.rule.rule, verdict.rule.article) == (
        case.code,
        case.rule,
        article_of(case.rule),
    )
    assert verdict.refusal().facts["article"] == article_of(case.rule)


def test_the_table_is_long_and_every_rule_of_a_purchase_is_in_it_from_both_sides() -> None:
    assert len(BUYS) >= 60
    assert {case.rule for case in BUYS if case.rule} == {
        "registered_cap", "bearer_cap", "identity_registered", "identity_bearer", "identity_unnamed",
        "transfer_company", "transfer_person",
    }  # fmt: skip


@pytest.mark.parametrize("case", REFUNDS)
def test_what_is_left_of_a_card_goes_out_in_cash_only_up_to_a_sum(case: Refund) -> None:
    verdict = judge_refund(rows(), held_minor=case.held, cash_minor=case.cash, at=AT)

    assert (verdict is not None) is case.refused
    if verdict is not None:
        assert (verdict.code, verdict.rule.article) == ("refund_route", "第二十一条")


@pytest.mark.parametrize(
    ("outstanding", "revenue", "services", "refused"),
    [
        (39_999, 100_000, False, False), (40_000, 100_000, False, False), (40_001, 100_000, False, True),
        (100_000, 100_000, True, False), (100_001, 100_000, True, True), (1, 0, False, True),
        (0, 0, False, False),
    ],
)  # fmt: skip
def test_what_is_owed_to_holders_stays_below_a_part_of_the_revenue(
    outstanding: int, revenue: int, services: bool, refused: bool
) -> None:
    verdict = judge_liability(
        rows(), outstanding_minor=outstanding, revenue_minor=revenue, services=services, at=AT
    )

    assert (verdict is not None) is refused


def test_a_ratio_is_rounded_up_and_needs_a_revenue() -> None:
    assert ratio_bp(40_001, 100_000) == 4_001
    assert ratio_bp(1, 1_000_000) == 1
    assert ratio_bp(1, 0) is None


@pytest.mark.parametrize("case", BUYS, ids=lambda case: case.name)
def test_rows_of_tomorrow_alter_nothing_today(case: Buy) -> None:
    """Half of every sum from tomorrow on: the verdict of today is the same, tomorrow's may not be."""
    today = rows(case.bought, case.ago)
    later = tuple(dated(row, 1) for row in today)

    assert judge_purchase(today + later, purchase(case), at=AT) == judge_purchase(
        today, purchase(case), at=AT
    )


def test_a_row_holds_from_its_date_and_the_one_before_ends_there() -> None:
    old = rows()[0]
    starts = AT + timedelta(days=1)
    both = (replace(old, valid_to=starts), dated(old, 1))
    buy = Purchase(registered=True, amount_minor=250_001)

    assert judge_purchase(both, buy, at=starts - timedelta(microseconds=1)) is None
    verdict = judge_purchase(both, buy, at=starts)
    assert verdict is not None
    assert verdict.facts["cap"] == 250_000


def test_the_stricter_of_two_jurisdictions_holds() -> None:
    country = rows()[0]
    city = replace(country, id=50, jurisdiction="CN-31", amount_minor=200_000, article="第二十条")
    held: tuple[tuple[LawRule, ...], ...] = ((country, city), (city, country))
    for both in held:
        verdict = judge_purchase(both, Purchase(registered=True, amount_minor=200_001), at=AT)
        assert verdict is not None
        assert verdict.rule.jurisdiction == "CN-31"
