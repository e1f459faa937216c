"""A promotion as a person writes it down in a form, and the terms that the door is asked to publish.

Always true: what cannot be read is refused by the name of its field; nothing is guessed; a version reads
back as what would be typed for it (`draft_of`). Amounts are typed in the currency's units, rates in percent,
pieces as numbers, dates as 2026-09-25.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Any, Final

from huiyuan.domain.model.money import format_minor, parse_minor
from huiyuan.domain.model.promotion_desk import Campaign
from huiyuan.domain.model.quantity import format_quantity, parse_quantity
from huiyuan.domain.model.rule_words import (
    RuleChoices,
    days_between,
    field_of,
    goods_of,
    hours_of,
    members_of,
    midnights,
    natural,
    rate_of,
    stores_of,
    words_of_days,
    words_of_goods,
    words_of_hours,
    words_of_members,
    words_of_stores,
)

TOGETHER: Final = ("best", "exclusive", "stack")
HORIZON: Final = timedelta(days=730)
"""How far ahead days of the lunar calendar are looked up where no end is given."""


@dataclass(frozen=True, slots=True)
class PromotionDraft:
    """The fields as they were typed; empty where nothing was.

    `goods`: words of `Scoped`, of a bundle `2*CODE CODE`. `value` by kind: `20%`; `1.50`; `9.90`;
    `2 50%` (every second one half price); `2+1`; `19.90`; `100-10 200-25` (with `+` in front: for every one);
    `1`. `needs`, of a gift: `2*CODE`. `dates`: from and to. `hours`: `1-5 18:00-20:00`. `lunar`: `8-15 1-1`.
    `holidays`: y keeps away from them. `members`: words of `members_of`. `stores`: codes. `most`:
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
    stores: str = ""
    most: str = ""
    together: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What a form is read with: the currency, the shop's zone, what can be named, goods by their code."""

    digits: int
    zone: tzinfo
    today: date
    choices: RuleChoices
    product_of: Callable[[str], int]
    lunar_days: Callable[[int, int, date, date], Sequence[date]]


def terms_of(draft: PromotionDraft, around: Around) -> dict[str, Any]:
    """The terms of a version.

    Raises:
        Refused: `form_field` (field): it cannot be read. `unknown_product` (product).
    """
    body: dict[str, Any] = {"kind": draft.kind}
    body |= field_of("value", lambda: _VALUES[draft.kind](draft.value.strip(), around.digits))
    if draft.kind == "bundle":
        body["parts"] = field_of("goods", lambda: _counted(draft.goods, around))
    else:
        body |= field_of("goods", lambda: goods_of(draft.goods, around.choices, around.product_of))
    if draft.kind == "gift" and draft.needs.strip():
        parts = field_of("needs", lambda: _counted(draft.needs, around))
        body |= {"needs": sorted(part["product"] for part in parts), "each_milli": parts[0]["qty_milli"]}
    terms: dict[str, Any] = {}
    if draft.least.strip():
        terms["min_minor"] = field_of("least", lambda: parse_minor(draft.least, around.digits))
    first, last = field_of("dates", lambda: days_between(draft.dates, around.today))
    terms |= midnights(first, last, around.zone)
    body |= field_of("hours", lambda: hours_of(draft.hours))
    body |= field_of("lunar", lambda: _lunar(draft.lunar, first or around.today, last, around))
    if draft.holidays.strip():
        body["not_holidays"] = True
    columns, segments = field_of("members", lambda: members_of(draft.members, around.choices))
    terms |= columns | field_of("stores", lambda: stores_of(draft.stores, around.choices))
    body |= segments | field_of("most", lambda: _most(draft.most))
    body |= field_of("together", lambda: _together(draft.together))
    return {**terms, "body": body}


def _nth(text: str, _digits: int) -> dict[str, Any]:
    count, rate = text.split()
    return {"n": natural(count), "rate_bp": rate_of(rate)}


def _buy_get(text: str, _digits: int) -> dict[str, Any]:
    count, _, free = text.partition("+")
    return {"buy": natural(count), "get": natural(free)}


def _steps(text: str, digits: int) -> dict[str, Any]:
    """`100-10 200-25` or `100-10%`; a plus in front: for every one of them."""
    repeats, steps = text.startswith("+"), []
    for word in text.removeprefix("+").split():
        at, _, off = word.partition("-")
        taken = {"rate_bp": rate_of(off)} if off.endswith("%") else {"off_minor": parse_minor(off, digits)}
        steps.append({"from_minor": parse_minor(at, digits), **taken})
    if not steps:
        raise ValueError(text)
    return {"steps": steps} | ({"repeats": True} if repeats else {})


