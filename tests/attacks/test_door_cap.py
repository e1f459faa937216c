"""Ways past the cap and past identity: goods that come back, change that is kept, papers of companies."""

from __future__ import annotations

import hashlib
from typing import Any

from tests.attacks.test_door_law import card_of
from tests.lives import accepted, life, seen
from tests.refusals import refuse
from tests.repositories.test_post_moving import by_two, settle, transfer
from tests.small_chain import (
    BEARER,
    NO_PIN,
    PENNY,
    REGISTERED,
    Card,
    Seat,
    SmallChain,
    bank,
    cash,
    line,
    proof,
    stored,  # fmt: skip
)

CAP = 500_000


def fill(seat: Seat, card: Card, amount: int) -> None:
    seat.done("top_up", wallet=card.wallet, tenders=[bank(amount)], total_minor=amount)


def sold(seat: Seat, card: Card, amount: int) -> dict[str, Any]:
    return seat.done(
        "sale", lines=[line(1, PENNY, amount * 1000, 1, amount)], tenders=[stored(card, amount)],
        proofs=[proof(card)], total_minor=amount,
    )  # fmt: skip


def back(seat: Seat, sale: dict[str, Any], amount: int) -> dict[str, Any]:
    rows = [{"n": 1, "of": 1, "qty_milli": amount * 1000}]
    return seat.document("return", of=sale["id"], reason="broken", lines=rows, total_minor=amount)


def test_goods_that_come_back_do_not_lift_a_card_above_the_cap(seat: Seat, chain: SmallChain) -> None:
    card, other = chain.card(seat, principal=400_000), chain.card(seat)
    with chain.policy(**NO_PIN):
        sale = sold(seat, card, 40_000)
        fill(seat, card, CAP - 360_000)
        refuse(seat, back(seat, sale, 1), "refund_over_cap", cap=CAP, would_be=CAP + 1, rule="registered_cap")
        for pieces in (40_000, 39_999):
            refuse(seat, back(seat, sale, pieces), "refund_over_cap", would_be=CAP + pieces)
        accepted(seat, transfer(seat, card, other, 30_000))
        refuse(seat, back(seat, sale, 30_001), "refund_over_cap", would_be=CAP + 1)
        accepted(seat, back(seat, sale, 30_000))
    assert chain.balances(card.wallet)["principal"] == CAP
    assert chain.rows("select * from ledger.verify()") == []


def test_a_bearer_card_has_the_lower_cap_and_an_exchange_counts_what_is_left_of_it(
    seat: Seat, chain: SmallChain
) -> None:
    card = card_of(seat, chain, None, BEARER)
    with chain.policy(**NO_PIN):
        fill(seat, card, 90_000)
        sale = sold(seat, card, 10_000)
        fill(seat, card, 20_000)
        refuse(seat, back(seat, sale, 1), "refund_over_cap", cap=100_000, rule="bearer_cap")
        backs = [{"n": 1, "of": 1, "qty_milli": 10_000_000, "total_minor": 10_000}]
        body = {"of": sale["id"], "reason": "other size", "backs": backs}
        less = line(1, PENNY, 9_999_000, 1, 9_999)
        refuse(seat, seat.document("exchange", **body, lines=[less], total_minor=9_999), "refund_over_cap")
        even = line(1, PENNY, 10_000_000, 1, 10_000)
        accepted(seat, seat.document("exchange", **body, lines=[even], total_minor=10_000))


def test_change_is_not_kept_on_a_card_of_somebody_whose_paper_nobody_saw(
    seat: Seat, chain: SmallChain
) -> None:
    card = card_of(seat, chain, chain.member(unknown=True), REGISTERED)
    body = seat.document(
        "sale", lines=[line(1, PENNY, 960_000, 1, 960)], total_minor=960, wallet=card.wallet,
        tenders=[cash(960, given_minor=1000, kept_minor=40)],
    )  # fmt: skip
    refuse(seat, body, "identity_needed", rule="identity_registered", wallet=card.wallet)
    bearer = card_of(seat, chain, None, BEARER)
    accepted(seat, {**body, "wallet": bearer.wallet})


def test_a_company_is_known_by_its_licence_and_a_person_by_none(seat: Seat, chain: SmallChain) -> None:
    number = hashlib.sha256(b"91350100M000100Y43").digest()
    company, person = chain.member(kind="company"), chain.member()
    chain.run("update shop.member set id_no_index = %s where id = any (%s)", number, [company])
    theirs, ours = card_of(seat, chain, company, REGISTERED), card_of(seat, chain, person, REGISTERED)

    def lost(card: Card, row: dict[str, Any]) -> dict[str, Any]:
        return life(seat, "card_lost", card, "active", "lost", identity=[row])

    match = {"match": number.hex()}
    refuse(seat, lost(theirs, seen(company, "id_card", **match)), "identity_differs")
    refuse(seat, lost(ours, seen(person, "business_licence")), "identity_differs")
    wrong = {"match": hashlib.sha256(b"91110108551385082Q").hexdigest()}
    refuse(seat, lost(theirs, seen(company, "business_licence", **wrong)), "identity_differs")
    accepted(seat, lost(theirs, seen(company, "business_licence", **match)))
    accepted(seat, lost(ours, seen(person)))


def test_money_on_a_registered_card_outlives_its_last_day(seat: Seat, chain: SmallChain) -> None:
    """Article 19: what ended is the plastic. The money is moved or paid back without a renewal."""
    card, other = chain.card(seat, principal=9_000), chain.card(seat)
    chain.run("update shop.card set type = 3, valid_to = current_date - 9 where id = %s", card.id)
    for state in ("active", "expired"):
        chain.run("update shop.card set state = %s where id = %s", state, card.id)
        shown = seat.document(
            "sale", lines=[line(1, PENNY, 100_000, 1, 100)], tenders=[stored(card, 100)],
            proofs=[proof(card)], total_minor=100,
        )  # fmt: skip
        refuse(seat, shown, "card_not_active", wallet=card.wallet)
        by_two(seat, transfer(seat, card, other, 1_000))
    by_two(seat, settle(seat, card, 7_000))
    chain.run("update shop.card set type = 1, valid_to = null, state = 'active' where id = %s", card.id)
    assert chain.balances(card.wallet)["principal"] == 0
    assert chain.balances(other.wallet)["principal"] == 2_000
