"""Coupons that a sale earns: for every so much of the total, for whom the series is, while it can be used."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from huiyuan.domain.model.coupon import Series
from huiyuan.domain.model.pricing.earning import earned_coupons
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from tests.domain.test_coupons import NOON, basket, coupon, member


def series(**more: Any) -> RuleVersion:
    body = {"kind": "off", "off_minor": 500, "earn_minor": 10_000, "per_sale": 3} | more.pop("body", {})
    return replace(RuleVersion(9, 2, RuleFamily.COUPON, "five off", term_days=30, body=body), **more)


@pytest.mark.parametrize(
    ("prices", "count"), [((9_999,), 0), ((10_000,), 1), ((12_000, 7_999), 1), ((20_000,), 2), ((90_000,), 3)]
)
def test_one_for_every_so_much_and_at_most_so_many(prices: tuple[int, ...], count: int) -> None:
    earned = earned_coupons(price_cart(basket(*prices), [series()], NOON))
    assert [each for _, each in earned] == ([count] if count else [])


def test_what_a_coupon_takes_off_earns_nothing() -> None:
    cart = basket(10_000, coupons=(coupon(),))
    assert earned_coupons(price_cart(cart, [series()], NOON)) == ()


@pytest.mark.parametrize(
    ("rule", "earns"),
    [
        (series(tiers=(1,)), True),
        (series(tiers=(2,)), False),
        (series(body={"use_until": "2026-11-20"}), True),
        (series(body={"use_until": "2026-11-19"}), False),
        (series(term_days=None), False),
        (series(body={"earn_minor": None}), False),
        (replace(series(), family=RuleFamily.PROMOTION), False),
    ],
)
def test_for_whom_and_until_when(rule: RuleVersion, *, earns: bool) -> None:
    cart = basket(10_000, named=member(1))
    assert bool(earned_coupons(price_cart(cart, [rule], NOON))) == earns


@pytest.mark.parametrize(
    ("term", "until", "last"),
    [
        (30, None, date(2026, 12, 20)),
        (None, date(2026, 12, 1), date(2026, 12, 1)),
        (30, date(2026, 12, 1), date(2026, 12, 1)),
        (5, date(2026, 12, 1), date(2026, 11, 25)),
        (None, None, None),
    ],
)
def test_the_last_day_is_the_earlier_one(term: int | None, until: date | None, last: date | None) -> None:
    assert Series(1, 1, "s", 0, term_days=term, use_until=until).last_day(NOON.date()) == last
