"""Cards and what is paid in: issue, activation, top-up with bonus, the law's cap."""

from __future__ import annotations

from typing import Any

import pytest

from tests.refusals import refuse
from tests.small_chain import (
    BEARER,
    BONUS,
    FEE,
    FEE_DUE,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    bank,
    cash,
    move,
    pairs,
)  # fmt: skip


def bonus(amount: int) -> dict[str, Any]:
    """A grant of bonus by the rule of the chain."""
    return {"kind": "bonus", "rule": BONUS, "version": 1, "amount": amount}


def test_an_issued_card_opens_a_wallet_with_its_accounts(seat: Seat, chain: SmallChain) -> None:
    blank, holder = chain.blank(), chain.member()

    issued = seat.done(
        "card_issue", cards=[move(blank, "blank", "issued", holder=holder)], fees=[FEE_DUE],
        tenders=[cash(400), bank(600)], total_minor=1000,
    )  # fmt: skip

    assert pairs(issued) == [("cash", "fees", 400), ("tender", "fees", 600)]
    row = "select c.state, c.holder, w.member, w.id from shop.card c join shop.wallet w on w.id = c.wallet"
    assert chain.rows(f"{row} where c.id = %s", blank.id) == [("issued", holder, holder, issued["wallet"])]
    none = {"principal": 0, "bonus": 0, "points": 0, "points_debt": 0}
    assert chain.balances(issued["wallet"]) == none
    event = "select was, now, wallet from ledger.card_event where document = %s"
    assert chain.rows(event, issued["id"]) == [("blank", "issued", issued["wallet"])]


def test_a_supplementary_card_opens_the_wallet_there_is(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, principal=500)
    holder = chain.value("select holder from shop.card where id = %s", card.id)
    second = chain.blank()

    issued = seat.done(
        "card_issue", cards=[move(second, "blank", "issued", holder=holder, wallet=card.wallet)],
        fees=[FEE_DUE], tenders=[cash(1000)], total_minor=1000,
    )  # fmt: skip

    assert issued["wallet"] == card.wallet
    undone = seat.done("reversal", of=issued["id"], reason="mistake", total_minor=1000)
    assert "refused" not in undone, "another card still opens the wallet, so its value is not lost"


def test_two_cards_are_issued_at_twice_the_fee(seat: Seat, chain: SmallChain) -> None:
    cards = [move(chain.blank(), "blank", "issued", holder=chain.member()) for _ in range(2)]
    fee = {**FEE_DUE, "amount_minor": 2000}

    seat.done("card_issue", cards=cards, fees=[fee], tenders=[cash(2000)], total_minor=2000)


def test_a_bearer_card_needs_no_holder(seat: Seat, chain: SmallChain) -> None:
    blank = chain.blank(BEARER)

    seat.done(
        "card_issue", cards=[move(blank, "blank", "issued")], fees=[FEE_DUE], tenders=[cash(1000)],
        total_minor=1000,
    )  # fmt: skip

    assert chain.card_state(blank) == "issued"


def test_an_issued_card_is_activated(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)

    assert chain.card_state(card) == "active"


def test_money_paid_in_lies_in_a_lot_of_its_own_without_expiry(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)

    top_up = seat.done(
        "top_up", wallet=card.wallet, tenders=[cash(25000, given_minor=30000), bank(5000)],
        grants=[bonus(3000)], total_minor=30000,
    )  # fmt: skip

    assert pairs(top_up) == [
        ("cash", "principal", 25000), ("tender", "principal", 5000), ("bonus_granted", "bonus", 3000)
    ]  # fmt: skip
    assert top_up["change_minor"] == 5000
    lots = (
        "select l.kind, l.remaining, l.expires_at is null, (l.expires_at at time zone 'Asia/Shanghai')::date"
        " - (now() at time zone 'Asia/Shanghai')::date from ledger.lot l where l.document = %s order by l.id"
    )
    assert chain.rows(lots, top_up["id"]) == [
        ("principal", 25000, True, None), ("principal", 5000, True, None), ("bonus", 3000, False, 91)
    ]  # fmt: skip


