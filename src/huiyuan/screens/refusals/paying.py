"""Tenders, grants and fees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

PAYING: Final[Mapping[str, str]] = {
    # Paying
    "tender_not_allowed": msg(
        "{tender} is not taken for this. Nothing was booked. Choose another tender (F8)."
    ),
    "reference_missing": msg("{tender} needs the reference of its slip. Nothing was booked. Type it."),
    "card_number_typed": msg(
        "That is the whole number of a bank card. It was not kept. Type the reference of the terminal's slip."
    ),
    "given_too_little": msg("{given} is less than {amount}. Nothing was booked. Type what was handed over."),
    "no_gateway": msg(
        "That is a customer's payment code. It was not kept. No payment gateway is set up here:"
        " let the customer scan the shop's code (F6)."
    ),
    "goods_scanned": msg(
        "That is the barcode of {product}, no reference. Nothing was taken. Take the money on the other"
        " machine first, then type the reference of its slip."
    ),
    "cash_refused": msg(
        "The cash does not add up as this chain rounds it, or too much change would stay on the card."
        " Nothing was booked. Take the cash off (F8) and take it anew."
    ),
    "no_change": msg("There is no change that the card may keep. Nothing was booked. Type what was given."),
    "credit_overpaid": msg(
        "Only {most} are owed. Nothing was booked. Take that much; more belongs on the card as a top-up."
    ),
    "limit_below_debt": msg("{balance} are owed already. Nothing was changed. Let it be paid first."),
    "charge_in_use": msg(
        "The sale of this payment stands, or has no answer yet. Nothing was given back."
        " Settle the sale first."
    ),
    "nothing_due": msg("Nothing is left to pay. Enter completes it; F8 takes the last tender back."),
    "redeem_refused": msg(
        "Points pay at most {most} of this sale. Nothing was booked. Take the points off (F8) and pay anew."
    ),
    "grant_refused": msg(
        "The rule gives at most {most} ({grant}). Nothing was booked. Go back (Esc) and try again."
    ),
    "fee_wrong": msg("The fee is {due} now. Nothing was booked. Go back (Esc) and begin again."),
}
