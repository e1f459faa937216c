"""The PIN of a card: asked above the floor, judged from a guess that an earlier transaction committed."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.refusals import refuse
from tests.small_chain import PENNY, Card, Seat, SmallChain, line, proof, stored

RIGHT, WRONG = b"r" * 32, b"w" * 32


@pytest.fixture
def card(seat: Seat, chain: SmallChain) -> Card:
    """A card with 400.00 on it and a PIN."""
    made = chain.card(seat, principal=40000)
    assert seat.ask("set_card_pin", "number", bytes.fromhex(made.token), RIGHT)["pin_set"] is True
    return made


def spend(seat: Seat, card: Card, amount: int, attempt: object = None) -> dict[str, Any]:
    """Pennies worth `amount` from a card, with the PIN guess if one was made."""
    shown = proof(card) if attempt is None else proof(card, pin_attempt=str(attempt))
    return seat.document(
        "sale", lines=[line(1, PENNY, amount * 1000, 1, amount)], tenders=[stored(card, amount)],
        proofs=[shown], total_minor=amount,
    )  # fmt: skip


def guess(seat: Seat, document: uuid.UUID, card: Card, key: bytes = RIGHT) -> uuid.UUID:
    """Store a guess for a document; the answer says nothing about it."""
    attempt = uuid.uuid4()
    assert seat.ask("pin_begin", attempt, document, card.wallet, key) == {"attempt": str(attempt)}
    return attempt


def test_above_the_floor_a_pin_is_asked(seat: Seat, card: Card) -> None:
    assert "refused" not in seat.post(spend(seat, card, 10000))
    refuse(seat, spend(seat, card, 10001), "pin_needed", wallet=card.wallet, floor=10000)

    document = uuid.uuid4()
    assert "refused" not in seat.post(spend(seat, card, 10001, guess(seat, document, card)), document)


def test_above_the_floor_of_the_day_a_pin_is_asked(seat: Seat, chain: SmallChain, card: Card) -> None:
    other = chain.open_seat()
    for place in (seat, other, seat):
        assert "refused" not in place.post(spend(place, card, 9000))
    refuse(other, spend(other, card, 3001), "pin_needed", wallet=card.wallet)

    assert "refused" not in other.post(spend(other, card, 3000))


def test_a_wrong_pin_spends_nothing_and_five_lock(seat: Seat, card: Card) -> None:
    for left in (4, 3, 2, 1, 0):
        document = uuid.uuid4()
        body = spend(seat, card, 20000, guess(seat, document, card, WRONG))
        refuse(seat, body, "pin_wrong", document, wallet=card.wallet, tries_left=left)

    locked = seat.ask("pin_begin", uuid.uuid4(), uuid.uuid4(), card.wallet, RIGHT)
    assert locked["refused"] == "pin_locked"
    document = uuid.uuid4()
    refuse(seat, spend(seat, card, 20000, uuid.uuid4()), "pin_locked", document, wallet=card.wallet)
    assert "refused" not in seat.post(spend(seat, card, 5000)), "below the floor no PIN is asked"


def test_a_guess_counts_for_its_document_wallet_and_terminal(
    seat: Seat, chain: SmallChain, card: Card
) -> None:
    mine = chain.card(seat, principal=40000)
    seat.ask("set_card_pin", "number", bytes.fromhex(mine.token), RIGHT)
    other = chain.open_seat()
    document = uuid.uuid4()
    strange = [
        uuid.uuid4(),
        guess(seat, uuid.uuid4(), card),
        guess(seat, document, mine),
        guess(other, document, card),
    ]
    for attempt in strange:
        refuse(seat, spend(seat, card, 20000, attempt), "pin_needed", document, wallet=card.wallet)

    assert "refused" not in seat.post(spend(seat, card, 20000, guess(seat, document, card)), document)


def test_my_pin_does_not_open_your_wallet(seat: Seat, chain: SmallChain, card: Card) -> None:
    mine = chain.card(seat, principal=40000)
    seat.ask("set_card_pin", "number", bytes.fromhex(mine.token), WRONG)
    document = uuid.uuid4()

    refuse(seat, spend(seat, card, 20000, guess(seat, document, card, WRONG)), "pin_wrong", document)
    assert "refused" not in seat.post(spend(seat, mine, 20000, guess(seat, document, mine, WRONG)), document)


def test_a_guess_inside_the_transaction_of_the_posting(seat: Seat, card: Card) -> None:
    """Else begin, guess, look and roll back would try every PIN without a trace."""
    document = uuid.uuid4()
    seat.connection.execute("begin")
    attempt = uuid.uuid4()
    seat.ask("pin_begin", attempt, document, card.wallet, RIGHT)
    answer = seat.post(spend(seat, card, 20000, attempt), document)
    seat.connection.execute("commit")
    assert answer["refused"] == "in_transaction"

    assert "refused" not in seat.post(spend(seat, card, 20000, attempt), document)


def test_a_guess_that_was_rolled_back_is_none(seat: Seat, card: Card) -> None:
    document = uuid.uuid4()
    seat.connection.execute("begin")
    attempt = uuid.uuid4()
    seat.ask("pin_begin", attempt, document, card.wallet, RIGHT)
    seat.connection.execute("rollback")

    refuse(seat, spend(seat, card, 20000, attempt), "pin_needed", document, wallet=card.wallet)


def test_rolling_back_the_verdict_forgets_no_wrong_guess(seat: Seat, chain: SmallChain, card: Card) -> None:
    for _ in range(5):
        document = uuid.uuid4()
        body = spend(seat, card, 20000, guess(seat, document, card, WRONG))
        seat.connection.execute("begin")
        assert seat.post(body, document)["refused"] == "pin_wrong"
        seat.connection.execute("rollback")

    locked = seat.ask("pin_begin", uuid.uuid4(), uuid.uuid4(), card.wallet, RIGHT)
    assert locked["refused"] == "pin_locked"


def test_a_right_pin_is_not_lost_to_another_refusal(seat: Seat, card: Card) -> None:
    document = uuid.uuid4()
    attempt = guess(seat, document, card)
    refuse(seat, spend(seat, card, 40001, attempt), "insufficient", document, balance=40000)

    assert "refused" not in seat.post(spend(seat, card, 20000, attempt), document)


@pytest.mark.parametrize("attempt", ["", "x", "-" * 36, "00000000-0000-0000-0000-00000000000g"])
def test_an_attempt_that_is_no_uuid(seat: Seat, card: Card, attempt: str) -> None:
    refuse(seat, spend(seat, card, 20000, attempt), "malformed")


def test_the_token_of_one_card_beside_the_pin_of_another_row(
    seat: Seat, chain: SmallChain, card: Card
) -> None:
    """Two proofs of one wallet: the one with the PIN has to be right, whatever the other says."""
    document = uuid.uuid4()
    wrong = guess(seat, document, card, WRONG)
    body = spend(seat, card, 20000)
    body["proofs"] = [proof(card), proof(card, pin_attempt=str(wrong))]
    refuse(seat, body, "pin_wrong", document, wallet=card.wallet)
    nobody = chain.blank()
    body["proofs"] = [
        {**proof(nobody), "wallet": card.wallet, "pin_attempt": str(guess(seat, document, card))}
    ]
    refuse(seat, body, "card_not_presented", document, wallet=card.wallet)
