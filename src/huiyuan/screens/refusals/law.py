"""The law about prepaid cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

LAW: Final[Mapping[str, str]] = {
    "identity_needed": msg(
        "{article}: the buyer shows an identity document before this is bought. Nothing was booked."
        " Write its number on the member's page, or say who buys."
    ),
    "refund_over_cap": msg(
        "{article}: a card like this holds at most {cap}; with this return it would hold {would_be}."
        " Nothing was booked. Move part of it to another card of the holder first, then return the goods."
    ),
    "transfer_needed": msg(
        "{article}: from {limit} on this is paid by transfer, not in cash; it would be {amount}."
        " Nothing was booked. Take it by bank card or transfer."
    ),
    "refund_route": msg(
        "{article}: above {limit} what is left of a card goes to an account of the same name, not out in"
        " cash. Nothing was booked. Pay it by transfer."
    ),
    "validity_refused": msg(
        "{article}: money on a registered card does not end, on a bearer card not before {months}"
        " months. Nothing was booked. Choose a longer term."
    ),
    "no_moment": msg("That is no moment that has been. Type it as 2026-03-01 14:05. Nothing was read."),
    "kept_by_law": msg(
        "{article}: what was seen of a buyer's identity is kept until {until}. Nothing was changed."
    ),
}

CAP_BY_LAW: Final = msg(
    "{article}: this card may hold at most {cap}; it would hold {would_be}. Nothing was booked."
    " Take a smaller amount."
)
