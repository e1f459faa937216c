"""Quantities are ints of thousandths of a base unit: 1.5 kg is 1500, one piece is 1000."""

from __future__ import annotations

from typing import Final

from huiyuan.domain.model.money import divide_half_up, parse_scaled

MILLI: Final = 1000
QTY_MILLI_MAX: Final = 1_000_000 * MILLI
"""The most one line may count: a million base units."""


def parse_quantity(text: str) -> int:
    """Read a quantity above zero from ASCII digits, at most three after the point, into thousandths.

    Signs, exponents, grouping, full-width and Arabic digits are not quantities.

    Raises:
        Refused: `not_ascii_digits`, `too_precise` (digits), `out_of_range` (most, in thousandths).
    """
    return parse_scaled(text, 3, most=QTY_MILLI_MAX, zero=False)


def format_quantity(qty_milli: int) -> str:
    """`1500` is `1.5`, `2000` is `2`."""
    whole, rest = divmod(abs(qty_milli), MILLI)
    sign = "-" if qty_milli < 0 else ""
    return f"{sign}{whole}.{rest:03d}".rstrip("0").rstrip(".")


def value_of(*, qty_milli: int, price_minor: int) -> int:
    """What `qty_milli` cost at `price_minor` for one base unit, half a minor unit rounded up."""
    return divide_half_up(qty_milli * price_minor, MILLI)


def quantity_for(*, amount_minor: int, price_minor: int) -> int:
    """The thousandths of a base unit at `price_minor` that cost `amount_minor`, or as near below as any do.

    Grams that a scale at the same price weighed come out as they were, since it rounded their price once.
    """
    qty_milli = divide_half_up(amount_minor * MILLI, price_minor)
    return qty_milli - (value_of(qty_milli=qty_milli, price_minor=price_minor) > amount_minor)
