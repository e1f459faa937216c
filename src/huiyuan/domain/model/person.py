"""Who a member is, as it is typed: names, and what makes a record doubtful without making it wrong.

Always true: a name that was read holds nothing that steers a terminal or a printer, nothing invisible, and
is in NFC, so two names that look alike are alike; a doubt is kept for somebody to look at, never hidden.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from enum import StrEnum
from typing import Final

from huiyuan.domain.model.birthday import OLD_YEARS, SOLAR, Birthday, age_on
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.id_number import IdNumber

NAME_MAX: Final = 64
NOTE_MAX: Final = 200
ADDRESS_MAX: Final = 120
MARKS_MAX: Final = 2  # combining marks that a letter may carry
YOUNG_YEARS: Final = 6

_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")


class Doubt(StrEnum):
    """Why somebody should look at a record again."""

    MIXED_SCRIPT = "mixed_script"
    DIGITS_IN_NAME = "digits_in_name"
    VERY_SHORT_NAME = "very_short_name"
    VERY_OLD = "very_old"
    VERY_YOUNG = "very_young"
    BIRTHDAY_DIFFERS = "birthday_differs"
    GENDER_DIFFERS = "gender_differs"
    PHONE_SHARED = "phone_shared"


def read_line(text: str, *, field: str, most: int) -> str:
    """One line of outside text: NFC, trimmed, no two spaces in a row.

    Raises:
        Refused: `text_missing`, `text_too_long` (most), `unclean_text` (field): characters that cannot be
            seen, that turn or steer text, or a heap of marks on one letter.
    """
    line = " ".join(unicodedata.normalize("NFC", text[: most * 20]).replace("\u3000", " ").split(" ")).strip()
    line = " ".join(part for part in line.split(" ") if part)
    if not line:
        raise Refused("text_missing", {"field": field})
    marks = 0
    for char in line:
        category = unicodedata.category(char)
        if category in _HIDDEN or char in _FILLERS or (category == "Zs" and char != " "):
            raise Refused("unclean_text", {"field": field})
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks > MARKS_MAX:
            raise Refused("unclean_text", {"field": field})
    if len(line) > most or len(text) > most * 20:
        raise Refused("text_too_long", {"field": field, "count": most})
    return line


def read_name(text: str) -> str:
    """A member's name. Raises Refused: as `read_line`."""
    return read_line(text, field="name", most=NAME_MAX)


def masked_name(name: str) -> str:
    """李**: enough to compare with what somebody says, too little to write it down."""
    return f"{name[:1]}**" if len(name) > 1 else name


def mixes_scripts(text: str) -> bool:
    """True if letters of one word come from scripts that look alike: Latin with Cyrillic or Greek."""
    for word in text.split():
        scripts = {unicodedata.name(char, "").partition(" ")[0] for char in word if char.isalpha()}
        if len(scripts & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}) > 1:
            return True
    return False


def doubts_of_name(name: str, *, person: bool) -> frozenset[Doubt]:
    """What is odd about a name that is clean."""
    found = set()
    if mixes_scripts(name):
        found.add(Doubt.MIXED_SCRIPT)
    if person and any(char.isdigit() for char in name):
        found.add(Doubt.DIGITS_IN_NAME)
    if person and len(name) < 2:
        found.add(Doubt.VERY_SHORT_NAME)
    return frozenset(found)


def doubts_of_person(
    *, birthday: Birthday | None, born: date | None, gender: str | None, id_no: IdNumber | None, today: date
) -> frozenset[Doubt]:
    """What does not go together, or is rare.

    Args:
        born: the solar date of `birthday`, as far as it is known.
    """
    found = set()
    if born is not None:
        age = age_on(born, today)
        if age > OLD_YEARS:
            found.add(Doubt.VERY_OLD)
        elif age < YOUNG_YEARS:
            found.add(Doubt.VERY_YOUNG)
    if id_no is not None:
        if gender is not None and gender != id_no.gender:
            found.add(Doubt.GENDER_DIFFERS)
        if birthday is not None and birthday.calendar == SOLAR and born != id_no.born:
            found.add(Doubt.BIRTHDAY_DIFFERS)
    return frozenset(found)
