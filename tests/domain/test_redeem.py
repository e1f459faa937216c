"""Points as money: what a rule lets them pay, what it costs, and how it stands in a payment."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.redeem import best_redemption, points_needed, redeem
from huiyuan.domain.model.rules import RuleFamily
from huiyuan.domain.model.tender import Payment
from tests.domain.builders import GOLD, card, product, rule

HUNDRED = rule(RuleFamily.REDEEM, id=4, points_rate=10_000, max_bp=5_000, body={"min_points": 100})
DEAR = rule(RuleFamily.REDEEM, id=5, points_rate=20_000, max_bp=10_000)


@pytest.mark.parametrize(
    ("total", "due", "points", "most"),
    [
        (10_000, 10_000, 99_999, 5_000),
        (10_000, 3_000, 99_999, 3_000),
        (10_000, 10_000, 777, 777),
        (10_000, 10_000, 99, None),
        (150, 150, 99_999, None),
        (200, 200, 99_999, 100),
    ],
    ids=["half", "what is due", "what there is", "too few", "too small a sale", "just enough"],
)
def test_a_rule_bounds_what_points_pay(total: int, due: int, points: int, most: int | None) -> None:
    found = best_redemption([HUNDRED], total_minor=total, due_minor=due, points=points, tier=None)
    assert (found.amount_minor if found else None) == most
    assert (found.points if found else None) == most


def test_the_rule_that_pays_most_is_taken_and_of_two_the_cheaper() -> None:
    ample = {"total_minor": 10_000, "due_minor": 10_000, "tier": GOLD}
    wide = best_redemption([HUNDRED, DEAR], points=99_999, **ample)
    assert wide is not None
    assert (wide.rule, wide.amount_minor, wide.points) == (5, 10_000, 20_000)
    poor = best_redemption([DEAR, HUNDRED], points=1_000, **ample)
    assert poor is not None
    assert (poor.rule, poor.amount_minor) == (4, 1_000)


def test_a_rule_of_another_tier_pays_nothing() -> None:
    silver = rule(RuleFamily.REDEEM, points_rate=10_000, max_bp=5_000, tiers=(GOLD + 1,))
    for tier in (None, GOLD):
        assert best_redemption([silver], total_minor=900, due_minor=900, points=900, tier=tier) is None


@pytest.mark.parametrize("wanted", [0, 99, 5_001])
def test_what_the_rule_does_not_allow_is_refused_with_what_it_does(wanted: int) -> None:
    with pytest.raises(Refused) as refused:
        redeem([HUNDRED], total_minor=10_000, due_minor=10_000, points=9_000, tier=None, wanted_minor=wanted)
    assert (refused.value.code, refused.value.facts["most"]) == ("redeem_refused", 5_000)


@given(
    st.integers(1, 10**6),
    st.integers(1, 10**6),
    st.integers(0, 10**6),
    st.integers(1, 10**5),
    st.integers(1, 10**4),
)
def test_no_offer_takes_more_points_than_there_are_nor_gives_more_than_the_share(
    total: int, due: int, points: int, rate: int, share: int
) -> None:
    one = rule(RuleFamily.REDEEM, points_rate=rate, max_bp=share)
    found = best_redemption([one], total_minor=total, due_minor=due, points=points, tier=None)
    if found is not None:
        assert 0 < found.points <= points
        assert 0 < found.amount_minor <= due
        assert found.amount_minor * 10_000 <= total * share
        assert (found.points - 1) * 10_000 < found.amount_minor * rate <= found.points * 10_000
        assert points_needed(one, found.amount_minor) == found.points


def test_points_stand_once_in_a_payment_and_earn_nothing_where_the_rule_says_so() -> None:
    cart = Cart().with_card(card()).add(product(1, 10_000))
    plain = rule(RuleFamily.POINTS, id=1, points_rate=100)
    strict = rule(RuleFamily.POINTS, id=2, points_rate=100, body={"except_points": True})
    few = redeem([HUNDRED], total_minor=10_000, due_minor=10_000, points=500, tier=GOLD, wanted_minor=200)
    more = redeem([HUNDRED], total_minor=10_000, due_minor=10_000, points=500, tier=GOLD)

    payment = Payment(10_000).with_points(few, wallet=7).with_points(more, wallet=7)

    assert [(t.amount_minor, t.points) for t in payment.tenders] == [(500, 500)]
    assert (payment.points_minor, payment.due_minor, payment.card_minor) == (500, 9_500, 500)
    for known, expected in ((plain, 100), (strict, 95)):
        earned = price_cart(cart, [known]).earned(payment.points_minor)
        assert earned is not None
        assert earned.amount == expected


def test_points_do_not_pay_more_than_is_due() -> None:
    more = redeem([HUNDRED], total_minor=1_000, due_minor=1_000, points=900, tier=None)
    with pytest.raises(Refused) as refused:
        Payment(1_000).with_cash(900).with_points(more, wallet=7)
    assert (refused.value.code, refused.value.facts) == ("redeem_refused", {"most": 100})
