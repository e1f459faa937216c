"""Explain beside a second reading of the rules: each step of each line, and wrong versions it must catch."""

from __future__ import annotations

import ast
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings, strategies as st

from huiyuan.domain.model.card import Member, Tier
from huiyuan.domain.model.cart import Cart, ManualDiscount
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.coupon import Coupon
from huiyuan.domain.model.pricing import offers, order, promotions
from huiyuan.domain.model.pricing.order import Priced, price_cart
from huiyuan.domain.model.pricing.reasons import why_not
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from huiyuan.repositories.promotion_rows import promotion_of
from tests.domain.builders import GOLD, SILVER, card, rule
from tests.properties import price_evaluator as evaluator

Case = dict[str, Any]
MOST: Final = 10**9
MOMENTS: Final = [datetime(2026, 9, 25, 10, tzinfo=UTC), datetime(2026, 10, 1, 23, tzinfo=UTC),
                  datetime(2026, 10, 4, 1, tzinfo=UTC)]  # fmt: skip
KINDS: Final = ("percent", "amount", "fixed", "nth", "buy_get", "bundle", "steps", "gift")


def some_goods(chance: random.Random, id: int) -> Case:
    weighed = id == 5
    return {
        "id": id,
        "price": chance.randrange(1, 3000),
        "milli": chance.randrange(1, 4000) if weighed else chance.randrange(1, 6) * 1000,
        "weighed": weighed,
        "category": 7 if id < 3 else 8,
        "brand": "光明" if id in (1, 4) else "",
        "kind": "service" if id == 6 else "goods",
        "lists": {"member": 450, "gold": 420} if id == 2 else {},
        "typed": id == 7,
    }


def some_body(chance: random.Random, kind: str) -> Case:
    body: Case = {"kind": kind, "combine": chance.choice(["best", "best", "stack", "stack", "exclusive"]),
                  "priority": chance.randrange(3), "with_member": chance.random() < 0.6}  # fmt: skip
    rate = chance.randrange(1, 10_001)
    gives: dict[str, Callable[[], Case]] = {
        "percent": lambda: {"rate_bp": rate},
        "amount": lambda: {"off_minor": chance.randrange(1, 1500)},
        "fixed": lambda: {"price_minor": chance.randrange(2000)},
        "nth": lambda: {"n": chance.randrange(2, 4), "rate_bp": rate},
        "buy_get": lambda: {"buy": chance.randrange(1, 3), "get": chance.randrange(1, 3)},
        "bundle": lambda: {
            "parts": [{"product": each, "qty_milli": chance.randrange(1, 3) * 1000}
                      for each in chance.sample([1, 2, 3, 4], 2)],
            "price_minor": chance.randrange(2500)},
        "steps": lambda: {
            "steps": [{"from_minor": chance.randrange(300, 6000), **off} for off in
                      chance.sample([{"off_minor": chance.randrange(1, 900)}, {"rate_bp": rate}], 1)],
            "repeats": chance.random() < 0.3},
        "gift": lambda: {"products": [3], "give_milli": 1000, "needs": chance.choice([[], [1], [1, 2]]),
                         "each_milli": chance.randrange(1, 3) * 1000},
    }  # fmt: skip
    body |= gives[kind]()
    if kind not in ("bundle", "gift"):
        body |= chance.choice([{}, {}, {"products": chance.sample(range(1, 8), 3)}, {"categories": [7]},
                               {"brands": ["光明"]}, {"goods": "goods"}])  # fmt: skip
        body |= {"but": [chance.randrange(1, 8)]} if chance.random() < 0.2 else {}
    if kind != "steps" and chance.random() < 0.3:
        body["max_qty_milli"] = chance.randrange(1, 5) * 1000
    if kind != "steps" and chance.random() < 0.1:
        body["day_qty_milli"] = chance.randrange(1, 5) * 1000
    return body | (some_time(chance) if chance.random() < 0.25 else {})


def some_time(chance: random.Random) -> Case:
    return chance.choice(
        [{"weekdays": [1, 2, 3, 4, 5]}, {"from_minute": 540, "to_minute": 1200},
         {"from_minute": 1320, "to_minute": 120}, {"days": ["2026-09-25"]}, {"first_order": True},
         {"not_holidays": True, "not_on": ["2026-10-01"], "known_to": "2026-12-31"}]
    )  # fmt: skip


