"""Recharge rules: what is given for so much, at once or month by month; where; and a month's cash back."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tests.card_types import card_type
from tests.promotions import publish as publish_promotion
from tests.refusals import refuse
from tests.small_chain import (
    BONUS,
    NO_PIN,
    NORTH,
    PENNY,
    Card,
    Seat,
    SmallChain,
    bank,
    cash,
    line,
    proof,
    stored,
)  # fmt: skip
from tests.value_rules import days_ahead, in_force, months_ahead, recharge

STEPS = {"steps": [{"from_minor": 10000, "give_minor": 500}, {"from_minor": 20000, "give_bp": 1000}]}
MONTHLY = {"steps": [{"from_minor": 10000, "give_minor": 1000}], "months": 3}


def sound(chain: SmallChain) -> None:
    assert chain.rows("select * from ledger.verify()") == []


@pytest.mark.parametrize(
    ("amount", "most"), [(9999, 0), (10000, 500), (19999, 500), (20000, 2000), (29999, 2999), (60000, 5000)]
)
def test_the_highest_step_gives(seat: Seat, chain: SmallChain, amount: int, most: int) -> None:
    card = chain.card(seat)
    with in_force(chain, "recharge", STEPS, max_document_minor=5000) as rule:
        refuse(seat, recharge(seat, card, amount, rule, most + 1), "grant_refused", most=most)
        if most:
            assert "refused" not in seat.post(recharge(seat, card, amount, rule, most))
    assert chain.balances(card.wallet)["bonus"] == most


def test_one_rule_gives_and_only_on_its_cards(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    with in_force(chain, "recharge", STEPS | {"card_types": ["bearer"]}) as rule:
        refuse(seat, recharge(seat, card, 20000, rule, 2000), "recharge_refused", why="card_type")
    with in_force(chain, "recharge", STEPS | {"card_types": ["registered"]}) as rule:
        body = recharge(seat, card, 20000, rule, 2000)
        twice = [*body["grants"], {"kind": "bonus", "rule": BONUS, "version": 1, "amount": 2000}]
        refuse(seat, {**body, "grants": twice}, "recharge_refused", why="one")
        assert "refused" not in seat.post(body)


def test_money_comes_by_several_tenders_and_only_at_an_outlet(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    body = seat.document(
        "top_up", wallet=card.wallet, total_minor=30000,
        tenders=[cash(10000), bank(15000), {"kind": "prepaid", "amount_minor": 5000, "reference": "LH 77"}],
    )  # fmt: skip
    chain.run("update shop.unit set recharges = false where id = %s", NORTH)
    try:
        refuse(seat, body, "outlet_refused", store="北店")
    finally:
        chain.run("update shop.unit set recharges = true where id = %s", NORTH)
    assert "refused" not in seat.post(body)
    assert chain.lots(card.wallet, "principal") == [10000, 15000, 5000]


def test_an_outlet_is_named_by_whoever_has_the_settings(seat: Seat, chain: SmallChain) -> None:
    assert seat.call("select api.outlet_put(%s, false)", NORTH)["refused"] == "not_permitted"
    chain.run("insert into sec.duty values ('outlets', 'x') on conflict do nothing")
    chain.run(
        "insert into sec.permission(duty, permission) values ('outlets', 'settings') on conflict do nothing"
    )
    desk = chain.seat(staff=chain.person("outlets", 1))
    assert desk.call("select api.outlet_put(%s, false)", 1)["refused"] == "malformed"
    assert desk.call("select api.outlet_put(%s, false)", NORTH) == {"store": NORTH, "recharges": False}
    assert desk.call("select api.outlet_put(%s, true)", NORTH) == {"store": NORTH, "recharges": True}


def release(seat: Seat, plan: str, part: int, amount: int = 333, **parts: Any) -> dict[str, Any]:
    rows = [{"plan": plan, "part": part, "amount_minor": amount}]
    return seat.document("bonus_release", **{"releases": rows, "total_minor": amount, **parts})


def test_a_bonus_comes_in_parts_each_when_it_is_due_and_once(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    with in_force(chain, "recharge", MONTHLY, term_days=30) as rule:
        refuse(seat, recharge(seat, card, 10000, rule, 335), "grant_refused", most=334)
        made = seat.post(recharge(seat, card, 10000, rule, 334))
    plan = made["id"]
    assert chain.balances(card.wallet)["bonus"] == 334
    refuse(seat, release(seat, plan, 1), "release_refused", why="early")
    with months_ahead(chain, 1):
        refuse(seat, release(seat, plan, 2), "release_refused", why="early")
        refuse(seat, release(seat, plan, 0), "release_refused", why="unknown")
        refuse(seat, release(seat, plan, 1, 334), "release_refused", why="amount")
        refuse(seat, release(seat, "x" * 36, 1), "release_refused", why="unknown")
        two = [{"plan": plan, "part": 1, "amount_minor": 333}] * 2
        refuse(seat, release(seat, plan, 1, releases=two, total_minor=666), "release_refused", why="released")
        due = seat.call("select api.bonus_due(10)")
        assert [(row["part"], row["amount_minor"]) for row in due["parts"] if row["plan"] == plan] == [
            (1, 333)
        ]
        assert "refused" not in seat.post(release(seat, plan, 1))
        refuse(seat, release(seat, plan, 1), "release_refused", why="released")
    with months_ahead(chain, 2):
        assert "refused" not in seat.post(release(seat, plan, 2))
        refuse(seat, release(seat, plan, 3), "release_refused", why="unknown")
    assert chain.lots(card.wallet, "bonus") == [334, 333, 333]
    sound(chain)


@pytest.mark.parametrize(("every", "first", "last"), [("weeks", 7, 14), ("days", 1, 2)])
def test_parts_come_week_by_week_or_day_by_day(chain: SmallChain, every: str, first: int, last: int) -> None:
    seat = chain.open_seat()
    card = chain.card(seat)
    with in_force(chain, "recharge", {"steps": MONTHLY["steps"], every: 3}) as rule:
        made = seat.post(recharge(seat, card, 10000, rule, 334))
    assert made["later"] == {"parts": 2, "part_minor": 333, "every": every}
    plan = made["id"]
    for part, days in ((1, first), (2, last)):
        with days_ahead(chain, days - 1):
            refuse(seat, release(seat, plan, part), "release_refused", why="early")
        with days_ahead(chain, days):
            due = [
                row["part"] for row in seat.call("select api.bonus_due(500)")["parts"] if row["plan"] == plan
            ]
            assert due == [part]
            assert "refused" not in seat.post(release(seat, plan, part))
    sound(chain)


def test_points_come_with_a_top_up_and_go_with_it(chain: SmallChain) -> None:
    seat = chain.open_seat()
    card = chain.card(seat)
    body = {"steps": [{"from_minor": 10000, "points": 200}], "repeats": True}
    with in_force(chain, "recharge", body, term_days=30) as rule:
        made = seat.post(recharge(seat, card, 20000, rule, 0, grants=[gift(rule, 400)]))
    assert chain.balances(card.wallet)["points"] == 400
    assert chain.value(
        "select bool_and(expires_at is not null) from ledger.lot where document = %s and kind = 'points'",
        made["id"],
    )
    seat.done("reversal", of=made["id"], reason="mistake", total_minor=20000)
    assert chain.balances(card.wallet)["points"] == 0
    sound(chain)


def gift(rule: int, points: int) -> dict[str, Any]:
    return {"kind": "points", "rule": rule, "version": 1, "amount": points}


def test_points_of_a_top_up_that_were_spent_are_owed_when_it_is_undone(chain: SmallChain) -> None:
    seat = chain.open_seat()
    card = chain.card(seat)
    with in_force(chain, "recharge", {"steps": [{"from_minor": 10000, "points": 200}]}) as rule:
        made = seat.post(recharge(seat, card, 10000, rule, 0, grants=[gift(rule, 200)]))
    row = {"account": "points", "amount": -150}
    seat.done_by_two("adjustment", wallet=card.wallet, corrections=[row], reason="gift", total_minor=150)
    seat.done("reversal", of=made["id"], reason="mistake", total_minor=10000)
    balances = chain.balances(card.wallet)
    assert (balances["points"], balances["points_debt"]) == (0, 150)
    with in_force(chain, "recharge", {"steps": [{"from_minor": 10000, "points": 200}]}) as rule:
        assert "refused" not in seat.post(recharge(seat, card, 10000, rule, 0, grants=[gift(rule, 200)]))
    balances = chain.balances(card.wallet)
    assert (balances["points"], balances["points_debt"]) == (50, 0)
    sound(chain)


def test_a_promise_ends_with_its_top_up_and_follows_a_merge(seat: Seat, chain: SmallChain) -> None:
    card, other = chain.card(seat), chain.card(seat)
    with in_force(chain, "recharge", MONTHLY) as rule:
        undone = seat.post(recharge(seat, card, 10000, rule, 334))
        seat.done("reversal", of=undone["id"], reason="mistake", total_minor=10000)
        kept = seat.post(recharge(seat, card, 10000, rule, 334))
    members = [
        chain.value("select member from shop.wallet where id = %s", one.wallet) for one in (card, other)
    ]
    merges = [{"member": members[0], "kept": members[1]}]
    seat.done_by_two("member_merge", merges=merges, reason="one person")
    with months_ahead(chain, 1):
        refuse(seat, release(seat, undone["id"], 1), "release_refused", why="ended")
        assert "refused" not in seat.post(release(seat, kept["id"], 1))
    assert chain.balances(other.wallet)["bonus"] == 334 + 333
    sound(chain)


def test_a_settled_card_gets_no_more_parts(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    with in_force(chain, "recharge", MONTHLY) as rule:
        made = seat.post(recharge(seat, card, 10000, rule, 334))
    row = {"wallet": card.wallet, "method": "cash", "amount_minor": 10000, "forfeit_minor": 334}
    seat.done("settlement", settlements=[row], proofs=[proof(card)], reason="leaves", total_minor=10000)
    with months_ahead(chain, 1):
        refuse(seat, release(seat, made["id"], 1), "release_refused", why="ended")


def test_a_release_stays_within_the_cap(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    with in_force(chain, "recharge", MONTHLY) as rule:
        made = seat.post(recharge(seat, card, 10000, rule, 334))
    for _ in range(24):
        seat.done("top_up", wallet=card.wallet, tenders=[cash(20000)], total_minor=20000)
    seat.done("top_up", wallet=card.wallet, tenders=[cash(9600)], total_minor=9600)
    with months_ahead(chain, 1):
        refuse(seat, release(seat, made["id"], 1), "balance_cap", cap=500000, would_be=500267)


def codes(series: int, count: int, member: int | None) -> list[dict[str, Any]]:
    tokens = [hashlib.sha256(f"gift {series} {n}".encode()).hexdigest() for n in range(count)]
    return [{"token": t, "last": "AB12", "rule": series, "version": 1, "holder": member} for t in tokens]


def test_coupons_come_with_a_top_up_for_the_member(seat: Seat, chain: SmallChain) -> None:
    card, other = chain.card(seat), chain.member()
    member = chain.value("select member from shop.wallet where id = %s", card.wallet)
    series = publish_promotion(chain, {"kind": "off", "off_minor": 50}, family="coupon", term_days=30)
    with in_force(chain, "recharge", STEPS | {"coupons": [{"rule": series, "pieces": 2}]}) as rule:
        body = recharge(seat, card, 10000, rule, 500)
        refuse(seat, {**body, "coupons": codes(series, 3, member)}, "recharge_refused", why="coupons", most=2)
        refuse(seat, {**body, "coupons": codes(series, 1, other)}, "recharge_refused", why="coupons")
        refuse(seat, {**body, "coupons": codes(series, 1, None)}, "recharge_refused", why="coupons")
        small = recharge(seat, card, 9999, rule, 0, grants=[], coupons=codes(series, 1, member))
        refuse(seat, small, "recharge_refused", why="coupons", most=0)
        made = seat.post({**body, "coupons": codes(series, 2, member)})
    assert "refused" not in made, made
    assert chain.rows("select count(*) from shop.coupon where holder = %s and void_by is null", member) == [
        (2,)
    ]
    seat.done("reversal", of=made["id"], reason="mistake", total_minor=10000)
    assert chain.rows("select count(*) from shop.coupon where holder = %s and void_by is null", member) == [
        (0,)
    ]
    sound(chain)


def test_a_months_buying_brings_back_a_share_once(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, principal=20000, bonus=2000)
    with chain.policy(**NO_PIN, spend_policy="bonus_first"):
        for amount in (500, 3000):
            sold = spend(seat, card, amount)
    seat.done(
        "return",
        of=sold["id"],
        reason="broken",
        lines=[{"n": 1, "of": 1, "qty_milli": 600_000}],
        total_minor=600,
    )
    month = chain.value(
        "select to_char(business_date, 'YYYY-MM') from ledger.document where id = %s", sold["id"]
    )
    bought = 3500 - 2000 - 600 + 300
    with in_force(chain, "cash_back", {}, max_bp=1000) as rule:
        row = {
            "wallet": card.wallet,
            "rule": rule,
            "version": 1,
            "month": month,
            "amount_minor": bought // 10,
        }
        body = seat.document("cash_back", cash_backs=[row], total_minor=row["amount_minor"])
        refuse(seat, body, "release_refused", why="early")
        with months_ahead(chain, 1):
            more = {**row, "amount_minor": row["amount_minor"] + 1}
            refuse(
                seat,
                {**body, "cash_backs": [more], "total_minor": more["amount_minor"]},
                "release_refused",
                why="amount",
            )
            refuse(
                seat,
                {**body, "cash_backs": [row, row], "total_minor": 2 * row["amount_minor"]},
                "release_refused",
                why="released",
            )
            refuse(seat, {**body, "cash_backs": [{**row, "rule": BONUS}]}, "release_refused", why="unknown")
            (due,) = [
                x
                for x in seat.call("select api.bonus_due(500)")["cash_backs"]
                if (x["wallet"], x["rule"]) == (card.wallet, rule)
            ]
            assert due["amount_minor"] == row["amount_minor"]
            assert "refused" not in seat.post(body)
            refuse(seat, {**body, "number": seat.number + 1}, "release_refused", why="released")
    sound(chain)


def test_a_campaign_card_alone_brings_cash_back(chain: SmallChain) -> None:
    """One per cent for cards of one type: the desk lists them alone, and the door books no other's."""
    seat = chain.open_seat()
    health = card_type(chain, "personal")
    code = chain.value("select code from shop.card_type where id = %s", health)
    campaign, plain = chain.card(seat, principal=20000), chain.card(seat, principal=20000)
    chain.run("update shop.card set type = %s where id = %s", health, campaign.id)
    with chain.policy(**NO_PIN):
        sold = spend(seat, campaign, 10000)
        spend(seat, plain, 10000)
    month = chain.value(
        "select to_char(business_date, 'YYYY-MM') from ledger.document where id = %s", sold["id"]
    )
    with in_force(chain, "cash_back", {"card_types": [code]}, max_bp=100) as rule, months_ahead(chain, 1):
        due = [x for x in seat.call("select api.bonus_due(500)")["cash_backs"] if x["rule"] == rule]
        assert [(x["wallet"], x["amount_minor"]) for x in due] == [(campaign.wallet, 100)]
        row = {"wallet": plain.wallet, "rule": rule, "version": 1, "month": month, "amount_minor": 100}
        refuse(seat, seat.document("cash_back", cash_backs=[row], total_minor=100), "release_refused")
        seat.done("cash_back", cash_backs=[{**row, "wallet": campaign.wallet}], total_minor=100)
    assert chain.balances(campaign.wallet)["bonus"] == 100


