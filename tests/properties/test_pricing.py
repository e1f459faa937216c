"""What holds for every basket and every set of promotions, and the four common kinds beside an oracle."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given, settings, strategies as st

from huiyuan.domain.model.cart import Cart, ManualDiscount
from huiyuan.domain.model.pricing import offers, order
from huiyuan.domain.model.pricing.order import Priced, price_cart
from huiyuan.domain.model.pricing.reasons import why_not
from huiyuan.domain.model.promotion import Bundle, Gives, Group, Part, Percent, Steps, Threshold
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from tests.domain.builders import GOLD, card, product, rule
from tests.domain.promos import (
    EXCLUSIVE,
    STACK,
    amount,
    bundle,
    buy,
    fixed,
    gift,
    nth,
    percent,
    promo,
    rates,
    steps,
)
from tests.properties import price_oracle as oracle

LETTERS: Final = "ABCM"
goods = st.sampled_from(["", "A", "B", "AB", "ABC", "CM"])
few = st.integers(1, 3)
gives = st.one_of(
    st.builds(percent, st.integers(1, 100), goods),
    st.builds(amount, st.integers(1, 900), goods),
    st.builds(fixed, st.integers(0, 900), st.sampled_from(["A", "BC", "M"])),
    st.builds(nth, st.integers(2, 4), st.integers(1, 100), goods),
    st.builds(buy, few, few, goods),
    st.builds(bundle, st.sampled_from(["A B", "A2 C", "B M", "C3 A"]), st.integers(100, 2000)),
    st.builds(lambda at, off, rep: steps((at, min(at, off)), repeats=rep), st.integers(300, 6000),
              st.integers(1, 900), st.booleans()),
    st.builds(lambda at, rate: rates((at, rate)), st.integers(300, 6000), st.integers(1, 60)),
    st.builds(lambda n: gift("C", n, needs="A"), few),
)  # fmt: skip
terms = st.fixed_dictionaries(
    {
        "combine": st.sampled_from(["best", "best", "stack", "exclusive"]),
        "priority": st.integers(0, 2),
        "with_member": st.booleans(),
        "max_qty_milli": st.none() | st.integers(1, 4).map(lambda n: n * 1000),
    }
)
columns = st.fixed_dictionaries(
    {
        "min_minor": st.sampled_from([0, 0, 1500]),
        "max_line_minor": st.none() | st.integers(1, 2000),
        "max_document_minor": st.none() | st.integers(1, 3000),
    }
)


def with_terms(rules: list[tuple[RuleVersion, dict[str, Any], dict[str, Any]]]) -> list[RuleVersion]:
    """Numbered, with their terms."""
    made = []
    for n, (each, of_promotion, of_version) in enumerate(rules, start=1):
        assert each.promotion is not None
        combine = {"stack": STACK, "exclusive": EXCLUSIVE}.get(
            of_promotion["combine"], each.promotion.combine
        )
        promotion = replace(each.promotion, **{**of_promotion, "combine": combine})
        made.append(replace(each, rule=n, promotion=promotion, **of_version))
    return made


promotions = st.lists(st.tuples(gives, terms, columns), max_size=5).map(with_terms)
baskets = st.lists(
    st.tuples(st.sampled_from(LETTERS), st.integers(1, 5)),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row[0],
)
ROUND: Final = settings(max_examples=60, deadline=None)


def cart_of(rows: list[tuple[str, int]], *, member: bool = False) -> Cart:
    from tests.domain.promos import GOODS

    cart = Cart().with_card(card()) if member else Cart()
    for letter, pieces in rows:
        cart = cart.add(GOODS[letter], pieces * 1000)
    return cart


TENTH: Final = rule(RuleFamily.TIER, id=90, tiers=(GOLD,), max_bp=1000)


def whole(priced: Priced) -> None:
    """Parts sum to the whole, nothing is negative, nothing is covered twice."""
    for line in priced.lines:
        off = sum(each.amount_minor for each in line.adjustments)
        assert line.total_minor == line.value_minor - off >= 0
        assert all(each.amount_minor > 0 for each in line.adjustments)
        assert all((each.qty_milli or 0) <= line.item.qty_milli for each in line.adjustments)
        ids = [each.rule for each in line.adjustments if each.source == "promotion"]
        assert len(ids) == len(set(ids))
    assert priced.total_minor == sum(line.total_minor for line in priced.lines)
    last = {step.line: step.after_minor for step in priced.derivation}
    assert last == {line.n: line.total_minor for line in priced.lines}


@ROUND
@given(baskets, promotions, st.booleans(), st.none() | st.integers(0, 5000))
def test_parts_sum_to_the_whole(
    rows: list[tuple[str, int]], rules: list[RuleVersion], member: bool, by_hand: int | None
) -> None:
    cart = cart_of(rows, member=member)
    if by_hand is not None:
        cart = cart.discount_all(ManualDiscount(amount_minor=by_hand))
    whole(price_cart(cart, [*rules, TENTH]))


@ROUND
@given(baskets, promotions, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_scans_does_not_show(
    rows: list[tuple[str, int]], rules: list[RuleVersion], member: bool, chance: Any
) -> None:
    def by_goods(priced: Priced) -> list[tuple[int, int]]:
        return sorted((line.item.product.id, line.total_minor) for line in priced.lines)

    first = price_cart(cart_of(rows, member=member), [*rules, TENTH])
    shuffled, other = list(rows), [*rules, TENTH]
    chance.shuffle(shuffled)
    chance.shuffle(other)
    again = price_cart(cart_of(shuffled, member=member), other)
    assert again.total_minor == first.total_minor
    assert by_goods(again) == by_goods(first)


def not_exclusive(made: tuple[RuleVersion, bool, int]) -> RuleVersion:
    """One that closes no line for others: the best of a line, or on top of it."""
    rule, stacks, priority = made
    assert rule.promotion is not None
    combine = STACK if stacks else rule.promotion.combine
    return replace(rule, promotion=replace(rule.promotion, combine=combine, priority=priority))


giving = st.tuples(gives, st.booleans(), st.integers(0, 2)).map(not_exclusive)
only_gives = st.lists(giving, max_size=5).map(
    lambda rules: [replace(each, rule=n) for n, each in enumerate(rules, start=1)]
)


@settings(max_examples=250, deadline=None)
@given(baskets, only_gives, giving, st.booleans())
def test_a_rule_that_only_gives_makes_no_basket_dearer(
    rows: list[tuple[str, int]], rules: list[RuleVersion], one_more: RuleVersion, member: bool
) -> None:
    """One that closes no line for others, whichever others there are, stacking ones too."""
    cart = cart_of(rows, member=member)
    before = price_cart(cart, [*rules, TENTH]).total_minor
    assert price_cart(cart, [*rules, TENTH, replace(one_more, rule=50)]).total_minor <= before


def test_what_stacks_is_not_lost_to_one_that_is_better_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bundle takes more than six tenths off do, and leaves nothing for the amount off that came on top; the
    control is the engine that gives no promotion up."""
    cart, newest = cart_of([("A", 2), ("C", 4)]), replace(bundle("A2 C", 100), rule=50)
    older = [not_exclusive((replace(percent(60, ""), rule=1), False, 0)),
             not_exclusive((replace(amount(189, "A"), rule=2), True, 0))]  # fmt: skip

    before, after = price_cart(cart, older), price_cart(cart, [*older, newest])
    assert (after.total_minor, after.given_up) == (before.total_minor, frozenset({50}))
    assert "dearer" in {each.reason for each in why_not(after, 1)}

    monkeypatch.setattr(order, "_cheapest", lambda *of: (order._best_lines(*of), frozenset()))
    assert price_cart(cart, [*older, newest]).total_minor > before.total_minor


