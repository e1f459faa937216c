"""A promotion as a person writes it down in a form, and the terms that the door is asked to publish.

Always true: what cannot be read is refused by the name of its field; nothing is guessed. Amounts are typed in
the currency's units, rates in percent, pieces as numbers, dates as 2026-09-25.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.money import parse_minor, parse_scaled
from huiyuan.domain.model.quantity import parse_quantity

KINDS: Final = ("percent", "amount", "fixed", "nth", "buy_get", "bundle", "steps", "gift")
TOGETHER: Final = ("best", "exclusive", "stack")
HORIZON: Final = timedelta(days=730)
"""How far ahead days of the lunar calendar are looked up where no end is given."""


@dataclass(frozen=True, slots=True)
class PromotionDraft:
    """The fields as they were typed; empty where nothing was.

    `goods`: codes with spaces between, of a bundle `2*CODE CODE`. `value` by kind: `20%`; `1.50`; `9.90`;
    `2 50%` (every second one half price); `2+1`; `19.90`; `100-10 200-25` (with `+` in front: for every one);
    `1`. `needs`, of a gift: `2*CODE`. `dates`: from and to. `hours`: `1-5 18:00-20:00`. `lunar`: `8-15 1-1`.
    `holidays`: y keeps away from them. `members`: numbers of tiers, `first` for the first order. `most`:
    pieces a sale, `2/4`: and a member a day. `together`: 1 best, 2 exclusive, 3 stack, then a priority.
    """

    kind: str
    name: str = ""
    goods: str = ""
    value: str = ""
    needs: str = ""
    least: str = ""
    dates: str = ""
    hours: str = ""
    lunar: str = ""
    holidays: str = ""
    members: str = ""
    most: str = ""
    together: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What a form is read with: the currency, the shop's zone, its tiers, goods by their code."""

    digits: int
    zone: tzinfo
    today: date
    tiers: Sequence[int]
    product_of: Callable[[str], int]
    lunar_days: Callable[[int, int, date, date], Sequence[date]]


def terms_of(draft: PromotionDraft, around: Around) -> dict[str, Any]:
    """The terms of a version.

    Raises:
        Refused: `form_field` (field): it cannot be read. `unknown_product` (product).
    """
    body: dict[str, Any] = {"kind": draft.kind}
    body |= _field("value", lambda: _VALUES[draft.kind](draft.value.strip(), around.digits))
    if draft.kind == "bundle":
        body["parts"] = _field("goods", lambda: _counted(draft.goods, around))
    elif draft.goods.strip():
        body["products"] = sorted({around.product_of(code) for code in draft.goods.split()})
    if draft.kind == "gift" and draft.needs.strip():
        parts = _field("needs", lambda: _counted(draft.needs, around))
        body |= {"needs": sorted(part["product"] for part in parts), "each_milli": parts[0]["qty_milli"]}
    terms: dict[str, Any] = {}
    if draft.least.strip():
        terms["min_minor"] = _field("least", lambda: parse_minor(draft.least, around.digits))
    first, last = _field("dates", lambda: _dates(draft.dates, around))
    terms |= _midnights(first, last, around.zone)
    body |= _field("hours", lambda: _hours(draft.hours))
    body |= _field("lunar", lambda: _lunar(draft.lunar, first or around.today, last, around))
    if draft.holidays.strip():
        body["not_holidays"] = True
    members = draft.members.split()
    if "first" in members:
        body["first_order"] = True
    numbers = [word for word in members if word != "first"]
    if numbers:
        terms["tiers"] = _field("members", lambda: [around.tiers[_natural(word) - 1] for word in numbers])
    body |= _field("most", lambda: _most(draft.most)) | _field("together", lambda: _together(draft.together))
    return {**terms, "body": body}


