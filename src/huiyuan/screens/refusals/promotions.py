"""Promotions: why the door did not cover one, and why a new one is not clear enough to be published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

PROMOTIONS: Final[Mapping[str, str]] = {
    "promotion_refused": msg(
        "A promotion on line {line} does not hold any more. Nothing was booked. Go back (Esc) and press F5."
    ),
    "rule_unclear": msg("This promotion is not clear enough. Nothing was proposed. Check the fields."),
    "form_field": msg("{field} cannot be read. Nothing was proposed."),
    "not_a_company": msg("{name} is no company, and only companies buy at wholesale. Nothing was changed."),
}

WHY: Final[Mapping[str, Mapping[str, str]]] = {
    "promotion_refused": {
        "window": msg("A promotion on line {line} is over or pauses now. Nothing was booked. Go back (Esc)."),
        "day": msg(
            "This member had today's share of a promotion already. Nothing was booked. Go back (Esc)."
        ),
        "birthday": msg("A promotion in this basket is for members born in this month. Nothing was booked."),
        "joined": msg("A promotion in this basket is for new members. Nothing was booked."),
        "first_order": msg("This member bought before: the first order was another. Nothing was booked."),
        "no_member": msg("A promotion in this basket is for members. Nothing was booked. Attach one (F7)."),
    },
    "rule_unclear": {
        "kind": msg("This kind of promotion is not known. Nothing was proposed."),
        "too_much": msg("A rate lies between 0.01 % and 100 %. Nothing was proposed."),
        "nothing": msg("It takes nothing off. Nothing was proposed. Type an amount."),
        "no_price": msg("It needs a price. Nothing was proposed."),
        "no_goods": msg("It needs goods that are sold here. Nothing was proposed. Check the codes."),
        "pieces": msg("The number of pieces is missing or out of range. Nothing was proposed."),
        "no_parts": msg("A bundle needs at least two pieces of goods that are sold. Nothing was proposed."),
        "parts_and_goods": msg("A bundle's parts are its goods; it takes no others. Nothing was proposed."),
        "gives_nothing": msg("The parts cost no more one by one: nobody would gain. Nothing was proposed."),
        "steps": msg(
            "Steps must rise, each give more than the one before and less than it asks for. Nothing was"
            " proposed."
        ),
        "steps_pieces": msg("Steps count money, not pieces: no bound of pieces. Nothing was proposed."),
        "gift_price": msg("A gift needs a price of its own and stock. Nothing was proposed."),
        "gift_for_nothing": msg("A gift needs a least total or goods to be bought. Nothing was proposed."),
        "gift_for_itself": msg("A gift cannot be its own condition: use buy and get. Nothing was proposed."),
        "no_end": msg("A coupon has to end: a last day, or days after its issue. Nothing was proposed."),
        "never_open": msg("These days and hours never come. Nothing was proposed."),
        "short_window": msg("A window of less than 15 minutes cannot be judged. Nothing was proposed."),
        "holidays_unknown": msg("The public holidays of that year are not known yet. Nothing was proposed."),
        "twin": msg(
            "{name} is exclusive too, of the same priority and for the same goods: nobody could say which"
            " holds. Nothing was proposed. Give it another priority."
        ),
    },
}
"""Code -> why -> the sentence that says more than the code's own."""
