"""Barcodes: the check digit of an EAN-13, and the labels that a scale prints with weight or price in them.

A scale's label is read by patterns of the store's settings (`scale_codes`), one character a digit: `0`-`9`
must stand there, `I` is a digit of the product's code, `W` of the weight in thousandths of the base unit
(grams) or `P` of the price of what was weighed in minor units, `N` is not looked at, `C` at the end is the
check digit of what stands before it. `20IIIIIWWWWWC` is the usual one of thirteen digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

EAN_DIGITS: Final = 13
_DIGITS: Final = re.compile(r"[0-9]+")
_PATTERN: Final = re.compile(r"(?=.*I)(?:(?=.*W)[0-9IWN]{7,31}|(?=.*P)[0-9IPN]{7,31})C?")


@dataclass(frozen=True, slots=True)
class ScaleLabel:
    """What a scale's label says: the product's code on the scale, and one of the other two (above 0): the
    weight in thousandths, or the price of all of it in minor units."""

    item: str
    qty_milli: int = 0
    amount_minor: int = 0


def check_digit(digits: str) -> str:
    """The check digit that follows `digits` by the rule of EAN: weights 3 and 1 from the right."""
    weighted = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return str(-weighted % 10)


def wrong_ean(text: str) -> str | None:
    """The digit that thirteen digits should have ended with, None if they end well or are no EAN-13."""
    if len(text) != EAN_DIGITS or not text.isascii() or not _DIGITS.fullmatch(text):
        return None
    due = check_digit(text[:-1])
    return None if text[-1] == due else due


def read_scale_label(text: str, patterns: Iterable[str]) -> ScaleLabel | None:
    """`text` by the first pattern that fits it; None if none does, its check digit is wrong, or it says 0."""
    if not text.isascii() or not _DIGITS.fullmatch(text):
        return None
    for pattern in patterns:
        if _PATTERN.fullmatch(pattern) and _fits(text, pattern):
            weight, amount = (int(_taken(text, pattern, mark) or "0") for mark in "WP")
            return ScaleLabel(_taken(text, pattern, "I"), weight, amount) if weight or amount else None
    return None


def _fits(text: str, pattern: str) -> bool:
    if len(text) != len(pattern):
        return False
    if any(mark.isdigit() and mark != digit for mark, digit in zip(pattern, text, strict=True)):
        return False
    return not pattern.endswith("C") or text[-1] == check_digit(text[:-1])


def _taken(text: str, pattern: str, mark: str) -> str:
    return "".join(digit for digit, each in zip(text, pattern, strict=True) if each == mark)
