"""Goods, prices and discounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

GOODS: Final[Mapping[str, str]] = {
    # Goods and prices
    "unknown_product": msg("Nothing is sold here under {product}. The basket is as it was. Check the code."),
    "unknown_goods": msg("Nothing is sold here under {product}. Nothing was changed. Check the code."),
    "not_a_day": msg("That is no day. Type it as 2026-03-01."),
    "no_price": msg("{product} has no price here. The basket is as it was. Ask the manager for one."),
    "price_changed": msg(
        "The price of line {line} is {now} now. Nothing was booked. F5 takes the new price."
    ),
    "fraction_refused": msg(
        "{product} is sold by the piece: no part of one. Nothing was booked. Set a whole quantity (F3)."
    ),
    "age_missing": msg(
        "Goods of this basket go to customers of {years} and over only, and nobody asked. Nothing was booked."
        " Take line {line} off and add it again."
    ),
    "open_price_refused": msg(
        "Line {line} has a typed price, and no member or promotion price goes with it. Nothing was booked."
        " Go back (Esc) and type the price anew."
    ),
    "adjustment_refused": msg(
        "The discount on line {line} is not covered; at most {most} is. Nothing was booked. Go back (Esc)."
    ),
    "tax_wrong": msg("The tax {code} does not match its base. Nothing was booked. Call support."),
    "price_needed": msg("{product} has no price of its own. The basket is as it was. Type its price (F6)."),
    "no_wallet": msg(
        "{name} has no card yet, so nothing can be earned. The basket is as it was. Issue a card (home, F5)."
    ),
    "too_many_lines": msg(
        "A basket holds at most {count} lines. The basket is as it was. Pay this one first."
    ),
}
