"""A coupon: a code's shape, and what a code that was opened may take off a basket.

A code reads `CP-7K2M-9QXD-4TWH`: twelve characters of an alphabet without 0, 1, I and O, the last of which
checks the others, so that a mistyped code is told from one that nobody gave out. It is neither goods (digits
only) nor a card, a receipt (`RC-`) or a payment code.

Always true: whoever has the code has the coupon, so the code itself is in no value here; `token` is its HMAC
and pays as the code does; `mark` is the HMAC's own hash: it finds a code and pays nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from huiyuan.domain.model.promotion import ALL_DAY, Scope, Window

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH: Final = 12
POSSIBLE: Final = len(ALPHABET) ** (LENGTH - 1)
"""How many codes there are: 55 bits, too many to guess one."""
_SHAPE: Final = re.compile(rf"CP[- ]?([{ALPHABET}]{{4}})[- ]?([{ALPHABET}]{{4}})[- ]?([{ALPHABET}]{{4}})")


def _check(payload: str) -> str:
    """Weights 1, 3, 5 ... are all odd, so every wrong character shows, and so does a swap of two neighbours
    unless they lie half the alphabet apart."""
    total = sum((2 * i + 1) * ALPHABET.index(char) for i, char in enumerate(payload))
    return ALPHABET[total % len(ALPHABET)]


def code_from(chance: int) -> str:
    """The code of a random number below `POSSIBLE`, as it is printed."""
    payload = ""
    for _ in range(LENGTH - 1):
        chance, place = divmod(chance, len(ALPHABET))
        payload += ALPHABET[place]
    whole = payload + _check(payload)
    return f"CP-{whole[:4]}-{whole[4:8]}-{whole[8:]}"


def read_code(text: str) -> str | None:
    """The code as it is printed, None if `text` is none; full-width forms and small letters count."""
    found = _SHAPE.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    if found is None:
        return None
    whole = "".join(found.groups())
    return "CP-" + "-".join(found.groups()) if _check(whole[:-1]) == whole[-1] else None


def read_last(text: str) -> str | None:
    """The last four characters of a code, None if `text` is none."""
    last = unicodedata.normalize("NFKC", text).strip().upper()
    return last if len(last) == 4 and all(char in ALPHABET for char in last) else None


@dataclass(frozen=True, slots=True)
class Coupon:
    """An opened code with the terms of the version it was given out under; plain fields, so it can be kept.

    `kind` is off, percent or goods. Amounts are minor units, quantities thousandths, rates per 10,000.
    `holder` is the only member who may use it. `days`, `not_on` and `known_to` are ISO dates as in `Window`.
    """

    token: str
    last: str
    rule: int
    version: int
    name: str
    kind: str
    state: str
    expires_at: datetime
    off_minor: int = 0
    rate_bp: int = 0
    give_milli: int = 0
    min_minor: int = 0
    max_minor: int | None = None
    tiers: tuple[int, ...] | None = None
    holder: int | None = None
    per_sale: int = 1
    with_promotions: bool = True
    with_coupons: bool = False
    products: tuple[int, ...] = ()
    categories: tuple[int, ...] = ()
    brands: tuple[str, ...] = ()
    but: tuple[int, ...] = ()
    goods: str = ""
    weekdays: tuple[int, ...] = ()
    from_minute: int = 0
    to_minute: int = ALL_DAY
    days: tuple[str, ...] | None = None
    not_on: tuple[str, ...] | None = None
    known_to: str = ""
    mark: str = ""

    @property
    def scope(self) -> Scope:
        """The goods it may lower."""
        return Scope(
            products=frozenset(self.products),
            categories=frozenset(self.categories),
            brands=frozenset(self.brands),
            but=frozenset(self.but),
            kind=self.goods,
        )

    @property
    def window(self) -> Window:
        """When it holds, by the store's clock."""
        return Window(
            weekdays=frozenset(self.weekdays),
            from_minute=self.from_minute,
            to_minute=self.to_minute,
            days=None if self.days is None else frozenset(map(date.fromisoformat, self.days)),
            not_on=None if self.not_on is None else frozenset(map(date.fromisoformat, self.not_on)),
            known_to=date.fromisoformat(self.known_to) if self.known_to else None,
        )


@dataclass(frozen=True, slots=True)
class Series:
    """What can be given out now; `face_minor` is what the limit of whoever gives it out is about.

    `off_minor` is what a code takes off, 0 where that depends on the goods; it ends `term_days` after the day
    of its issue or after `use_until`, whichever comes first.
    """

    rule: int
    version: int
    name: str
    face_minor: int
    off_minor: int = 0
    min_minor: int = 0
    term_days: int | None = None
    use_until: date | None = None

    def last_day(self, issued_on: date) -> date | None:
        """The last day of a code that is given out on a day, by the store's calendar."""
        ends = [self.use_until] if self.use_until is not None else []
        ends += [issued_on + timedelta(days=self.term_days)] if self.term_days is not None else []
        return min(ends, default=None)


def series_terms_of(
    rule: int, version: int, name: str, *, columns: Mapping[str, Any], body: Mapping[str, Any]
) -> Series:
    """A series out of the columns and the body of a version."""
    off, until = body.get("off_minor") or 0, body.get("use_until")
    return Series(
        rule=rule,
        version=version,
        name=name,
        face_minor=off or columns.get("max_document_minor") or 0,
        off_minor=off,
        min_minor=columns.get("min_minor") or 0,
        term_days=columns.get("term_days"),
        use_until=date.fromisoformat(until) if until else None,
    )


@dataclass(frozen=True, slots=True)
class CouponRecord:
    """A code with what became of it. Its coupon has no token unless the whole code was shown."""

    coupon: Coupon
    issued_at: datetime
    holder_name: str = ""
    used_at: datetime | None = None
    used_store: str = ""
    used_receipt: str = ""
    voided_at: datetime | None = None
