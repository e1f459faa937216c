"""Phone numbers of members: read as people write them, kept in one form, shown with the middle hidden.

Always true: two ways to write one number give one normal form, because a blind index finds equal texts only.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from huiyuan.domain.model.errors import Refused

TEXT_MAX: Final = 40
_FILLING: Final = re.compile(r"[\s\-()./\u2010-\u2015]")
_HOME: Final = re.compile(r"(?:\+|00)86|86(?=1[3-9][0-9]{9}$)")
_MOBILE: Final = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE: Final = re.compile(r"0(?:10|2[0-9])[2-9][0-9]{7}|0[3-9][0-9]{2}[2-9][0-9]{6,7}")
_ABROAD: Final = re.compile(r"\+(?!86)[1-9][0-9]{7,14}")


def normal_phone(text: str) -> str | None:
    """The one form of a phone number; None if it is none.

    A Chinese mobile is its 11 digits, a landline its area code and number, a number from abroad `+` and
    its digits. Full-width digits, spaces, dashes and +86 are understood.
    """
    plain = _FILLING.sub("", unicodedata.normalize("NFKC", text))
    if len(text) > TEXT_MAX or not plain.isascii():
        return None
    if plain.startswith("00") and not plain.startswith("0086"):
        plain = "+" + plain[2:]
    home = _HOME.sub("", plain, count=1) if _HOME.match(plain) else plain
    if home != plain and not home.startswith(("0", "1")):
        home = "0" + home  # +86 21 5555 0101 is 021 5555 0101 at home
    if _MOBILE.fullmatch(home) or _LANDLINE.fullmatch(home):
        return home
    return plain if _ABROAD.fullmatch(plain) else None


def read_phone(text: str) -> str:
    """The normal form of what was typed. Raises Refused `phone_format`."""
    phone = normal_phone(text)
    if phone is None:
        raise Refused("phone_format")
    return phone


def masked_phone(phone: str) -> str:
    """138****5678: enough to compare with what a member says, too little to call."""
    return f"{phone[:3]}****{phone[-4:]}"
