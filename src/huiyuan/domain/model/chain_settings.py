"""Settings as rows: what each is called, how it is written, how it is read from what a person types.

Always true: a value is a tuple of texts as the server keeps it; money is typed with its decimal point and
kept in minor units; what cannot be read raises `setting_unclear` with an example of what can.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.money import parse_minor


class Form(StrEnum):
    """How a value is written."""

    HOUR = "hour"
    NUMBER = "number"
    MONEY = "money"
    WORDS = "words"
    LINES = "lines"
    CHOICE = "choice"
    DAYS = "days"
    BLIND = "blind"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Known:
    """A setting there is. `usual` is what holds where nobody set one; `store`: a store may have its own."""

    form: Form
    example: str
    usual: str = ""
    store: bool = True
    options: tuple[str, ...] = ()


KNOWN: Final[Mapping[str, Known]] = {
    "handover_at": Known(Form.HOUR, "22:00"),
    "auto_lock_minutes": Known(Form.NUMBER, "10", "0"),
    "variance_free_minor": Known(Form.MONEY, "5.00", "0"),
    "offline_hours": Known(Form.NUMBER, "8", "8"),
    "offline_sales": Known(Form.NUMBER, "300", "300"),
    "offline_cash_minor": Known(Form.MONEY, "20000.00", "2000000"),
    "quick_keys": Known(Form.WORDS, "m=MILK-1L, w=WRAP"),
    "function_keys": Known(Form.WORDS, "sale.hold=f9, sale.quick=f5"),
    "scale_codes": Known(Form.WORDS, "20IIIIIWWWWWC"),
    "slip_header": Known(Form.LINES, "Tel. 021-555 | 9:00-22:00"),
    "slip_footer": Known(Form.LINES, "Thank you"),
    "slip_sellers": Known(Form.CHOICE, "yes", "no", True, ("yes", "no")),
    "cash_step_minor": Known(Form.CHOICE, "10", "1", False, ("1", "5", "10", "20", "50", "100")),
    "cash_rounding": Known(Form.CHOICE, "nearest", "nearest", False, ("nearest", "down")),
    "keep_change_max_minor": Known(Form.MONEY, "100.00", "10000", False),
    "returns_across": Known(Form.CHOICE, "yes", "no", False, ("yes", "no")),
    "blind_return": Known(Form.BLIND, "30 500.00 100.00 200.00", store=False),
}
YEAR: Final = Known(Form.DAYS, "01-01 New Year, 10-01 National Day", store=False)
DEALER: Final = Known(Form.TEXT, "Wholesale A", store=False)
OUTLET: Final = Known(Form.CHOICE, "yes", "yes", False, ("yes", "no"))
"""Whether a store puts money onto cards."""
WAITS: Final = Known(Form.BLIND, "", store=False)


@dataclass(frozen=True, slots=True)
class Setting:
    """One row. `unit` is the store or the chain's own unit that has it, None for what is the chain's alone;
    `at` and `by` say since when and by whom, None where nobody changed it or nobody knows."""

    key: str
    value: tuple[str, ...]
    unit: int | None = None
    at: datetime | None = None
    by: str = ""
    set: bool = True

    @property
    def known(self) -> Known:
        """How it is written."""
        for start, found in (
            ("holidays.", YEAR),
            ("dealer.", DEALER),
            ("waits.", WAITS),
            ("outlet.", OUTLET),
        ):
            if self.key.startswith(start):
                return found
        return KNOWN[self.key]


@dataclass(frozen=True, slots=True)
class ChainSettings:
    """Everything that can be set here: `store` is this seat's, `chain` the unit above all."""

    store: int
    chain: int
    rows: tuple[Setting, ...]


def all_rows(found: Sequence[Setting]) -> tuple[Setting, ...]:
    """What waits for a person, the table's own (set or not yet), then years and dealer levels."""
    there = {each.key: each for each in found}
    listed = [
        there.get(key, Setting(key, (known.usual,) if known.usual else (), set=False))
        for key, known in KNOWN.items()
    ]
    others = sorted((each for each in found if each.key not in KNOWN), key=lambda each: each.key)
    waiting = [each for each in others if each.known is WAITS]
    return (*waiting, *listed, *(each for each in others if each.known is not WAITS))


BETWEEN: Final = r"[,，]|\s+(?=[^\s,，=]+=)"
"""Commas; where each part is `a=b`, a space does as well."""


def read_setting(known: Known, text: str, minor_digits: int) -> tuple[str, ...]:
    """What a person typed, as it is kept; nothing typed lifts it.

    Raises:
        Refused: `setting_unclear` (example).
    """
    plain = " ".join(text.split())
    unclear = Refused("setting_unclear", {"example": known.example})
    if not plain and known.form is not Form.BLIND:
        return ()
    try:
        if known.form is Form.MONEY:
            return (str(parse_minor(plain, minor_digits, zero=True)),)
        if known.form is Form.BLIND:
            days, *money = plain.split(" ")
            if len(money) != 3 or not re.fullmatch(r"[0-9]{1,4}", days):
                raise unclear
            return (days, *(str(parse_minor(each, minor_digits, zero=True)) for each in money))
    except Refused:
        raise unclear from None
    patterns = {Form.NUMBER: r"[0-9]{1,6}", Form.HOUR: r"([01][0-9]|2[0-3]):[0-5][0-9]"}
    if known.form in patterns and not re.fullmatch(patterns[known.form], plain):
        raise unclear
    if known.form in {Form.WORDS, Form.DAYS, Form.LINES}:
        between = "[|｜]" if known.form is Form.LINES else BETWEEN
        parts = tuple(each.strip() for each in re.split(between, plain) if each.strip())
        if known.form is Form.DAYS and any(not re.fullmatch(r"\d\d-\d\d \S.*", each) for each in parts):
            raise unclear
        return parts
    return (plain,)


def quick_keys(rows: Sequence[str]) -> dict[str, str]:
    """Key (one letter or digit) -> code of the goods behind it."""
    return {key: code for key, _, code in (each.partition("=") for each in rows) if len(key) == 1 and code}


def function_keys(rows: Sequence[str]) -> dict[str, str]:
    """Command -> function key of this store's choice."""
    return {name: key for name, _, key in (each.partition("=") for each in rows) if name and key}
