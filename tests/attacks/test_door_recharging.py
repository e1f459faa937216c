"""A top-up brings what one published rule gives beside its money, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tests.coupons import DATED
from tests.lives import YEARLY
from tests.promotions import publish as publish_promotion
from tests.refusals import refuse
from tests.small_chain import (
    BONUS,
    BREAD,
    BREAD_LINE,
    MILK,
    NORTH,
    PENNY,
    Card,
    Seat,
    SmallChain,
    cash,
    line,
    points,
)  # fmt: skip
from tests.value_rules import days_ahead, in_force, receive, recharge

STEPS = {"steps": [{"from_minor": 10000, "give_minor": 500, "points": 200}]}


def gift(rule: int, amount: int, kind: str = "points", version: int = 1) -> dict[str, Any]:
    return {"kind": kind, "rule": rule, "version": version, "amount": amount}


def test_points_of_a_top_up_are_those_of_its_rule(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    with in_force(chain, "recharge", STEPS) as rule, in_force(chain, "recharge", STEPS) as other:
        body = recharge(seat, card, 10000, rule, 500)
        money = body["grants"][0]
        refuse(seat, {**body, "grants": [money, gift(rule, 201)]}, "grant_refused", grant="points", most=200)
        refuse(
            seat, {**body, "grants": [gift(rule, 200, version=2)]}, "grant_refused", grant="points", most=0
        )
        refuse(seat, {**body, "grants": [gift(BONUS, 1)]}, "grant_refused", grant="points", most=0)
        refuse(seat, {**body, "grants": [money, gift(other, 200)]}, "recharge_refused", why="one")
        twice = [gift(rule, 100), gift(rule, 100)]
        refuse(seat, {**body, "grants": twice}, "recharge_refused", why="one")
        small = recharge(seat, card, 9999, rule, 0, grants=[gift(rule, 1)])
        refuse(seat, small, "grant_refused", grant="points", most=0)

        assert "refused" not in seat.post({**body, "grants": [money, gift(rule, 200)]})
    assert chain.balances(card.wallet)["points"] == 200


def test_the_points_of_a_purchase_are_no_gift_of_a_top_up_nor_the_other_way(
    seat: Seat, chain: SmallChain
) -> None:
    card = chain.card(seat)
    with in_force(chain, "recharge", {"steps": [{"from_minor": 1, "points": 999}]}) as rule:
        sale = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350, "wallet": card.wallet}
        refuse(seat, seat.document("sale", **sale, grants=[gift(rule, 999)]), "grant_refused", most=0)
        body = recharge(seat, card, 10000, rule, 0, grants=[points(100)])
        refuse(seat, body, "grant_refused", grant="points", most=0)

        assert "refused" not in seat.post(seat.document("sale", **sale, grants=[points(3)]))


def test_points_of_a_rule_for_other_cards_are_refused(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    with in_force(chain, "recharge", STEPS | {"card_types": ["bearer"]}) as rule:
        body = recharge(seat, card, 10000, rule, 0, grants=[gift(rule, 200)])
        refuse(seat, body, "recharge_refused", why="card_type")
    with in_force(chain, "recharge", STEPS | {"card_types": ["registered"]}) as rule:
        body = recharge(seat, card, 10000, rule, 0, grants=[gift(rule, 200)])
        assert "refused" not in seat.post(body)


def test_a_card_past_its_last_day_brings_no_gift_of_its_type(seat: Seat, chain: SmallChain) -> None:
    """The wallet has another card that is good: the top-up stands, the gift of the other type does not."""
    card, ended = chain.card(seat), chain.blank(YEARLY)
    receive(seat, 2000)
    (code,) = chain.rows("select code from shop.card_type where id = %s", YEARLY)[0]
    own = "update shop.card set wallet = %s, state = 'active', valid_to = current_date + %s where id = %s"
    chain.run(own, card.wallet, -9, ended.id)
    with in_force(chain, "recharge", OIL | STEPS | {"card_types": [code]}) as rule:
        goods = with_goods(seat, card, rule, row(rule))
        money = recharge(seat, card, 10000, rule, 500)
        refuse(seat, goods, "gift_refused", why="rule")
        refuse(seat, money, "recharge_refused", why="card_type")
        refuse(seat, {**money, "gifts": [row(rule)]}, "recharge_refused", why="card_type")

        chain.run(own, card.wallet, 9, ended.id)
        given = seat.post({**money, "gifts": [row(rule)]})
        assert "refused" not in given, given
    assert chain.balances(card.wallet)["bonus"] == 500


OIL = {"steps": [{"from_minor": 10000}], "goods": [{"product": MILK, "qty_milli": 2000}]}
AFTER_BREAD = {"steps": [{"from_minor": 10000, "give_minor": 500}], "bought": [{"product": BREAD}]}


def row(rule: int, qty_milli: int = 2000, product: int = MILK, version: int = 1) -> dict[str, Any]:
    return {"product": product, "qty_milli": qty_milli, "rule": rule, "version": version}


def with_goods(seat: Seat, card: Card, rule: int, *rows: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return recharge(
        seat, card, parts.pop("amount", 10000), rule, 0, **{"grants": [], "gifts": list(rows), **parts}
    )


def test_goods_come_exactly_as_the_rule_gives_them(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    receive(seat, 9000)
    receive(seat, 9000, BREAD)
    before = chain.on_hand(MILK)
    with in_force(chain, "recharge", OIL) as rule, in_force(chain, "recharge", STEPS) as other:
        for forged in (row(rule, 2001), row(rule, 1000), row(rule, -2000), row(rule, product=BREAD),
                       row(rule, product=99999)):  # fmt: skip
            refuse(seat, with_goods(seat, card, rule, forged), "gift_refused", why="goods")
        twice = with_goods(seat, card, rule, row(rule, 1000), row(rule, 1000))
        refuse(seat, twice, "gift_refused", why="goods")
        refuse(seat, with_goods(seat, card, rule, row(rule), row(rule)), "gift_refused", why="goods")
        refuse(seat, with_goods(seat, card, rule, row(rule, version=2)), "gift_refused", why="rule")
        refuse(seat, with_goods(seat, card, rule, row(BONUS)), "gift_refused", why="rule")
        refuse(seat, with_goods(seat, card, rule, row(rule), amount=9999), "gift_refused", why="rule")
        refuse(
            seat,
            with_goods(seat, card, rule, row(rule), grants=[gift(other, 200)]),
            "gift_refused",
            why="one",
        )
        refuse(seat, with_goods(seat, card, rule, row(rule), row(other)), "gift_refused", why="one")
        refuse(seat, with_goods(seat, card, rule, {**row(rule), "cost_minor": 1}), "unknown_key")
        sale = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350}
        refuse(seat, seat.document("sale", **sale, gifts=[row(rule)]), "section_not_allowed", section="gifts")

        made = seat.post(with_goods(seat, card, rule, row(rule)))
        assert "refused" not in made, made
    refuse(seat, with_goods(seat, card, rule, row(rule)), "gift_refused", why="rule")
    assert chain.on_hand(MILK) == before - 2000
    seat.done("reversal", of=made["id"], reason="mistake", total_minor=10000)
    assert chain.on_hand(MILK) == before
    assert chain.rows("select * from ledger.verify()") == []


@pytest.mark.parametrize("kind", ["card_types", "tiers", "stores"])
def test_goods_of_a_rule_for_others_are_refused(seat: Seat, chain: SmallChain, kind: str) -> None:
    card = chain.card(seat)
    receive(seat, 2000)
    body = OIL | ({"card_types": ["bearer"]} if kind == "card_types" else {})
    columns: dict[str, Any] = {"tiers": {"tiers": [2]}, "stores": {"stores": [3]}}.get(kind, {})
    with in_force(chain, "recharge", body, **columns) as rule:
        refuse(seat, with_goods(seat, card, rule, row(rule)), "gift_refused", why="rule")


def test_what_the_store_has_not_is_not_given_and_every_step_counts(chain: SmallChain) -> None:
    seat = chain.open_seat()
    card = chain.card(seat)
    product = chain.value(
        "insert into shop.product(code, name, kind, tax_code)"
        " values ('OIL-' || floor(random() * 1e9), '油', 'goods', 'T0') returning id"
    )
    body = {
        "steps": [{"from_minor": 1000}],
        "goods": [{"product": product, "qty_milli": 1000}],
        "repeats": True,
    }
    with in_force(chain, "recharge", body) as rule:
        three = with_goods(seat, card, rule, row(rule, 3000, product), amount=3999)
        refuse(seat, three, "gift_refused", why="stock", product="油", left=0)
        receive(seat, 2000, product)
        refuse(seat, three, "gift_refused", why="stock", left=2000)
        receive(seat, 1000, product)
        refuse(
            seat,
            with_goods(seat, card, rule, row(rule, 4000, product), amount=3999),
            "gift_refused",
            why="goods",
        )
        assert "refused" not in seat.post({**three, "number": seat.number + 1})
    assert chain.on_hand(product) == 0


def bread(seat: Seat, card: Card | None = None) -> str:
    wallet = {} if card is None else {"wallet": card.wallet}
    sold = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350, **wallet)
    return str(sold["id"])


def test_a_rule_with_a_purchase_takes_a_receipt_that_fits_once(chain: SmallChain) -> None:
    seat = chain.open_seat()
    card, other = chain.card(seat), chain.card(seat)
    penny = seat.done("sale", lines=[line(1, PENNY, 5000, 1, 5)], tenders=[cash(5)], total_minor=5)
    with in_force(chain, "recharge", AFTER_BREAD) as rule, in_force(chain, "recharge", STEPS) as plain:
        body = recharge(seat, card, 10000, rule, 500)
        refuse(seat, body, "gift_refused", why="receipt")
        refuse(seat, {**body, "bought": "x"}, "malformed")
        refuse(seat, {**body, "bought": str(penny["id"])}, "gift_refused", why="product")
        refuse(
            seat, {**body, "bought": "00000000-0000-7000-8000-000000000000"}, "gift_refused", why="unknown"
        )
        refuse(seat, {**body, "bought": bread(seat, other)}, "gift_refused", why="holder")
        gone = bread(seat)
        seat.done("reversal", of=gone, reason="mistake", total_minor=350)
        refuse(seat, {**body, "number": seat.number + 1, "bought": gone}, "gift_refused", why="product")
        back = bread(seat)
        seat.done(
            "return", of=back, reason="old", lines=[{"n": 1, "of": 1, "qty_milli": 1000}], total_minor=350
        )
        refuse(seat, {**body, "number": seat.number + 1, "bought": back}, "gift_refused", why="product")

        good = bread(seat, card)
        unneeded = recharge(seat, card, 10000, plain, 500, bought=good)
        refuse(seat, unneeded, "gift_refused", why="unneeded")
        refuse(
            seat,
            recharge(seat, card, 10000, plain, 500, grants=[], bought=good),
            "gift_refused",
            why="unneeded",
        )
        with days_ahead(chain, 1):
            refuse(seat, recharge(seat, card, 10000, rule, 500, bought=good), "gift_refused", why="day")
        made = seat.done(**again(recharge(seat, card, 10000, rule, 500, bought=good)))
        second = recharge(seat, card, 10000, rule, 500, bought=good)
        refuse(seat, second, "gift_refused", why="used", by=made["receipt"])

        seat.done("reversal", of=made["id"], reason="mistake", total_minor=10000)
        assert "refused" not in seat.post(recharge(seat, card, 10000, rule, 500, bought=good))
    assert chain.balances(card.wallet)["bonus"] == 500
    assert chain.rows("select * from ledger.verify()") == []


def again(body: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in body.items() if key not in {"session", "number", "occurred_at", "shift"}
    }


def test_goods_that_brought_a_gift_come_back_by_two_while_the_top_up_stands(chain: SmallChain) -> None:
    seat = chain.open_seat()
    card = chain.card(seat)
    lines = [BREAD_LINE, line(2, PENNY, 5000, 1, 5)]
    sold = seat.done("sale", lines=lines, tenders=[cash(355)], total_minor=355)
    back = {
        "of": sold["id"],
        "reason": "old",
        "total_minor": 350,
        "lines": [{"n": 1, "of": 1, "qty_milli": 1000}],
    }
    with in_force(chain, "recharge", AFTER_BREAD) as rule:
        made = seat.post(recharge(seat, card, 10000, rule, 500, bought=sold["id"]))
    facts = {"why": "gift", "by": made["receipt"], "permission": "return"}
    refuse(seat, seat.document("return", **back), "approval_needed", **facts)
    undo = seat.document("reversal", of=sold["id"], reason="mistake", total_minor=355)
    refuse(seat, undo, "approval_needed", why="gift", permission="reverse")
    other = {
        "of": sold["id"],
        "reason": "old",
        "total_minor": 5,
        "lines": [{"n": 1, "of": 2, "qty_milli": 5000}],
    }
    assert "refused" not in seat.post(seat.document("return", **other)), "what brought no gift comes back"
    seat.done("reversal", of=made["id"], reason="mistake", total_minor=10000)
    seat.done("return", **back)

    again_sold = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    with in_force(chain, "recharge", AFTER_BREAD) as rule:
        seat.done(**again(recharge(seat, card, 10000, rule, 500, bought=again_sold["id"])))
    seat.done_by_two("return", **{**back, "of": again_sold["id"]})


def test_a_receipt_of_the_last_days_counts_where_the_rule_says_so(chain: SmallChain) -> None:
    seat = chain.open_seat()
    card = chain.card(seat)
    sold = bread(seat)
    with in_force(chain, "recharge", AFTER_BREAD | {"bought_days": 3}) as rule:
        with days_ahead(chain, 3):
            refuse(seat, recharge(seat, card, 10000, rule, 500, bought=sold), "gift_refused", why="day")
        with days_ahead(chain, 2):
            assert "refused" not in seat.post(recharge(seat, card, 10000, rule, 500, bought=sold))


def test_coupons_and_goods_of_such_a_rule_take_the_receipt_too(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    receive(seat, 4000)
    member = chain.value("select member from shop.wallet where id = %s", card.wallet)
    series = publish_promotion(chain, {"kind": "off", "off_minor": 50}, family="coupon", **DATED)
    code = {"token": "ab" * 32, "last": "AB12", "rule": series, "version": 1, "holder": member}
    body = AFTER_BREAD | {"goods": OIL["goods"], "coupons": [{"rule": series, "pieces": 1}]}
    with in_force(chain, "recharge", body) as rule:
        refuse(seat, with_goods(seat, card, rule, row(rule)), "gift_refused", why="receipt")
        refuse(seat, with_goods(seat, card, rule, coupons=[code]), "recharge_refused", why="coupons", most=0)
        whole = with_goods(seat, card, rule, row(rule), coupons=[code], bought=bread(seat))
        with in_force(chain, "recharge", STEPS) as other:
            mixed = {**whole, "gifts": [], "grants": [gift(other, 200)]}
            refuse(seat, mixed, "recharge_refused", why="coupons", most=0)
        assert "refused" not in seat.post({**whole, "number": seat.number + 1})


def test_who_may_top_up_looks_at_a_receipt(seat: Seat, chain: SmallChain) -> None:
    card, other = chain.card(seat), chain.card(seat)
    sold = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350, wallet=card.wallet)
    query = "select api.recharge_receipt(%s, %s)"
    seen = seat.call(query, f" {sold['receipt'].lower()} ", card.wallet)
    assert seen == {
        "document": sold["id"], "receipt": sold["receipt"], "days": 0, "own": True, "used": None,
        "products": [BREAD],
    }  # fmt: skip
    assert seat.call(query, sold["receipt"], other.wallet)["own"] is False
    for receipt in ("", "x", "N-001-999999", None):
        assert seat.call(query, receipt, card.wallet)["refused"] == "gift_refused"
    trainee = chain.seat(staff=chain.person("trainee", NORTH))
    assert trainee.call(query, sold["receipt"], card.wallet)["refused"] == "not_permitted"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"goods": []}, "value_goods"),
        ({"goods": {"product": 1}}, "value_goods"),
        ({"goods": [{"product": 1}]}, "value_goods"),
        ({"goods": [{"product": 1, "qty_milli": 500}]}, "value_goods"),
        ({"goods": [{"product": 1, "qty_milli": -1000}]}, "value_goods"),
        ({"goods": [{"product": 4, "qty_milli": 1000}]}, "value_goods"),
        ({"goods": [{"product": 5, "qty_milli": 1000}]}, "value_goods"),
        ({"goods": [{"product": 1, "qty_milli": 1000}] * 2}, "value_goods"),
        ({"bought": []}, "value_bought"),
        ({"bought": [{"product": 999999}]}, "value_bought"),
        ({"bought": [{"product": 1}], "bought_days": 0}, "value_bought"),
        ({"bought_days": 2}, "value_bought"),
    ],
)
def test_gifts_and_purchases_are_proposed_as_goods_once_each(chain: SmallChain, more: Any, why: str) -> None:
    terms = "select shop.value_terms_refused('recharge', %s)"
    assert chain.value(terms, Jsonb({"body": STEPS | more}))["facts"] == {"why": why}
    good = {"goods": OIL["goods"], "bought": AFTER_BREAD["bought"], "bought_days": 366}
    assert chain.value(terms, Jsonb({"body": STEPS | good})) is None
