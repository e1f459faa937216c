"""Promotions as tables: a basket, the rules that run, what it comes to. A 10.00, B 6.00, C 3.00, D 99.99,
W 20.00 a kilogram, M 5.00 (4.50 for members, 4.20 gold, 3.50 dealers), S a service at 50.00.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from huiyuan.domain.model.card import Member, Tier
from huiyuan.domain.model.cart import Cart, ManualDiscount
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.promotion import Scope
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from tests.domain.builders import GOLD, SILVER, card, rule
from tests.domain.promos import (
    EXCLUSIVE,
    STACK,
    amount,
    at,
    basket,
    bundle,
    buy,
    fixed,
    gift,
    many,
    nth,
    percent,
    rates,
    steps,
)

KINDS = [
    ("A", [percent(10)], 900),
    ("A B", [percent(10, "A")], 1500),
    ("D", [percent(10)], 9000),  # 999.9 off, rounded down
    ("D D D", [percent(33, "D")], 20098),
    ("W0.333", [percent(10)], 600),
    ("A", [percent(100)], 0),
    ("A2", [amount(150, "A")], 1700),
    ("C", [amount(500, "C")], 0),
    ("W0.5", [amount(100, "W")], 950),
    ("A3", [fixed(800, "A")], 2400),
    ("C", [fixed(800, "C")], 300),  # it costs less anyway
    ("W1.5", [fixed(1500, "W")], 2250),
    ("A2", [nth(2, 50, "A")], 1500),
    ("A", [nth(2, 50, "A")], 1000),
    ("A3", [nth(2, 50, "A")], 2500),
    ("A5", [nth(2, 50, "A")], 4000),
    ("A B", [nth(2, 50, "AB")], 1300),  # the cheaper of two
    ("A2 B2", [nth(2, 50, "AB")], 2400),  # 10 + 5 and 6 + 3
    ("A B C", [nth(3, 100, "ABC")], 1600),
    ("W2", [nth(2, 50, "W")], 4000),  # what is weighed is no piece
    ("A3", [buy(2, 1, "A")], 2000),
    ("A6", [buy(2, 1, "A")], 4000),
    ("A5", [buy(2, 1, "A")], 4000),
    ("A2 B", [buy(2, 1, "AB")], 2000),
    ("A4", [buy(1, 1, "A", rate=50)], 3000),
    ("A B", [bundle("A B", 1200)], 1200),
    ("A2 B", [bundle("A B", 1200)], 2200),
    ("A2 B2", [bundle("A B", 1200)], 2400),
    ("A", [bundle("A B", 1200)], 1000),
    ("A B C2", [bundle("A B C2", 1799)], 1799),
    ("C", [bundle("C2", 500)], 300),
    ("A B", [bundle("A B", 1700)], 1600),  # nobody gains
    ("A2", [steps((2000, 300))], 1700),
    ("A B", [steps((2000, 300))], 1600),
    ("A5", [steps((2000, 300), (5000, 1000))], 4000),
    ("A5", [steps((2000, 300), repeats=True)], 4400),
    ("A2 D", [steps((2000, 300), goods="A")], 11699),
    ("A D", [steps((2000, 300), goods="A")], 10999),
    ("A2", [rates((2000, 10), (3000, 20))], 1800),
    ("A3", [rates((2000, 10), (3000, 20))], 2400),
    ("A C", [gift("C", needs="A")], 1000),
    ("A C2", [gift("C", needs="A")], 1300),
    ("A2 C2", [gift("C", needs="A")], 2000),
    ("A3 C2", [gift("C", needs="A", each=2)], 3300),
    ("C", [gift("C", needs="A")], 300),
    ("A C", [gift("C", min_minor=1000)], 1000),
    ("B C2", [gift("C", min_minor=1000)], 1200),  # the gift itself does not count
]


@pytest.mark.parametrize(("goods", "rules", "total"), KINDS)
def test_a_basket_under_one_promotion(goods: str, rules: list[RuleVersion], total: int) -> None:
    assert price_cart(basket(goods), rules).total_minor == total


STACKINGS = [
    # Of those of which a line has the best, it has the best; two rules take two lines.
    ("A", many(percent(10), percent(20)), 800),
    ("A B", many(percent(10), percent(20, "B")), 900 + 480),
    ("A", many(percent(10), amount(150)), 850),
    ("A", many(amount(100), percent(10)), 900),
    # One over several lines against single ones: whatever takes more in all.
    ("A2", many(percent(10), nth(2, 50)), 1500),
    ("A2", many(percent(30), nth(2, 50)), 1400),
    ("A B", many(percent(10), bundle("A B", 1200)), 1200),
    ("A B", many(percent(30), bundle("A B", 1200)), 1120),
    ("A B C", many(bundle("A B", 1400), bundle("B C", 600)), 1600),
    ("A B C", many(bundle("A B", 1200), bundle("B C", 700)), 1500),
    ("A2 B2", many(bundle("A B", 1200), nth(2, 100, "A")), 2200),
    # What stacks comes on top of what is left.
    ("A", many(percent(10), percent(20, combine=STACK)), 720),
    ("A", many(percent(10, combine=STACK), percent(20, combine=STACK)), 720),
    ("A", many(amount(100, combine=STACK), percent(50, combine=STACK)), 450),
    ("A", many(amount(100, combine=STACK), percent(50, combine=STACK, priority=1)), 400),
    ("A2", many(percent(10), fixed(850, "A", combine=STACK)), 1700),
    # An exclusive one closes the line for all others, even if they would take more.
    ("A", many(percent(20), percent(10, combine=EXCLUSIVE)), 900),
    ("A", many(percent(10, combine=EXCLUSIVE), percent(50, combine=STACK)), 900),
    ("A", many(percent(10, combine=EXCLUSIVE), percent(20, combine=EXCLUSIVE)), 900),
    ("A", many(percent(10, combine=EXCLUSIVE), percent(20, combine=EXCLUSIVE, priority=5)), 800),
    ("A B", many(percent(20), percent(10, "A", combine=EXCLUSIVE)), 900 + 480),
    ("A3", many(nth(2, 50, combine=EXCLUSIVE), percent(90)), 2500),
    # The whole basket comes after the lines, judged by the customer's own prices.
    ("A2", many(percent(10), steps((2000, 300))), 1500),
    ("A2", many(percent(10), rates((2000, 10))), 1620),
    ("A2 B", many(percent(10, "A", combine=EXCLUSIVE), steps((600, 100))), 1800 + 500),
    ("A3", many(steps((2000, 300)), steps((3000, 500))), 2500),
    ("A3", many(steps((2000, 300), combine=STACK), steps((3000, 500), combine=STACK)), 2200),
    ("C", many(amount(290, "C"), steps((300, 200))), 0),  # never less than nothing
    # Bounds of a version.
    ("A3", many(percent(50, max_line_minor=700)), 2300),
    ("A B", many(percent(50, max_document_minor=600)), 1000),
    ("A3", many(amount(100, max_qty_milli=2000)), 2800),
    ("A5", many(nth(2, 100, max_qty_milli=1000)), 4000),
    ("A4 B4", many(bundle("A B", 1200, max_qty_milli=4000)), 5600),
    ("W2", many(amount(100, max_qty_milli=1500)), 3850),
    ("A", many(percent(10, min_minor=1001)), 1000),
    ("A", many(percent(10, min_minor=1000)), 900),
    # A typed price has none.
    ("A=800", many(percent(10)), 800),
    ("A=800 A", many(nth(2, 50)), 1800),
]


@pytest.mark.parametrize(("goods", "rules", "total"), STACKINGS)
def test_a_basket_under_several(goods: str, rules: list[RuleVersion], total: int) -> None:
    assert price_cart(basket(goods), rules).total_minor == total


TENTH = rule(RuleFamily.TIER, id=90, tiers=(GOLD,), max_bp=1000)
TENTH_OF_GOODS = replace(TENTH, scope=Scope(kind="goods"))
MEMBERS = [
    ("A", [TENTH], 900),
    ("A S", [TENTH_OF_GOODS], 900 + 5000),  # C09
    ("M", [], 420),
    ("M", [TENTH], 420),
    ("A", [TENTH, percent(10)], 810),
    ("A", [TENTH, percent(10, with_member=False)], 900),  # no more than the tier gives anyway
    ("A", [TENTH, percent(15, with_member=False)], 850),
    ("M", [percent(20, with_member=False)], 400),
    ("M A", [TENTH, fixed(400, "M")], 400 + 900),
    ("A2", [TENTH, steps((2000, 300))], 1800),  # 18.00 at the member's price
    ("A2", [TENTH, steps((1800, 300))], 1500),
    ("A", [percent(20, tiers=(SILVER,))], 1000),
    ("A", [percent(20, tiers=(GOLD,))], 800),
    ("A", [percent(20, first_order=True)], 1000),
]


@pytest.mark.parametrize(("goods", "rules", "total"), MEMBERS)
def test_a_basket_of_a_gold_member(goods: str, rules: list[RuleVersion], total: int) -> None:
    assert price_cart(basket(goods, Cart().with_card(card())), rules).total_minor == total


def of(**facts: object) -> Cart:
    """A basket of a silver member of whom this is known."""
    opened = card(tier=SILVER)
    member = Member(3, "M3", "张三", Tier(SILVER, "silver", "Silver"), **facts)  # type: ignore[arg-type]
    return Cart().with_card(replace(opened, member=member))


@pytest.mark.parametrize(
    ("facts", "rules", "total"),
    [
        ({"dealer": "dealer1"}, [], 350),  # H03
        ({}, [], 450),
        ({"first_order": True}, [percent(50, first_order=True)], 225),  # I02
        ({"first_order": False}, [percent(50, first_order=True)], 450),
        ({}, [amount(50, day_qty_milli=2000)], 400),
        ({"used": ((1, 1000),)}, [amount(50, day_qty_milli=2000)], 400),
        ({"used": ((1, 2000),)}, [amount(50, day_qty_milli=2000)], 450),
    ],
)
def test_what_is_known_of_a_member(facts: dict[str, object], rules: list[RuleVersion], total: int) -> None:
    assert price_cart(basket("M", of(**facts)), rules).total_minor == total


def clock(*parts: int) -> datetime:
    """The wall clock of a shop."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