def test_any_store_tops_up_any_card(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    south = chain.open_seat(SOUTH)

    south.done("top_up", wallet=card.wallet, tenders=[cash(500)], total_minor=500)

    assert chain.balances(card.wallet)["principal"] == 500


def test_the_law_caps_what_a_card_may_hold(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, principal=490000)
    over = seat.document("top_up", wallet=card.wallet, tenders=[cash(10001)], total_minor=10001)

    refuse(seat, over, "balance_cap", wallet=card.wallet, cap=500000, would_be=500001)

    seat.done("top_up", wallet=card.wallet, tenders=[cash(10000)], total_minor=10000)


@pytest.mark.parametrize(
    ("paid", "grant", "most"), [(30000, 3001, 3000), (19999, 1, 1999), (400000, 30001, 30000)]
)
def test_no_more_bonus_than_the_rule_gives(
    seat: Seat, chain: SmallChain, paid: int, grant: int, most: int
) -> None:
    card = chain.card(seat)
    body = seat.document(
        "top_up", wallet=card.wallet, tenders=[cash(paid)], grants=[bonus(grant)], total_minor=paid
    )

    refuse(seat, body, "grant_refused", grant="bonus", rule=BONUS, version=1, most=most)


def test_a_top_up_needs_a_wallet_with_an_active_card(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    pay = {"tenders": [cash(500)], "total_minor": 500}
    refuse(seat, seat.document("top_up", **pay), "unknown_wallet", wallet=None)
    refuse(seat, seat.document("top_up", **pay, wallet=999999), "unknown_wallet", wallet=999999)

    for state in ("frozen", "lost", "closed", "issued"):
        body = seat.document("top_up", **pay, wallet=card.wallet)
        with chain.in_state(card, state):
            refuse(seat, body, "card_not_active", wallet=card.wallet, state=state)

    seat.done("top_up", **pay, wallet=card.wallet)


def issue(seat: Seat, **parts: Any) -> dict[str, Any]:
    """A card issue with the fee that is due."""
    whole = {"fees": [FEE_DUE], "tenders": [cash(1000)], "total_minor": 1000}
    return seat.document("card_issue", **{**whole, **parts})


def test_a_card_moves_only_as_its_kind_says(seat: Seat, chain: SmallChain) -> None:
    blank, holder, active = chain.blank(), chain.member(), chain.card(seat)
    archived = chain.member()
    chain.run("update shop.member set archived_at = now() where id = %s", archived)
    owner = chain.value("select holder from shop.card where id = %s", active.id)
    moves: list[dict[str, Any]] = [
        move(blank, "issued", "active", holder=holder),
        move(blank, "blank", "active", holder=holder),
        move(blank, "blank", "issued"),
        move(blank, "blank", "issued", holder=archived),
        move(blank, "blank", "issued", holder=999999),
        move(blank, "blank", "issued", holder=holder, wallet=active.wallet),
        move(active, "active", "issued", holder=owner),
        move(active, "blank", "issued", holder=owner),
        move(Card(999999, ""), "blank", "issued", holder=holder),
    ]
    for wanted in moves:
        refuse(seat, issue(seat, cards=[wanted]), "card_state", card=wanted["card"])
    for wanted in (
        move(blank, "issued", "active"),
        move(active, "active", "frozen"),
        move(active, "issued", "active"),
    ):
        refuse(seat, seat.document("card_activation", cards=[wanted]), "card_state", card=wanted["card"])

    seat.done(**issue(seat, cards=[move(blank, "blank", "issued", holder=holder)]))


def test_the_fee_is_the_one_that_is_due(seat: Seat, chain: SmallChain) -> None:
    cards = [move(chain.blank(), "blank", "issued", holder=chain.member())]
    unpaid = issue(seat, cards=cards, fees=[], tenders=[], total_minor=0)
    refuse(seat, unpaid, "fee_wrong", fee="issue", due=1000)
    for amount in (999, 1001):
        fees = [{**FEE_DUE, "amount_minor": amount}]
        body = issue(seat, cards=cards, fees=fees, tenders=[cash(amount)], total_minor=amount)
        refuse(seat, body, "fee_wrong", fee="issue", due=1000)
    for strange in ({"rule": 999}, {"version": 2}, {"code": "gift"}):
        refuse(seat, issue(seat, cards=cards, fees=[{**FEE_DUE, **strange}]), "fee_wrong", due=0)
    twice = issue(seat, cards=cards, fees=[FEE_DUE, FEE_DUE], tenders=[cash(2000)], total_minor=2000)
    refuse(seat, twice, "fee_wrong", due=1000)
    unbalanced = issue(seat, cards=cards, tenders=[cash(999)])
    refuse(seat, unbalanced, "unbalanced", lines=1000, tendered=999)

    free = issue(seat, cards=cards, fees=[], tenders=[], total_minor=0)
    answer = seat.post(free, seat.approved(free))
    assert "refused" not in answer, "a second person may waive it"


def test_while_a_fee_changes_either_version_is_paid(chain: SmallChain) -> None:
    store = chain.value(
        "insert into shop.unit(parent, kind, code, name) values (1, 'store', 'FEE', '新店') returning id"
    )
    rule = chain.value("insert into shop.rule(family, name) values ('fee', 'x') returning id")
    chain.run(
        "insert into shop.rule_version(rule, version, valid_from, valid_to, stores, amount_minor, body)"
        " select %s, v, now() + case v when 1 then '-9 days' else '-1 minute' end::interval,"
        " case v when 1 then now() - interval '1 minute' end, array[%s::int], 1000 * v,"
        " '{\"kind\": \"card_issue\", \"code\": \"issue\"}' from generate_series(1, 2) v",
        rule, store,
    )  # fmt: skip
    here = chain.open_seat(store, staff=chain.managers[0])

    for version in (1, 2):
        fee = {**FEE_DUE, "rule": rule, "version": version, "amount_minor": 1000 * version}
        cards = [move(chain.blank(), "blank", "issued", holder=chain.member())]
        here.done(
            "card_issue", cards=cards, fees=[fee], tenders=[cash(1000 * version)], total_minor=1000 * version
        )
    old_name = {**FEE_DUE, "rule": rule, "version": 2, "amount_minor": 1000}
    cards = [move(chain.blank(), "blank", "issued", holder=chain.member())]
    refuse(here, issue(here, cards=cards, fees=[old_name]), "fee_wrong", due=2000)
    refuse(here, issue(here, cards=cards, fees=[FEE_DUE | {"rule": FEE}]), "fee_wrong", due=0)


def test_a_card_on_another_persons_wallet_names_whom_it_was_issued_to(seat: Seat, chain: SmallChain) -> None:
    """Whoever stands at the counter is compared with the card's holder, not with the wallet's member."""
    card, other = chain.card(seat), chain.member()

    def told() -> object:
        return seat.call("select api.open_card('number', %s)", bytes.fromhex(card.token))["holder"]

    assert told() is None
    was = chain.value("select holder from shop.card where id = %s", card.id)
    chain.run("update shop.member set name = '李四' where id = %s", other)
    chain.run("update shop.card set holder = %s where id = %s", other, card.id)
    try:
        assert told() == "李四"
    finally:
        chain.run("update shop.card set holder = %s where id = %s", was, card.id)
