"""What a card's type has no function for is not offered; passes as they are used, sold and typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from huiyuan.domain.model.card_form import terms_of_card_rule, values_of
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.custody import read_range
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.passes import PLAIN, CardTerms, HeldPass, countless, offers
from huiyuan.domain.model.points import pass_gifts
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.promotion_desk import Terms
from huiyuan.domain.model.rules import RuleFamily
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.usecases.passes import pass_use_document
from tests.domain.builders import GOLD, card, product, rule, uid

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)


def test_a_card_without_the_function_gets_no_discount_and_no_points() -> None:
    rules = [
        rule(RuleFamily.TIER, tiers=(GOLD,), max_bp=1000),
        rule(RuleFamily.POINTS, 2, points_rate=100),
    ]
    whole = price_cart(Cart(card=card()).add(product(lists=(("member", 950),))), rules)
    assert whole.total_minor == 900
    assert whole.earned(0) is not None
    plain = replace(card(), terms=CardTerms("personal", ("stored",)))
    less = price_cart(Cart(card=plain).add(product(lists=(("member", 950),))), rules)
    assert (less.total_minor, less.earned(0), less.adjustments) == (1000, None, ())


@pytest.mark.parametrize(
    ("held", "usable"),
    [
        (HeldPass(6, "a", False, 7), 7),
        (HeldPass(6, "a", False, 7, day_max=2, used_today=1), 1),
        (HeldPass(6, "a", False, 1, day_max=5), 1),
        (HeldPass(6, "a", True, 1), None),
        (HeldPass(6, "a", True, 1, day_max=1, used_today=3), 0),
    ],
)
def test_how_many_uses_are_possible(held: HeldPass, usable: int | None) -> None:
    assert held.usable == usable
    wanted = 1001 if usable is None else usable + 1
    with pytest.raises(Refused):
        pass_use_document(Stamp(uid(1), 1, NOON, 1), card=card(), held=held, count=wanted)


def test_only_what_has_a_price_is_sold() -> None:
    sold = rule(RuleFamily.PASS, 6, body={"count": 10, "price_minor": 30000}, term_days=90)
    gift = rule(RuleFamily.PASS, 7, body={"count": 1, "top_up_minor": 10000})
    gold = rule(
        RuleFamily.PASS, 8, body={"unlimited": True, "price_minor": 9900}, tiers=(GOLD,), term_days=30
    )
    assert [each.rule for each in offers([sold, gift, gold], None)] == [6]
    assert [(each.rule, each.uses) for each in offers([sold, gift, gold], GOLD)] == [(6, 10), (8, 1)]
    assert countless([sold, gift, gold]) == {8}
    assert countless(offers([sold, gift, gold], GOLD)) == {8}


def test_a_pass_comes_with_a_top_up_from_its_sum_on_where_the_card_may_hold_it() -> None:
    gift = rule(RuleFamily.PASS, 7, body={"count": 2, "top_up_minor": 20000})
    month = rule(RuleFamily.PASS, 6, body={"unlimited": True, "top_up_minor": 10000}, tiers=(GOLD,))
    sold = rule(RuleFamily.PASS, 5, body={"count": 10, "price_minor": 100})

    def given(amount: int, tier: int | None = None, terms: CardTerms = PLAIN) -> list[tuple[int, int]]:
        gifts = pass_gifts([gift, month, sold], amount_minor=amount, tier=tier, terms=terms)
        return [(each.rule, each.amount) for each in gifts]

    assert (given(19999), given(20000), given(20000, GOLD)) == ([], [(7, 2)], [(6, 1), (7, 2)])
    assert given(20000, GOLD, CardTerms(functions=("stored", "passes"))) == [(7, 2)]
    assert given(20000, GOLD, CardTerms(functions=("stored",))) == []


def test_a_form_and_its_terms_are_the_same() -> None:
    typed = {"count": "10", "term_days": "90", "price_minor": "300.00", "day_max": "2", "top_up_minor": ""}
    terms = terms_of_card_rule("pass", typed, digits=2)
    assert terms == {"body": {"count": 10, "price_minor": 30000, "day_max": 2}, "term_days": 90}
    shown = values_of(Terms(terms), digits=2)
    assert terms_of_card_rule("pass", shown, digits=2) == terms
    for name, wrong in (("count", "x"), ("price_minor", "-1"), ("day_max", "0"), ("term_days", "1e9")):
        with pytest.raises(Refused) as refused:
            terms_of_card_rule("pass", {**typed, name: wrong}, digits=2)
        assert refused.value.facts == {"field": name}


@pytest.mark.parametrize("text", ["", "1 2 3 4", "9 1", "10 9", "1 10", "x", "1 2 -1", "1 99999999"])
def test_what_is_no_range_of_numbers(text: str) -> None:
    with pytest.raises(Refused):
        read_range(text)


def test_a_range_counts_itself_unless_somebody_counted() -> None:
    assert read_range("0098 0102") == ("0098", "0102", 5)
    assert read_range("0098") == ("0098", "0098", 1)
    for text in ("0098-0102", " 0098 - 0102 ", "0098至0102", "0098～0102"):
        assert read_range(text) == ("0098", "0102", 5)
    assert read_range("0098 0102 4") == read_range("0098-0102 4") == ("0098", "0102", 4)


def test_a_card_type_is_typed_with_goods_months_and_application() -> None:
    codes = {"food": 3, "DRINK": 4}
    typed = {
        "type": "Kid", "who": "2", "functions": "13", "sale_max_minor": "50", "day_max_minor": "",
        "categories": "drink， Food", "valid_months": "12", "by_application": "1",
    }  # fmt: skip
    terms = terms_of_card_rule("card_type", typed, digits=2, categories=codes)
    assert terms["body"] == {
        "type": "kid", "who": "supplementary", "functions": ["discount", "stored"], "sale_max_minor": 5000,
        "categories": [4, 3], "valid_months": 12, "by_application": True,
    }  # fmt: skip
    shown = values_of(Terms(terms), digits=2, categories=codes)
    again = terms_of_card_rule("card_type", {**shown, "type": "kid"}, digits=2, categories=codes)
    assert again == terms
    for name, wrong in (("categories", "bread"), ("valid_months", "601"), ("by_application", "maybe")):
        with pytest.raises(Refused) as refused:
            terms_of_card_rule("card_type", {**typed, name: wrong}, digits=2, categories=codes)
        assert refused.value.facts == {"field": name}


def test_another_version_keeps_what_its_form_does_not_show() -> None:
    before = {"count": 10, "price_minor": 30000, "product": 7}
    typed = {"count": "", "price_minor": "280", "term_days": "30"}
    assert terms_of_card_rule("pass", typed, digits=2, kept=before) == {
        "body": {"product": 7, "price_minor": 28000, "unlimited": True}, "term_days": 30,
    }  # fmt: skip
    unlimited = {"unlimited": True, "product": 7}
    kept = terms_of_card_rule("pass", {"count": "5", "term_days": ""}, digits=2, kept=unlimited)
    assert kept == {"body": {"product": 7, "count": 5}}