MONDAY = clock(2026, 9, 21, 21, 30)
NIGHT = at(from_minute=22 * 60, to_minute=120)


@pytest.mark.parametrize(
    ("window", "moment", "holds"),
    [
        (at(weekdays=frozenset({1})), MONDAY, True),
        (at(weekdays=frozenset({2, 3})), MONDAY, False),
        (at(from_minute=1290, to_minute=1291), MONDAY, True),
        (at(from_minute=1200, to_minute=1290), MONDAY, False),
        (NIGHT, MONDAY, False),
        (NIGHT, clock(2026, 9, 21, 23), True),
        (NIGHT, clock(2026, 9, 22, 1, 59), True),
        (NIGHT, clock(2026, 9, 22, 2), False),
        (at(days=frozenset({date(2026, 9, 25)})), clock(2026, 9, 25), True),
        (at(days=frozenset({date(2026, 9, 25)})), MONDAY, False),
        (at(not_on=frozenset(), known_to=date(2026, 12, 31)), MONDAY, True),
        (at(not_on=frozenset({MONDAY.date()}), known_to=date(2026, 12, 31)), MONDAY, False),
        (at(not_on=frozenset(), known_to=date(2026, 8, 1)), MONDAY, False),
        (at(weekdays=frozenset({1})), None, False),
    ],
)
def test_a_window(window: object, moment: datetime | None, holds: bool) -> None:
    priced = price_cart(basket("A"), [percent(10, window=window)], moment)
    assert priced.total_minor == (900 if holds else 1000)


