"""Card types and passes as a person types them: fields of text, and the terms that come of them.

Always true: what cannot be read is refused by the name of its field; a field left empty is no bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.money import format_minor, parse_minor
from huiyuan.domain.model.passes import FUNCTIONS, WHO
from huiyuan.domain.model.promotion_desk import Terms

CARD_FIELDS: Final = ("name", "type", "who", "functions", "sale_max_minor", "day_max_minor")
PASS_FIELDS: Final = ("name", "count", "term_days", "price_minor", "day_max", "top_up_minor")
_NUMBERS: Final = frozenset({"count", "term_days", "day_max"})


def terms_of_card_rule(family: str, values: Mapping[str, str], *, digits: int) -> dict[str, Any]:
    """The terms of a version of `card_type` or `pass`.

    Args:
        digits: decimal places of the chain's money.

    Raises:
        Refused: `form_field` (field).
    """
    body: dict[str, Any] = {}
    terms: dict[str, Any] = {"body": body}
    for name, text in values.items():
        if not text:
            continue
        value = _value(name, text, digits)
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
        if not plain or not 1 <= int(text) <= 100_000:
            raise Refused("form_field", {"field": name})
        return int(text)
    if name.endswith("_minor"):
        try:
            return parse_minor(text, digits)
        except Refused:
            raise Refused("form_field", {"field": name}) from None
    return text.lower() if name == "type" else text


def values_of(terms: Terms, *, digits: int) -> dict[str, str]:
    """What a form shows of a version that is there."""
    shown: dict[str, str] = {}
    for name, value in {**terms.values, **terms.body}.items():
        if name == "who":
            shown[name] = str(WHO.index(value) + 1)
        elif name == "functions":
            shown[name] = "".join(str(n) for n, each in enumerate(FUNCTIONS, start=1) if each in value)
        elif name.endswith("_minor") and isinstance(value, int):
            shown[name] = format_minor(value, digits)
        elif name in _NUMBERS and value is not None:
            shown[name] = str(value)
    return shown
