"""A series of coupons as a person writes it down in a form, the terms that the door is asked to publish, and
the way back.

Always true: what cannot be read is refused by the name of its field; nothing is guessed. Amounts are typed in
the currency's units, rates in percent, pieces as numbers, dates as 2026-09-25.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from huiyuan.domain.model.money import format_minor, parse_minor
from huiyuan.domain.model.promotion_desk import Campaign
from huiyuan.domain.model.promotion_form import Around, percent_words
from huiyuan.domain.model.rule_words import (
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


@dataclass(frozen=True, slots=True)
class SeriesDraft:
    """The fields as they were typed; empty where nothing was.

    `value` by kind: `10`; `20% 50` (at most 50.00); `1` piece of the goods for nothing. `goods`, `hours`,
    `members`, `stores`: words of `rule_words`. `dates`: when codes are given out. `ends`: `30` days after the
    day of issue, a last day `2026-12-31`, or both. `counts`: `1/3/1`, codes a sale, a member, a member's day.
    `beside`: `p` not for goods on promotion, `c` also with other series. `earn`: a sale gives one for every
    so much.
    """

    kind: str
    name: str = ""
    value: str = ""
    goods: str = ""
    least: str = ""
    ends: str = ""
    dates: str = ""
    hours: str = ""
    holidays: str = ""
    members: str = ""
    stores: str = ""
    counts: str = ""
    beside: str = ""
    earn: str = ""


def series_terms(draft: SeriesDraft, around: Around) -> dict[str, Any]:
    """The terms of a version.

    Raises:
        Refused: `form_field` (field): it cannot be read. `unknown_product` (product).
    """
    digits = around.digits
    columns, given = field_of("value", lambda: _VALUES[draft.kind](draft.value.strip(), digits))
    body: dict[str, Any] = {"kind": draft.kind} | given
    terms: dict[str, Any] = dict(columns)
    body |= field_of("goods", lambda: goods_of(draft.goods, around.choices, around.product_of))
    if draft.least.strip():
        terms["min_minor"] = field_of("least", lambda: parse_minor(draft.least, digits))
    term, last = field_of("ends", lambda: _ends(draft.ends))
    terms |= term
    body |= last
    first, until = field_of("dates", lambda: days_between(draft.dates, around.today))
    terms |= midnights(first, until, around.zone)
    body |= field_of("hours", lambda: hours_of(draft.hours))
    if draft.holidays.strip():
        body["not_holidays"] = True
    terms |= field_of("members", lambda: _tiers(draft.members, around))
    terms |= field_of("stores", lambda: stores_of(draft.stores, around.choices))
    body |= field_of("counts", lambda: _counts(draft.counts)) | field_of(
        "beside", lambda: _beside(draft.beside)
    )
    if draft.earn.strip():
        body["earn_minor"] = field_of("earn", lambda: parse_minor(draft.earn, digits))
    return {**terms, "body": body}


def _percent(text: str, digits: int) -> tuple[dict[str, Any], dict[str, Any]]:
    rate, _, most = text.partition(" ")
    return ({"max_document_minor": parse_minor(most, digits)} if most.strip() else {}), {
        "rate_bp": rate_of(rate)
    }


_VALUES: Final[Mapping[str, Callable[[str, int], tuple[dict[str, Any], dict[str, Any]]]]] = {
    "off": lambda text, digits: ({}, {"off_minor": parse_minor(text, digits)}),
    "percent": _percent,
    "goods": lambda text, _digits: ({}, {"give_milli": natural(text or "1") * 1000}),
}


def _ends(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Days after the issue, a last day, or both. Raises ValueError."""
    terms: dict[str, Any] = {}
    body: dict[str, Any] = {}
    for word in text.split():
        if "-" in word:
            body["use_until"] = date.fromisoformat(word).isoformat()
        else:
            terms["term_days"] = natural(word)
    return terms, body


def _tiers(text: str, around: Around) -> dict[str, Any]:
    """Tiers alone: a code has a holder already. Raises ValueError for any other word."""
    columns, segments = members_of(text, around.choices)
    if segments:
        raise ValueError(text)
    return columns


def _counts(text: str) -> dict[str, int]:
    words = text.strip().split("/")
    if len(words) > 3:
        raise ValueError(text)
    names = ("per_sale", "per_member", "per_day")
    return {name: natural(word) for name, word in zip(names, words, strict=False) if word}


def _beside(text: str) -> dict[str, bool]:
    words = set(text.split())
    if words - {"p", "c"}:
        raise ValueError(text)
    found = {"with_promotions": False} if "p" in words else {}
    return found | ({"with_coupons": True} if "c" in words else {})


def series_draft(campaign: Campaign, around: Around) -> SeriesDraft:
    """The fields that `series_terms` would read as this version; a new version begins now at the earliest."""
    body, terms, digits = campaign.terms.body, campaign.terms.values, around.digits
    least, earn = terms.get("min_minor") or 0, body.get("earn_minor")
    ends = [str(terms["term_days"])] if terms.get("term_days") else []
    ends += [body["use_until"]] if body.get("use_until") else []
    counts = "/".join(str(body.get(name, "")) for name in ("per_sale", "per_member", "per_day"))
    beside = ["p"] if body.get("with_promotions") is False else []
    beside += ["c"] if body.get("with_coupons") else []
    return SeriesDraft(
        kind=campaign.terms.kind,
        name=campaign.name,
        value=value_words(campaign, digits),
        goods=words_of_goods(body, around.choices),
        least=format_minor(least, digits) if least else "",
        ends=" ".join(ends),
        dates=words_of_days(campaign.valid_from, campaign.valid_to, around.today, around.zone),
        hours=words_of_hours(body),
        holidays="y" if body.get("not_holidays") else "",
        members=words_of_members(terms.get("tiers"), {}, around.choices),
        stores=words_of_stores(terms.get("stores"), around.choices),
        counts=counts.rstrip("/"),
        beside=" ".join(beside),
        earn=format_minor(earn, digits) if earn else "",
    )


def value_words(campaign: Campaign, digits: int) -> str:
    """What a series takes off, as it would be typed; empty for a kind that this version does not know."""
    body, most = campaign.terms.body, campaign.terms.values.get("max_document_minor")
    if campaign.terms.kind == "off":
        return format_minor(body["off_minor"], digits)
    if campaign.terms.kind == "percent":
        rate = percent_words(body["rate_bp"])
        return f"{rate} {format_minor(most, digits)}" if most else rate
    return str(body["give_milli"] // 1000) if campaign.terms.kind == "goods" else ""