def test_a_rule_that_closes_a_line_does_not_only_give() -> None:
    """A control: an exclusive one takes a better one away, and that shows as a dearer basket."""
    cart, better = cart_of([("A", 1)]), percent(20)
    worse = percent(10, id=2, combine=EXCLUSIVE)
    assert price_cart(cart, [better, worse]).total_minor > price_cart(cart, [better]).total_minor


def test_an_order_of_scans_that_counts_would_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control: pieces taken as they were scanned, and not the dearest first."""
    ways = ([("A", 1), ("B", 1)], [("B", 1), ("A", 1)])

    def totals() -> set[int]:
        return {price_cart(cart_of(list(rows)), [nth(2, 50)]).total_minor for rows in ways}

    assert len(totals()) == 1
    monkeypatch.setattr(offers, "dearest_first", list)
    assert len(totals()) == 2


lines = st.lists(st.tuples(st.integers(1, 3000), st.integers(1, 4)), min_size=1, max_size=4)


def total_of(basket: oracle.Basket, made: Gives) -> int:
    cart = Cart()
    for n, (price, pieces) in enumerate(basket, start=1):
        cart = cart.add(product(n, price), pieces * 1000)
    return price_cart(cart, [promo(made)]).total_minor


@ROUND
@given(lines, st.integers(1, 10_000))
def test_percent_beside_the_oracle(basket: oracle.Basket, rate: int) -> None:
    assert total_of(basket, Percent(rate)) == oracle.percent(basket, rate)


@ROUND
@given(lines, st.integers(2, 4), st.integers(1, 10_000))
def test_nth_beside_the_oracle(basket: oracle.Basket, n: int, rate: int) -> None:
    least, most = oracle.nth(basket, n, rate)
    assert least <= total_of(basket, Group(n, 1, rate)) <= most


@ROUND
@given(
    lines,
    st.lists(st.tuples(st.integers(1, 9000), st.integers(1, 3000)), min_size=1, max_size=3),
    st.booleans(),
)
def test_steps_beside_the_oracle(basket: oracle.Basket, pairs: list[tuple[int, int]], repeats: bool) -> None:
    made = Steps(tuple(Threshold(at, off) for at, off in pairs), repeats)
    assert total_of(basket, made) == oracle.steps(basket, pairs, repeats=repeats)


@ROUND
@given(lines, st.data(), st.integers(0, 9000))
def test_a_bundle_beside_the_oracle(basket: oracle.Basket, data: st.DataObject, price: int) -> None:
    parts = [data.draw(st.integers(1, 3)) for _ in basket]
    made = Bundle(tuple(Part(n, want * 1000) for n, want in enumerate(parts, start=1)), price)
    assert total_of(basket, made) == oracle.bundle(basket, parts, price)


def test_the_oracle_catches_a_wrong_version() -> None:
    """A control: a rate that is off by one in ten thousand, a step that counts once too often."""
    basket = [(9999, 1), (500, 3)]
    assert total_of(basket, Percent(1010)) != oracle.percent(basket, 1000)
    assert total_of(basket, Steps((Threshold(1000, 10),), True)) != oracle.steps(
        basket, [(1000, 10)], repeats=False
    )
