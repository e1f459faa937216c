"""Points that are not the till's to give, prices nobody may type, split pieces, and what is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.refusals import refuse
from tests.small_chain import (
    BREAD,
    GOLD,
    MILK,
    NO_PIN,
    PENNY,
    PROMOTION,
    REDEEM,
    SOUTH,
    STAMP,
    TIER,
    Card,
    Seat,
    SmallChain,
    by_points,
    cash,
    line,
    off,
    proof,
    tax,
)  # fmt: skip


def pennies(
    seat: Seat, card: Card, tender: dict[str, Any], total: int = 1000, **parts: Any
) -> dict[str, Any]:
    """Pennies worth `total`: one tender, the rest in cash."""
    rest = total - int(tender["amount_minor"])
    whole: dict[str, Any] = {
        "wallet": card.wallet, "lines": [line(1, PENNY, total * 1000, 1, total)], "total_minor": total,
        "tenders": [tender, *([cash(rest)] if rest > 0 else [])], "proofs": [proof(card)],
    }  # fmt: skip
    return seat.document("sale", **{**whole, **parts})


def rich(seat: Seat, chain: SmallChain, points: int = 500, **how: Any) -> Card:
    """A card with points."""
    card = chain.card(seat, **how)
    chain.give_points(seat, card, points)
    return card


@pytest.mark.parametrize(
    "named",
    [{"points": 59}, {"points": 1}, {"points": 0}, {"points": -60}, {"points": 61}, {"version": 2},
     {"rule": 2},     {"rule": TIER}, {"rule": 999}],
    ids=str,
)  # fmt: skip
def test_value_of_points_is_not_minted(seat: Seat, chain: SmallChain, named: dict[str, int]) -> None:
    """3.00 costs 60 points by the rule: neither fewer, nor more, nor by a rule that is none."""
    card = rich(seat, chain)
    refuse(seat, pennies(seat, card, by_points(card, 300, **named)), "redeem_refused")

    assert "refused" not in seat.post(pennies(seat, card, by_points(card, 300)))


def test_points_without_a_word_about_them_pay_nothing(seat: Seat, chain: SmallChain) -> None:
    card = rich(seat, chain)
    for missing in ("points", "rule", "version"):
        tender = by_points(card, 300)
        del tender[missing]
        refuse(seat, pennies(seat, card, tender), "redeem_refused")
    nobodys = by_points(card, 300)
    del nobodys["wallet"]
    refuse(seat, pennies(seat, card, nobodys), "insufficient", account="points", wallet=None)
    decorated = {**cash(1000), "points": 1, "rule": REDEEM, "version": 1}
    refuse(seat, pennies(seat, card, decorated), "redeem_refused")
    odd = {**by_points(card, 300), "points": "60"}
    refuse(seat, pennies(seat, card, odd), "malformed", detail="points")

    assert "refused" not in seat.post(pennies(seat, card, by_points(card, 300)))


def test_points_of_another_member_do_not_pay(seat: Seat, chain: SmallChain) -> None:
    mine, theirs = rich(seat, chain), rich(seat, chain)
    tender = by_points(theirs, 300)
    for proofs in ([], [proof(mine)], [{**proof(mine), "wallet": theirs.wallet}]):
        body = pennies(seat, theirs, tender, proofs=proofs)
        refuse(seat, body, "card_not_presented", wallet=theirs.wallet)
    refuse(seat, pennies(seat, mine, tender, proofs=[proof(theirs)]), "redeem_refused")
    refuse(seat, pennies(seat, mine, tender, proofs=[proof(mine), proof(theirs)]), "redeem_refused")
    with chain.in_state(theirs, "lost"):
        refuse(seat, pennies(seat, theirs, tender), "card_not_active", state="lost")

    assert "refused" not in seat.post(pennies(seat, theirs, tender)), "with their card"


def test_points_pay_at_most_their_share(seat: Seat, chain: SmallChain) -> None:
    """Half of a sale and 30.00 at most, from 1.00 on, two points at least."""
    card = rich(seat, chain, 9000)
    refuse(seat, pennies(seat, card, by_points(card, 501)), "redeem_refused", most=500)
    refuse(seat, pennies(seat, card, by_points(card, 99), 99), "redeem_refused")
    refuse(seat, pennies(seat, card, by_points(card, 5), 1000), "redeem_refused", points=1)
    refuse(seat, pennies(seat, card, by_points(card, 3001), 9000), "redeem_refused", most=3000)
    twice = [by_points(card, 300), {**by_points(card, 300), "reference": "again"}, cash(400)]
    refuse(seat, pennies(seat, card, by_points(card, 300), tenders=twice), "arithmetic", section="tenders")

    for amount, total in ((500, 1000), (50, 100), (6, 1000), (3000, 9000)):
        assert "refused" not in seat.post(pennies(seat, card, by_points(card, amount), total))


def test_more_points_than_there_are(seat: Seat, chain: SmallChain) -> None:
    card = rich(seat, chain, 40)
    refuse(
        seat,
        pennies(seat, card, by_points(card, 201)),
        "insufficient",
        account="points",
        balance=40,
        wanted=41,
    )

    assert "refused" not in seat.post(pennies(seat, card, by_points(card, 200)))


def test_points_top_up_nothing_and_pay_no_fee(seat: Seat, chain: SmallChain) -> None:
    card = rich(seat, chain)
    tender = by_points(card, 300)
    body = seat.document("top_up", wallet=card.wallet, tenders=[tender], total_minor=300)
    refuse(seat, body, "tender_not_allowed", tender="points")
    named = {**cash(300), "rule": REDEEM, "version": 1}
    refuse(
        seat, seat.document("top_up", wallet=card.wallet, tenders=[named], total_minor=300), "redeem_refused"
    )

    body = seat.document("top_up", wallet=card.wallet, tenders=[cash(300)], total_minor=300)
    assert "refused" not in seat.post(body)


def test_points_count_towards_the_pin_of_the_day(seat: Seat, chain: SmallChain) -> None:
    card = rich(seat, chain, 900)
    with chain.policy(pin_floor_minor=400, pin_floor_day_minor=700):
        refuse(seat, pennies(seat, card, by_points(card, 500)), "pin_needed", floor=400)
        assert "refused" not in seat.post(pennies(seat, card, by_points(card, 400)))
        refuse(seat, pennies(seat, card, by_points(card, 350)), "pin_needed")
        assert "refused" not in seat.post(pennies(seat, card, by_points(card, 300)))
    with chain.policy(**NO_PIN):
        assert "refused" not in seat.post(pennies(seat, card, by_points(card, 350)))


def test_a_return_does_not_choose_points(seat: Seat, chain: SmallChain) -> None:
    card = rich(seat, chain)
    sale = seat.post(pennies(seat, card, by_points(card, 500)))
    rows = [{"n": 1, "of": 1, "qty_milli": 500_000}]
    back: dict[str, Any] = {"of": sale["id"], "reason": "broken", "lines": rows, "total_minor": 500}
    body = seat.document("return", **back, tenders=[by_points(card, 500)])
    refuse(seat, body, "section_not_allowed", section="tenders")

    seat.done("return", **back)
    assert chain.balances(card.wallet)["points"] == 450


def bottle(
    seat: Seat, price: int, *adjustments: dict[str, Any], product: int = MILK, **parts: Any
) -> dict[str, Any]:
    """One piece at a price that somebody typed."""
    total = price - sum(a["amount_minor"] for a in adjustments)
    row = {**line(1, product, 1000, price, price, total), "open": True}
    taxes = [tax("T13", 1300, total, round(total * 13 / 113))] if product == MILK else []
    return seat.document(
        "sale", lines=[row], adjustments=list(adjustments), taxes=taxes,
        tenders=[cash(total)] if total else [], total_minor=total, **parts,
    )  # fmt: skip


def test_a_price_is_not_typed_without_the_permission_nor_beyond_it(seat: Seat, chain: SmallChain) -> None:
    refuse(seat, bottle(seat, 999), "approval_needed", permission="open_price", line=1, now=1000)
    refuse(seat, bottle(seat, 0, product=STAMP), "approval_needed", permission="open_price")
    closed = bottle(seat, 999)
    closed["lines"][0]["open"] = False
    refuse(seat, closed, "price_changed", now=1000)
    closed["lines"][0]["open"] = "true"
    refuse(seat, closed, "malformed", detail="open")

    manager = chain.open_seat(staff=chain.managers[0])
    for price in (499, 1501, 0):
        refuse(manager, bottle(manager, price), "approval_needed", permission="open_price")
    for price in (500, 1500):
        assert "refused" not in manager.post(bottle(manager, price))
    assert "refused" not in seat.post(bottle(seat, 999, product=STAMP))


def test_no_discount_of_a_member_lowers_a_price_that_was_typed(seat: Seat, chain: SmallChain) -> None:
    gold = chain.card(seat, tier=GOLD)
    tenth = bottle(seat, 1000, off(1, "tier", 100, TIER, 1), product=STAMP, wallet=gold.wallet)
    refuse(seat, tenth, "open_price_refused", line=1, source="tier")
    fifth = bottle(seat, 1000, off(1, "promotion", 200, PROMOTION, 2), product=STAMP)
    refuse(seat, fifth, "open_price_refused", line=1, source="promotion")

    assert "refused" not in seat.post(bottle(seat, 1000, off(1, "manual", 50), product=STAMP))


def test_a_piece_is_not_split(seat: Seat) -> None:
    half = line(1, MILK, 1500, 1000, 1500)
    parts: dict[str, Any] = {
        "tenders": [cash(1500)],
        "taxes": [tax("T13", 1300, 1500, 173)],
        "total_minor": 1500,
    }
    refuse(seat, seat.document("sale", lines=[half], **parts), "fraction_refused", line=1, qty_milli=1500)
    stock = [{"product": MILK, "qty_milli": 500}]
    refuse(seat, seat.document("stock_receipt", stock=stock), "fraction_refused", qty_milli=500)

    whole = {**half, "qty_milli": 2000, "value_minor": 2000, "total_minor": 2000}
    sale = seat.done(
        "sale", lines=[whole], tenders=[cash(2000)], taxes=[tax("T13", 1300, 2000, 230)], total_minor=2000
    )
    back = seat.document(
        "return",
        of=sale["id"],
        reason="split",
        lines=[{"n": 1, "of": 1, "qty_milli": 1500}],
        total_minor=1500,
    )
    refuse(seat, back, "fraction_refused", qty_milli=1500)
    weighed = seat.document(
        "sale", lines=[line(1, BREAD, 1235, 350, 432)], tenders=[cash(432)], total_minor=432
    )
    assert "refused" not in seat.post(weighed)


def loaf(seat: Seat, *adjustments: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A loaf of bread, 3.50 by the list, 3.20 to members, 3.10 to gold (2.50 in the south)."""
    price = 350 if seat.store != SOUTH else 300
    total = price - sum(a["amount_minor"] for a in adjustments)
    return seat.document(
        "sale", lines=[line(1, BREAD, 1000, price, price, total)], adjustments=list(adjustments),
        tenders=[cash(total)], total_minor=total, **parts,
    )  # fmt: skip