def some_case(chance: random.Random, kinds: tuple[str, ...] = KINDS) -> tuple[Case, list[Case]]:
    """A basket and the rules that run."""
    moment = chance.choice(MOMENTS)
    tier = chance.choice([None, (GOLD, "gold"), (SILVER, "silver")])
    rules = [
        {"id": n, "body": some_body(chance, chance.choice(kinds)),
         "least": chance.choice([0, 0, 3000, 6000, 9000]),
         "line_most": chance.choice([MOST, MOST, MOST, 300]),
         "document_most": chance.choice([MOST, MOST, MOST, 500]),
         "tiers": chance.choice([*[None] * 6, [GOLD]])}
        for n in range(1, chance.randrange(2, 8))
    ]  # fmt: skip
    member = None if tier is None else {
        "tier": tier[0], "code": tier[1], "first_order": chance.random() < 0.5,
        "used": {each["id"]: chance.choice([0, 1000, 2000]) for each in rules}}  # fmt: skip
    basket = {
        "lines": [some_goods(chance, id) for id in chance.sample(range(1, 8), chance.randrange(1, 6))],
        "member": member,
        "tenth": chance.choice([500, 1000]),
        "tenth_of": GOLD,
        "day": moment.date().isoformat(),
        "weekday": moment.isoweekday(),
        "minute": moment.hour * 60,
        "moment": moment,
        "off": chance.choice([0, 0, 777]),
        "coupon": chance.choice([None, {"id": 60, "off": 333, "least": 500, "products": [1, 2, 3, 5, 7]}]),
    }
    return basket, rules


def version_of(each: Case) -> RuleVersion:
    """As the database tells it."""
    none = {MOST: None}
    return RuleVersion(
        each["id"], 1, RuleFamily.PROMOTION, f"rule {each['id']}",
        tiers=None if each["tiers"] is None else tuple(each["tiers"]),
        max_line_minor=none.get(each["line_most"], each["line_most"]),
        max_document_minor=none.get(each["document_most"], each["document_most"]),
        min_minor=each["least"], promotion=promotion_of(each["body"]),
    )  # fmt: skip


def priced_by_us(basket: Case, rules: list[Case]) -> Priced:
    cart, member = Cart(), basket["member"]
    if member is not None:
        tier = Tier(member["tier"], member["code"], member["code"])
        known = Member(
            3, "M3", "张三", tier, first_order=member["first_order"], used=tuple(member["used"].items())
        )
        cart = cart.with_card(replace(card(), member=known))
    for line in basket["lines"]:
        goods = Product(line["id"], str(line["id"]), "", line["kind"], "piece", "T0", 0, line["price"],
                        sold_by="weight" if line["weighed"] else "piece", category=line["category"],
                        brand=line["brand"], lists=tuple(line["lists"].items()))  # fmt: skip
        cart = cart.add(goods, line["milli"], typed_minor=line["price"] if line["typed"] else None)
    if basket["off"]:
        cart = cart.discount_all(ManualDiscount(amount_minor=basket["off"]))
    if basket["coupon"]:
        terms = basket["coupon"]
        cart = cart.with_coupon(
            Coupon("a", "ABCD", terms["id"], 1, "off", "off", "open", basket["moment"],
                   off_minor=terms["off"], min_minor=terms["least"], products=tuple(terms["products"]))
        )  # fmt: skip
    tenth = rule(RuleFamily.TIER, id=90, tiers=(basket["tenth_of"],), max_bp=basket["tenth"])
    return price_cart(cart, [*map(version_of, rules), tenth], basket["moment"])


def told_by_us(priced: Priced) -> list[list[evaluator.Step]]:
    """What Explain shows of each line: the source, the rule of promotions and coupons, off, after."""
    named = ("promotion", "coupon")
    return [
        [(step.source, step.rule if step.source in named else None, step.amount_minor, step.after_minor)
         for step in priced.explain(line.n)]
        for line in priced.lines
    ]  # fmt: skip


def differs(basket: Case, rules: list[Case], published: list[Case] | None = None) -> bool:
    return told_by_us(priced_by_us(basket, published or rules)) != evaluator.explain(basket, rules)


ROUND: Final = settings(max_examples=100, deadline=None)


@ROUND
@given(st.randoms(use_true_random=False))
def test_every_step_of_every_line_is_what_the_rules_say(chance: random.Random) -> None:
    basket, rules = some_case(chance)
    assert told_by_us(priced_by_us(basket, rules)) == evaluator.explain(basket, rules)


@ROUND
@given(st.randoms(use_true_random=False))
def test_what_did_not_apply_is_explained_too(chance: random.Random) -> None:
    """Each promotion lowered the line or has one reason; who and when are the evaluator's own words."""
    basket, rules = some_case(chance)
    priced = priced_by_us(basket, rules)
    for line, goods in zip(priced.lines, basket["lines"], strict=True):
        lowered = {step.rule for step in priced.explain(line.n) if step.source == "promotion"}
        why = {each.rule: each.reason for each in why_not(priced, line.n)}
        assert lowered | why.keys() == {each["id"] for each in rules}
        assert not lowered & why.keys()
        for each in rules:
            if each["id"] not in why:
                continue
            covered, closed = evaluator.covers(each["body"], goods), evaluator.closed_to(each, basket)
            expected = closed if covered else "scope"
            assert why[each["id"]] == expected if expected else why[each["id"]] not in WHO_AND_WHEN


