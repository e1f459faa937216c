"""Ways of paying as rows: what the chain takes, and how its cash rounds, over a signed-in connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from huiyuan.domain.model.identity import CashRule
from huiyuan.repositories.sign_in import call


@dataclass(frozen=True, slots=True)
class WayOfPaying:
    """A row: `account` is where its money lies until somebody pays it to us; `name` may be empty."""

    kind: str
    account: str
    name: str
    reference: bool
    active: bool


@dataclass(frozen=True, slots=True)
class WaysOfPaying:
    """All of them, and the rule of cash."""

    ways: tuple[WayOfPaying, ...]
    cash: CashRule


def listed(connection: psycopg.Connection[Any]) -> WaysOfPaying:
    """What stands. Raises Refused `not_signed_in`."""
    found = call(connection, "select api.tenders()")
    ways = tuple(
        WayOfPaying(row["kind"], row["account"], row["name"] or "", row["reference"], row["active"])
        for row in found["tenders"]
    )
    rule = CashRule(found["cash_step_minor"], found["cash_rounding"], found["keep_change_max_minor"])
    return WaysOfPaying(ways, rule)


def put_way(connection: psycopg.Connection[Any], way: WayOfPaying) -> None:
    """Add or change one. Raises Refused: `malformed`, `unclean_text`, `not_permitted`, `wrong_store`."""
    call(
        connection,
        "select api.tender_put(%s, %s, %s, %s, %s)",
        (way.kind, way.account, way.name or None, way.reference, way.active),
    )


def put_cash_rule(connection: psycopg.Connection[Any], rule: CashRule) -> None:
    """From the next sign-in of a counter on. Raises Refused: `malformed`, `not_permitted`, `wrong_store`."""
    call(
        connection,
        "select api.cash_rule_put(%s::int, %s, %s::bigint)",
        (rule.step_minor, rule.rounding, rule.keep_most_minor),
    )
