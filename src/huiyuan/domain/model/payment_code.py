"""The payment code that a customer's phone shows: told by its shape, spent once, never kept in full.

Shapes: Alipay begins with 25-30 and has 16 to 24 digits; WeChat begins with 10-15 and has 18; UnionPay begins
with 62 and has 19. A resident's identity number has 18 digits too and begins with 11-15 in five provinces:
what is one by its date and its check character is no payment code. A UnionPay bank card of 19 digits looks
the same as a UnionPay code, and like that is nothing a counter may look for or keep.

Always true: `repr` and `str` hold no digit of the code; `masked` holds its first two and last four.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.id_number import read_id_number

ALIPAY: Final = "alipay"
WECHAT: Final = "wechat"
UNIONPAY: Final = "unionpay"

_SHAPES: Final = (
    (ALIPAY, re.compile(r"(?:2[5-9]|30)[0-9]{14,22}")),
    (WECHAT, re.compile(r"1[0-5][0-9]{16}")),
    (UNIONPAY, re.compile(r"62[0-9]{17}")),
)
_LONGEST: Final = 40
_ANY_DAY: Final = date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """A code on its way to the gateway; `method` is whose phone application showed it."""

    method: str
    digits: str = field(repr=False)

    @property
    def masked(self) -> str:
        """What may be kept and shown."""
        return f"{self.digits[:2]}****{self.digits[-4:]}"

    def __str__(self) -> str:
        return self.masked


def is_bank_card_number(text: str) -> bool:
    """Whether `text` is the whole number of a bank card: 13 to 19 digits whose last one checks the others
    (ISO/IEC 7812-1, annex B), written with spaces or dashes or without."""
    digits = re.sub(r"[ -]", "", unicodedata.normalize("NFKC", text[:_LONGEST]))
    if not re.fullmatch(r"[3-6][0-9]{12,18}", digits, re.ASCII):
        return False
    doubled = [int(each) * (1 + place % 2) for place, each in enumerate(reversed(digits))]
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def read_payment_code(text: str) -> PaymentCode | None:
    """`text` as a payment code, None if its shape is none; full-width digits count as plain."""
    digits = unicodedata.normalize("NFKC", text[:_LONGEST]).strip()
    if len(text) > _LONGEST or not digits.isascii() or not digits.isdigit():
        return None
    found = next((method for method, shape in _SHAPES if shape.fullmatch(digits)), None)
    if found is None or (found == WECHAT and _is_id_number(digits)):
        return None
    return PaymentCode(found, digits)


def _is_id_number(digits: str) -> bool:
    try:
        read_id_number(digits, today=_ANY_DAY)
    except Refused:
        return False
    return int(digits[6:10]) < _PEOPLE_UNTIL


_PEOPLE_UNTIL: Final = 2100