@pytest.mark.parametrize(
    ("scope", "total"),
    [
        (Scope(categories=frozenset({7})), 1440 + 300 + 9999),
        (Scope(brands=frozenset({"光明"})), 900 + 600 + 300 + 9999),
        (Scope(categories=frozenset({8}), products=frozenset({4})), 1600 + 270 + 9000),
        (Scope(but=frozenset({4})), 1710 + 9999),
        (Scope(categories=frozenset({7}), but=frozenset({1})), 1000 + 540 + 300 + 9999),
        (Scope(kind="service"), 1900 + 9999),
    ],
)
def test_a_scope(scope: Scope, total: int) -> None:
    assert price_cart(basket("A B C D"), [percent(10, scope=scope)]).total_minor == total


@pytest.mark.parametrize(
    ("manual", "total", "parts"),
    [
        (ManualDiscount(amount_minor=100), 1800, [53, 31, 16]),
        (ManualDiscount(rate_bp=1000), 1710, [100, 60, 30]),
        (ManualDiscount(amount_minor=5000), 0, [1000, 600, 300]),
        (ManualDiscount(amount_minor=1), 1899, [1, 0, 0]),
    ],
)
def test_a_discount_by_hand_on_the_whole_basket(manual: ManualDiscount, total: int, parts: list[int]) -> None:
    priced = price_cart(basket("A B C").discount_all(manual), [])
    assert priced.total_minor == total
    assert [line.saved_minor for line in priced.lines] == parts


def test_each_step_of_a_line_names_its_rule() -> None:
    rules = [TENTH, percent(10, id=1), rates((500, 10), id=2)]
    cart = basket("A", Cart().with_card(card())).discount_all(ManualDiscount(rate_bp=1000))
    steps_of = [(s.source, s.amount_minor, s.after_minor, s.rule) for s in price_cart(cart, rules).explain(1)]
    assert steps_of == [
        ("retail", 0, 1000, None),
        ("tier", 100, 900, 90),
        ("promotion", 90, 810, 1),
        ("promotion", 81, 729, 2),
        ("manual", 72, 657, None),
    ]
