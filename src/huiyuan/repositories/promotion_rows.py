"""The body of a promotion as it was published, and as the frozen value that prices a basket.

Always true: the door found a body to be in order before it was published, so one that cannot be read is of a
later version of this program: its rule is known by name and gives nothing here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from huiyuan.domain.model.promotion import (
    ALL_DAY,
    AmountOff,
    Bundle,
    Combine,
    FixedPrice,
    Gift,
    Gives,
    Group,
    Part,
    Percent,
    Promotion,
    Scope,
    Steps,
    Threshold,
    Window,
)

_log = logging.getLogger(__name__)
Body = Mapping[str, Any]


def promotion_of(body: Body) -> Promotion | None:
    """The promotion that a body describes; None if it describes none."""
    if "kind" not in body:
        return None
    try:
        return Promotion(
            gives=_KINDS[body["kind"]](body),
            scope=scope_of(body),
            window=_window(body),
            combine=Combine(body.get("combine", "best")),
            priority=int(body.get("priority", 0)),
            with_member=bool(body.get("with_member", True)),
            first_order=bool(body.get("first_order", False)),
            birth_month=bool(body.get("birth_month", False)),
            joined_days=body.get("joined_days"),
            max_qty_milli=body.get("max_qty_milli"),
            day_qty_milli=body.get("day_qty_milli"),
        )
    except (KeyError, ValueError, TypeError) as error:
        _log.warning("promotion: body not understood (%s)", type(error).__name__)
        return None


def scope_of(body: Body) -> Scope:
    """The goods that a body names."""
    return Scope(
        products=frozenset(body.get("products", ())),
        categories=frozenset(body.get("categories", ())),
        brands=frozenset(body.get("brands", ())),
        but=frozenset(body.get("but", ())),
        kind=body.get("goods", ""),
    )


def _window(body: Body) -> Window:
    days, not_on = body.get("days"), body.get("not_on")
    return Window(
        weekdays=frozenset(body.get("weekdays", ())),
        from_minute=body.get("from_minute", 0),
        to_minute=body.get("to_minute", ALL_DAY),
        days=None if days is None else _dates(days),
        not_on=None if not_on is None else _dates(not_on),
        known_to=date.fromisoformat(body["known_to"]) if body.get("known_to") else None,
    )


def _dates(texts: list[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)


def _steps(body: Body) -> Steps:
    steps = tuple(
        Threshold(step["from_minor"], step.get("off_minor", 0), step.get("rate_bp", 0))
        for step in body["steps"]
    )
    return Steps(steps, bool(body.get("repeats", False)))


def _gift(body: Body) -> Gift:
    return Gift(body["give_milli"], frozenset(body.get("needs", ())), body.get("each_milli", 0))


def _bundle(body: Body) -> Bundle:
    parts = tuple(Part(part["product"], part["qty_milli"]) for part in body["parts"])
    return Bundle(parts, body["price_minor"])


_KINDS: Final[Mapping[str, Callable[[Body], Gives]]] = {
    "percent": lambda body: Percent(body["rate_bp"]),
    "amount": lambda body: AmountOff(body["off_minor"]),
    "fixed": lambda body: FixedPrice(body["price_minor"]),
    "nth": lambda body: Group(body["n"], 1, body["rate_bp"]),
    "buy_get": lambda body: Group(body["buy"] + body["get"], body["get"], body.get("rate_bp", 10_000)),
    "bundle": _bundle,
    "steps": _steps,
    "gift": _gift,
}
