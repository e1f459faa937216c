"""The number of a Chinese identity card (GB 11643) and of a company (GB 32100): 17 and a check character.

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


# GB 32100-2015: no I, O, S, V, Z; the weights are the powers of 3 modulo 31.
_COMPANY_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_COMPANY_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_COMPANY: Final = re.compile(rf"[{_COMPANY_SIGNS}]{{2}}[0-9]{{6}}[{_COMPANY_SIGNS}]{{10}}")


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
    plain = _plain(text)
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


def company_check_character(first_17: str) -> str:
    """The 18th character that belongs to the 17 before it of a company's number."""
    signs = zip(_COMPANY_WEIGHTS, first_17, strict=True)
    return _COMPANY_SIGNS[-sum(weight * _COMPANY_SIGNS.index(sign) for weight, sign in signs) % 31]


def read_company_number(text: str) -> str:
    """The unified social credit code on a business licence, as typed; in upper case and half width.

    Raises:
        Refused: `company_no_format` (not 18 characters of the kind), `company_no_check` (one is wrong).
    """
    plain = _plain(text)
    if not _COMPANY.fullmatch(plain):
        raise Refused("company_no_format")
    if company_check_character(plain[:17]) != plain[17]:
        raise Refused("company_no_check")
    return plain


def _plain(text: str) -> str:
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text[:80])).upper()


def masked_id_number(text: str) -> str:
    """**************123X: enough to compare with a card that lies on the counter."""
    return "*" * 14 + text[-4:]
