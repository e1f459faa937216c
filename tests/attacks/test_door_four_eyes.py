"""Four eyes: an approval signs this document with this content, by another person who may."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.refusals import refuse
from tests.small_chain import BREAD_LINE, HQ, NORTH, SOUTH, Card, Seat, SmallChain, cash, move


@pytest.fixture
def card(seat: Seat, chain: SmallChain) -> Card:
    return chain.card(seat)


def gift(seat: Seat, card: Card, amount: int = 5000) -> dict[str, Any]:
    """An adjustment that puts money on a card."""
    return seat.document(
        "adjustment", wallet=card.wallet, reason="broken till", total_minor=amount,
        corrections=[{"account": "principal", "amount": amount}],
    )  # fmt: skip


def test_one_person_adjusts_nothing(seat: Seat, chain: SmallChain, card: Card) -> None:
    refuse(seat, gift(seat, card), "approval_needed", permission="adjust", amount=5000, limit=0)
    refuse(seat, gift(seat, card, 1), "approval_needed", permission="adjust", amount=1, limit=0)
    seat.sign_in(chain.managers[0])
    refuse(seat, gift(seat, card), "approval_needed")

    body = gift(seat, card)
    assert "refused" not in seat.post(body, seat.approved(body, chain.managers[1]))


def test_a_proposal_alone_is_no_approval(seat: Seat, card: Card) -> None:
    body, document = gift(seat, card), str(uuid.uuid4())
    assert seat.ask("propose", document, 1, Jsonb(body))["state"] == "open"

    refuse(seat, body, "approval_needed", document)


def test_nobody_approves_his_own_document(seat: Seat, chain: SmallChain, card: Card) -> None:
    manager = chain.managers[0]
    seat.sign_in(manager)
    body, document = gift(seat, card), uuid.uuid4()
    proposal = seat.ask("propose", str(document), 1, Jsonb(body))
    elsewhere = chain.seat(staff=manager)

    for place in (seat, elsewhere):
        answer = place.ask("approve", document, bytes.fromhex(proposal["fingerprint"]))
        assert answer["refused"] == "own_proposal"
    refuse(seat, body, "approval_needed", document)
    with pytest.raises(psycopg.errors.CheckViolation):
        chain.run("update sec.proposal set ok_staff = by_staff, ok_at = now() where document = %s", document)


def test_an_approval_covers_one_content(seat: Seat, chain: SmallChain, card: Card) -> None:
    body = gift(seat, card)
    document = seat.approved(body)
    other_card = chain.card(seat)
    for change in (
        {"total_minor": 6000, "corrections": [{"account": "principal", "amount": 6000}]},
        {"corrections": [{"account": "bonus", "amount": 5000}]},
        {"wallet": other_card.wallet},
        {"reason": "another"},
        {"number": body["number"] + 1000},
    ):
        refuse(seat, {**body, **change}, "approval_needed", document)
    refuse(seat, body, "approval_needed", uuid.uuid4())

    assert "refused" not in seat.post(body, document)


def test_an_approval_is_used_once(seat: Seat, chain: SmallChain, card: Card) -> None:
    body = gift(seat, card)
    document = seat.approved(body)
    seat.post(body, document)

    assert seat.post(body, document)["replayed"] is True
    refuse(seat, {**body, "number": seat.number + 1}, "id_reused", document)
    assert chain.balances(card.wallet)["principal"] == 5000


@pytest.mark.parametrize(
    "change",
    [
        "ok_at = clock_timestamp() - interval '11 minutes'",
        "declined_at = clock_timestamp()",
        "by_staff = (select max(id) from sec.staff where duty = 'trainee')",
    ],
    ids=["expired", "declined", "of somebody else"],
)
def test_an_approval_that_does_not_count(seat: Seat, chain: SmallChain, card: Card, change: str) -> None:
    chain.person("trainee", NORTH)
    body = gift(seat, card)
    document = seat.approved(body)
    chain.run(f"update sec.proposal set {change} where document = %s", document)

    refuse(seat, body, "approval_needed", document)

    again = gift(seat, card)
    assert "refused" not in seat.post(again, seat.approved(again))


def approver(chain: SmallChain, units: int, **limits: int | None) -> int:
    """A person whose duty has exactly these permissions, with their limits."""
    duty = f"d{uuid.uuid4().hex[:8]}"
    chain.run("insert into sec.duty values (%s, 'x')", duty)
    for permission, limit in limits.items():
        chain.run(
            "insert into sec.permission(duty, permission, limit_minor) values (%s, %s, %s)",
            duty, permission, limit,
        )  # fmt: skip
    return chain.person(duty, units)


def forced(chain: SmallChain, seat: Seat, body: dict[str, Any], by: int) -> str:
    """A signature that `api.approve` would not have given, written by the superuser: the door asks again."""
    document = str(uuid.uuid4())
    seat.ask("propose", document, 1, Jsonb(body))
    chain.run(
        "update sec.proposal set ok_staff = %s, ok_at = clock_timestamp() where document = %s", by, document
    )
    return document


def test_the_approver_needs_right_limit_and_store(seat: Seat, chain: SmallChain, card: Card) -> None:
    body = gift(seat, card)
    left = approver(chain, HQ, approve=None, adjust=None)
    chain.run("update sec.staff set active = false where id = %s", left)
    for by in (
        approver(chain, HQ, approve=None),
        approver(chain, HQ, adjust=None),
        approver(chain, HQ, approve=None, adjust=4999),
        approver(chain, SOUTH, approve=None, adjust=None),
        left,
    ):
        refuse(seat, body, "approval_needed", forced(chain, seat, body, by))

    good = approver(chain, NORTH, approve=None, adjust=5000)
    assert "refused" not in seat.post(body, forced(chain, seat, body, good))


def test_whoever_may_not_approve_lends_no_permission(seat: Seat, chain: SmallChain) -> None:
    """A colleague's duty does not cover what a trainee lacks; an approver's does."""
    blank = chain.blank()
    fee = {"code": "issue", "rule": 4, "version": 1, "amount_minor": 1000}
    seat.done("card_issue", cards=[move(blank, "blank", "issued", holder=chain.member())], fees=[fee],
              tenders=[cash(1000)], total_minor=1000)  # fmt: skip
    seat.sign_in(chain.person("trainee", NORTH))
    body = seat.document("card_activation", cards=[move(blank, "issued", "active")])

    refuse(seat, body, "not_permitted", forced(chain, seat, body, chain.cashier))
    south = approver(chain, SOUTH, approve=None, card_activate=None)
    refuse(seat, body, "not_permitted", forced(chain, seat, body, south))

    assert "refused" not in seat.post(body, seat.approved(body))


def test_whoever_may_not_approve_waives_no_fee_and_gives_no_discount(seat: Seat, chain: SmallChain) -> None:
    cards = [move(chain.blank(), "blank", "issued", holder=chain.member())]
    free = seat.document("card_issue", cards=cards)
    other = chain.person("cashier", NORTH)
    refuse(seat, free, "fee_wrong", forced(chain, seat, free, other))
    half = seat.document(
        "sale", lines=[{**BREAD_LINE, "total_minor": 175}], tenders=[cash(175)], total_minor=175,
        adjustments=[{"line": 1, "source": "manual", "amount_minor": 175}],
    )  # fmt: skip
    generous = approver(chain, HQ, sale=None)
    chain.run(
        "insert into sec.permission(duty, permission, limit_bp)"
        " select duty, 'discount', 10000 from sec.staff where id = %s", generous,
    )  # fmt: skip
    refuse(seat, half, "approval_needed", forced(chain, seat, half, generous))

    assert "refused" not in seat.post(half, seat.approved(half))


def test_what_two_people_did_one_does_not_undo(seat: Seat, chain: SmallChain, card: Card) -> None:
    """Else a correction downwards, approved once, would let one person put the money on again."""
    seat.done("top_up", wallet=card.wallet, tenders=[cash(5000)], total_minor=5000)
    less = seat.document(
        "adjustment", wallet=card.wallet, reason="broken till", total_minor=400,
        corrections=[{"account": "principal", "amount": -400}],
    )  # fmt: skip
    adjusted = seat.post(less, seat.approved(less))
    undo = seat.document("reversal", of=adjusted["id"], reason="mistake", total_minor=400, shift=None)

    refuse(seat, undo, "approval_needed", permission="reverse", amount=400, limit=0)

    assert "refused" not in seat.post(undo, seat.approved(undo))


def test_a_large_refund_in_small_pieces_is_a_large_refund(seat: Seat, chain: SmallChain) -> None:
    big = chain.open_seat(staff=chain.managers[0])
    lines = [{**BREAD_LINE, "qty_milli": 200_000, "value_minor": 70000, "total_minor": 70000}]
    sale = big.done("sale", lines=lines, tenders=[cash(70000)], total_minor=70000)

    def piece(qty: int, total: int) -> dict[str, Any]:
        back = [{"n": 1, "of": 1, "qty_milli": qty}]
        return big.document("return", of=sale["id"], reason="broken", lines=back, total_minor=total)

    assert "refused" not in big.post(piece(100_000, 35000))
    assert "refused" not in big.post(piece(42_000, 14700))
    refuse(big, piece(1000, 350), "approval_needed", permission="return", amount=50050, limit=50000)
    rest = piece(58_000, 20300)
    assert "refused" not in big.post(rest, big.approved(rest, chain.managers[1]))