_VALUES: Final[Mapping[str, Callable[[str, int], dict[str, Any]]]] = {
    "percent": lambda text, _digits: {"rate_bp": rate_of(text)},
    "amount": lambda text, digits: {"off_minor": parse_minor(text, digits)},
    "fixed": lambda text, digits: {"price_minor": parse_minor(text, digits, zero=True)},
    "nth": _nth,
    "buy_get": _buy_get,
    "bundle": lambda text, digits: {"price_minor": parse_minor(text, digits, zero=True)},
    "steps": _steps,
    "gift": lambda text, _digits: {"give_milli": natural(text or "1") * 1000},
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


def _lunar(text: str, first: date, last: date | None, around: Around) -> dict[str, Any]:
    """`8-15 1-1`: days of the lunar calendar, and the days of ours on which they fall."""
    pairs = []
    for word in text.split():
        month, _, day = word.partition("-")
        pairs.append([natural(month), natural(day)])
    if not pairs:
        return {}
    end = last or first + HORIZON
    days = {day for month, number in pairs for day in around.lunar_days(month, number, first, end)}
    return {"lunar": pairs, "days": [day.isoformat() for day in sorted(days)] or [first.isoformat()]}


def _most(text: str) -> dict[str, int]:
    sale, _, day = text.strip().partition("/")
    found = {"max_qty_milli": natural(sale) * 1000} if sale else {}
    return found | ({"day_qty_milli": natural(day) * 1000} if day else {})


def _together(text: str) -> dict[str, Any]:
    words = text.split()
    if not words:
        return {}
    found: dict[str, Any] = {"combine": TOGETHER[natural(words[0]) - 1]}
    return found | ({"priority": natural(words[1])} if len(words) > 1 else {})


# The way back: a version as somebody would write it down


def draft_of(campaign: Campaign, around: Around) -> PromotionDraft:
    """The fields that `terms_of` would read as this version; a new version begins now at the earliest."""
    body, terms, digits = campaign.terms.body, campaign.terms.values, around.digits
    kind = campaign.terms.kind
    counted = kind == "bundle"
    least = terms.get("min_minor") or 0
    return PromotionDraft(
        kind=kind,
        name=campaign.name,
        goods=_words_counted(body["parts"], around) if counted else words_of_goods(body, around.choices),
        value=_WORDS[kind](body, digits),
        needs=_needs_words(body, around),
        least=format_minor(least, digits) if least else "",
        dates=words_of_days(campaign.valid_from, campaign.valid_to, around.today, around.zone),
        hours=words_of_hours(body),
        lunar=" ".join(f"{month}-{day}" for month, day in body.get("lunar", ())),
        holidays="y" if body.get("not_holidays") else "",
        members=words_of_members(terms.get("tiers"), body, around.choices),
        stores=words_of_stores(terms.get("stores"), around.choices),
        most=_most_words(body),
        together=_together_words(body),
    )


def _needs_words(body: Mapping[str, Any], around: Around) -> str:
    parts = [{"product": each, "qty_milli": body["each_milli"]} for each in body.get("needs", ())]
    return _words_counted(parts, around)


def _words_counted(parts: Sequence[Mapping[str, int]], around: Around) -> str:
    words = []
    for part in parts:
        code = around.choices.products.get(part["product"], f"?{part['product']}")
        one = part["qty_milli"] == 1000
        words.append(code if one else f"{format_quantity(part['qty_milli'])}*{code}")
    return " ".join(words)


def percent_words(rate_bp: int) -> str:
    """`20%` of 2,000."""
    return format_minor(rate_bp, 2).removesuffix(".00") + "%"


def _steps_words(body: Mapping[str, Any], digits: int) -> str:
    words = []
    for step in body["steps"]:
        rate = step.get("rate_bp")
        off = percent_words(rate) if rate else format_minor(step["off_minor"], digits)
        words.append(f"{format_minor(step['from_minor'], digits)}-{off}")
    return ("+" if body.get("repeats") else "") + " ".join(words)


_WORDS: Final[Mapping[str, Callable[[Mapping[str, Any], int], str]]] = {
    "percent": lambda body, _digits: percent_words(body["rate_bp"]),
    "amount": lambda body, digits: format_minor(body["off_minor"], digits),
    "fixed": lambda body, digits: format_minor(body["price_minor"], digits),
    "nth": lambda body, _digits: f"{body['n']} {percent_words(body['rate_bp'])}",
    "buy_get": lambda body, _digits: f"{body['buy']}+{body['get']}",
    "bundle": lambda body, digits: format_minor(body["price_minor"], digits),
    "steps": _steps_words,
    "gift": lambda body, _digits: format_quantity(body["give_milli"]),
}


def _most_words(body: Mapping[str, Any]) -> str:
    sale = body.get("max_qty_milli")
    day = body.get("day_qty_milli")
    text = format_quantity(sale) if sale else ""
    return text + (f"/{format_quantity(day)}" if day else "")


def _together_words(body: Mapping[str, Any]) -> str:
    place = TOGETHER.index(body.get("combine", "best"))
    priority = body.get("priority")
    if not priority:
        return str(place + 1) if place else ""
    return f"{place + 1} {priority}"
