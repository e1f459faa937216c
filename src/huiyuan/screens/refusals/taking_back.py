"""Goods without a receipt, goods exchanged, baskets put aside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

TAKING_BACK: Final[Mapping[str, str]] = {
    "blind_return_refused": msg("Goods without a receipt do not come back here. Nothing was booked."),
    "member_needed": msg(
        "From {limit} on goods without a receipt come back to members only. Nothing was booked."
        " Find the member (F7)."
    ),
    "wallet_differs": msg(
        "The sale belongs to another member's account. Nothing was booked. Take the member of the sale."
    ),
    "held_gone": msg("This basket is not put aside any more: it was paid or removed. Read the list again."),
    "held_elsewhere": msg(
        "Till {terminal} has this basket. Let it put the basket aside again, or a supervisor takes it over."
    ),
    "too_many_held": msg("{most_held} baskets are put aside already. Settle or remove some first."),
}

BLIND: Final[Mapping[str, str]] = {
    "no_rule": msg(
        "No rule of this store lets goods come back without a receipt. Nothing was booked."
        " Find the receipt instead."
    ),
    "total": msg("Without a receipt at most {most} come back at once. Nothing was booked. Take fewer."),
    "cash": msg(
        "Without a receipt at most {most} are paid back in cash. Nothing was booked."
        " Pay it to the card instead."
    ),
    "price": msg(
        "The lowest price of {product} lately was {most}. Nothing was booked."
        " Take line {line} off and scan it again."
    ),
}
"""What a rule about goods without a receipt stands against, by `why`."""