def _field(name: str, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except (ValueError, IndexError, KeyError):
        raise Refused("form_field", {"field": name}) from None
    except Refused as refused:
        if refused.code == "unknown_product":
            raise
        raise Refused("form_field", {"field": name}) from None


def _natural(text: str) -> int:
    """A number from 1 on in ASCII digits. Raises ValueError."""
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise ValueError(text)
    return int(text)


def _rate(text: str) -> int:
    if not text.endswith("%"):
        raise ValueError(text)
    return parse_scaled(text.removesuffix("%"), 2, most=10_000, zero=False)


def _nth(text: str, _digits: int) -> dict[str, Any]:
    count, rate = text.split()
    return {"n": _natural(count), "rate_bp": _rate(rate)}


def _buy_get(text: str, _digits: int) -> dict[str, Any]:
    count, _, free = text.partition("+")
    return {"buy": _natural(count), "get": _natural(free)}


def _steps(text: str, digits: int) -> dict[str, Any]:
    """`100-10 200-25` or `100-10%`; a plus in front: for every one of them."""
    repeats, steps = text.startswith("+"), []
    for word in text.removeprefix("+").split():
        at, _, off = word.partition("-")
        taken = {"rate_bp": _rate(off)} if off.endswith("%") else {"off_minor": parse_minor(off, digits)}
        steps.append({"from_minor": parse_minor(at, digits), **taken})
    if not steps:
        raise ValueError(text)
    return {"steps": steps} | ({"repeats": True} if repeats else {})


_VALUES: Final[Mapping[str, Callable[[str, int], dict[str, Any]]]] = {
    "percent": lambda text, _digits: {"rate_bp": _rate(text)},
    "amount": lambda text, digits: {"off_minor": parse_minor(text, digits)},
    "fixed": lambda text, digits: {"price_minor": parse_minor(text, digits, zero=True)},
    "nth": _nth,
    "buy_get": _buy_get,
    "bundle": lambda text, digits: {"price_minor": parse_minor(text, digits, zero=True)},
    "steps": _steps,
    "gift": lambda text, _digits: {"give_milli": _natural(text or "1") * 1000},
}


def _counted(text: str, around: Around) -> list[dict[str, int]]:
    """`2*CODE CODE`: how many of which."""
    found = []
    for word in text.split():
        count, star, code = word.rpartition("*")
        qty = parse_quantity(count) if star else 1000
        found.append({"product": around.product_of(code), "qty_milli": qty})
    if not found:
        raise ValueError(text)
    return found


def _dates(text: str, around: Around) -> tuple[date | None, date | None]:
    words = text.split()
    if len(words) > 2:
        raise ValueError(text)
    days = [date.fromisoformat(word) for word in words]
    if any(day < around.today for day in days[1:]) or days != sorted(days):
        raise ValueError(text)
    return (days[0] if days else None), (days[1] if len(days) > 1 else None)


def _midnights(first: date | None, last: date | None, zone: tzinfo) -> dict[str, str]:
    """From the beginning of the first day to the end of the last, by the shop's clock."""
    found = {}
    if first is not None:
        found["valid_from"] = datetime.combine(first, datetime.min.time(), zone).isoformat()
    if last is not None:
        end = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)
        found["valid_to"] = end.isoformat()
    return found


def _hours(text: str) -> dict[str, Any]:
    """`1-5 18:00-20:00`, either or both; days also as `6,7`."""
    found: dict[str, Any] = {}
    for word in text.split():
        if ":" in word:
            begin, _, end = word.partition("-")
            found |= {"from_minute": _minute(begin), "to_minute": _minute(end)}
        else:
            days = [_range(part) for part in word.split(",")]
            found["weekdays"] = sorted({day for part in days for day in part})
    if any(not 1 <= day <= 7 for day in found.get("weekdays", ())):
        raise ValueError(text)
    return found


def _range(text: str) -> range:
    first, _, last = text.partition("-")
    return range(_natural(first), _natural(last or first) + 1)


def _minute(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", text)
    if found is None or int(found[2]) > 59 or int(found[1]) * 60 + int(found[2]) > 1440:
        raise ValueError(text)
    return int(found[1]) * 60 + int(found[2])


def _lunar(text: str, first: date, last: date | None, around: Around) -> dict[str, Any]:
    """`8-15 1-1`: days of the lunar calendar, and the days of ours on which they fall."""
    pairs = []
    for word in text.split():
        month, _, day = word.partition("-")
        pairs.append([_natural(month), _natural(day)])
    if not pairs:
        return {}
    end = last or first + HORIZON
    days = {day for month, number in pairs for day in around.lunar_days(month, number, first, end)}
    return {"lunar": pairs, "days": [day.isoformat() for day in sorted(days)] or [first.isoformat()]}


def _most(text: str) -> dict[str, int]:
    sale, _, day = text.strip().partition("/")
    found = {"max_qty_milli": _natural(sale) * 1000} if sale else {}
    return found | ({"day_qty_milli": _natural(day) * 1000} if day else {})


def _together(text: str) -> dict[str, Any]:
    words = text.split()
    if not words:
        return {}
    found: dict[str, Any] = {"combine": TOGETHER[_natural(words[0]) - 1]}
    return found | ({"priority": _natural(words[1])} if len(words) > 1 else {})
