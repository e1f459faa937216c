"""The basket: typed prices, weighed goods, members' lists, and who is attached without a card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from huiyuan.domain.model.card import AttachedMember, Balances, Member, Tier
from huiyuan.domain.model.cart import Cart, ManualDiscount
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.rules import RuleFamily
from tests.domain.builders import GOLD, card, product, rule

NUTS = product(1, 3_000, lists=(("gold", 2_600), ("member", 2_800), ("silver", 1)))
TENTH = rule(RuleFamily.TIER, tiers=(GOLD,), max_bp=1_000)
FIFTH = rule(RuleFamily.TIER, tiers=(GOLD,), max_bp=2_000)
NAMED = AttachedMember(Member(3, "M0003", "张三", Tier(GOLD, "gold", "Gold")), 7, Balances(points=10))


@pytest.mark.parametrize(
    ("rules", "total", "source"),
    [([], 2_600, "list"), ([TENTH], 2_600, "list"), ([FIFTH], 2_400, "tier")],
)
def test_a_member_goes_by_the_better_of_list_and_tier(rules: list[object], total: int, source: str) -> None:
    priced = price_cart(Cart().with_card(card()).add(NUTS), rules)  # type: ignore[arg-type]
    assert priced.total_minor == total
    assert [(a.source, a.list) for a in priced.adjustments] == [
        (source, "gold" if source == "list" else None)
    ]
    assert price_cart(Cart().add(NUTS), rules).total_minor == 3_000  # type: ignore[arg-type]


def test_a_member_named_without_a_card_has_prices_and_points_and_shows_no_card() -> None:
    cart = Cart().add(NUTS).with_member(NAMED)
    earn = rule(RuleFamily.POINTS, id=2, points_rate=100)
    priced = price_cart(cart, [earn])
    assert (cart.card, cart.wallet, cart.tier, priced.total_minor) == (None, 7, GOLD, 2_600)
    assert priced.points is not None
    assert cart.with_card(None).member is None
    assert cart.with_card(card()).named is None


def test_a_typed_price_is_a_line_of_its_own_and_nothing_but_a_hand_lowers_it() -> None:
    cart = Cart().with_card(card()).add(NUTS).add(NUTS, typed_minor=2_000).add(NUTS, typed_minor=2_000)
    assert [line.qty_milli for line in cart.lines] == [1000, 2000]
    cart = cart.discount(1, ManualDiscount(amount_minor=1))
    priced = price_cart(cart, [FIFTH])
    assert [line.total_minor for line in priced.lines] == [2_400, 3_999]
    assert [line.to_row().get("open") for line in priced.sale_lines] == [None, True]
    assert price_cart(cart.set_price(1, None), [FIFTH]).lines[1].value_minor == 6_000


def test_goods_without_a_price_ask_for_one() -> None:
    stamp = product(2, 0, open_price=True)
    attempts: list[Callable[[], Cart]] = [
        lambda: Cart().add(stamp),
        lambda: Cart().add(stamp, typed_minor=80).set_price(0, None),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "price_needed"
    assert price_cart(Cart().add(stamp, 3000, typed_minor=80), []).total_minor == 240


def test_a_part_is_sold_of_what_is_weighed_only() -> None:
    apples = product(3, 1_198, sold_by="weight")
    assert price_cart(Cart().add(apples, 1235), []).total_minor == 1_480
    attempts: list[Callable[[], Cart]] = [
        lambda: Cart().add(NUTS, 1235),
        lambda: Cart().add(NUTS).set_quantity(0, 500),
    ]
    for attempt in attempts:
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "fraction_refused"


def test_a_list_price_in_crumbs_is_no_lower() -> None:
    """A hundredth of 3.00 and of 2.99 is 0.03 both: the difference is nothing, not a fen each time."""
    dust = product(4, 300, sold_by="weight", lists=(("member", 299),))
    cart = Cart().with_card(card()).add(dust, 10)
    assert price_cart(cart, []).adjustments == ()


def test_two_lines_of_one_product_stay_two_and_discounts_by_hand_keep_their_names() -> None:
    off = (ManualDiscount(amount_minor=200, name="loyalty"), ManualDiscount(rate_bp=1_000, name="dent"))
    priced = price_cart(Cart().add(NUTS).add(NUTS, apart=True).discount(1, *off), [])
    assert [line.total_minor for line in priced.lines] == [3_000, 2_520]
    assert [(a.source, a.name, a.amount_minor) for a in priced.adjustments] == [
        ("manual", "loyalty", 200), ("manual", "dent", 280),
    ]  # fmt: skip
    assert price_cart(priced.cart.discount(1), []).total_minor == 6_000


@pytest.mark.parametrize(
    ("name", "spec", "shown"),
    [("可乐", "330ml", "可乐 330ml"), ("可乐 330ml", "330ml", "可乐 330ml"), ("可乐", "", "可乐")],
)
def test_a_name_carries_its_specification_once(name: str, spec: str, shown: str) -> None:
    assert replace(product(1, 300), name=name, spec=spec).full_name == shown
