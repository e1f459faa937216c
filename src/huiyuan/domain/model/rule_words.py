"""The words in which a rule is written down in a form: goods, members, stores, days and hours, both ways.

Always true: what cannot be read is refused by the name of its field; nothing is guessed; what was written
down reads back as the same words (`words_of_…`), so a version is changed from what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from huiyuan.domain.model.card import Tier
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.money import parse_scaled

CATEGORY: Final = "#"
BRAND: Final = "@"
NOT: Final = "-"
FIRST: Final = "first"
BIRTHDAY: Final = "birthday"
JOINED: Final = "new"
DAYS_MOST: Final = 3650


@dataclass(frozen=True, slots=True)
class RuleChoices:
    """What a rule may name. `stores` and `categories` are id, code and name; `products` are the codes of
    the goods that the rule names already, by id."""

    tiers: tuple[Tier, ...] = ()
    stores: tuple[tuple[int, str, str], ...] = ()
    categories: tuple[tuple[int, str, str], ...] = ()
    brands: tuple[str, ...] = ()
    products: Mapping[int, str] = field(default_factory=dict)


def field_of(name: str, read: Callable[[], Any]) -> Any:
    """What `read` answers. Raises Refused `form_field` (field), or `unknown_product` as it is."""
    try:
        return read()
    except (ValueError, IndexError, KeyError):
        raise Refused("form_field", {"field": name}) from None
    except Refused as refused:
        if refused.code == "unknown_product":
            raise
        raise Refused("form_field", {"field": name}) from None


def natural(text: str) -> int:
    """A number from 1 on in ASCII digits. Raises ValueError."""
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise ValueError(text)
    return int(text)


def rate_of(text: str) -> int:
    """`20%` per 10,000. Raises ValueError, Refused."""
    if not text.endswith("%"):
        raise ValueError(text)
    return parse_scaled(text.removesuffix("%"), 2, most=10_000, zero=False)


def brand_word(brand: str) -> str:
    """A brand as one word."""
    return BRAND + brand.replace(" ", "_")


def goods_of(text: str, choices: RuleChoices, product_of: Callable[[str], int]) -> dict[str, Any]:
    """`CODE`, `#CATEGORY`, `@brand`, and `-CODE` for all of these but that. Raises KeyError, Refused."""
    categories = {code.upper(): id for id, code, _ in choices.categories}
    brands = {brand_word(each): each for each in choices.brands}
    found: dict[str, set[Any]] = {}
    for word in text.split():
        if word.startswith(CATEGORY):
            found.setdefault("categories", set()).add(categories[word[1:].upper()])
        elif word.startswith(BRAND):
            found.setdefault("brands", set()).add(brands[word])
        elif word.startswith(NOT):
            found.setdefault("but", set()).add(product_of(word[1:]))
        else:
            found.setdefault("products", set()).add(product_of(word))
    return {name: sorted(values) for name, values in found.items()}


def words_of_goods(body: Mapping[str, Any], choices: RuleChoices) -> str:
    """The words of `goods_of`. What has no code any more stands as its number behind a question mark."""
    codes = {id: code for id, code, _ in choices.categories}
    names = choices.products
    return " ".join(
        [
            *(names.get(each, f"?{each}") for each in body.get("products", ())),
            *(CATEGORY + codes.get(each, f"?{each}") for each in body.get("categories", ())),
            *(brand_word(each) for each in body.get("brands", ())),
            *(NOT + names.get(each, f"?{each}") for each in body.get("but", ())),
        ]
    )


def members_of(text: str, choices: RuleChoices) -> tuple[dict[str, Any], dict[str, Any]]:
    """Numbers of tiers into columns; `first` (never bought), `birthday` (born in this month) and `new30`
    (joined within so many days) into the body. Raises ValueError, IndexError."""
    tiers: list[int] = []
    body: dict[str, Any] = {}
    for word in text.split():
        if word == FIRST:
            body["first_order"] = True
        elif word == BIRTHDAY:
            body["birth_month"] = True
        elif word.startswith(JOINED):
            body["joined_days"] = natural(word.removeprefix(JOINED))
            if body["joined_days"] > DAYS_MOST:
                raise ValueError(word)
        else:
            tiers.append(choices.tiers[natural(word) - 1].id)
    return ({"tiers": tiers} if tiers else {}), body


def words_of_members(tiers: Sequence[int] | None, body: Mapping[str, Any], choices: RuleChoices) -> str:
    """The words of `members_of`."""
    places = {tier.id: str(n) for n, tier in enumerate(choices.tiers, start=1)}
    words = [places.get(each, f"?{each}") for each in tiers or ()]
    words += [FIRST] if body.get("first_order") else []
    words += [BIRTHDAY] if body.get("birth_month") else []
    words += [f"{JOINED}{body['joined_days']}"] if body.get("joined_days") else []
    return " ".join(words)


def stores_of(text: str, choices: RuleChoices) -> dict[str, Any]:
    """Codes of stores; none: the whole chain. Raises KeyError."""
    ids = {code.upper(): id for id, code, _ in choices.stores}
    found = sorted({ids[word.upper()] for word in text.split()})
    return {"stores": found} if found else {}


def words_of_stores(stores: Sequence[int] | None, choices: RuleChoices) -> str:
    """The words of `stores_of`."""
    codes = {id: code for id, code, _ in choices.stores}
    return " ".join(codes.get(each, f"?{each}") for each in stores or ())


def days_between(text: str, today: date) -> tuple[date | None, date | None]:
    """A first and a last day, as `2026-09-25`. Raises ValueError."""
    words = text.split()
    if len(words) > 2:
        raise ValueError(text)
    days = [date.fromisoformat(word) for word in words]
    if any(day < today for day in days[1:]) or days != sorted(days):
        raise ValueError(text)
    return (days[0] if days else None), (days[1] if len(days) > 1 else None)


def midnights(first: date | None, last: date | None, zone: tzinfo) -> dict[str, str]:
    """From the beginning of the first day to the end of the last, by the shop's clock."""
    found = {}
    if first is not None:
        found["valid_from"] = datetime.combine(first, datetime.min.time(), zone).isoformat()
    if last is not None:
        end = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)
        found["valid_to"] = end.isoformat()
    return found


def words_of_days(begin: datetime | None, end: datetime | None, today: date, zone: tzinfo) -> str:
    """The words of `days_between` of what is still to come: a version begins at the earliest now."""
    if end is None:
        first = begin.astimezone(zone).date() if begin is not None else today
        return first.isoformat() if first > today else ""
    first = max(begin.astimezone(zone).date() if begin is not None else today, today)
    last = (end.astimezone(zone) - timedelta(microseconds=1)).date()
    return f"{first.isoformat()} {last.isoformat()}" if last >= first else ""


def hours_of(text: str) -> dict[str, Any]:
    """`1-5 18:00-20:00`, either or both; days also as `6,7`. Raises ValueError."""
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


def words_of_hours(body: Mapping[str, Any]) -> str:
    """The words of `hours_of`."""
    words = [",".join(str(day) for day in body["weekdays"])] if body.get("weekdays") else []
    if "from_minute" in body or "to_minute" in body:
        begin, end = body.get("from_minute", 0), body.get("to_minute", 1440)
        words.append(f"{begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}")
    return " ".join(words)


def _range(text: str) -> range:
    first, _, last = text.partition("-")
    return range(natural(first), natural(last or first) + 1)


def _minute(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", text)
    if found is None or int(found[2]) > 59 or int(found[1]) * 60 + int(found[2]) > 1440:
        raise ValueError(text)
    return int(found[1]) * 60 + int(found[2])
