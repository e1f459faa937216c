"""A member's sale in the small chain, every amount worked out by hand: returns and reversals take it back."""

from __future__ import annotations

from typing import Any

from tests.small_chain import MILK, TIER, Card, Seat, cash, line, off, points, proof, stored, tax


def sell_milk(seat: Seat, card: Card) -> dict[str, Any]:
    """Three bottles to a gold member: 20.00 of stored value, 7.00 in cash, 27 points, 3.11 of tax."""
    return seat.done(
        "sale", wallet=card.wallet, lines=[line(1, MILK, 3000, 1000, 3000, 2700)],
        adjustments=[off(1, "tier", 300, TIER, 1)], taxes=[tax("T13", 1300, 2700, 311)],
        tenders=[stored(card, 2000), cash(700)], proofs=[proof(card)], grants=[points(27)], total_minor=2700,
    )  # fmt: skip
