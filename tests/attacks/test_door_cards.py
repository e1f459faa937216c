"""The life of cards at the door: no move, no right, no reason, no paper, somebody else's wallet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.card_types import card_type
from tests.lives import (
    ALLOWED,
    ID_NUMBER,
    INVITED,
    REASON,
    YEARLY,
    accepted,
    holder,
    life,
    membership,
    replacing,
    seen,
)  # fmt: skip
from tests.refusals import refuse
from tests.small_chain import (
    BEARER,
    BREAD_LINE,
    FEE_DUE,
    REGISTERED,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    cash,
    move,
    points,
    proof,
    stored,
)  # fmt: skip

ONE_CARD = sorted(set(ALLOWED) - {"card_issue", "card_activation", "card_replacement"})


@pytest.fixture
def desk(chain: SmallChain) -> Seat:
    """A seat with an open shift at which a manager sits."""
    return chain.open_seat(staff=chain.managers[1])


def put(chain: SmallChain, card: Card, state: str) -> None:
    """A card in a state, whatever its story."""
    wallet = None if state in {"blank", "void"} else card.wallet
    chain.run("update shop.card set state = %s, wallet = %s where id = %s", state, wallet, card.id)


@pytest.mark.parametrize("kind", sorted(REASON - {"card_rejection", "card_withdrawal"}))
def test_a_move_that_wants_a_reason_has_one(desk: Seat, chain: SmallChain, kind: str) -> None:
    card = chain.card(desk)
    if kind.startswith("member"):
        body = membership(desk, kind, holder(chain, card), "active", "frozen")
    else:
        was, now = min(ALLOWED[kind])
        body = life(desk, kind, card, was, now)
    del body["reason"]
    refuse(desk, body, "reason_missing")


def test_who_may_not_does_not(chain: SmallChain) -> None:
    seat = chain.open_seat()
    trainee = chain.open_seat(staff=chain.person("trainee", 2))
    card = chain.card(seat)
    owner = holder(chain, card)
    for kind, was, now, permission in (
        ("card_unfreeze", "frozen", "active", "card_unfreeze"),
        ("card_cancellation", "active", "closed", "card_cancel"),
        ("card_restore", "closed", "active", "card_restore"),
    ):
        refuse(seat, life(seat, kind, card, was, now), "not_permitted", permission=permission)
    for kind in ("member_freeze", "member_cancellation"):
        now = "frozen" if kind == "member_freeze" else "cancelled"
        body = membership(trainee, kind, owner, "active", now)
        refuse(trainee, body, "not_permitted", permission="member_state")
    refuse(
        trainee, life(trainee, "card_lost", card, "active", "lost"), "not_permitted", permission="card_lost"
    )
    accepted(seat, life(seat, "card_lost", card, "active", "lost"))


@pytest.mark.parametrize("state", ["lost", "frozen"])
def test_lost_here_is_refused_there_from_that_moment(seat: Seat, chain: SmallChain, state: str) -> None:
    card = chain.card(seat, principal=5000)
    south = chain.open_seat(SOUTH)
    spend: dict[str, Any] = {
        "lines": [{**BREAD_LINE, "price_minor": 300, "value_minor": 300, "total_minor": 300}],
        "tenders": [stored(card, 300)], "proofs": [proof(card)], "total_minor": 300,
    }  # fmt: skip
    accepted(south, south.document("sale", **spend))
    accepted(seat, life(seat, "card_lost" if state == "lost" else "card_freeze", card, "active", state))

    refuse(south, south.document("sale", **spend), "card_not_active", wallet=card.wallet, state=state)
    top_up = south.document("top_up", wallet=card.wallet, tenders=[cash(500)], total_minor=500)
    refuse(south, top_up, "card_not_active", wallet=card.wallet, state=state)


def test_a_found_card_is_what_it_was_before(desk: Seat, chain: SmallChain) -> None:
    card = chain.card(desk)
    accepted(desk, life(desk, "card_freeze", card, "active", "frozen"))
    accepted(desk, life(desk, "card_lost", card, "frozen", "lost"))
    for now in ("active", "issued"):
        body = life(desk, "card_found", card, "lost", now)
        refuse(desk, body, "card_state", card=card.id, due="frozen")
    accepted(desk, life(desk, "card_found", card, "lost", "frozen"))
    accepted(desk, life(desk, "card_unfreeze", card, "frozen", "active"))


def test_a_card_that_never_was_active_is_not_made_so_by_losing_it(desk: Seat, chain: SmallChain) -> None:
    blank = chain.blank()
    issued = desk.done(
        "card_issue", cards=[move(blank, "blank", "issued", holder=chain.member())], fees=[FEE_DUE],
        tenders=[cash(1000)], total_minor=1000,
    )  # fmt: skip
    card = Card(blank.id, blank.token, issued["wallet"])
    accepted(desk, life(desk, "card_lost", card, "issued", "lost"))
    refuse(desk, life(desk, "card_found", card, "lost", "active"), "card_state", due="issued")
    accepted(desk, life(desk, "card_cancellation", card, "lost", "closed"))
    refuse(desk, life(desk, "card_restore", card, "closed", "active"), "card_state", due="lost")
    accepted(desk, life(desk, "card_restore", card, "closed", "lost"))


def test_a_bearer_card_is_not_reported_lost(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    chain.run("update shop.card set type = %s where id = %s", BEARER, card.id)
    refuse(seat, life(seat, "card_lost", card, "active", "lost"), "bearer_card")
    chain.run("update shop.card set type = %s where id = %s", REGISTERED, card.id)
    accepted(seat, life(seat, "card_lost", card, "active", "lost"))


def test_a_replacement_takes_over_all_and_leaves_the_old_number_dead(seat: Seat, chain: SmallChain) -> None:
    old, new = chain.card(seat, principal=20000, bonus=2000), chain.blank()
    chain.give_points(seat, old, 40)
    before = chain.balances(old.wallet)
    accepted(seat, life(seat, "card_lost", old, "active", "lost"))
    accepted(seat, replacing(seat, old, new, "lost"))

    assert chain.balances(old.wallet) == before
    assert (chain.card_state(old), chain.card_state(new)) == ("replaced", "active")
    assert chain.value("select replaced_by from shop.card where id = %s", old.id) == new.id
    sale = {"lines": [BREAD_LINE], "tenders": [stored(old, 350)], "total_minor": 350}
    dead = seat.document("sale", **sale, proofs=[proof(old)])
    refuse(seat, dead, "card_not_active", wallet=old.wallet, state="replaced")
    seat.done("sale", **sale, proofs=[{**proof(new), "wallet": old.wallet}])
    again = replacing(seat, old, chain.blank(), "lost")
    refuse(seat, again, "card_state", card=old.id, state="replaced")


def test_a_replacement_takes_no_other_wallet_holder_or_type(seat: Seat, chain: SmallChain) -> None:
    mine, yours, new = chain.card(seat), chain.card(seat, principal=9000), chain.blank()
    owner, other = holder(chain, mine), holder(chain, yours)
    old = move(mine, "active", "replaced")
    for fresh in (
        move(new, "blank", "active", holder=owner, wallet=yours.wallet),
        move(new, "blank", "active", holder=other, wallet=yours.wallet),
        move(new, "blank", "active", holder=other, wallet=mine.wallet),
        move(new, "blank", "active", holder=owner),
        move(new, "blank", "active", wallet=mine.wallet),
        move(new, "blank", "issued", holder=owner, wallet=mine.wallet),
        move(chain.blank(BEARER), "blank", "active", holder=owner, wallet=mine.wallet),
    ):
        both = [seen(owner), seen(other)] if fresh.get("holder") == other else [seen(owner)]
        body = replacing(seat, mine, new, cards=[old, fresh], identity=both)
        refuse(seat, body, "replacement_wrong")
    good = move(new, "blank", "active", holder=owner, wallet=mine.wallet)
    third = move(chain.blank(), "blank", "active", holder=owner, wallet=mine.wallet)
    for rows in ([old], [good], [old, good, third]):
        refuse(seat, replacing(seat, mine, new, cards=rows), "replacement_wrong")
    accepted(seat, replacing(seat, mine, new))


def test_a_replacement_is_taken_back_whole(seat: Seat, chain: SmallChain) -> None:
    old, new = chain.card(seat, principal=20000), chain.blank()
    done = accepted(seat, replacing(seat, old, new))
    seat.done("reversal", of=done["id"], reason="wrong card", total_minor=0)

    assert (chain.card_state(old), chain.card_state(new)) == ("active", "blank")
    row = chain.rows("select replaced_by from shop.card where id = %s", old.id)
    assert row == [(None,)]
    assert chain.rows("select * from ledger.verify()") == []


def test_the_last_card_is_not_cancelled_while_its_wallet_holds_something(
    desk: Seat, chain: SmallChain
) -> None:
    card = chain.card(desk, principal=20000)
    body = life(desk, "card_cancellation", card, "active", "closed")
    refuse(desk, body, "wallet_not_empty", account="principal", balance=20000)
    second = chain.blank()
    desk.done(
        "card_issue", cards=[move(second, "blank", "issued", holder=holder(chain, card), wallet=card.wallet)],
        fees=[FEE_DUE], tenders=[cash(1000)], total_minor=1000,
    )  # fmt: skip
    accepted(desk, life(desk, "card_cancellation", card, "active", "closed"))
    other = Card(second.id, second.token, card.wallet)
    refuse(desk, life(desk, "card_cancellation", other, "issued", "closed"), "wallet_not_empty")
    accepted(desk, life(desk, "card_restore", card, "closed", "active"))


def test_who_asks_shows_a_paper(desk: Seat, chain: SmallChain) -> None:
    card, stranger = chain.card(desk), chain.card(desk)
    owner, other = holder(chain, card), holder(chain, stranger)
    chain.run("update shop.member set id_no_index = %s where id = %s", ID_NUMBER, owner)
    new = chain.blank()
    without = replacing(desk, card, new)
    del without["identity"]
    refuse(desk, without, "identity_missing")
    for rows in (
        [seen(other)],
        [seen(owner), seen(other)],
        [seen(owner, "library_card")],
        [seen(owner, match="00" * 32)],
        [seen(owner, match="zz")],
        [seen(owner), seen(owner, "passport")],
    ):
        refuse(desk, replacing(desk, card, new, identity=rows), "identity_differs")
    done = accepted(desk, replacing(desk, card, new, identity=[seen(owner, match=ID_NUMBER.hex())]))
    check = "select member, paper, matched, staff from ledger.identity_check where document = %s"
    assert chain.rows(check, done["id"]) == [(owner, "id_card", True, desk.staff)]
    chain.run("update shop.member set id_no_index = null where id = %s", owner)


def test_a_card_past_its_last_day_is_expired_and_renewed_by_terms(desk: Seat, chain: SmallChain) -> None:
    card = chain.card(desk, principal=5000)
    early = life(desk, "card_renewal", card, "active", "active")
    refuse(desk, early, "card_not_due")
    chain.run("update shop.card set type = %s, valid_to = current_date - 9 where id = %s", YEARLY, card.id)
    spend = {
        "lines": [BREAD_LINE],
        "tenders": [stored(card, 350)],
        "proofs": [proof(card)],
        "total_minor": 350,
    }
    refuse(desk, desk.document("sale", **spend), "card_not_active", state="expired")
    accepted(desk, life(desk, "card_expiry", card, "active", "expired"))
    refuse(desk, desk.document("sale", **spend), "card_not_active", state="expired")
    refuse(desk, life(desk, "card_renewal", card, "expired", "issued"), "card_state", due="active")
    renewed = accepted(desk, life(desk, "card_renewal", card, "expired", "active"))
    days = chain.value("select valid_to - current_date from shop.card where id = %s", card.id)
    assert 360 <= days <= 367
    assert renewed["terms"][0]["valid_to"] > renewed["business_date"], "the slip says until when"
    desk.done("sale", **spend)
    refuse(desk, life(desk, "card_expiry", card, "active", "expired"), "card_not_due")
    desk.done("reversal", of=renewed["id"], reason="mistake", total_minor=0)
    assert chain.card_state(card) == "expired"
    accepted(desk, life(desk, "card_renewal", card, "expired", "active"))


def test_another_type_fits_what_the_wallet_holds(desk: Seat, chain: SmallChain) -> None:
    card = chain.card(desk, principal=400000)
    for kind_of in (REGISTERED, BEARER, INVITED, 999):
        rows = [move(card, "active", "active", type=kind_of)]
        refuse(
            desk, life(desk, "card_type_change", card, "active", "active", cards=rows), "type_change_wrong"
        )
    refuse(desk, life(desk, "card_type_change", card, "active", "active"), "type_change_wrong")
    rows = [move(card, "active", "active", type=YEARLY)]
    refuse(
        desk,
        life(desk, "card_lost", card, "active", "lost", cards=[{**rows[0], "now": "lost"}]),
        "card_state",
    )
    done = accepted(desk, life(desk, "card_type_change", card, "active", "active", cards=rows))
    terms = "select type, valid_to is not null from shop.card where id = %s"
    assert chain.rows(terms, card.id) == [(YEARLY, True)], "a term begins with a type that has one"
    back = desk.done("reversal", of=done["id"], reason="mistake", total_minor=0)
    assert chain.rows(terms, card.id) == [(REGISTERED, False)]
    assert back["terms"][0]["was_type"] == done["terms"][0]["type"]


def test_a_card_of_a_type_without_a_term_does_not_end(desk: Seat, chain: SmallChain) -> None:
    card = chain.card(desk)
    there = [move(card, "active", "active", type=YEARLY)]
    accepted(desk, life(desk, "card_type_change", card, "active", "active", cards=there))
    ends = chain.value("select valid_to from shop.card where id = %s", card.id)
    back = [move(card, "active", "active", type=REGISTERED)]
    done = accepted(desk, life(desk, "card_type_change", card, "active", "active", cards=back))
    last = "select valid_to from shop.card where id = %s"
    assert chain.value(last, card.id) is None, "nothing could renew it"
    desk.done("reversal", of=done["id"], reason="mistake", total_minor=0)
    assert chain.value(last, card.id) == ends
    assert chain.rows("select * from ledger.verify()") == []


def test_another_type_is_held_in_the_same_way_and_applied_for_where_it_has_to_be(
    desk: Seat, chain: SmallChain
) -> None:
    card = chain.card(desk)
    owner = holder(chain, card)

    def change(kind_of: int) -> dict[str, Any]:
        rows = [move(card, "active", "active", type=kind_of)]
        return life(desk, "card_type_change", card, "active", "active", cards=rows)

    def offered() -> set[int]:
        page = desk.ask("card_life", "number", bytes.fromhex(card.token))
        return {each["id"] for each in page["types"]}

    linked, personal = card_type(chain, "supplementary"), card_type(chain, "personal")
    refuse(desk, change(linked), "type_change_wrong", why="registered")
    refuse(desk, change(INVITED), "type_change_wrong", why="application")
    assert offered() & {linked, personal, INVITED} == {personal}
    asked = {"was": "new", "now": "applied", "type": INVITED, "holder": owner, "papers": "ID card"}
    accepted(desk, desk.document("card_application", applications=[asked], identity=[seen(owner)]))
    refuse(desk, change(INVITED), "type_change_wrong", why="application")
    known = chain.value("select max(id) from shop.card_application where member = %s", owner)
    other = chain.seat(staff=chain.managers[0])
    decided = [{"application": known, "was": "applied", "now": "approved"}]
    accepted(other, other.document("card_approval", applications=decided))
    assert INVITED in offered()
    done = accepted(desk, change(INVITED))
    state = "select state from shop.card_application where id = %s"
    assert chain.value(state, known) == "issued", "one application, one card"
    desk.done("reversal", of=done["id"], reason="mistake", total_minor=0)
    assert chain.value(state, known) == "approved"
    accepted(desk, change(personal))
    assert chain.rows("select * from ledger.verify()") == []


def test_a_membership_that_rests_earns_spends_and_receives_nothing(desk: Seat, chain: SmallChain) -> None:
    card = chain.card(desk, principal=5000)
    owner = holder(chain, card)
    spend = {
        "lines": [BREAD_LINE],
        "tenders": [stored(card, 350)],
        "proofs": [proof(card)],
        "total_minor": 350,
    }
    earn = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350, "wallet": card.wallet}
    top_up = {"wallet": card.wallet, "tenders": [cash(500)], "total_minor": 500}
    new = {"cards": [move(chain.blank(), "blank", "issued", holder=owner)], "fees": [FEE_DUE]}
    refuse(desk, membership(desk, "member_unfreeze", owner, "active", "frozen"), "member_state")
    refuse(
        desk, membership(desk, "member_unfreeze", owner, "frozen", "active"), "member_state", state="active"
    )
    for kind, now, back in (
        ("member_freeze", "frozen", "member_unfreeze"),
        ("member_cancellation", "cancelled", "member_restore"),
    ):
        accepted(desk, membership(desk, kind, owner, "active", now))
        assert chain.card_state(card) == "active", "its cards are another matter"
        for document in (
            desk.document("sale", **spend),
            desk.document("sale", **earn, grants=[points(3)]),
            desk.document("top_up", **top_up),
            desk.document("card_issue", **new, tenders=[cash(1000)], total_minor=1000),
            replacing(desk, card, chain.blank()),
        ):
            refuse(desk, document, "member_not_active", state=now)
        accepted(desk, membership(desk, back, owner, now, "active"))
        desk.done("sale", **spend)
    desk.done("top_up", **top_up)


def test_a_card_that_is_applied_for_waits_for_its_approval(desk: Seat, chain: SmallChain) -> None:
    seat, owner = chain.open_seat(), chain.member()
    asked = {"was": "new", "now": "applied", "type": INVITED, "holder": owner, "papers": "ID card, wage slip"}

    def issue(member: int) -> dict[str, Any]:
        rows = [move(chain.blank(INVITED), "blank", "issued", holder=member)]
        return seat.document("card_issue", cards=rows, fees=[FEE_DUE], tenders=[cash(1000)], total_minor=1000)

    def apply(**other: Any) -> dict[str, Any]:
        return seat.document("card_application", applications=[{**asked, **other}], identity=[seen(owner)])

    def decide(by: Seat, kind: str, was: str, now: str, **more: Any) -> dict[str, Any]:
        number = chain.value("select max(id) from shop.card_application where member = %s", owner)
        rows = [{"application": number, "was": was, "now": now}]
        return by.document(kind, applications=rows, **more)

    refuse(seat, issue(owner), "application_missing", type="邀请卡")
    refuse(seat, apply(type=REGISTERED), "application_wrong")
    refuse(seat, apply(papers=" "), "application_wrong")
    refuse(seat, apply(holder=999999), "application_wrong")
    accepted(seat, apply())
    refuse(seat, apply(), "application_wrong")
    refuse(seat, issue(owner), "application_missing")
    refuse(
        seat, decide(seat, "card_approval", "applied", "approved"), "not_permitted", permission="card_review"
    )
    refuse(desk, decide(desk, "card_rejection", "applied", "rejected"), "reason_missing")
    accepted(desk, decide(desk, "card_rejection", "applied", "rejected", reason="papers unclear"))
    refuse(seat, issue(owner), "application_missing")
    own = desk.document("card_application", applications=[asked], identity=[seen(owner)])
    accepted(desk, own)
    refuse(desk, decide(desk, "card_approval", "applied", "approved"), "application_wrong")
    other = chain.seat(staff=chain.managers[0])
    accepted(other, decide(other, "card_approval", "applied", "approved"))
    refuse(seat, issue(chain.member()), "application_missing")
    done = accepted(seat, issue(owner))
    refuse(seat, issue(owner), "application_missing")
    seat.done("reversal", of=done["id"], reason="mistake", total_minor=1000)
    accepted(seat, issue(owner))
    assert chain.rows("select * from ledger.verify()") == []