def test_a_member_price_is_for_members_and_no_lower(seat: Seat, chain: SmallChain) -> None:
    base, gold = chain.card(seat), chain.card(seat, tier=GOLD)

    def at(name: str | None, amount: int, **more: Any) -> dict[str, Any]:
        return {
            "line": 1,
            "source": "list",
            "amount_minor": amount,
            **({"list": name} if name else {}),
            **more,
        }

    forged: list[tuple[list[dict[str, Any]], Card | None]] = [
        ([at("member", 30)], None), ([at("member", 31)], base), ([at("gold", 40)], base),
        ([at("gold", 41)], gold), ([at(None, 30)], base), ([at("retail", 1)], gold),
        ([at("nothing", 1)], gold),
        ([at("member", 30), at("gold", 40)], gold),
        ([at("gold", 40), off(1, "tier", 35, TIER, 1)], gold),
        ([at("gold", 20), at("gold", 21)], gold), ([at("gold", 40, rule=TIER, version=1)], gold),
        ([{**off(1, "tier", 35, TIER, 1), "list": "gold"}], gold),
    ]  # fmt: skip
    for adjustments, card in forged:
        wallet = {"wallet": card.wallet} if card else {}
        refuse(seat, loaf(seat, *adjustments, **wallet), "adjustment_refused", line=1)
    named = {**off(1, "manual", 10), "list": "gold"}
    refuse(seat, loaf(seat, named, wallet=gold.wallet), "adjustment_refused", line=1)

    assert "refused" not in seat.post(loaf(seat, at("gold", 40), wallet=gold.wallet))
    assert "refused" not in seat.post(loaf(seat, at("member", 30), wallet=base.wallet))


def test_a_discount_by_hand_may_say_what_for_and_nothing_else_may(seat: Seat, chain: SmallChain) -> None:
    gold = chain.card(seat, tier=GOLD)
    named = {**off(1, "tier", 35, TIER, 1), "name": "coupon"}
    refuse(seat, loaf(seat, named, wallet=gold.wallet), "adjustment_refused", source="tier")
    for name in ("", "x" * 41, "a\u202eb", " a", "\x1b[2J"):
        body = loaf(seat, {**off(1, "manual", 10), "name": name})
        refuse(seat, body, "adjustment_refused", source="manual", most=0)
    split = [{**off(1, "manual", 10), "name": name} for name in ("one", "two")]
    refuse(seat, loaf(seat, *split), "approval_needed", permission="discount", limit=17)

    sold = seat.post(loaf(seat, {**off(1, "manual", 10), "name": "凹罐"}))
    names = "select name from ledger.adjustment where document = %s"
    assert chain.rows(names, sold["id"]) == [("凹罐",)]