WHO_AND_WHEN: Final = {
    "scope",
    "tier",
    "no_member",
    "first_order",
    "used_up",
    "day",
    "weekday",
    "holiday",
    "hour",
}


def cases(kinds: tuple[str, ...] = KINDS) -> list[tuple[Case, list[Case]]]:
    return [some_case(random.Random(seed), kinds) for seed in range(400)]


WRONG_VERSIONS: Final[dict[str, Callable[[Case], Case]]] = {
    "percent": lambda body: {"rate_bp": body["rate_bp"] % 10_000 + 1},
    "amount": lambda body: {"off_minor": body["off_minor"] + 1},
    "fixed": lambda body: {"price_minor": body["price_minor"] + 1},
    "nth": lambda body: {"n": body["n"] + 1},
    "buy_get": lambda body: {"get": body["get"] + 1},
    "bundle": lambda body: {"price_minor": body["price_minor"] + 1},
    "steps": lambda body: {
        "steps": [step | {"from_minor": step["from_minor"] + 400} for step in body["steps"]]
    },
    "gift": lambda body: {"give_milli": body["give_milli"] + 1000},
}
WRONG_TERMS: Final[dict[str, Callable[[Case], Case]]] = {
    "other goods": lambda _: {"but": [1]},
    "exclusive, not best": lambda _: {"combine": "exclusive"},
    "stacks, not best": lambda _: {"combine": "stack"},
    "another priority": lambda body: {"priority": -body.get("priority", 0)},
    "on top of the member's price": lambda body: {"with_member": not body["with_member"]},
    "at another hour": lambda _: {"from_minute": 0, "to_minute": 600},
    "more of it in a sale": lambda body: {"max_qty_milli": body.get("max_qty_milli", 8000) + 1000},
    "for who never bought": lambda body: {"first_order": not body.get("first_order", False)},
}


@pytest.mark.parametrize("kind", WRONG_VERSIONS)
def test_a_wrong_version_of_each_kind_is_caught(kind: str) -> None:
    """Published a little otherwise than the evaluator was told."""
    wrong = WRONG_VERSIONS[kind]
    assert any(
        differs(basket, rules, [each | {"body": each["body"] | wrong(each["body"])} for each in rules])
        for basket, rules in cases((kind,))
    )


@pytest.mark.parametrize("words", WRONG_TERMS)
def test_wrong_terms_are_caught(words: str) -> None:
    wrong = WRONG_TERMS[words]
    assert any(
        differs(basket, rules, [each | {"body": each["body"] | wrong(each["body"])} for each in rules])
        for basket, rules in cases()
    )


def first_gets_the_rest(amount_minor: int, weights: list[int]) -> list[int]:
    """A split that is whole and yet not the one that was written."""
    parts = [amount_minor * weight // sum(weights) for weight in weights]
    return [parts[0] + amount_minor - sum(parts), *parts[1:]]


FAULTS: Final[dict[str, tuple[Any, str, Any]]] = {
    "the odd fen to the first": (offers, "allocate", first_gets_the_rest),
    "cheapest first": (offers, "dearest_first", lambda lines: sorted(lines, key=offers._rank, reverse=True)),
    "no bounds of the version": (
        offers,
        "_within",
        lambda _rule, shares: [s for s in shares if s.amount_minor],
    ),
    "no best of groups": (promotions, "best_groups", lambda found, _singles: list(found)[:1]),
    "least after other promotions": (
        promotions,
        "base_of",
        lambda lines: sum(each.left_minor for each in lines),
    ),
    "open to everybody": (promotions, "not_for", lambda *_: ""),
    "basket before lines": (order, "PASSES", (order.PASSES[1], order.PASSES[0], *order.PASSES[2:])),
    "by hand before coupons": (order, "PASSES", (*order.PASSES[:2], order.PASSES[3], order.PASSES[2])),
}


@pytest.mark.parametrize("words", FAULTS)
def test_a_wrong_engine_is_caught(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, wrong = FAULTS[words]
    assert not any(differs(basket, rules) for basket, rules in cases()[:50])
    monkeypatch.setattr(module, name, wrong)
    assert any(differs(basket, rules) for basket, rules in cases())


@pytest.mark.parametrize("module", ["price_evaluator", "price_oracle"])
def test_the_evaluator_imports_nothing_of_the_product(module: str) -> None:
    tree = ast.parse((Path(__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert names
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names | {"__future__"}