def spend(seat: Seat, card: Card, amount: int) -> dict[str, Any]:
    return seat.done(
        "sale", wallet=card.wallet, lines=[line(1, PENNY, amount * 1000, 1, amount)],
        tenders=[stored(card, amount)], proofs=[proof(card)], total_minor=amount,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("family", "terms", "why"),
    [
        ("recharge", {"body": {}}, "value_steps"),
        ("recharge", {"body": {"steps": []}}, "value_steps"),
        ("recharge", {"body": {"steps": [{"from_minor": 0, "give_minor": 1}]}}, "value_steps"),
        ("recharge", {"body": {"steps": [{"from_minor": 5, "give_minor": 1, "give_bp": 1}]}}, "value_steps"),
        ("recharge", {"body": {"steps": [{"from_minor": 5, "give_minor": -1}]}}, "value_steps"),
        ("recharge", {"body": {"steps": [{"from_minor": 5, "give_bp": 1}] * 2}}, "value_steps"),
        ("recharge", {"body": STEPS | {"months": 61}}, "value_months"),
        ("recharge", {"body": STEPS | {"months": "x"}}, "value_months"),
        ("recharge", {"body": STEPS | {"weeks": 105}}, "value_months"),
        ("recharge", {"body": STEPS | {"days": 367}}, "value_months"),
        ("recharge", {"body": STEPS | {"days": 7, "months": 2}}, "value_months"),
        ("recharge", {"body": {"steps": [{"from_minor": 5}]}}, "value_steps"),
        ("recharge", {"body": {"steps": [{"from_minor": 5, "points": 0}]}}, "value_steps"),
        ("recharge", {"body": STEPS | {"more": 1}}, "value_keys"),
        ("recharge", {"body": STEPS | {"card_types": [99]}}, "value_card_types"),
        ("recharge", {"body": STEPS | {"coupons": [{"rule": 1, "pieces": 1}]}}, "value_coupons"),
        ("spending", {"body": {}}, "value_policy"),
        ("spending", {"body": {"policy": "newest_first"}}, "value_policy"),
        ("settlement", {"max_document_minor": 10001}, "value_cash"),
        ("cash_back", {"body": {}}, "value_rate"),
        ("cash_back", {"max_bp": 5001}, "value_rate"),
        ("cash_back", {"max_bp": 100, "body": {"card_types": ["nobody's"]}}, "value_card_types"),
        ("cash_back", {"max_bp": 100, "body": {"card_types": 1}}, "value_card_types"),
    ],
)
def test_a_rule_that_says_too_little_is_not_proposed(
    chain: SmallChain, family: str, terms: Any, why: str
) -> None:
    chain.run("insert into sec.duty values ('ruler', 'x') on conflict do nothing")
    chain.run("insert into sec.permission(duty, permission) values ('ruler', 'rules') on conflict do nothing")
    desk, other = (chain.seat(staff=chain.person("ruler", 1)) for _ in range(2))
    answer = desk.call("select api.rule_propose(null, %s, 'x', %s)", family, Jsonb(terms))
    assert answer == {"refused": "rule_unclear", "facts": {"why": why}}
    good = {"body": {"policy": "principal_first"}, "stores": [3]}
    proposal = desk.call("select api.rule_propose(null, 'spending', 'x', %s)", Jsonb(good))["proposal"]
    rows = "select api.rule_desk('{spending}', null, 200)"
    assert proposal in [row.get("proposal") for row in other.call(rows)["rows"]]
    version = other.call("select api.rule_approve(%s)", proposal)
    assert version["rule"] in [row["rule"] for row in other.call(rows)["rows"]]


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"amount_minor": 3000, "body": {"kind": "annual_fee", "code": "annual"}}, None),
        ({"amount_minor": 3000, "body": {"kind": "annual_fee", "code": "a", "types": ["registered"]}}, None),
        ({"amount_minor": 0, "body": {"kind": "annual_fee", "code": "annual"}}, "value_fee"),
        ({"body": {"kind": "annual_fee", "code": "annual"}}, "value_fee"),
        ({"amount_minor": 3000, "body": {"kind": "sale", "code": "annual"}}, "value_fee"),
        ({"amount_minor": 3000, "body": {"kind": "annual_fee"}}, "value_fee"),
        ({"amount_minor": 3000, "body": {"kind": "annual_fee", "code": "a", "who": "all"}}, "value_fee"),
        ({"amount_minor": 3000, "body": {"kind": "annual_fee", "code": "a", "memo": 1}}, "value_fee"),
        ({"amount_minor": 3000, "body": {"kind": "annual_fee", "code": "a", "types": ["no"]}},
         "value_card_types"),
    ],
)  # fmt: skip
def test_a_fee_says_what_it_is_asked_for(chain: SmallChain, terms: dict[str, Any], why: str | None) -> None:
    answer = chain.value("select shop.value_terms_refused('fee', %s)", Jsonb(terms))
    assert (answer and answer["facts"]["why"]) == why


def test_a_fee_of_types_by_their_codes_is_due_from_cards_of_them(seat: Seat, chain: SmallChain) -> None:
    body = {"kind": "card_renewal", "code": "renewal", "types": ["registered"]}
    covers = "select ledger.fee_covers(%s, t.id, true) from shop.card_type t where t.code = %s"
    assert chain.value(covers, Jsonb(body), "registered") is True
    assert chain.value(covers, Jsonb(body), "bearer") is False
