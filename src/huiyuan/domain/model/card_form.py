"""Card types and passes as a person types them: fields of text, and the terms that come of them.

Always true: what cannot be read is refused by the name of its field; a field left empty is no bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from huiyuan.domain.model.codes import read_codes
from huiyuan.domain.model.credit import FULL_RATE
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.money import format_minor, parse_minor
from huiyuan.domain.model.passes import FUNCTIONS, WHO
from huiyuan.domain.model.promotion_desk import Terms

CARD_FIELDS: Final = (
    "name", "type", "who", "functions", "sale_max_minor", "day_max_minor", "balance_max_minor", "categories",
    "valid_months", "by_application", "due_days", "least_rate", "least_minor",
)  # fmt: skip
PASS_FIELDS: Final = ("name", "count", "term_days", "price_minor", "day_max", "top_up_minor")
_NUMBERS: Final = {
    "count": 100_000,
    "term_days": 100_000,
    "day_max": 100_000,
    "valid_months": 600,
    "due_days": 366,
}
"""Whole numbers, each with its most."""


def terms_of_card_rule(
    family: str,
    values: Mapping[str, str],
    *,
    digits: int,
    categories: Mapping[str, int] | None = None,
    kept: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The terms of a version of `card_type` or `pass`.

    Args:
        digits: decimal places of the chain's money.
        categories: ids by the codes that may be typed.
        kept: the body of the version before; what the form does not show stays.

    Raises:
        Refused: `form_field` (field).
    """
    body: dict[str, Any] = {name: value for name, value in (kept or {}).items() if name not in values}
    if values.get("count"):
        body.pop("unlimited", None)
    terms: dict[str, Any] = {"body": body}
    for name, text in values.items():
        if not text:
            continue
        value = _codes(text, categories or {}) if name == "categories" else _value(name, text, digits)
        (terms if name == "term_days" else body)[name] = value
    if family == "card_type":
        for name in ("type", "who", "functions"):
            if name not in body:
                raise Refused("form_field", {"field": name})
    elif "count" not in body:
        body["unlimited"] = True
        if "term_days" not in terms:
            raise Refused("form_field", {"field": "term_days"})
    return terms


def _codes(text: str, known: Mapping[str, int]) -> list[int]:
    ids = {code.upper(): id for code, id in known.items()}
    codes = read_codes(text)
    if not codes or any(each not in ids for each in codes):
        raise Refused("form_field", {"field": "categories"})
    return [ids[each] for each in codes]


def _value(name: str, text: str, digits: int) -> object:
    plain = text.isascii() and text.isdigit()
    if name == "who":
        if not plain or not 1 <= int(text) <= len(WHO):
            raise Refused("form_field", {"field": name})
        return WHO[int(text) - 1]
    if name == "functions":
        chosen = sorted({int(each) for each in text if each.isascii() and each.isdigit()})
        if not plain or not chosen or chosen[0] < 1 or chosen[-1] > len(FUNCTIONS):
            raise Refused("form_field", {"field": name})
        return [FUNCTIONS[each - 1] for each in chosen]
    if name in _NUMBERS:
        if not plain or not 1 <= int(text) <= _NUMBERS[name]:
            raise Refused("form_field", {"field": name})
        return int(text)
    if name == "least_rate":
        rate = _percent(text)
        if not 0 < rate <= FULL_RATE:
            raise Refused("form_field", {"field": name})
        return rate
    if name == "by_application":
        if text not in {"0", "1"}:
            raise Refused("form_field", {"field": name})
        return text == "1"
    if name.endswith("_minor"):
        try:
            return parse_minor(text, digits)
        except Refused:
            raise Refused("form_field", {"field": name}) from None
    return text.lower() if name == "type" else text


def _percent(text: str) -> int:
    """Per 10,000 of a percentage with up to two decimals."""
    try:
        return parse_minor(text.rstrip("%％"), 2)
    except Refused:
        raise Refused("form_field", {"field": "least_rate"}) from None


def values_of(terms: Terms, *, digits: int, categories: Mapping[str, int] | None = None) -> dict[str, str]:
    """What a form shows of a version that is there; `categories` as in `terms_of_card_rule`."""
    shown: dict[str, str] = {}
    codes = {id: code for code, id in (categories or {}).items()}
    for name, value in {**terms.values, **terms.body}.items():
        if name == "who":
            shown[name] = str(WHO.index(value) + 1)
        elif name == "functions":
            shown[name] = "".join(str(n) for n, each in enumerate(FUNCTIONS, start=1) if each in value)
        elif name.endswith("_minor") and isinstance(value, int):
            shown[name] = format_minor(value, digits)
        elif name == "least_rate" and isinstance(value, int):
            shown[name] = format_minor(value, 2)
        elif name == "categories":
            shown[name] = ", ".join(codes[each] for each in value if each in codes)
        elif name == "by_application":
            shown[name] = "1" if value else ""
        elif name in _NUMBERS and value is not None:
            shown[name] = str(value)
    return shown
