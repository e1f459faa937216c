"""Birthdays: a solar date, or a day of the lunar calendar whose year may be unknown. Age comes from them.

Always true of a `Birthday` that was read: it exists, and does not lie ahead. The lunar calendar is a table,
not a rule, so whoever reads one is handed a `LunarCalendar`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from huiyuan.domain.model.errors import Refused

SOLAR: Final = "solar"
LUNAR: Final = "lunar"
YEAR_MIN: Final = 1900
OLD_YEARS: Final = 110

_SOLAR: Final = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})|([0-9]{4})([0-9]{2})([0-9]{2})")
_LUNAR_PREFIX: Final = re.compile(r"农历|阴历|农|[lL]")
_LUNAR: Final = re.compile(r"(?:([0-9]{4})[-/.])?([闰rR])?([0-9]{1,2})[-/.]([0-9]{1,2})")


class LunarCalendar(Protocol):
    """The lunar calendar from 1900 to 2100."""

    def month_days(self, year: int, month: int, *, leap: bool) -> int:
        """29 or 30; 0 if that year has no such month."""
        ...

    def solar(self, year: int, month: int, day: int, *, leap: bool) -> date:
        """The solar date of a lunar day that exists. Raises ValueError."""
        ...


@dataclass(frozen=True, slots=True)
class Birthday:
    """`calendar` is solar or lunar; `leap` marks the second of two lunar months of one number."""

    calendar: str
    year: int | None
    month: int
    day: int
    leap: bool = False

    def written(self) -> str:
        """As it is typed: 1990-02-28, L1990-R5-01, L8-15."""
        year = "" if self.year is None else f"{self.year}-"
        if self.calendar == SOLAR:
            return f"{year}{self.month:02}-{self.day:02}"
        return f"L{year}{'R' if self.leap else ''}{self.month}-{self.day}"


def read_birthday(text: str, *, today: date, lunar: LunarCalendar) -> Birthday:
    """What was typed: 1990-02-28, 19900228, L1990-8-15, L8-15, L2020-R4-01 (a leap month).

    Raises:
        Refused: `birthday_format`, `birthday_impossible` (no such day), `birthday_ahead`, `birthday_too_old`.
    """
    plain = "".join(unicodedata.normalize("NFKC", text[:40]).split())
    marked = _LUNAR_PREFIX.match(plain)
    if marked:
        return _read_lunar(plain[marked.end() :], today=today, lunar=lunar)
    found = _SOLAR.fullmatch(plain)
    if not found or not plain.isascii():
        raise Refused("birthday_format")
    year, month, day = (int(part) for part in found.groups() if part is not None)
    if year < YEAR_MIN:
        raise Refused("birthday_too_old", {"year": YEAR_MIN})
    try:
        born = date(year, month, day)
    except ValueError:
        raise Refused("birthday_impossible") from None
    if born > today:
        raise Refused("birthday_ahead")
    return Birthday(SOLAR, year, month, day)


def _read_lunar(plain: str, *, today: date, lunar: LunarCalendar) -> Birthday:
    found = _LUNAR.fullmatch(plain)
    if not found or not plain.replace("闰", "").isascii():
        raise Refused("birthday_format")
    year = None if found[1] is None else int(found[1])
    leap, month, day = found[2] is not None, int(found[3]), int(found[4])
    if not (1 <= month <= 12 and 1 <= day <= 30):
        raise Refused("birthday_impossible")
    if year is None:
        return Birthday(LUNAR, None, month, day, leap)
    if year < YEAR_MIN:
        raise Refused("birthday_too_old", {"year": YEAR_MIN})
    if year > today.year:
        raise Refused("birthday_ahead")
    if day > lunar.month_days(year, month, leap=leap):
        raise Refused("birthday_impossible")
    if lunar.solar(year, month, day, leap=leap) > today:
        raise Refused("birthday_ahead")
    return Birthday(LUNAR, year, month, day, leap)


def born_on(birthday: Birthday, lunar: LunarCalendar) -> date | None:
    """The solar date of birth; None while the year is unknown or the calendar does not reach it."""
    if birthday.year is None:
        return None
    try:
        if birthday.calendar == SOLAR:
            return date(birthday.year, birthday.month, birthday.day)
        return lunar.solar(birthday.year, birthday.month, birthday.day, leap=birthday.leap)
    except ValueError:
        return None


def age_on(born: date, today: date) -> int:
    """Full years. Who was born on 29 February is a year older on 1 March where there is no 29th."""
    before = (today.month, today.day) < (born.month, born.day)
    return today.year - born.year - before
