"""A sale as the ledger's page writes it: debit and credit, lots, points, tax, stock, change, replay."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.refusals import standing
from tests.small_chain import (
    BREAD,
    BREAD_LINE,
    GOLD,
    MILK,
    NO_PIN,
    PENNY,
    PROMOTION,
    REPAIR,
    RICE,
    SOUTH,
    TIER,
    Seat,
    SmallChain,
    bank,
    cash,
    line,
    off,
    pairs,
    points,
    proof,
    stored,
    tax,
)  # fmt: skip

MILK_AS_GOLD = line(1, MILK, 3000, 1000, 3000, 2700)
TENTH_OFF = off(1, "tier", 300, TIER, 1)
MILK_TAX = tax("T13", 1300, 2700, 311)


def test_a_cash_sale_moves_cash_to_revenue_and_goods_to_the_customer(seat: Seat, chain: SmallChain) -> None:
    on_hand = chain.on_hand(BREAD)

    sold = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350, given_minor=1000)], total_minor=350)

    assert pairs(sold) == [("cash", "revenue", 350)]
    assert sold["change_minor"] == 650
    assert chain.drawer_cash(seat) == 50350
    assert chain.on_hand(BREAD) == on_hand - 1000
    moved = "select qty_milli, place_from, place_to from ledger.stock_move where document = %s"
    assert chain.rows(moved, sold["id"]) == [(-1000, "store", "customer")]


def test_a_member_pays_with_stored_value_and_cash_and_earns_points(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, tier=GOLD, principal=20000, bonus=2000)
    in_drawer = chain.drawer_cash(seat)

    sold = seat.done(
        "sale", wallet=card.wallet, lines=[MILK_AS_GOLD], adjustments=[TENTH_OFF], taxes=[MILK_TAX],
        tenders=[stored(card, 2000), cash(700)], proofs=[proof(card)], grants=[points(27)], total_minor=2700,
    )  # fmt: skip

    assert pairs(sold) == [
        ("principal", "revenue", 2000), ("cash", "revenue", 700),
        ("points_issued", "points", 27), ("revenue", "tax", 311),
    ]  # fmt: skip
    assert chain.balances(card.wallet) == {"principal": 18000, "bonus": 2000, "points": 27, "points_debt": 0}
    assert chain.lots(card.wallet, "principal") == [18000]
    assert chain.lots(card.wallet, "points") == [27]
    assert chain.drawer_cash(seat) == in_drawer + 700
    assert sold["balances"] == [
        {"wallet": card.wallet, "principal": 18000, "bonus": 2000, "points": 27, "points_debt": 0}
    ]
    taken_off = "select line, source, rule, version, amount_minor from ledger.adjustment where document = %s"
    assert chain.rows(taken_off, sold["id"]) == [(1, "tier", TIER, 1, 300)]
    ends = (
        "select to_char(expires_at at time zone 'Asia/Shanghai', 'DD HH24:MI') from ledger.lot where id = %s"
    )
    assert chain.value(ends, sold["lots"][-1]["lot"]) == "01 00:00", "points end with a month"


@pytest.mark.parametrize(
    ("policy", "amount", "principal", "bonus"),
    [
        ("principal_first", 9000, 9000, 0),
        ("principal_first", 21000, 20000, 1000),
        ("bonus_first", 1500, 0, 1500),
        ("bonus_first", 9000, 7000, 2000),
        ("pro_rata", 1100, 1000, 100),
        ("pro_rata", 22000, 20000, 2000),
        ("pro_rata", 1, 1, 0),
    ],
)
def test_stored_value_is_split_as_the_chain_says(
    seat: Seat, chain: SmallChain, policy: str, amount: int, principal: int, bonus: int
) -> None:
    card = chain.card(seat, principal=20000, bonus=2000)

    with chain.policy(spend_policy=policy, **NO_PIN):
        sold = seat.done(
            "sale", lines=[line(1, PENNY, amount * 1000, 1, amount)], tenders=[stored(card, amount)],
            proofs=[proof(card)], total_minor=amount,
        )  # fmt: skip

    taken = {debit: taken for debit, _, taken in pairs(sold)}
    assert (taken.get("principal", 0), taken.get("bonus", 0)) == (principal, bonus)
    left = chain.balances(card.wallet)
    assert (left["principal"], left["bonus"]) == (20000 - principal, 2000 - bonus)


def test_lots_are_used_in_order_of_expiry_then_age(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, principal=20000, bonus=2000)
    seat.done("top_up", wallet=card.wallet, tenders=[cash(5000)], total_minor=5000)
    seat.done("top_up", wallet=card.wallet, tenders=[cash(3000)], total_minor=3000)

    with chain.policy(**NO_PIN):
        seat.done(
            "sale", lines=[line(1, PENNY, 21_000_000, 1, 21000)], tenders=[stored(card, 21000)],
            proofs=[proof(card)], total_minor=21000,
        )  # fmt: skip

    assert chain.lots(card.wallet, "principal") == [4000, 3000]


def test_points_of_one_month_lie_in_one_lot(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    for _ in range(3):
        seat.done(
            "sale",
            wallet=card.wallet,
            lines=[BREAD_LINE],
            tenders=[cash(350)],
            grants=[points(3)],
            total_minor=350,
        )

    assert chain.lots(card.wallet, "points") == [9]


def test_several_tenders_weighed_goods_a_service_and_two_taxes(seat: Seat, chain: SmallChain) -> None:
    rice = chain.on_hand(RICE)

    sold = seat.done(
        "sale",
        lines=[
            line(1, RICE, 735, 2599, 1910),
            line(2, REPAIR, 1000, 5000, 5000),
            line(3, MILK, 1000, 1000, 1000, 950),
        ],
        adjustments=[off(3, "manual", 50)],
        taxes=[tax("T6", 600, 5000, 283), tax("T13", 1300, 950, 109)],
        tenders=[bank(7000, "A1"), bank(800, "A2"), cash(60)],
        total_minor=7860,
    )

    assert pairs(sold) == [
        ("tender", "revenue", 7000), ("tender", "revenue", 800), ("cash", "revenue", 60),
        ("revenue", "tax", 283), ("revenue", "tax", 109),
    ]  # fmt: skip
    assert chain.on_hand(RICE) == rice - 735
    moved = "select product from ledger.stock_move where document = %s order by n"
    assert chain.rows(moved, sold["id"]) == [(RICE,), (MILK,)], "a service moves no stock"


def test_the_price_of_the_store_outranks_the_chain(chain: SmallChain) -> None:
    south = chain.open_seat(SOUTH)

    sold = south.done("sale", lines=[line(1, BREAD, 1000, 300, 300)], tenders=[cash(300)], total_minor=300)

    assert sold["total_minor"] == 300
    assert sold["receipt"].startswith("S-")


def test_a_promotion_within_its_bounds(seat: Seat) -> None:
    sold = seat.done(
        "sale", lines=[line(1, BREAD, 3000, 350, 1050, 840)],
        adjustments=[off(1, "promotion", 210, PROMOTION, 2)], tenders=[cash(840)], total_minor=840,
    )  # fmt: skip

    assert sold["total_minor"] == 840


def test_a_sale_that_costs_nothing_needs_no_tender(seat: Seat, chain: SmallChain) -> None:
    manager = chain.person("manager", 1)
    chain.run("insert into sec.duty values ('giver', 'x') on conflict do nothing")
    chain.run(
        "insert into sec.permission(duty, permission, limit_bp) values ('giver', 'sale', null),"
        " ('giver', 'discount', 10000) on conflict do nothing"
    )
    chain.run("update sec.staff set duty = 'giver' where id = %s", manager)
    seat.sign_in(manager)

    sold = seat.done(
        "sale", lines=[line(1, BREAD, 1000, 350, 350, 0)], adjustments=[off(1, "manual", 350)], total_minor=0
    )

    assert "postings" not in sold


def test_the_same_id_and_content_again_answers_the_first_result(seat: Seat, chain: SmallChain) -> None:
    body = seat.document("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    first = seat.post(body)
    before = standing(chain)

    for call in ("post", "resend"):
        again = seat.post(body, first["id"], call=call)
        assert again == {**first, "replayed": True}
    assert standing(chain) == before


def test_the_order_of_keys_is_no_other_content(seat: Seat) -> None:
    body = seat.document("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    first = seat.post(body)

    turned: dict[str, Any] = dict(reversed(body.items()))

    assert seat.post(turned, first["id"])["replayed"] is True


def test_a_replay_needs_nobody_signed_in(seat: Seat, chain: SmallChain) -> None:
    body = seat.document("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    first = seat.post(body)
    chain.run("update sec.session set closed_at = clock_timestamp() where id = %s", seat.session)

    assert seat.post(body, first["id"], call="resend")["replayed"] is True


def test_a_resent_sale_is_judged_by_the_session_it_names(seat: Seat, chain: SmallChain) -> None:
    rung_by = seat.staff
    body = seat.document("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    seat.sign_in(chain.person("trainee", 1))

    sold = seat.post(body, uuid.uuid4(), call="resend")

    assert "refused" not in sold, sold
    people = "select rung_by, posted_by from ledger.document where id = %s"
    assert chain.rows(people, sold["id"]) == [(rung_by, seat.staff)]


def test_each_sale_links_into_the_chain_of_its_terminal(seat: Seat, chain: SmallChain) -> None:
    sales = [seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350) for _ in range(3)]

    assert [s["chain_seq"] for s in sales] == [2, 3, 4]
    head = chain.value("select encode(head, 'hex') from sec.terminal where id = %s", seat.terminal)
    assert head == sales[-1]["head"]
    assert len({s["head"] for s in sales}) == 3


def test_no_wish_of_the_client_changes_how_a_result_is_written(seat: Seat) -> None:
    seat.connection.execute("set timezone = 'America/New_York'")
    seat.connection.execute("set datestyle = 'German, DMY'")
    try:
        sold = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    finally:
        seat.connection.execute("reset timezone")
        seat.connection.execute("reset datestyle")

    assert str(sold["posted_at"]).endswith("+00:00"), sold["posted_at"]
