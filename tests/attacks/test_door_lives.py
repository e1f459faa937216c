"""What a last day, a resting membership, a merge and a dead card mean for every kind that they are about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.attacks.test_door_card_types import active, bread
from tests.card_types import card_type, issue
from tests.lives import YEARLY, accepted, aged_type, fee, holder, issued, life, membership, replacing
from tests.refusals import refuse
from tests.repositories.test_post_moving import by_two, merge, settle, transfer
from tests.small_chain import BREAD_LINE, FEE_DUE, REGISTERED, Card, Seat, SmallChain, cash, move


@pytest.fixture
def desk(chain: SmallChain) -> Seat:
    """A seat with an open shift at which a manager sits."""
    return chain.open_seat(staff=chain.managers[1])


def put(desk: Seat, card: Card, card_type: int) -> None:
    rows = [move(card, "active", "active", type=card_type)]
    accepted(desk, life(desk, "card_type_change", card, "active", "active", cards=rows))


@contextmanager
def past(chain: SmallChain, card: Card) -> Iterator[None]:
    """A card is past its last day for a while."""
    there = chain.value("select valid_to from shop.card where id = %s", card.id)
    chain.run("update shop.card set valid_to = current_date - 9 where id = %s", card.id)
    try:
        yield
    finally:
        chain.run("update shop.card set valid_to = %s where id = %s", there, card.id)


@pytest.mark.parametrize("written", [False, True])
def test_a_card_past_its_last_day_neither_gives_nor_takes_nor_is_paid_back(
    desk: Seat, chain: SmallChain, written: bool
) -> None:
    """Whether or not somebody wrote down that it expired; the day before all of it is done."""
    card, other = chain.card(desk, principal=1000), chain.card(desk, principal=1000)
    put(desk, card, YEARLY)
    accepted(desk, transfer(desk, card, other, 100))
    accepted(desk, transfer(desk, other, card, 200))
    with past(chain, card):
        if written:
            accepted(desk, life(desk, "card_expiry", card, "active", "expired"))
        gone: dict[str, Any] = {"wallet": card.wallet, "state": "expired"}
        refuse(desk, transfer(desk, card, other, 100), "card_not_active", **gone)
        refuse(desk, transfer(desk, other, card, 100), "transfer_refused", why="no_card")
        refuse(desk, settle(desk, card, 1100), "card_not_active", **gone)
    if written:
        accepted(desk, life(desk, "card_renewal", card, "expired", "active"))
    accepted(desk, settle(desk, card, 1100))


def test_change_is_not_kept_on_a_card_past_its_last_day(desk: Seat, chain: SmallChain) -> None:
    card = chain.card(desk)
    put(desk, card, YEARLY)
    body = desk.document(
        "sale", wallet=card.wallet, lines=[BREAD_LINE], tenders=[cash(350, given_minor=400, kept_minor=50)],
        total_minor=350,
    )  # fmt: skip
    with chain.policy(keep_change_max_minor=100):
        with past(chain, card):
            refuse(desk, body, "card_not_active", wallet=card.wallet)
        accepted(desk, body)


@pytest.mark.parametrize(
    ("kind", "state"), [("member_freeze", "frozen"), ("member_cancellation", "cancelled")]
)
def test_a_membership_that_rests_renews_changes_restores_and_transfers_nothing(
    desk: Seat, chain: SmallChain, kind: str, state: str
) -> None:
    card, other, gone = chain.card(desk, principal=1000), chain.card(desk, principal=1000), chain.card(desk)
    put(desk, card, YEARLY)
    owner = holder(chain, card)
    chain.run("update shop.card set holder = %s where id = %s", owner, gone.id)
    accepted(desk, life(desk, "card_cancellation", gone, "active", "closed"))
    bodies: list[dict[str, Any]] = [
        life(desk, "card_renewal", card, "active", "active"),
        life(desk, "card_type_change", card, "active", "active",
             cards=[move(card, "active", "active", type=REGISTERED)]),
        life(desk, "card_restore", gone, "closed", "active"),
        replacing(desk, card, chain.blank(YEARLY)),
        transfer(desk, card, other, 100),
        transfer(desk, other, card, 100),
    ]  # fmt: skip
    accepted(desk, membership(desk, kind, owner, "active", state))
    for body in bodies:
        refuse(desk, body, "member_not_active", state=state)
    back = "member_unfreeze" if state == "frozen" else "member_restore"
    accepted(desk, membership(desk, back, owner, state, "active"))
    for body in (bodies[0], bodies[2], bodies[4], bodies[5]):
        accepted(desk, body)


def test_a_frozen_membership_is_neither_paid_back_nor_merged_away_by_any_two(
    desk: Seat, chain: SmallChain
) -> None:
    """Signed by a second person it is refused as well; lifted, the same bodies go. One cancelled is paid."""
    card, other = chain.card(desk, principal=1000), chain.card(desk, principal=500)
    owner = holder(chain, card)
    bodies = [settle(desk, card, 1000), merge(chain, desk, card, other), merge(chain, desk, other, card)]
    accepted(desk, membership(desk, "member_freeze", owner, "active", "frozen"))
    for body in bodies:
        refuse(desk, body, "membership_rests", desk.approved(body), state="frozen")
    accepted(desk, membership(desk, "member_cancellation", owner, "frozen", "cancelled"))
    for body in bodies[1:]:
        refuse(desk, body, "membership_rests", desk.approved(body), state="cancelled")
    paid = accepted(desk, settle(desk, card, 1000))
    desk.done("reversal", of=paid["id"], reason="mistake", total_minor=1000)
    accepted(desk, membership(desk, "member_restore", owner, "cancelled", "active"))
    body = merge(chain, desk, card, other)
    merged = by_two(desk, body)
    undo = desk.document("reversal", of=merged["id"], reason="two people", total_minor=0)
    stayed = holder(chain, other)
    accepted(desk, membership(desk, "member_freeze", stayed, "active", "frozen"))
    refuse(desk, undo, "membership_rests", desk.approved(undo), state="frozen")
    accepted(desk, membership(desk, "member_unfreeze", stayed, "frozen", "active"))
    by_two(desk, undo)
    assert chain.balances(card.wallet)["principal"] == 1000


def test_the_card_of_who_is_frozen_pays_nobodys_wallet_out(desk: Seat, chain: SmallChain) -> None:
    child = chain.member()
    main = active(desk, card_type(chain, "personal"), member=chain.member(), principal=5000)
    second = active(desk, card_type(chain, "supplementary"), member=child, wallet=main.wallet)
    accepted(desk, membership(desk, "member_freeze", child, "active", "frozen"))
    refuse(desk, settle(desk, second, 5000), "membership_rests", state="frozen")
    accepted(desk, settle(desk, main, 5000))


def test_who_rests_draws_on_nobodys_wallet(desk: Seat, chain: SmallChain) -> None:
    """The card of a child, whose membership is frozen, on a wallet of the parent, whose is not."""
    child = chain.member()
    main = active(desk, card_type(chain, "personal"), member=chain.member(), principal=5000)
    second = active(desk, card_type(chain, "supplementary"), member=child, wallet=main.wallet)
    accepted(desk, bread(desk, second))
    accepted(desk, membership(desk, "member_freeze", child, "active", "frozen"))
    refuse(desk, bread(desk, second), "member_not_active", state="frozen")
    accepted(desk, bread(desk, main))
    accepted(desk, membership(desk, "member_unfreeze", child, "frozen", "active"))
    accepted(desk, bread(desk, second))


def test_no_card_is_issued_onto_the_wallet_of_who_rests(desk: Seat, chain: SmallChain) -> None:
    parent, child = chain.member(), chain.member()
    main = active(desk, card_type(chain, "personal"), member=parent)
    blank = chain.blank(card_type(chain, "supplementary"))
    body = issue(desk, blank, FEE_DUE, holder=child, wallet=main.wallet)
    accepted(desk, membership(desk, "member_freeze", parent, "active", "frozen"))
    refuse(desk, body, "member_not_active", state="frozen")
    accepted(desk, membership(desk, "member_unfreeze", parent, "frozen", "active"))
    by_two(desk, body)


def test_a_card_past_its_last_day_is_renewed_and_not_activated_anew(desk: Seat, chain: SmallChain) -> None:
    """An activation that was taken back leaves an issued card, whose last day another type has set."""
    blank = chain.blank()
    made = accepted(desk, issue(desk, blank, FEE_DUE, holder=chain.member()))
    card = Card(blank.id, blank.token, made["wallet"])
    begun = accepted(desk, life(desk, "card_activation", card, "issued", "active"))
    put(desk, card, YEARLY)
    desk.done("reversal", of=begun["id"], reason="mistake", total_minor=0)
    again = life(desk, "card_activation", card, "issued", "active")
    with past(chain, card):
        refuse(desk, again, "card_state", card=card.id, was="issued", state="expired")
    accepted(desk, again)


def test_a_fee_that_was_paid_is_not_asked_again_of_merged_members(desk: Seat, chain: SmallChain) -> None:
    aged, rule = aged_type(chain)
    goes = issued(desk, chain.member(), aged, (fee(rule, "annual", 3000),))
    stays = chain.card(desk)
    chain.run("update shop.card set issued_on = issued_on - interval '2 years' where id = %s", goes.id)
    year = chain.value("select extract(year from current_date)::int - 1")

    def due() -> list[int]:
        asked = "select year from ledger.annual_due(2, now(), now(), ledger.day_here(2), %s) order by year"
        return [each for (each,) in chain.rows(asked, goes.id)]

    assert due() == [year]
    row = fee(rule, "annual", 3000, card=goes.id, year=year)
    desk.done("annual_fee", fees=[row], tenders=[cash(3000)], total_minor=3000)
    assert due() == []
    body = merge(chain, desk, goes, stays)
    done = desk.post(body, desk.approved(body))
    assert "refused" not in done, done
    assert due() == []
    again = desk.document("annual_fee", fees=[row], tenders=[cash(3000)], total_minor=3000)
    refuse(desk, again, "fee_wrong", due=0)
    chain.run("update shop.card set issued_on = issued_on - interval '1 year' where id = %s", goes.id)
    assert due() == [year - 1], "the control: a year that nobody paid"


def test_a_dead_card_caps_nothing(desk: Seat, chain: SmallChain) -> None:
    """The heir of a card with a small cap becomes another type: what counts is the type of the living one."""
    small = card_type(chain, "personal", balance_max_minor=30000)
    old = active(desk, small, member=chain.member(), principal=30000)
    more = desk.document("top_up", wallet=old.wallet, tenders=[cash(10000)], total_minor=10000)
    refuse(desk, more, "balance_cap", cap=30000)
    blank = chain.blank(small)
    accepted(desk, replacing(desk, old, blank))
    refuse(desk, more, "balance_cap", cap=30000)
    put(desk, Card(blank.id, blank.token, old.wallet), REGISTERED)
    accepted(desk, more)
    assert chain.rows("select * from ledger.verify()") == []
