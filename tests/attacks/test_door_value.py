"""Value that is not the till's to give: minted, without the card, refunded in cash, of other drawers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.refusals import refuse
from tests.small_chain import (
    BREAD_LINE,
    GOLD,
    NO_PIN,
    PENNY,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    bank,
    cash,
    line,
    points,
    proof,
    stored,
)  # fmt: skip


def spend(seat: Seat, card: Card, amount: int = 350, **parts: Any) -> dict[str, Any]:
    """Pennies worth `amount`, paid by the stored value of a card."""
    whole = {
        "lines": [line(1, PENNY, amount * 1000, 1, amount)], "tenders": [stored(card, amount)],
        "proofs": [proof(card)], "total_minor": amount,
    }  # fmt: skip
    return seat.document("sale", **{**whole, **parts})


def test_a_wallet_is_not_spent_without_its_card(seat: Seat, chain: SmallChain) -> None:
    mine, yours = chain.card(seat, principal=20000), chain.card(seat, principal=20000)
    blank = chain.blank()
    forged: list[list[dict[str, Any]]] = [
        [],
        [proof(yours)],
        [{**proof(yours), "wallet": mine.wallet}],
        [{**proof(mine), "wallet": yours.wallet}],
        [{**proof(mine), "token_kind": "uid"}],
        [{**proof(mine), "token": "00" * 32}],
        [{**proof(mine), "token": ""}],
        [{**proof(blank), "wallet": mine.wallet}],
    ]
    for proofs in forged:
        refuse(seat, spend(seat, mine, proofs=proofs), "card_not_presented", wallet=mine.wallet)

    assert "refused" not in seat.post(spend(seat, mine))


def test_two_wallets_pay_only_with_both_cards(seat: Seat, chain: SmallChain) -> None:
    mine, yours = chain.card(seat, principal=20000), chain.card(seat, principal=20000)
    both = [stored(mine, 100), stored(yours, 250)]
    refuse(seat, spend(seat, mine, tenders=both), "card_not_presented", wallet=yours.wallet)

    assert "refused" not in seat.post(spend(seat, mine, tenders=both, proofs=[proof(mine), proof(yours)]))


@pytest.mark.parametrize(
    "times", ["valid_to = now() - interval '1 s'", "valid_from = now() + interval '1 h'"]
)
def test_a_token_counts_only_in_its_time(seat: Seat, chain: SmallChain, times: str) -> None:
    card = chain.card(seat, principal=20000)
    chain.run(f"update shop.card_token set {times} where card = %s", card.id)
    refuse(seat, spend(seat, card), "card_not_presented", wallet=card.wallet)

    plain = "update shop.card_token set valid_from = now() - interval '1 h', valid_to = null where card = %s"
    chain.run(plain, card.id)
    assert "refused" not in seat.post(spend(seat, card))


@pytest.mark.parametrize("state", ["lost", "frozen", "closed", "issued"])
def test_a_card_that_is_not_active_spends_nothing(seat: Seat, chain: SmallChain, state: str) -> None:
    card = chain.card(seat, principal=20000)
    body = spend(seat, card)
    with chain.in_state(card, state):
        refuse(seat, body, "card_not_active", wallet=card.wallet, state=state)

    assert "refused" not in seat.post(spend(seat, card))


def test_a_lost_card_is_not_helped_by_the_dead_token_of_an_active_one(seat: Seat, chain: SmallChain) -> None:
    """The card that is presented and the card that is active have to be one card."""
    found = chain.card(seat, principal=20000)
    holder = chain.value("select holder from shop.card where id = %s", found.id)
    kept = chain.blank()
    move = {"card": kept.id, "was": "blank", "now": "issued", "holder": holder, "wallet": found.wallet}
    fee = {"code": "issue", "rule": 4, "version": 1, "amount_minor": 1000}
    seat.done("card_issue", cards=[move], fees=[fee], tenders=[cash(1000)], total_minor=1000)
    seat.done("card_activation", cards=[{"card": kept.id, "was": "issued", "now": "active"}])
    kept = Card(kept.id, kept.token, found.wallet)
    chain.run("update shop.card_token set valid_to = now() where card = %s", kept.id)
    both = [proof(found), proof(kept)]

    with chain.in_state(found, "lost"):
        refuse(seat, spend(seat, found, proofs=both), "card_not_active", wallet=found.wallet)
        chain.run("update shop.card_token set valid_to = null where card = %s", kept.id)
        assert "refused" not in seat.post(spend(seat, found, proofs=[proof(kept)]))


def test_a_sale_paid_by_stored_value_is_not_refunded_in_cash(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, principal=20000)
    sale = seat.post(spend(seat, card))
    back: dict[str, Any] = {
        "of": sale["id"], "reason": "broken", "lines": [{"n": 1, "of": 1, "qty_milli": 350_000}],
        "total_minor": 350,
    }  # fmt: skip

    for wish in ({"tenders": [cash(350)]}, {"grants": [points(3)]}, {"proofs": [proof(card)]}):
        body = seat.document("return", **back, **wish)
        refuse(seat, body, "section_not_allowed", section=next(iter(wish)))
    with_price = seat.document("return", **back)
    with_price["lines"] = [{**with_price["lines"][0], "total_minor": 99999}]
    refuse(seat, with_price, "unknown_key", section="lines", key="total_minor")

    in_drawer = chain.drawer_cash(seat)
    seat.done("return", **back)
    assert chain.drawer_cash(seat) == in_drawer
    assert chain.balances(card.wallet)["principal"] == 20000


def test_points_are_not_minted(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    sale = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350, "wallet": card.wallet}

    body = seat.document("sale", **sale, grants=[points(1_000_000)])
    refuse(seat, body, "grant_refused", most=3)
    body = seat.document("sale", **sale, corrections=[{"account": "points", "amount": 100}])
    refuse(seat, body, "section_not_allowed", section="corrections")
    body = seat.document(
        "top_up", wallet=card.wallet, tenders=[cash(350)], grants=[points(3)], total_minor=350
    )
    refuse(seat, body, "grant_refused", grant="points")
    body = seat.document("card_activation", cards=[{"card": card.id, "was": "active", "now": "active"}],
                         grants=[points(3)])  # fmt: skip
    refuse(seat, body, "section_not_allowed", section="grants")

    seat.done("sale", **sale, grants=[points(3)])
    assert chain.balances(card.wallet)["points"] == 3


def test_money_on_a_card_comes_only_from_a_tender(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    refuse(seat, seat.document("top_up", wallet=card.wallet, total_minor=100), "empty_document")
    body = seat.document("top_up", wallet=card.wallet, tenders=[cash(100)], total_minor=99999)
    refuse(seat, body, "total_differs", total=100)
    body = seat.document("top_up", wallet=card.wallet, tenders=[bank(100, "")], total_minor=100)
    refuse(seat, body, "reference_missing")
    body = seat.document("top_up", wallet=card.wallet, tenders=[stored(card, 100)], total_minor=100)
    refuse(seat, body, "insufficient")


def test_no_key_names_another_drawer_or_store(seat: Seat, chain: SmallChain) -> None:
    victim = chain.open_seat(SOUTH)
    theirs = chain.drawer_cash(victim)
    sale = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350}

    for key, value in (("drawer", victim.drawer), ("store", victim.store), ("terminal", victim.terminal)):
        body = seat.document("sale", **sale, **{key: value})
        refuse(seat, body, "unknown_key", section="header", key=key)
    body = seat.document("sale", **{**sale, "tenders": [{**cash(350), "drawer": victim.drawer}]})
    refuse(seat, body, "unknown_key", section="tenders", key="drawer")
    refuse(seat, seat.document("sale", **sale, shift=victim.shift), "shift_closed", shift=victim.shift)
    body = seat.document("shift_close", shift=victim.shift, counted_minor=0)
    refuse(seat, body, "shift_closed", shift=victim.shift)
    postings = [{"debit": "cash", "credit": "revenue", "amount": 1}]
    body = seat.document("sale", **sale, postings=postings)
    refuse(seat, body, "unknown_key", section="header", key="postings")

    assert chain.drawer_cash(victim) == theirs


def test_a_wallet_is_paid_from_in_parts_below_the_floor_only_once(seat: Seat, chain: SmallChain) -> None:
    """Else a floor of 100.00 would be passed by paying 90.00 again and again within one sale."""
    card = chain.card(seat, tier=GOLD, principal=50000)
    parts = [stored(card, 9000), {**stored(card, 9000), "reference": "second"}]
    refuse(seat, spend(seat, card, 18000, tenders=parts), "arithmetic", section="tenders")

    with chain.policy(**NO_PIN):
        assert "refused" not in seat.post(spend(seat, card, 18000))
