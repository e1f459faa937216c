"""Money is an int of minor units (fen); this module is the only place that divides it.

Always true: parts add up to the whole, and each function names its rounding. There is no plain division: a
split has to say who gets the odd fen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from huiyuan.domain.model.errors import Refused

MINOR_MAX: Final = 10**12
"""The most one amount may be: far above any till, and 1,000 of them still fit a bigint."""


def divide_half_up(numerator: int, denominator: int) -> int:
    """The quotient of two non-negative integers, a half rounded up.

    Raises:
        ValueError: `numerator` is negative or `denominator` not positive.
    """
    if numerator < 0 or denominator <= 0:
        raise ValueError("rounding half up is defined for non-negative amounts")
    return (2 * numerator + denominator) // (2 * denominator)


def floor_share(amount_minor: int, part: int, whole: int) -> int:
    """`amount * part / whole`, rounded down; 0 if `whole` is 0."""
    return amount_minor * part // whole if whole else 0


def allocate(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Split a non-negative amount by `weights` without losing a minor unit.

    Args:
        amount_minor: what is split.
        weights: one non-negative share per part, e.g. line totals in fen.

    Returns:
        Parts in the order of `weights`. They add up to the amount; the units that do not divide go to the
        largest remainders, ties to the earlier part. A part of weight 0 gets nothing.

    Raises:
        ValueError: no weight is positive, one is negative, or the amount is.
    """
    whole = sum(weights)
    if amount_minor < 0 or whole <= 0 or min(weights) < 0:
        raise ValueError("a split needs a non-negative amount and a positive weight")
    parts = [amount_minor * weight // whole for weight in weights]
    remainders = [amount_minor * weight % whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-remainders[i], i))
    for i in by_remainder[: amount_minor - sum(parts)]:
        parts[i] += 1
    return parts


def format_minor(amount_minor: int, digits: int = 2, *, grouped: bool = False) -> str:
    """`-1250` with two digits is `-12.50`; no currency sign. `grouped`: thousands apart, 1,234.50."""
    whole, rest = divmod(abs(amount_minor), 10**digits)
    told = ("-" if amount_minor < 0 else "") + (f"{whole:,}" if grouped else f"{whole}")
    return f"{told}.{rest:0{digits}d}" if digits else told


def parse_minor(text: str, digits: int = 2, *, zero: bool = False) -> int:
    """Read an amount as a person types it: ASCII digits, at most `digits` after one point.

    Args:
        text: what was typed; surrounding spaces do not count.
        digits: minor digits of the currency.
        zero: whether nothing is an amount (a counted empty drawer is, a payment is not).

    Raises:
        Refused: `not_ascii_digits`, `too_precise` (digits), `out_of_range` (most).
    """
    return parse_scaled(text, digits, most=MINOR_MAX, zero=zero)


def parse_scaled(text: str, digits: int, *, most: int, zero: bool) -> int:
    """An integer of 10**-digits units from ASCII digits. Raises Refused as `parse_minor` does."""
    found = re.fullmatch(r"([0-9]{1,18})(?:\.([0-9]{1,18}))?", text.strip(" "))
    if found is None:
        raise Refused("not_ascii_digits")
    whole, fraction = found[1], found[2] or ""
    if len(fraction) > digits:
        raise Refused("too_precise", {"digits": digits})
    value = int(whole + fraction.ljust(digits, "0"))
    if value > most or (value == 0 and not zero):
        raise Refused("out_of_range", {"most": most})
    return value
