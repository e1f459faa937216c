"""A reversal is the exact mirror of a whole document: accounts, lots, stock, card state; once."""

from __future__ import annotations

import uuid
from typing import Any

from tests.member_sale import sell_milk
from tests.refusals import refuse
from tests.small_chain import (
    BONUS,
    BREAD,
    BREAD_LINE,
    FEE_DUE,
    GOLD,
    MILK,
    Card,
    Seat,
    SmallChain,
    cash,
    line,
    move,
    pairs,
    proof,
    stored,
)  # fmt: skip


def state(chain: SmallChain, seat: Seat, card: Card) -> dict[str, Any]:
    """All that a reversal has to bring back."""
    return {
        "balances": chain.balances(card.wallet),
        "principal": chain.lots(card.wallet, "principal"),
        "bonus": chain.lots(card.wallet, "bonus"),
        "points": chain.lots(card.wallet, "points"),
        "cash": chain.drawer_cash(seat),
        "milk": chain.on_hand(MILK),
        "card": chain.card_state(card),
    }


def take_back(seat: Seat, document: dict[str, Any]) -> dict[str, Any]:
    """Reverse a whole document of this shift."""
    return seat.done("reversal", of=document["id"], reason="mistake", total_minor=document["total_minor"])


def test_a_sale_is_undone_to_the_last_lot(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, tier=GOLD, principal=20000, bonus=2000)
    before = state(chain, seat, card)
    sale = sell_milk(seat, card)

    undone = take_back(seat, sale)

    assert pairs(undone) == [
        ("revenue", "principal", 2000), ("revenue", "cash", 700),
        ("points", "points_issued", 27), ("tax", "revenue", 311),
    ]  # fmt: skip
    assert state(chain, seat, card) == before


