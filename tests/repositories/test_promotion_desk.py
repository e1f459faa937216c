"""The promotion desk over the real door: what nobody could explain is refused, what is clear holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from huiyuan.domain.model.promotion_desk import Campaign
from huiyuan.repositories.promotions import DatabasePromotions
from tests import facts
from tests.cluster import Shop
from tests.tills import Till, open_till


@pytest.fixture
def desk(shop: Shop) -> Iterator[Till]:
    till = open_till(shop, 1, number=facts.MANAGER.number, pin=facts.MANAGER.pin)
    yield till
    till.connection.close()


@pytest.fixture
def second(shop: Shop) -> Iterator[Till]:
    till = open_till(shop, 2, number=facts.SECOND_MANAGER.number, pin=facts.SECOND_MANAGER.pin)
    yield till
    till.connection.close()


def propose(till: Till, body: dict[str, Any], *, rule: int | None = None, **terms: Any) -> dict[str, Any]:
    name = None if rule else "新促销"
    answer: dict[str, Any] = till.call(
        "rule_propose", rule, "promotion", name, json.dumps({**terms, "body": body})
    )
    return answer


MILK = facts.product_id(facts.MILK)
WATER = facts.product_id(facts.WATER)
PERCENT = {"kind": "percent", "rate_bp": 1_000}
PARTS = [{"product": MILK, "qty_milli": 1_000}, {"product": WATER, "qty_milli": 1_000}]
UNCLEAR = [
    ("kind", {"kind": "surprise"}, {}),
    ("kind", {**PERCENT, "combine": "sometimes"}, {}),
    ("too_much", {"kind": "percent", "rate_bp": 10_001}, {}),
    ("too_much", {"kind": "percent"}, {}),
    ("nothing", {"kind": "amount", "off_minor": 0}, {}),
    ("no_price", {"kind": "fixed", "products": [MILK]}, {}),
    ("no_goods", {"kind": "fixed", "price_minor": 100}, {}),
    ("no_goods", {**PERCENT, "products": [999_999]}, {}),
    ("no_goods", {**PERCENT, "categories": [999_999]}, {}),
    ("pieces", {"kind": "nth", "n": 1, "rate_bp": 5_000}, {}),
    ("pieces", {"kind": "buy_get", "buy": 2}, {}),
    ("pieces", {**PERCENT, "max_qty_milli": 0}, {}),
    ("no_parts", {"kind": "bundle", "price_minor": 1}, {}),
    ("no_parts", {"kind": "bundle", "parts": [PARTS[0]], "price_minor": 1}, {}),
    ("no_parts", {"kind": "bundle", "parts": [*PARTS, PARTS[0]], "price_minor": 1}, {}),
    ("parts_and_goods", {"kind": "bundle", "parts": PARTS, "price_minor": 1, "products": [MILK]}, {}),
    ("gives_nothing", {"kind": "bundle", "parts": PARTS, "price_minor": 99_999}, {}),
    ("steps", {"kind": "steps"}, {}),
    ("steps", {"kind": "steps", "steps": [{"from_minor": 100, "off_minor": 101}]}, {}),
    ("steps", {"kind": "steps", "steps": [{"from_minor": 100}]}, {}),
    ("steps", {"kind": "steps", "steps": [{"from_minor": 200, "off_minor": 20},
                                          {"from_minor": 100, "off_minor": 30}]}, {}),
    ("steps", {"kind": "steps", "steps": [{"from_minor": 100, "off_minor": 30},
                                          {"from_minor": 200, "off_minor": 30}]}, {}),
    ("steps", {"kind": "steps", "steps": [{"from_minor": 100, "rate_bp": 500}], "repeats": True}, {}),
    ("steps_pieces", {"kind": "steps", "steps": [{"from_minor": 100, "off_minor": 9}],
                      "max_qty_milli": 1_000}, {}),
    ("gift_price", {"kind": "gift", "products": [999_999], "give_milli": 1_000, "needs": [MILK],
                    "each_milli": 1_000}, {}),
    ("gift_for_nothing", {"kind": "gift", "products": [MILK], "give_milli": 1_000}, {}),
    ("gift_for_itself", {"kind": "gift", "products": [MILK], "give_milli": 1_000, "needs": [MILK],
                         "each_milli": 1_000}, {}),
    ("pieces", {"kind": "gift", "products": [MILK], "give_milli": 1_000, "needs": [WATER]}, {}),
    ("never_open", {**PERCENT, "from_minute": 600, "to_minute": 600}, {}),
    ("never_open", {**PERCENT, "weekdays": [8]}, {}),
    ("never_open", {**PERCENT, "days": ["2020-01-01"]}, {}),
    ("never_open", {**PERCENT, "lunar": [[8, 15]]}, {}),
    ("short_window", {**PERCENT, "from_minute": 600, "to_minute": 610}, {}),
    ("holidays_unknown", {**PERCENT, "not_holidays": True}, {"valid_from": "2090-01-01T00:00:00Z"}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "body", "terms"), UNCLEAR)
def test_what_nobody_could_explain_is_not_proposed(
    shared_desk: Till, why: str, body: dict[str, Any], terms: dict[str, Any]
) -> None:
    answer = propose(shared_desk, body, **terms)
    assert (answer.get("refused"), answer["facts"].get("why")) == ("rule_unclear", why), answer


@pytest.fixture
def shared_desk(desk: Till) -> Till:
    """Nothing is kept by a refusal."""
    return desk


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({**PERCENT, "rate": 5}, "body.rate"),
        ({"kind": "percent", "rate_bp": "10"}, "body.rate_bp"),
        ({"kind": "percent", "rate_bp": 10.5}, "body.rate_bp"),
        ({**PERCENT, "products": ["1"]}, "body.products"),
        ({**PERCENT, "days": ["tomorrow"]}, "body.days"),
        ({"kind": "steps", "steps": [1]}, "body.steps"),
    ],
)
def test_a_misspelt_body_is_malformed(desk: Till, body: dict[str, Any], detail: str) -> None:
    answer = propose(desk, body)
    assert (answer.get("refused"), answer["facts"].get("detail")) == ("malformed", detail)


def test_two_exclusive_ones_of_one_priority_are_twins(desk: Till, second: Till) -> None:
    alone = {**PERCENT, "combine": "exclusive", "products": [MILK, WATER]}
    approved(desk, second, alone)
    twin = propose(desk, {**alone, "products": [MILK]})
    assert (twin.get("refused"), twin["facts"]["why"], twin["facts"]["name"]) == (
        "rule_unclear",
        "twin",
        "新促销",
    )
    assert "proposal" in propose(desk, {**alone, "products": [MILK], "priority": 1})
    assert "proposal" in propose(desk, {**alone, "products": [facts.product_id("SALT-400")]})


def approved(desk: Till, second: Till, body: dict[str, Any], **more: Any) -> int:
    proposal = propose(desk, body, **more)["proposal"]
    answer = second.call("rule_approve", proposal)
    assert "refused" not in answer, answer
    return int(answer["rule"])


def test_a_change_is_a_new_version_and_an_end_is_at_once(shop: Shop, desk: Till, second: Till) -> None:
    """I10."""

    def ask(statement: str, given: Sequence[object]) -> Any:
        row = desk.connection.execute(statement.encode(), list(given) or None).fetchone()
        assert row is not None
        return row[0]

    book = DatabasePromotions(ask)
    rule = approved(desk, second, {**PERCENT, "products": [MILK]})
    approved(desk, second, {"kind": "percent", "rate_bp": 2_000, "products": [MILK]}, rule=rule)
    rows = shop.rows(
        "select version, max_bp, bounded, products from shop.rule_version where rule = %s order by 1", rule
    )
    assert rows == [(1, 1_000, True, [MILK]), (2, 2_000, True, [MILK])]
    mine = propose(desk, PERCENT)["proposal"]
    assert desk.call("rule_approve", mine)["refused"] == "own_proposal"
    found = book.desk(["promotion"], after=None, most=200)
    assert [each.proposal for each in found.rows if each.own] == [mine]
    running = next(each for each in found.rows if each.rule == rule)
    assert (running.version, running.state(found.now)) == (2, "running")
    assert pages(book, 2) == pages(book, 200) == list(found.rows)
    book.end(rule)
    found = book.desk(["promotion"], after=None, most=200)
    assert (found.rows[-1].rule, found.rows[-1].state(found.now)) == (rule, "ended")
    assert pages(book, 1) == list(found.rows)
    assert [tier.code for tier in book.tiers()] == ["basic", "silver", "gold"]


def pages(book: DatabasePromotions, most: int) -> list[Campaign]:
    """The whole desk, page by page, each behind the last row of the one before."""
    rows: list[Campaign] = []
    after = None
    while True:
        found = book.desk(["promotion"], after=after, most=most)
        assert len(found.rows) <= most
        if not found.rows:
            return rows
        rows += found.rows
        after = rows[-1].place(found.now)


def test_holidays_are_published_by_the_year(desk: Till) -> None:
    days = [{"day": "2027-01-01", "name": "元旦"}]
    assert desk.call("holidays_put", 2027, json.dumps(days)) == {"year": 2027}
    for wrong in ([], [{"day": "2028-01-01", "name": "元旦"}], [{"day": "x", "name": "y"}], days * 2):
        assert desk.call("holidays_put", 2027, json.dumps(wrong))["refused"] == "malformed"


def test_a_dealer_level_is_a_companys(shop: Shop, desk: Till) -> None:
    """H03."""
    assert desk.call("dealer_level_put", "dealer1", "一级经销商") == {"code": "dealer1"}
    assert desk.call("dealer_level_put", "gold", "金")["refused"] == "already_used"
    assert desk.call("dealer_levels") == [["dealer1", "一级经销商"]]
    assert "refused" not in desk.call("list_price_publish", "dealer1", MILK, None, None, 900)
    company = shop.rows("select id from shop.member where kind = 'company'")[0][0]
    person = shop.rows("select id from shop.member where kind = 'person' order by id limit 1")[0][0]
    assert desk.call("member_dealer", person, "dealer1")["refused"] == "not_a_company"
    assert desk.call("member_dealer", company, "dealer9")["refused"] == "malformed"
    assert desk.call("member_dealer", company, "dealer1")["dealer"] == "dealer1"
