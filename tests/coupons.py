"""Coupons of the small chain: series published without two people, codes given out through the door."""

from __future__ import annotations

import hashlib
import itertools
from typing import Any, Final

from tests.small_chain import Seat, SmallChain, cash, line, off

_SERIAL: Final = itertools.count(1)
DATED: Final[dict[str, Any]] = {"term_days": 30}


def new_code() -> dict[str, str]:
    """The token and the last four of a code that nobody has yet."""
    number = f"{next(_SERIAL):06}"
    return {"token": hashlib.sha256(("coupon" + number).encode()).hexdigest(), "last": number[-4:]}


def give_out(
    chain: SmallChain, seat: Seat, rule: int, count: int = 1, *, holder: int | None = None
) -> list[str]:
    """Codes of version 1 of a series, given out by a manager; answers their tokens."""
    codes = [new_code() for _ in range(count)]
    person = {} if holder is None else {"holder": holder}
    rows = [{**code, "rule": rule, "version": 1, **person} for code in codes]
    face = chain.value(
        "select coalesce((body->>'off_minor')::bigint, max_document_minor, 0) from shop.rule_version"
        " where rule = %s", rule,
    )  # fmt: skip
    desk = chain.seat(seat.store, staff=chain.managers[0])
    answer = desk.post(desk.document("coupon_issue", coupons=rows, reason="given", total_minor=face * count))
    assert "refused" not in answer, answer
    return [code["token"] for code in codes]


def by_coupon(n: int, amount: int, rule: int, token: str, qty: int | None = None) -> dict[str, Any]:
    """What a code takes off a line."""
    covered = {} if qty is None else {"qty_milli": qty}
    return {**off(n, "coupon", amount, rule, 1), "coupon": token, **covered}


def sale(
    seat: Seat, lines: list[dict[str, Any]], adjustments: list[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    """A sale of untaxed goods paid in cash; what the adjustments take is off the lines already."""
    for each in adjustments:
        lines[each["line"] - 1]["total_minor"] -= each["amount_minor"]
    total = sum(each["total_minor"] for each in lines)
    tenders = {"tenders": [cash(total)]} if total else {}
    return seat.document("sale", lines=lines, adjustments=adjustments, total_minor=total, **tenders, **more)


def state_of(chain: SmallChain, token: str) -> str:
    """open, used or void."""
    found = chain.rows(
        "select used_by is not null, void_by is not null from shop.coupon where hmac = decode(%s, 'hex')",
        token,
    )
    used, void = found[0]
    return "void" if void else "used" if used else "open"


__all__ = ["DATED", "by_coupon", "give_out", "line", "new_code", "sale", "state_of"]
