"""The number of a Chinese identity card (GB 11643): 17 digits and a check character.

Always true of an `IdNumber`: its check character is right, its date exists, its province is one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from huiyuan.domain.model.errors import Refused

_SHAPE: Final = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_PROVINCE: Final = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")


@dataclass(frozen=True, slots=True)
class IdNumber:
    """`text` in upper case; what it says of its holder."""

    text: str = field(repr=False)
    born: date
    gender: str


def check_character(first_17: str) -> str:
    """The 18th character that belongs to 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_17, strict=True))
    return _CHECKS[total % 11]


def read_id_number(text: str, *, today: date) -> IdNumber:
    """What was typed, in upper case and half width.

    Raises:
        Refused: `id_no_format` (not 18 characters of the kind), `id_no_check` (a digit is wrong),
            `id_no_date` (its date of birth does not exist or lies ahead).
    """
    plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text[:80])).upper()
    if not _SHAPE.fullmatch(plain) or not _PROVINCE.fullmatch(plain[:2]):
        raise Refused("id_no_format")
    if check_character(plain[:17]) != plain[17]:
        raise Refused("id_no_check")
    try:
        born = date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        raise Refused("id_no_date") from None
    if born > today or born.year < 1900:
        raise Refused("id_no_date")
    return IdNumber(plain, born, "male" if int(plain[16]) % 2 else "female")


def masked_id_number(text: str) -> str:
    """**************123X: enough to compare with a card that lies on the counter."""
    return "*" * 14 + text[-4:]
