"""The form of a rule about stored value, or a fee of cards: what was typed becomes terms that are proposed.

Always true: a field that cannot be read is named (`form_field`), and nothing half-read leaves here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.money import format_minor, parse_minor
from huiyuan.domain.model.promotion_form import percent_words
from huiyuan.domain.model.quantity import format_quantity, parse_quantity
from huiyuan.domain.model.recharge import PARTS_MAX, instalments
from huiyuan.domain.model.rule_words import (
    RuleChoices,
    members_of,
    natural,
    rate_of,
    stores_of,
    words_of_members,
    words_of_stores,
)

RECHARGE: Final = "recharge"
BONUS: Final = "bonus"
SPENDING: Final = "spending"
SETTLEMENT: Final = "settlement"
CASH_BACK: Final = "cash_back"
FEE: Final = "fee"
FAMILIES: Final = (RECHARGE, SPENDING, SETTLEMENT, CASH_BACK, FEE)
"""What a new rule is of; a bonus by percent is an older, simpler recharge rule."""
DESK_FAMILIES: Final = (*FAMILIES, BONUS)
ENDING: Final = frozenset({RECHARGE, BONUS, CASH_BACK, FEE})
"""What gives or asks for something may end; of the others one is always needed."""
FEE_EVENTS: Final[tuple[Mapping[str, Any], ...]] = (
    {"code": "joining", "kind": "card_issue", "once": True, "who": "main"},
    {"code": "annual", "kind": "annual_fee", "who": "main"},
    {"code": "supplementary", "kind": "annual_fee", "who": "supplementary"},
    {"code": "replacement", "kind": "card_replacement"},
    {"code": "renewal", "kind": "card_renewal"},
    {"code": "card", "kind": "card_issue"},
)
"""What a fee is asked for, in the order of the form: with the first card ever, every year, with a move."""
FEE_KINDS: Final = frozenset(str(each["kind"]) for each in FEE_EVENTS)
EVERY_MARKS: Final[Mapping[str, tuple[str, ...]]] = {
    "months": ("", "m", "月"), "weeks": ("w", "周"), "days": ("d", "天", "日")
}  # fmt: skip
"""How far the parts of a bonus lie apart, as it is typed behind their number; the first is shown again."""
POINTS_MARKS: Final = ("p", "分")
POLICIES: Final = ("principal_first", "bonus_first", "pro_rata")
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    RECHARGE: (
        "name",
        "steps",
        "months",
        "term",
        "most",
        "types",
        "series",
        "goods",
        "bought",
        "members",
        "stores",
    ),
    BONUS: ("name", "share", "least", "most", "term", "members", "stores"),
    SPENDING: ("name", "policy", "stores"),
    SETTLEMENT: ("name", "share", "cash"),
    CASH_BACK: ("name", "share", "most", "least", "types", "members", "stores"),
    FEE: ("name", "event", "amount", "types"),
}
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    RECHARGE: ("steps",), BONUS: ("share",), SPENDING: ("policy",), CASH_BACK: ("share",),
    FEE: ("event", "amount"),
}  # fmt: skip


def steps_of(text: str, digits: int) -> dict[str, Any]:
    """`500-50 1000-10%`: from 500.00 on 50.00, from 1,000.00 on a tenth; `500-200p`, `500-50+200p`: points,
    alone or beside; `500`: from there on what else the rule gives; `+` in front: for every 500.00.

    Raises ValueError or Refused where it cannot be read.
    """
    repeats, steps = text.strip().startswith("+"), []
    for word in text.strip().removeprefix("+").split():
        at, dash, gives = word.partition("-")
        gift: dict[str, int] = {}
        for part in gives.split("+") if dash else ():
            name, amount = _gift(part, digits)
            if name in gift or {name, *gift} >= {"give_minor", "give_bp"}:
                raise ValueError(word)
            gift[name] = amount
        if not gift.keys() & {"give_minor", "give_bp"}:
            gift["give_minor"] = 0  # a counter of before, which knows of no points, reads it, too
        steps.append({"from_minor": parse_minor(at, digits), **gift})
    if not steps:
        raise ValueError(text)
    return {"steps": steps} | ({"repeats": True} if repeats else {})


def _gift(text: str, digits: int) -> tuple[str, int]:
    if text[-1:] in POINTS_MARKS:
        return "points", natural(text[:-1])
    return ("give_bp", rate_of(text)) if text.endswith("%") else ("give_minor", parse_minor(text, digits))


def steps_words(body: Mapping[str, Any], digits: int) -> str:
    """As it is typed."""
    words = []
    for step in body.get("steps", ()):
        gives = [percent_words(step["give_bp"])] if step.get("give_bp") else []
        gives += [format_minor(step["give_minor"], digits)] if step.get("give_minor") else []
        gives += [f"{step['points']}p"] if step.get("points") else []
        words.append(
            "-".join([format_minor(step["from_minor"], digits), *(["+".join(gives)] if gives else [])])
        )
    return ("+" if body.get("repeats") else "") + " ".join(words)


def parts_of(text: str) -> dict[str, int]:
    """`12`: in twelve parts, one a month; `10w` one a week, `30d` one a day. Raises ValueError."""
    found = re.fullmatch(r"([0-9]+)\s*(\S?)", text)
    every = next((each for each, marks in EVERY_MARKS.items() if found and found[2] in marks), None)
    least = 1 if every == "months" else 2
    if found is None or every is None or not least <= natural(found[1]) <= PARTS_MAX[every]:
        raise ValueError(text)
    return {every: natural(found[1])}


def parts_words(body: Mapping[str, Any]) -> str:
    """As it is typed; nothing where all of it comes at once."""
    count, every = instalments(body)
    return f"{count}{EVERY_MARKS[every][0]}" if count > 1 else ""


def value_words(values: Mapping[str, Any], digits: int) -> str:
    """What a version gives, in one line; the kind of its body is its family."""
    body = values.get("body") or {}
    if body.get("kind") in FEE_KINDS:
        return format_minor(int(values.get("amount_minor") or 0), digits)
    if body.get("kind") == SPENDING:
        return str(body.get("policy", ""))
    if body.get("kind") == RECHARGE:
        parts = parts_words(body)
        goods = _goods_words(body.get("goods", ()))
        return steps_words(body, digits) + (f" +{goods}" if goods else "") + (f" /{parts}" if parts else "")
    return percent_words(values["max_bp"]) if values.get("max_bp") else ""


def _series(text: str, series: Sequence[int]) -> list[dict[str, int]]:
    """`1*2`: two codes of the first series that the form lists."""
    rows = []
    for word in text.split():
        place, _, pieces = word.partition("*")
        rows.append({"rule": series[natural(place) - 1], "pieces": natural(pieces or "1")})
    return rows


def goods_typed(text: str, product_of: Callable[[str], int]) -> list[dict[str, int]]:
    """`2*CODE CODE`: how many pieces of which goods. Raises ValueError, Refused."""
    rows = []
    for word in text.split():
        count, star, code = word.rpartition("*")
        qty_milli = parse_quantity(count) if star else 1000
        rows.append({"product": product_of(code), "qty_milli": qty_milli})
    return rows


def bought_typed(text: str, product_of: Callable[[str], int]) -> dict[str, Any]:
    """`CODE CODE`: a receipt of today with one of them; `/7` behind: of the last seven days."""
    codes, _, days = text.partition("/")
    found: dict[str, Any] = {"bought": [{"product": product_of(code)} for code in codes.split()]}
    if not found["bought"]:
        raise ValueError(text)
    return found | ({"bought_days": natural(days.strip())} if days.strip() else {})


def _goods_words(rows: Sequence[Mapping[str, Any]]) -> str:
    words = []
    for row in rows:
        code, qty_milli = str(row.get("code", f"?{row['product']}")), int(row.get("qty_milli", 1000))
        words.append(code if qty_milli == 1000 else f"{format_quantity(qty_milli)}*{code}")
    return " ".join(words)


def _bought_words(body: Mapping[str, Any]) -> str:
    days = int(body.get("bought_days", 1))
    return _goods_words(body.get("bought", ())) + (f" /{days}" if days > 1 else "")


def _tiers(text: str, choices: RuleChoices) -> dict[str, Any]:
    """Tiers alone: who never bought or joined lately is no matter of a top-up. Raises ValueError."""
    columns, body = members_of(text, choices)
    if body:
        raise ValueError(text)
    return columns


def family_of(values: Mapping[str, Any]) -> str:
    """Of the terms of a version, as they are read: a fee is told by what it is asked for."""
    kind = str((values.get("body") or {}).get("kind", ""))
    return FEE if kind in FEE_KINDS else kind


def value_typed(
    values: Mapping[str, Any], *, digits: int, series: Sequence[int] = (), choices: RuleChoices | None = None
) -> dict[str, str]:
    """What would be typed to get these terms, by field; the way back of `value_terms`, without the name."""
    family, body, around = family_of(values), values.get("body") or {}, choices or RuleChoices()
    places = {id: str(n) for n, id in enumerate(series, start=1)}
    codes = [str(each["code"]) for each in FEE_EVENTS]

    def money(field: str) -> str:
        amount = values.get(field)
        return "" if amount is None else format_minor(int(amount), digits)

    found = {
        "steps": steps_words(body, digits),
        "months": parts_words(body),
        "term": str(values.get("term_days") or ""),
        "most": money("max_document_minor"),
        "cash": money("max_document_minor"),
        "least": money("min_minor") if values.get("min_minor") else "",
        "share": percent_words(values["max_bp"]) if values.get("max_bp") else "",
        "types": " ".join(body.get("types" if family == FEE else "card_types", ())),
        "event": str(codes.index(body["code"]) + 1) if body.get("code") in codes else "",
        "amount": money("amount_minor"),
        "series": " ".join(
            f"{places.get(each['rule'], '?')}*{each['pieces']}" for each in body.get("coupons", ())
        ),
        "goods": _goods_words(body.get("goods", ())) if family == RECHARGE else "",
        "bought": _bought_words(body) if family == RECHARGE else "",
        "policy": str(POLICIES.index(body["policy"]) + 1) if body.get("policy") in POLICIES else "",
        "members": words_of_members(values.get("tiers"), {}, around),
        "stores": words_of_stores(values.get("stores"), around),
    }
    return {field: found[field] for field in FIELDS.get(family, ()) if found.get(field)}


def _no_goods(code: str) -> int:
    raise Refused("unknown_product", {"product": code})


def _gives(step: Mapping[str, Any]) -> bool:
    return any(step.get(gift) for gift in ("give_minor", "give_bp", "points"))


def value_terms(
    family: str,
    typed: Mapping[str, str],
    *,
    digits: int,
    series: Sequence[int] = (),
    choices: RuleChoices | None = None,
    product_of: Callable[[str], int] = _no_goods,
) -> dict[str, Any]:
    """The terms of a version of this family.

    Args:
        typed: what stands in each field of `FIELDS[family]`; an empty one says nothing.
        series: ids of the coupon series that the form lists, in its order.
        choices: which tiers and stores can be named.
        product_of: the id of goods by their code; raises Refused `unknown_product`.

    Raises:
        Refused: `form_field` (field); `unknown_product` (product, field).
    """
    body: dict[str, Any] = {}
    terms: dict[str, Any] = {}
    around = choices or RuleChoices()
    readers: Mapping[str, Callable[[str], None]] = {
        "steps": lambda text: body.update(steps_of(text, digits)),
        "months": lambda text: body.update(parts_of(text)),
        "term": lambda text: terms.update(term_days=natural(text)),
        "most": lambda text: terms.update(max_document_minor=parse_minor(text, digits)),
        "least": lambda text: terms.update(min_minor=parse_minor(text, digits)),
        "cash": lambda text: terms.update(max_document_minor=parse_minor(text, digits, zero=True)),
        "share": lambda text: terms.update(max_bp=rate_of(text.rstrip("%％") + "%")),
        "types": lambda text: body.update({"types" if family == FEE else "card_types": text.split()}),
        "event": lambda text: body.update(FEE_EVENTS[natural(text) - 1]),
        "amount": lambda text: terms.update(amount_minor=parse_minor(text, digits)),
        "series": lambda text: body.update(coupons=_series(text, series)),
        "goods": lambda text: body.update(goods=goods_typed(text, product_of)),
        "bought": lambda text: body.update(bought_typed(text, product_of)),
        "policy": lambda text: body.update(policy=POLICIES[natural(text) - 1]),
        "members": lambda text: terms.update(_tiers(text, around)),
        "stores": lambda text: terms.update(stores_of(text, around)),
    }
    for field in FIELDS[family]:
        text = typed.get(field, "").strip()
        if field == "name":
            continue
        try:
            if text:
                readers[field](text)
            elif field in _NEEDED.get(family, ()):
                raise ValueError(field)
        except Refused as refused:
            code = refused.code if refused.code == "unknown_product" else "form_field"
            raise Refused(code, {**refused.facts, "field": field}) from None
        except (ValueError, IndexError, KeyError):
            raise Refused("form_field", {"field": field}) from None
    if family == RECHARGE and not (body.keys() & {"goods", "coupons"} or all(map(_gives, body["steps"]))):
        raise Refused("form_field", {"field": "steps"})
    return terms | ({"body": body} if body else {})
