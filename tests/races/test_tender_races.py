"""Tills and one account: paid ahead pays once, credit stays within its limit, one id is one sale."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from tests.races.barrier import overlap, race
from tests.small_chain import PENNY, Card, Seat, SmallChain, bank, cash, line, proof


def sale(seat: Seat, card: Card, kind: str, amount: int) -> dict[str, Any]:
    tender = {"kind": kind, "wallet": card.wallet, "amount_minor": amount}
    lines = [line(1, PENNY, amount * 1000, 1, amount)]
    return seat.document(
        "sale", lines=lines, tenders=[tender], wallet=card.wallet, proofs=[proof(card)], total_minor=amount
    )


def test_money_paid_ahead_pays_once_at_two_tills(chain: SmallChain) -> None:
    seats = [chain.open_seat() for _ in range(4)]
    card = chain.card(seats[0])
    seats[0].done("advance", reason="coat", wallet=card.wallet, tenders=[cash(500)], total_minor=500)
    bodies = [(seat, sale(seat, card, "advance", 300)) for seat in seats]
    outcomes = race([partial(seat.post, body) for seat, body in bodies])
    assert overlap(outcomes) > 1
    assert sorted(str(each.refused) for each in outcomes) == ["None", *["insufficient"] * 3]
    assert chain.balances(card.wallet)["advance"] == 200


def test_credit_stays_within_its_limit_at_four_tills(chain: SmallChain) -> None:
    seats = [chain.open_seat() for _ in range(4)]
    card = chain.card(seats[0])
    chain.seat(staff=chain.managers[0]).ask("credit_limit_put", card.wallet, 700)
    bodies = [(seat, sale(seat, card, "credit", 300)) for seat in seats]
    outcomes = race([partial(seat.post, body) for seat, body in bodies])
    assert overlap(outcomes) > 1
    assert sorted(str(each.refused) for each in outcomes) == ["None", "None", *["insufficient"] * 2]
    assert chain.balances(card.wallet)["credit"] == -600


def test_one_id_thirty_times_is_one_sale(chain: SmallChain) -> None:
    """As Enter held down would be, if every press got as far as the door."""
    seat = chain.open_seat()
    body = seat.document(
        "sale", lines=[line(1, PENNY, 500_000, 1, 500)], tenders=[bank(200), cash(300)], total_minor=500
    )
    id, before = uuid.uuid4(), chain.drawer_cash(seat)
    answers = [seat.post(body, id) for _ in range(30)]
    assert [bool(each.get("replayed")) for each in answers] == [False] + [True] * 29
    assert len({each["receipt"] for each in answers}) == 1
    assert chain.drawer_cash(seat) - before == 300
