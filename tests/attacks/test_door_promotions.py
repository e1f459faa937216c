"""Promotions that a client makes up: each bound of a version is checked, what lies within it is accepted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.promotions import described, holidays, publish, window
from tests.refusals import refuse
from tests.small_chain import (
    BREAD,
    GOLD,
    MILK,
    NORTH,
    REPAIR,
    RICE,
    SOUTH,
    STAMP,
    TIER,
    Seat,
    SmallChain,
    cash,
    line,
    off,
    tax,
)  # fmt: skip


def sold(
    seat: Seat, lines: list[dict[str, Any]], adjustments: list[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    """The body of a sale paid in cash; what the adjustments take is off the lines already."""
    for each in adjustments:
        lines[each["line"] - 1]["total_minor"] -= each["amount_minor"]
    total = sum(each["total_minor"] for each in lines)
    tenders = [cash(total)] if total else []
    taxes = [
        tax(code, rate, base, (2 * base * rate + 10_000 + rate) // (2 * (10_000 + rate)))
        for product, code, rate in ((MILK, "T13", 1300), (REPAIR, "T6", 600))
        if (base := sum(each["total_minor"] for each in lines if each["product"] == product))
    ]
    return seat.document(
        "sale", lines=lines, adjustments=adjustments, taxes=taxes, tenders=tenders, total_minor=total, **more
    )


def milk(n: int = 1, bottles: int = 1) -> dict[str, Any]:
    """Bottles at 10.00."""
    return line(n, MILK, bottles * 1000, 1000, bottles * 1000)


def less(n: int, rule: int, amount: int, qty: int | None = None) -> dict[str, Any]:
    """What version 1 of a rule takes off a line."""
    covered = {} if qty is None else {"qty_milli": qty}
    return {**off(n, "promotion", amount, rule, 1), **covered}


def allow(seat: Seat, body: dict[str, Any]) -> dict[str, Any]:
    answer = seat.post(body)
    assert "refused" not in answer, answer
    return answer


def why(seat: Seat, body: dict[str, Any], word: str, rule: int) -> None:
    refuse(seat, body, "promotion_refused", why=word, rule=rule)


def test_a_percentage_of_some_goods_is_no_larger_and_of_no_others(seat: Seat, chain: SmallChain) -> None:
    rule = publish(chain, {"kind": "percent", "rate_bp": 1000, "products": [MILK]})
    refuse(seat, sold(seat, [milk()], [less(1, rule, 101)]), "adjustment_refused", most=100)
    bread = line(1, BREAD, 1000, 350, 350)
    why(seat, sold(seat, [bread], [less(1, rule, 35)]), "scope", rule)
    allow(seat, sold(seat, [milk()], [less(1, rule, 100)]))


def test_brands_categories_and_exceptions_are_a_scope_too(seat: Seat, chain: SmallChain) -> None:
    with described(chain, MILK, brand="光明"):
        by_brand = publish(chain, {"kind": "percent", "rate_bp": 1000, "brands": ["光明"]})
        but = publish(chain, {"kind": "percent", "rate_bp": 1000, "but": [MILK]})
        goods = publish(chain, {"kind": "percent", "rate_bp": 1000, "goods": "goods"})
        bread, repair = line(1, BREAD, 1000, 350, 350), line(1, REPAIR, 1000, 5000, 5000)
        why(seat, sold(seat, [dict(bread)], [less(1, by_brand, 35)]), "scope", by_brand)
        why(seat, sold(seat, [milk()], [less(1, but, 100)]), "scope", but)
        why(seat, sold(seat, [repair], [less(1, goods, 500)]), "scope", goods)
        allow(seat, sold(seat, [milk()], [less(1, by_brand, 100)]))
        allow(seat, sold(seat, [dict(bread)], [less(1, but, 35)]))


def test_a_category_reaches_what_lies_below_it(seat: Seat, chain: SmallChain) -> None:
    food = chain.value("insert into shop.category(code, name) values ('F', '食品') returning id")
    drinks = chain.value(
        "insert into shop.category(code, name, parent) values ('D', '饮料', %s) returning id", food
    )
    with described(chain, MILK, category=drinks):
        rule = publish(chain, {"kind": "percent", "rate_bp": 1000, "categories": [food]})
        why(seat, sold(seat, [line(1, BREAD, 1000, 350, 350)], [less(1, rule, 35)]), "scope", rule)
        allow(seat, sold(seat, [milk()], [less(1, rule, 100)]))


def test_a_tier_discount_that_is_limited_to_goods(seat: Seat, chain: SmallChain) -> None:
    """C09."""
    gold = chain.card(seat, tier=GOLD)
    rule = publish(chain, {"products": [MILK]}, family="tier", tiers=[GOLD], max_bp=2000)
    body = sold(seat, [line(1, BREAD, 1000, 350, 350)], [off(1, "tier", 70, rule, 1)], wallet=gold.wallet)
    why(seat, body, "scope", rule)
    allow(seat, sold(seat, [milk()], [off(1, "tier", 200, rule, 1)], wallet=gold.wallet))


def test_an_amount_and_a_price_are_of_the_units_they_cover(seat: Seat, chain: SmallChain) -> None:
    amount = publish(chain, {"kind": "amount", "off_minor": 150, "products": [MILK]})
    fixed = publish(chain, {"kind": "fixed", "price_minor": 800, "products": [MILK]})
    why(seat, sold(seat, [milk(bottles=2)], [less(1, amount, 301)]), "amount", amount)
    why(seat, sold(seat, [milk(bottles=2)], [less(1, amount, 151, 1000)]), "amount", amount)
    why(seat, sold(seat, [milk(bottles=2)], [less(1, amount, 300, 3000)]), "quantity", amount)
    why(seat, sold(seat, [milk(bottles=2)], [less(1, fixed, 401)]), "amount", fixed)
    for qty in (0, -1000):
        why(seat, sold(seat, [milk(bottles=2)], [less(1, fixed, 100, qty)]), "quantity", fixed)
    allow(seat, sold(seat, [milk(bottles=2)], [less(1, amount, 300)]))
    allow(seat, sold(seat, [milk(bottles=2)], [less(1, fixed, 400)]))


def test_every_second_one_and_no_more(seat: Seat, chain: SmallChain) -> None:
    half = publish(chain, {"kind": "nth", "n": 2, "rate_bp": 5000, "products": [MILK]})
    why(seat, sold(seat, [milk(bottles=3)], [less(1, half, 1000, 2000)]), "quantity", half)
    why(seat, sold(seat, [milk(bottles=1)], [less(1, half, 500, 1000)]), "quantity", half)
    why(seat, sold(seat, [milk(bottles=2)], [less(1, half, 501, 1000)]), "amount", half)
    allow(seat, sold(seat, [milk(bottles=3)], [less(1, half, 500, 1000)]))

    free = publish(chain, {"kind": "buy_get", "buy": 2, "get": 1, "products": [MILK]})
    why(seat, sold(seat, [milk(bottles=5)], [less(1, free, 2000, 2000)]), "quantity", free)
    allow(seat, sold(seat, [milk(bottles=6)], [less(1, free, 2000, 2000)]))


def test_a_bundle_is_its_parts_at_its_price(seat: Seat, chain: SmallChain) -> None:
    parts = [{"product": MILK, "qty_milli": 1000}, {"product": BREAD, "qty_milli": 2000}]
    rule = publish(chain, {"kind": "bundle", "parts": parts, "price_minor": 1200})

    def lines(bottles: int = 1, loaves: int = 2) -> list[dict[str, Any]]:
        return [milk(1, bottles), line(2, BREAD, loaves * 1000, 350, loaves * 350)]

    why(seat, sold(seat, lines(), [less(1, rule, 501, 1000), less(2, rule, 0 + 1, 2000)]), "amount", rule)
    why(seat, sold(seat, lines(3), [less(1, rule, 1800, 3000)]), "parts", rule)
    why(seat, sold(seat, lines(1, 1), [less(1, rule, 100, 1000), less(2, rule, 50, 1000)]), "parts", rule)
    why(seat, sold(seat, [line(1, RICE, 3000, 2599, 7797)], [less(1, rule, 100, 3000)]), "scope", rule)
    allow(seat, sold(seat, lines(), [less(1, rule, 300, 1000), less(2, rule, 200, 2000)]))


def test_steps_take_what_the_step_reached_takes(seat: Seat, chain: SmallChain) -> None:
    steps = [{"from_minor": 2000, "off_minor": 300}, {"from_minor": 5000, "off_minor": 1000}]
    rule = publish(chain, {"kind": "steps", "steps": steps, "products": [MILK]})
    why(seat, sold(seat, [milk(bottles=1)], [less(1, rule, 300)]), "steps", rule)
    why(seat, sold(seat, [milk(bottles=4)], [less(1, rule, 301)]), "steps", rule)
    bread = line(2, BREAD, 10000, 350, 3500)
    why(seat, sold(seat, [milk(bottles=1), bread], [less(1, rule, 300)]), "steps", rule)
    allow(seat, sold(seat, [milk(bottles=5)], [less(1, rule, 1000)]))
    each = publish(
        chain, {"kind": "steps", "steps": [{"from_minor": 2000, "off_minor": 300}], "repeats": True}
    )
    why(seat, sold(seat, [milk(bottles=5)], [less(1, each, 601)]), "steps", each)
    allow(seat, sold(seat, [milk(bottles=5)], [less(1, each, 600)]))


def test_a_gift_is_for_who_bought_and_its_own_value_does_not_count(seat: Seat, chain: SmallChain) -> None:
    body = {"kind": "gift", "products": [BREAD], "give_milli": 1000}
    spent = publish(chain, body, min_minor=2000)

    def loaves(n: int, count: int = 1) -> dict[str, Any]:
        return line(n, BREAD, count * 1000, 350, count * 350)

    why(seat, sold(seat, [milk(1, 1), loaves(2)], [less(2, spent, 350, 1000)]), "least", spent)
    why(seat, sold(seat, [milk(1, 2), loaves(2, 2)], [less(2, spent, 700, 2000)]), "quantity", spent)
    why(seat, sold(seat, [milk(1, 2), milk(2, 1)], [less(2, spent, 1000, 1000)]), "scope", spent)
    before = chain.on_hand(BREAD)
    allow(seat, sold(seat, [milk(1, 2), loaves(2)], [less(2, spent, 350, 1000)]))
    assert chain.on_hand(BREAD) == before - 1000, "a gift leaves the stock like anything sold"

    bought = publish(chain, {**body, "needs": [MILK], "each_milli": 2000})
    why(seat, sold(seat, [milk(1, 3), loaves(2, 2)], [less(2, bought, 700, 2000)]), "quantity", bought)
    allow(seat, sold(seat, [milk(1, 4), loaves(2, 2)], [less(2, bought, 700, 2000)]))


def test_a_least_basket_is_at_the_customers_own_prices(seat: Seat, chain: SmallChain) -> None:
    rule = publish(chain, {"kind": "percent", "rate_bp": 1000}, min_minor=2000)
    why(seat, sold(seat, [milk()], [less(1, rule, 100)]), "least", rule)
    gold = chain.card(seat, tier=GOLD)
    adjustments = [off(1, "tier", 200, TIER, 1), less(1, rule, 180)]
    why(seat, sold(seat, [milk(bottles=2)], adjustments, wallet=gold.wallet), "least", rule)
    allow(seat, sold(seat, [milk(bottles=2)], [less(1, rule, 200)]))


def test_elsewhere_over_for_others_and_under_another_number(seat: Seat, chain: SmallChain) -> None:
    body = {"kind": "percent", "rate_bp": 1000}
    south = publish(chain, body, stores=[SOUTH])
    over = publish(chain, body, days_from=-3, days_to=-1)
    ahead = publish(chain, body, days_from=1)
    golden = publish(chain, body, tiers=[GOLD])
    base = chain.card(seat)
    for rule in (south, over, ahead, golden, 999_999):
        refuse(seat, sold(seat, [milk()], [less(1, rule, 100)], wallet=base.wallet), "adjustment_refused",
               rule=rule)  # fmt: skip
    here = publish(chain, body, stores=[NORTH])
    refuse(seat, sold(seat, [milk()], [off(1, "promotion", 100, here, 2)]), "adjustment_refused")
    refuse(seat, sold(seat, [milk()], [off(1, "tier", 100, here, 1)]), "adjustment_refused")
    allow(seat, sold(seat, [milk()], [less(1, here, 100)]))
    gold = chain.card(seat, tier=GOLD)
    allow(seat, sold(seat, [milk()], [less(1, golden, 100)], wallet=gold.wallet))


@pytest.mark.parametrize(
    "given",
    [
        {"weekdays": "others"},
        {"days": ["2020-01-01"]},
        {"hours": (60, 120)},
        {"hours": (-120, -60)},
        {"not_holidays": True},
    ],
)
def test_a_window_that_is_closed_now(seat: Seat, chain: SmallChain, given: dict[str, Any]) -> None:
    rule = publish(chain, {"kind": "percent", "rate_bp": 1000, **window(given)})
    with holidays(chain, "holiday"):
        why(seat, sold(seat, [milk()], [less(1, rule, 100)]), "window", rule)


def test_a_window_that_is_open_and_one_that_closed_within_the_grace(seat: Seat, chain: SmallChain) -> None:
    for given in ({"weekdays": "today"}, {"hours": (-60, 60)}, {"hours": (-60, -5)}):
        rule = publish(chain, {"kind": "percent", "rate_bp": 1000, **window(given)})
        allow(seat, sold(seat, [milk()], [less(1, rule, 100)]))


def test_holidays_of_a_year_that_nobody_published_are_not_guessed(seat: Seat, chain: SmallChain) -> None:
    rule = publish(chain, {"kind": "percent", "rate_bp": 1000, "not_holidays": True})
    with holidays(chain, "unknown"):
        why(seat, sold(seat, [milk()], [less(1, rule, 100)]), "window", rule)
    with holidays(chain, "none"):
        allow(seat, sold(seat, [milk()], [less(1, rule, 100)]))


def test_a_first_order_is_the_first_and_a_members(seat: Seat, chain: SmallChain) -> None:
    """I02; what was taken back whole was none."""
    rule = publish(chain, {"kind": "percent", "rate_bp": 1000, "first_order": True})
    card = chain.card(seat)
    why(seat, sold(seat, [milk()], [less(1, rule, 100)]), "no_member", rule)
    first = allow(seat, sold(seat, [milk()], [less(1, rule, 100)], wallet=card.wallet))
    why(seat, sold(seat, [milk()], [less(1, rule, 100)], wallet=card.wallet), "first_order", rule)
    seat.done("reversal", of=first["id"], reason="wrong", total_minor=900)
    allow(seat, sold(seat, [milk()], [less(1, rule, 100)], wallet=card.wallet))


def test_so_much_a_sale_and_so_much_a_day(seat: Seat, chain: SmallChain) -> None:
    a_sale = publish(chain, {"kind": "amount", "off_minor": 100, "max_qty_milli": 2000})
    why(seat, sold(seat, [milk(bottles=3)], [less(1, a_sale, 300)]), "quantity", a_sale)
    allow(seat, sold(seat, [milk(bottles=3)], [less(1, a_sale, 200, 2000)]))

    a_day = publish(chain, {"kind": "amount", "off_minor": 100, "day_qty_milli": 3000})
    card = chain.card(seat)
    why(seat, sold(seat, [milk()], [less(1, a_day, 100)]), "no_member", a_day)
    allow(seat, sold(seat, [milk(bottles=2)], [less(1, a_day, 200)], wallet=card.wallet))
    why(seat, sold(seat, [milk(bottles=2)], [less(1, a_day, 200)], wallet=card.wallet), "day", a_day)
    last = allow(seat, sold(seat, [milk(bottles=2)], [less(1, a_day, 100, 1000)], wallet=card.wallet))
    why(seat, sold(seat, [milk()], [less(1, a_day, 100)], wallet=card.wallet), "day", a_day)
    seat.done("reversal", of=last["id"], reason="wrong", total_minor=1900)
    allow(seat, sold(seat, [milk()], [less(1, a_day, 100)], wallet=card.wallet))


def test_what_does_not_go_together_on_a_line(seat: Seat, chain: SmallChain) -> None:
    body = {"kind": "percent", "rate_bp": 1000}
    alone = publish(chain, {**body, "combine": "exclusive"})
    best, other = publish(chain, body), publish(chain, body)
    stack = publish(chain, {**body, "combine": "stack"})
    instead = publish(chain, {**body, "with_member": False})
    for one, two in ((alone, stack), (best, other), (stack, alone)):
        body = sold(seat, [milk()], [less(1, one, 100), less(1, two, 90)])
        refuse(seat, body, "promotion_refused", why="beside", line=1)
    gold = chain.card(seat, tier=GOLD)
    both = [off(1, "tier", 100, TIER, 1), less(1, instead, 90)]
    why(seat, sold(seat, [milk()], both, wallet=gold.wallet), "beside", instead)
    allow(seat, sold(seat, [milk()], [less(1, best, 100), less(1, stack, 90)]))
    both = [off(1, "tier", 100, TIER, 1), less(1, stack, 90)]
    allow(seat, sold(seat, [milk()], both, wallet=gold.wallet))


def test_a_typed_price_has_no_promotion(seat: Seat, chain: SmallChain) -> None:
    rule = publish(chain, {"kind": "percent", "rate_bp": 1000})
    stamp = {**line(1, STAMP, 1000, 120, 120), "open": True}
    body = sold(seat, [stamp], [less(1, rule, 12)])
    refuse(seat, body, "open_price_refused", source="promotion")


def test_a_dealers_list_is_for_the_companies_of_the_level(seat: Seat, chain: SmallChain) -> None:
    """H03."""
    chain.run("insert into shop.dealer_level values ('dealer1', '一级经销商') on conflict do nothing")
    chain.run(
        "insert into shop.price(product, list, amount_minor, valid_from)"
        " select 1, 'dealer1', 700, now() - interval '1 day'"
        " where not exists (select from shop.price where list = 'dealer1')"
    )
    person, company = chain.card(seat), chain.card(seat)
    chain.run(
        "update shop.member m set kind = 'company', dealer = 'dealer1' from shop.wallet w"
        " where w.id = %s and m.id = w.member", company.wallet,
    )  # fmt: skip
    wholesale = {**off(1, "list", 300), "list": "dealer1"}
    for wallet in ({}, {"wallet": person.wallet}):
        refuse(seat, sold(seat, [milk()], [wholesale], **wallet), "adjustment_refused", source="list")
    more = {**wholesale, "amount_minor": 301}
    refuse(seat, sold(seat, [milk()], [more], wallet=company.wallet), "adjustment_refused", most=300)
    allow(seat, sold(seat, [milk()], [wholesale], wallet=company.wallet))
