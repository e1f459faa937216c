"""Limits walked around: in pieces, with a second card beside, by another way out, after a replacement."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attacks.test_door_card_types import active, bread, limit
from tests.attacks.test_door_pin import RIGHT
from tests.attacks.test_door_pin_desk import matched, set_pin
from tests.card_types import card_type, issue
from tests.lives import life, replacing
from tests.refusals import refuse
from tests.repositories.test_post_moving import by_two, merge, settle, transfer
from tests.small_chain import (
    BREAD,
    BREAD_LINE,
    FEE_DUE,
    PENNY,
    Card,
    Seat,
    SmallChain,
    cash,
    line,
    move,
    points,
    proof,
)
from tests.value_rules import months_ahead


@pytest.fixture
def till(chain: SmallChain) -> Seat:
    return chain.open_seat()


@pytest.fixture
def desk(chain: SmallChain) -> Seat:
    """A seat with an open shift at which a manager sits."""
    return chain.open_seat(staff=chain.managers[1])


def family(seat: Seat, **limits: int) -> tuple[Card, Card]:
    """A main card with 90.00 and a supplementary one of its wallet with limits of its own."""
    chain = seat.chain
    main = active(seat, card_type(chain, "personal"), member=chain.member(), principal=9000)
    second = active(seat, card_type(chain, "supplementary"), member=chain.member(), wallet=main.wallet)
    if limits:
        limit(chain, second, **limits)
    return main, second


def test_cash_in_pieces_neither_rounds_nor_keeps_change_more_than_once(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    goods: dict[str, Any] = {"lines": [line(1, PENNY, 90000, 1, 90)], "total_minor": 90}
    with chain.policy(cash_step_minor=10, cash_rounding="down", keep_change_max_minor=50):
        crumbs = [cash(9, rounded_minor=-9) | {"reference": str(n)} for n in range(10)]
        refuse(seat, seat.document("sale", **goods, tenders=crumbs), "arithmetic", section="tenders")
        kept = [cash(30, given_minor=80, kept_minor=50) | {"reference": str(n)} for n in range(3)]
        body = seat.document("sale", **goods, wallet=card.wallet, tenders=kept)
        refuse(seat, body, "arithmetic", section="tenders")
        seat.done("sale", **goods, wallet=card.wallet, tenders=[cash(90, given_minor=140, kept_minor=50)])
    assert chain.balances(card.wallet)["principal"] == 50, "the control: once, in one piece"


def test_a_card_lends_its_limits_to_no_other_of_its_wallet(till: Seat, chain: SmallChain) -> None:
    main, second = family(till, sale=100, day=100)
    refuse(till, bread(till, second), "card_limit", why="sale", most=100)
    with chain.in_state(main, "lost"):
        body = {**bread(till, second), "proofs": [proof(main), proof(second)]}
        refuse(till, body, "malformed", section="proofs")
    body = {**bread(till, second), "proofs": [proof(second), proof(main)]}
    refuse(till, body, "malformed", section="proofs")
    assert "refused" not in till.post(bread(till, main)), "the control: the card without a limit"


def test_a_limited_card_does_not_carry_the_wallet_away(till: Seat, chain: SmallChain) -> None:
    main, second = family(till, sale=500, day=800)
    own = active(till, card_type(chain, "personal"), member=chain.member())
    refuse(till, transfer(till, second, own, 501), "card_limit", why="moved", most=500)
    moved = till.post(transfer(till, second, own, 500))
    assert "refused" not in moved, moved
    refuse(till, transfer(till, second, own, 301), "card_limit", why="moved", most=300)
    refuse(till, bread(till, second), "card_limit", why="day", most=300)
    limit(chain, second, day=8000)
    body = settle(till, second, 8500)
    refuse(till, body, "card_not_presented", wallet=main.wallet)
    assert "refused" not in till.post(settle(till, main, 8500)), "the control: whose wallet it is"
    assert chain.rows("select * from ledger.verify()") == []


def test_what_a_limited_card_gave_is_undone_with_its_day(till: Seat, chain: SmallChain) -> None:
    _, second = family(till, day=500)
    own = active(till, card_type(chain, "personal"), member=chain.member())
    moved = till.post(transfer(till, second, own, 400))
    refuse(till, bread(till, second, paid=101), "card_limit", why="day", most=100)
    till.done("reversal", of=moved["id"], reason="mistake", total_minor=400)
    assert "refused" not in till.post(bread(till, second, paid=101))
    by_two(till, transfer(till, second, own, 5000, proofs=[]))


def test_value_goes_onto_no_card_that_cannot_hold_it(till: Seat, chain: SmallChain) -> None:
    giver = active(till, card_type(chain, "personal"), member=chain.member(), principal=5000)
    taker = active(till, card_type(chain, "personal", ("points",)), member=chain.member())
    body = transfer(till, giver, taker, 500)
    refuse(till, body, "card_function", wallet=taker.wallet, function="stored")
    refuse(till, body, "card_function", till.approved(body), wallet=taker.wallet)


def test_a_new_piece_of_plastic_has_the_limits_of_the_old_one(desk: Seat, chain: SmallChain) -> None:
    kind = card_type(chain, "personal")
    old = active(desk, kind, member=chain.member(), principal=9000)
    limit(chain, old, sale=200, day=250)
    assert "refused" not in desk.post(bread(desk, old, paid=200))
    new = chain.blank(kind)
    swapped = desk.post(replacing(desk, old, new, "active"))
    assert "refused" not in swapped, swapped
    heir = Card(new.id, new.token, old.wallet)
    refuse(desk, bread(desk, heir, paid=201), "card_limit", why="sale", most=200)
    refuse(desk, bread(desk, heir, paid=51), "card_limit", why="day", most=50)
    taken_back = desk.document(
        "reversal", of=swapped["id"], reason="mistake", total_minor=swapped["total_minor"]
    )
    assert "refused" not in desk.post(taken_back)
    assert chain.rows("select card from shop.card_limit where card in (%s, %s)", old.id, new.id) == [
        (old.id,)
    ]
    refuse(desk, bread(desk, old, paid=51), "card_limit", why="day", most=50)


def test_the_floor_of_a_day_counts_every_way_out(seat: Seat, chain: SmallChain) -> None:
    owing, giver, taker = chain.card(seat), chain.card(seat, principal=9000), chain.card(seat)
    chain.run(
        "insert into sec.permission(duty, permission) values ('manager', 'credit') on conflict do nothing"
    )
    office = chain.seat(staff=chain.managers[0])
    office.call("select api.credit_limit_put(%s, 5000::bigint)", owing.wallet)

    def on_account() -> dict[str, Any]:
        tender = {"kind": "credit", "wallet": owing.wallet, "amount_minor": 350}
        return seat.document(
            "sale", lines=[BREAD_LINE], wallet=owing.wallet, tenders=[tender], proofs=[proof(owing)],
            total_minor=350,
        )  # fmt: skip

    with chain.policy(pin_floor_minor=1000, pin_floor_day_minor=1000):
        for _ in range(2):
            assert "refused" not in seat.post(on_account())
        refuse(seat, on_account(), "pin_needed", wallet=owing.wallet)
        assert "refused" not in seat.post(transfer(seat, giver, taker, 600))
        refuse(seat, transfer(seat, giver, taker, 401), "pin_needed", wallet=giver.wallet)
        assert "refused" not in seat.post(transfer(seat, giver, taker, 400))


def test_what_was_paid_ahead_is_drawn_within_the_limits_too(till: Seat, chain: SmallChain) -> None:
    main, second = family(till, sale=100, day=200)
    till.done("advance", wallet=main.wallet, tenders=[cash(350)], total_minor=350, reason="cake")

    def paid(card: Card, amount: int) -> dict[str, Any]:
        ahead = {"kind": "advance", "wallet": main.wallet, "amount_minor": amount}
        rest = [cash(350 - amount)] if amount < 350 else []
        return till.document(
            "sale", lines=[BREAD_LINE], wallet=main.wallet, tenders=[ahead, *rest], proofs=[proof(card)],
            total_minor=350,
        )  # fmt: skip

    refuse(till, paid(second, 101), "card_limit", why="sale", most=100)
    sale = till.post(paid(second, 100))
    assert "refused" not in till.post(paid(second, 100))
    refuse(till, paid(second, 1), "card_limit", why="day", most=0)
    back = {"of": sale["id"], "reason": "stale", "lines": [{"n": 1, "of": 1, "qty_milli": 1000}]}
    till.done("return", **back, total_minor=350)
    assert "refused" not in till.post(paid(second, 50)), "what came back may be spent again"


def test_a_card_onto_somebody_elses_wallet_takes_a_second_person(till: Seat, chain: SmallChain) -> None:
    main = active(till, card_type(chain, "personal"), member=chain.member(), principal=9000)
    blank = chain.blank(card_type(chain, "supplementary"))
    body = issue(till, blank, FEE_DUE, holder=chain.member(), wallet=main.wallet)
    refuse(till, body, "approval_needed", why="wallet", permission="card_issue")
    by_two(till, body)


def test_no_card_opens_a_wallet_that_was_merged(till: Seat, chain: SmallChain) -> None:
    goes, stays = chain.card(till), chain.card(till)
    by_two(till, merge(chain, till, goes, stays))
    kept = chain.value("select member from shop.wallet where id = %s", stays.wallet)
    blank = chain.blank()
    refuse(till, issue(till, blank, FEE_DUE, holder=kept, wallet=goes.wallet), "card_state", card=blank.id)
    assert "refused" not in till.post(issue(till, blank, FEE_DUE, holder=kept, wallet=stays.wallet))


def test_another_type_brings_no_card_back_that_is_past_its_last_day(desk: Seat, chain: SmallChain) -> None:
    yearly = card_type(chain, "personal", valid_months=12)
    endless = card_type(chain, "personal")
    card = active(desk, yearly, member=chain.member())
    rows = [move(card, "active", "active", type=endless)]
    body = desk.document("card_type_change", cards=rows, reason="asked")
    with months_ahead(chain, 13):
        refuse(desk, body, "card_state", card=card.id, was="active", state="expired")
    assert "refused" not in desk.post(body), "the control: before its last day"


def test_the_pin_of_a_wallet_is_not_given_up_by_the_holder_of_another_card(
    desk: Seat, chain: SmallChain
) -> None:
    main, second = family(desk)
    assert set_pin(desk, main, RIGHT)["pin_set"] is True
    child = life(desk, "card_pin_reset", second, "active", "active", identity=[matched(chain, second)])
    refuse(desk, child, "approval_needed", permission="card_pin_reset")
    parent = life(desk, "card_pin_reset", main, "active", "active", identity=[matched(chain, main)])
    assert "refused" not in desk.post(parent), "the control: whose wallet it is"


def test_a_sale_earns_by_one_rule(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    other = chain.value(
        "with made as (insert into shop.rule(family, name) values ('points', 'more') returning id)"
        " insert into shop.rule_version(rule, version, valid_from, points_rate, min_minor)"
        " select id, 1, now() - interval '1 day', 200, 0 from made returning rule"
    )
    sale: dict[str, Any] = {
        "wallet": card.wallet, "lines": [line(1, BREAD, 4000, 350, 1400)], "tenders": [cash(1400)],
        "total_minor": 1400,
    }  # fmt: skip
    better = {"kind": "points", "rule": other, "version": 1, "amount": 28}
    try:
        refuse(seat, seat.document("sale", **sale, grants=[points(14), better]), "grant_refused")
        assert "refused" not in seat.post(seat.document("sale", **sale, grants=[better]))
    finally:
        chain.run(
            "update shop.rule_version set valid_to = valid_from + interval '1 second' where rule = %s", other
        )
