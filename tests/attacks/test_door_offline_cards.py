"""A card that was read without the line: the sale goes to its member once somebody can be asked, or waits
for a person; and a note of a card opens nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attacks.test_door_offline import noted, offline, stands
from tests.refusals import refuse
from tests.small_chain import BREAD, GOLD, POINTS, Card, Seat, SmallChain, line, proof, stored


def read(card: Card, source: str = "typed") -> dict[str, Any]:
    """What a counter writes down of a card that it cannot ask about."""
    return {"token_kind": "number", "token": proof(card)["token"], "source": source}


def grants(amount: int) -> list[dict[str, Any]]:
    return [{"kind": "points", "rule": POINTS, "version": 1, "amount": amount}]


def facts_of(chain: SmallChain, sold: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = chain.value(
        "select facts from sec.review where document = %s and what = 'card'", sold["id"]
    )
    return found


def test_the_sale_is_the_members_and_earns_by_the_tier_of_the_member(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, tier=GOLD)
    sold = stands(seat, offline(seat, proofs=[read(card)], grants=grants(3)))
    assert noted(chain, sold) == []
    wallet, source = chain.rows(
        "select wallet, body->'proofs'->0->>'source' from ledger.document where id = %s", sold["id"]
    )[0]
    assert (wallet, source) == (card.wallet, "typed")
    live = seat.done(
        "sale", wallet=card.wallet, grants=grants(3), lines=[line(1, BREAD, 1000, 350, 350)],
        tenders=[{"kind": "cash", "amount_minor": 350}], total_minor=350,
    )  # fmt: skip
    assert chain.balances(card.wallet)["points"] == 6, (sold, live)
    seat.done(
        "return", of=sold["id"], reason="stale", lines=[{"n": 1, "of": 1, "qty_milli": 1000}], total_minor=350
    )
    assert chain.balances(card.wallet)["points"] == 3, "what it earned goes back like any other"
    assert seat.chain.rows("select * from ledger.verify()") == []


def test_of_several_readings_the_first_that_is_known_counts(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    unknown = {"token_kind": "ndef", "token": "ab" * 32, "source": "chip"}
    sold = stands(seat, offline(seat, proofs=[unknown, read(card, "tag")], grants=grants(3)))
    assert noted(chain, sold) == []
    assert chain.balances(card.wallet)["points"] == 3


def test_the_door_works_out_what_it_earns(seat: Seat, chain: SmallChain) -> None:
    """The counter may promise nothing, or too much."""
    for promised in ([], grants(900_000)):
        card = chain.card(seat)
        stands(seat, offline(seat, proofs=[read(card)], grants=promised))
        assert chain.balances(card.wallet)["points"] == 3


@pytest.mark.parametrize("state", ["frozen", "lost", "closed", "replaced", "issued"])
def test_a_card_that_is_not_in_use_by_then_is_for_a_person(seat: Seat, chain: SmallChain, state: str) -> None:
    card = chain.card(seat)
    with chain.in_state(card, state):
        sold = stands(seat, offline(seat, proofs=[read(card, "scanned")], grants=grants(3)))
    assert noted(chain, sold) == [("card", None)]
    facts = facts_of(chain, sold)
    assert (facts["why"], facts["points"], facts["source"]) == (state, 3, "scanned")
    assert len(facts["last"]) == 4
    assert facts["member"]
    assert chain.value("select wallet from ledger.document where id = %s", sold["id"]) is None
    assert chain.balances(card.wallet)["points"] == 0


def test_a_card_that_nobody_knows_and_a_member_who_is_gone_are_for_a_person(
    seat: Seat, chain: SmallChain
) -> None:
    nobody = {"token_kind": "number", "token": "cd" * 32, "source": "typed"}
    sold = stands(seat, offline(seat, proofs=[nobody], grants=grants(3)))
    assert noted(chain, sold) == [("card", None)]
    assert facts_of(chain, sold) == {"why": "unknown", "points": 3, "source": "typed"}
    merged, frozen = chain.card(seat), chain.card(seat)
    chain.run("update shop.member m set archived_at = now() from shop.wallet w where w.member = m.id"
              " and w.id = %s", merged.wallet)  # fmt: skip
    member = chain.value("select member from shop.wallet where id = %s", frozen.wallet)
    desk = chain.seat(seat.store, staff=chain.managers[0])
    rows = [{"member": member, "was": "active", "now": "frozen"}]
    desk.done("member_freeze", members=rows, reason="asked for")
    for card in (merged, frozen):
        sold = stands(seat, offline(seat, proofs=[read(card)], grants=grants(3)))
        assert facts_of(chain, sold)["why"] == "member"
        assert chain.balances(card.wallet)["points"] == 0


def test_a_note_of_a_card_opens_nothing(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, principal=10_000)
    note = read(card)
    refuse(
        seat, offline(seat, offline_at=None, proofs=[note]), "malformed", section="proofs", detail="wallet"
    )
    live = seat.document("sale", lines=[line(1, BREAD, 1000, 350, 350)], tenders=[stored(card, 350)],
                         total_minor=350, proofs=[note])  # fmt: skip
    refuse(seat, live, "malformed", section="proofs", detail="wallet")
    spends = offline(seat, proofs=[note], tenders=[stored(card, 350)])
    refuse(seat, spends, "offline_refused", call="resend", why="tender")
    for parts in (
        {"wallet": card.wallet, "proofs": [note]},
        {"proofs": [note, proof(card)]},
        {"proofs": [{**note, "pin_attempt": "0190b8a0-0000-7000-8000-000000000001"}]},
        {"proofs": [note] * 7},
    ):
        refuse(seat, offline(seat, **parts), "offline_refused", call="resend", why="parts")
    refuse(seat, offline(seat, proofs=[{**note, "source": "chip"}]), "source_wrong", call="resend")
    assert chain.balances(card.wallet)["principal"] == 10_000