def test_a_top_up_is_undone_with_its_bonus(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    before = state(chain, seat, card)
    grant = {"kind": "bonus", "rule": BONUS, "version": 1, "amount": 2000}
    top_up = seat.done("top_up", wallet=card.wallet, tenders=[cash(20000)], grants=[grant], total_minor=20000)

    undone = take_back(seat, top_up)

    assert pairs(undone) == [("principal", "cash", 20000), ("bonus", "bonus_granted", 2000)]
    assert state(chain, seat, card) == before


def test_a_top_up_that_was_spent_is_not_undone(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    top_up = seat.done("top_up", wallet=card.wallet, tenders=[cash(20000)], total_minor=20000)
    sell = {"lines": [line(1, BREAD, 1000, 350, 350)], "tenders": [stored(card, 350)], "total_minor": 350}
    sale = seat.done("sale", **sell, proofs=[proof(card)])
    body = seat.document("reversal", of=top_up["id"], reason="mistake", total_minor=20000)

    refuse(seat, body, "lot_spent", account="principal", wallet=card.wallet, missing=350)

    take_back(seat, sale)
    take_back(seat, top_up)
    assert chain.balances(card.wallet)["principal"] == 0


def test_a_second_top_up_does_not_pay_for_the_first(seat: Seat, chain: SmallChain) -> None:
    """A reversal takes what its own document put there, not what somebody else paid in."""
    card = chain.card(seat)
    first = seat.done("top_up", wallet=card.wallet, tenders=[cash(1000)], total_minor=1000)
    seat.done("sale", lines=[BREAD_LINE], tenders=[stored(card, 350)], proofs=[proof(card)], total_minor=350)
    seat.done("top_up", wallet=card.wallet, tenders=[cash(5000)], total_minor=5000)
    body = seat.document("reversal", of=first["id"], reason="mistake", total_minor=1000)

    refuse(seat, body, "lot_spent", missing=350)


def test_a_card_issue_and_its_activation_are_undone_in_turn(seat: Seat, chain: SmallChain) -> None:
    blank = chain.blank()
    in_drawer = chain.drawer_cash(seat)
    issue = seat.done(
        "card_issue", cards=[move(blank, "blank", "issued", holder=chain.member())], fees=[FEE_DUE],
        tenders=[cash(1000)], total_minor=1000,
    )  # fmt: skip
    activation = seat.done("card_activation", cards=[move(blank, "issued", "active")])
    too_early = seat.document("reversal", of=issue["id"], reason="mistake", total_minor=1000)

    refuse(seat, too_early, "card_state", card=blank.id, was="issued", now="blank", state="active")

    seat.done("reversal", of=activation["id"], reason="mistake", shift=None)
    assert chain.card_state(blank) == "issued"
    undone = take_back(seat, issue)
    assert pairs(undone) == [("fees", "cash", 1000)]
    row = "select state, wallet, holder from shop.card where id = %s"
    assert chain.rows(row, blank.id) == [("blank", None, None)]
    assert chain.drawer_cash(seat) == in_drawer


def test_an_issue_is_not_undone_while_the_wallet_holds_value(seat: Seat, chain: SmallChain) -> None:
    """Value that no card opens would be lost to the member."""
    blank = chain.blank()
    issue = seat.done(
        "card_issue", cards=[move(blank, "blank", "issued", holder=chain.member())], fees=[FEE_DUE],
        tenders=[cash(1000)], total_minor=1000,
    )  # fmt: skip
    activation = seat.done("card_activation", cards=[move(blank, "issued", "active")])
    top_up = seat.done("top_up", wallet=issue["wallet"], tenders=[cash(500)], total_minor=500)
    seat.done("reversal", of=activation["id"], reason="mistake", shift=None)
    body = seat.document("reversal", of=issue["id"], reason="mistake", total_minor=1000)

    refuse(seat, body, "card_state", card=blank.id, state="not_empty")

    take_back(seat, top_up)
    take_back(seat, issue)
    assert chain.card_state(blank) == "blank"


def test_a_stock_receipt_is_undone(seat: Seat, chain: SmallChain) -> None:
    on_hand = chain.on_hand(MILK)
    stock = [{"product": MILK, "qty_milli": 10000, "cost_minor": 500}]
    receipt = seat.done("stock_receipt", stock=stock, total_minor=5000)
    assert chain.on_hand(MILK) == on_hand + 10000

    seat.done("reversal", of=receipt["id"], reason="mistake", total_minor=5000, shift=None)

    assert chain.on_hand(MILK) == on_hand


def test_an_adjustment_is_undone(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, principal=20000)
    before = state(chain, seat, card)
    body = seat.document(
        "adjustment", wallet=card.wallet, reason="broken till", total_minor=800,
        corrections=[{"account": "principal", "amount": -500}, {"account": "points", "amount": 300}],
    )  # fmt: skip
    adjustment = seat.post(body, seat.approved(body))
    assert pairs(adjustment) == [("principal", "correction", 500), ("points_issued", "points", 300)]

    seat.done_by_two("reversal", of=adjustment["id"], reason="mistake", total_minor=800, shift=None)

    assert state(chain, seat, card) == before


def test_a_return_is_undone_and_may_be_made_again(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, tier=GOLD, principal=20000)
    sale = sell_milk(seat, card)
    before = state(chain, seat, card)
    lines = [{"n": 1, "of": 1, "qty_milli": 1000}]
    given = seat.done("return", of=sale["id"], reason="broken", lines=lines, total_minor=900)

    take_back(seat, given)
    assert state(chain, seat, card) == before

    seat.done("return", of=sale["id"], reason="broken", lines=lines, total_minor=900)


def test_what_has_returns_is_not_undone_before_them(seat: Seat, chain: SmallChain) -> None:
    sale = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    lines = [{"n": 1, "of": 1, "qty_milli": 1000}]
    given = seat.done("return", of=sale["id"], reason="broken", lines=lines, total_minor=350)
    body = seat.document("reversal", of=sale["id"], reason="mistake", total_minor=350)

    refuse(seat, body, "has_returns", of=sale["id"])

    take_back(seat, given)
    take_back(seat, sale)


def test_nothing_is_undone_twice(seat: Seat) -> None:
    sale = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    first = take_back(seat, sale)

    again = seat.document("reversal", of=sale["id"], reason="mistake", total_minor=350)
    refuse(seat, again, "already_reversed", of=sale["id"], by=first["id"])
    lines = [{"n": 1, "of": 1, "qty_milli": 1000}]
    returned = seat.document("return", of=sale["id"], reason="broken", lines=lines, total_minor=350)
    refuse(seat, returned, "already_reversed", of=sale["id"])
    of_a_reversal = seat.document("reversal", of=first["id"], reason="mistake", total_minor=350)
    refuse(seat, of_a_reversal, "wrong_origin", of=first["id"])


def test_only_what_this_store_can_take_back_is_an_origin(seat: Seat, chain: SmallChain) -> None:
    south = chain.open_seat(3)
    sale = south.done("sale", lines=[line(1, BREAD, 1000, 300, 300)], tenders=[cash(300)], total_minor=300)
    top_up = seat.done("top_up", wallet=chain.card(seat).wallet, tenders=[cash(100)], total_minor=100)
    lines = [{"n": 1, "of": 1, "qty_milli": 1000}]

    for of in (sale["id"], str(uuid.uuid4()), seat.shift, top_up["id"]):
        back = seat.document("return", of=of, reason="broken", lines=lines, total_minor=300)
        refuse(seat, back, "wrong_origin", of=of)
    for of in (sale["id"], str(uuid.uuid4()), seat.shift):
        whole = seat.document("reversal", of=of, reason="mistake", total_minor=300)
        refuse(seat, whole, "wrong_origin", of=of)
    refuse(seat, seat.document("reversal", reason="mistake", total_minor=0), "wrong_origin")
    of_a_sale = seat.document(
        "sale", of=top_up["id"], lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350
    )
    refuse(seat, of_a_sale, "wrong_origin", of=top_up["id"])


def test_after_the_shift_only_a_return_helps(seat: Seat, chain: SmallChain) -> None:
    sale = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    yesterday = seat.shift
    seat.done("shift_close", counted_minor=50350, total_minor=50350)
    seat.open_shift()
    body = seat.document("reversal", of=sale["id"], reason="mistake", total_minor=350)

    refuse(seat, body, "shift_closed", shift=yesterday)

    lines = [{"n": 1, "of": 1, "qty_milli": 1000}]
    seat.done("return", of=sale["id"], reason="broken", lines=lines, total_minor=350)


def test_a_reason_is_asked_and_the_total_is_the_origins(seat: Seat) -> None:
    sale = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)

    refuse(seat, seat.document("reversal", of=sale["id"], total_minor=350), "reason_missing")
    refuse(seat, seat.document("reversal", of=sale["id"], reason="x", total_minor=350), "reason_missing")
    wrong = seat.document("reversal", of=sale["id"], reason="mistake", total_minor=349)
    refuse(seat, wrong, "total_differs", total=350)
