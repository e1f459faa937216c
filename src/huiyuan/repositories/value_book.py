"""Fills the port for stored value over the line that asks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from huiyuan.domain.model.document_rows import CashBack, Release
from huiyuan.domain.model.promotion_desk import Campaign, Desk, Terms
from huiyuan.domain.model.value_desk import DueRow
from huiyuan.repositories.reads import Ask, Row
from huiyuan.repositories.sign_in import accepted

MOST: Final = 200
_COLUMNS: Final = ("max_bp", "max_document_minor", "min_minor", "term_days", "body")


class DatabaseValueBook:
    """See the port for what each may refuse."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def _call(self, statement: str, *parameters: object) -> Any:
        return accepted(self._ask(statement, parameters))

    def desk(self) -> Desk:
        answer: Row = self._call("select api.value_rules()")
        campaigns = [_version(row) for row in answer["versions"]] + [
            Campaign(
                name=row["name"], terms=_terms(row["family"], row["terms"]), by=row["by"], own=row["own"],
                proposal=row["proposal"], rule=row["rule"],
            )
            for row in answer["proposals"]
        ]  # fmt: skip
        return Desk(datetime.fromisoformat(answer["now"]), tuple(campaigns), answer["recharges"])

    def propose(self, *, family: str, name: str, terms: Mapping[str, Any]) -> int:
        given = json.dumps(dict(terms))
        answer: Row = self._call("select api.rule_propose(null, %s, %s, %s::jsonb)", family, name, given)
        return int(answer["proposal"])

    def due(self) -> Sequence[DueRow]:
        answer: Row = self._call("select api.bonus_due(%s::int)", MOST)
        parts = [
            DueRow(
                Release(row["plan"], row["part"], row["amount_minor"]), row["member"] or "",
                row["number"] or "", due_on=date.fromisoformat(row["due_on"]), parts=row["parts"],
            )
            for row in answer["parts"]
        ]  # fmt: skip
        backs = [
            DueRow(
                CashBack(row["wallet"], row["rule"], row["version"], row["month"], row["amount_minor"]),
                row["member"] or "", row["number"] or "", bought_minor=row["bought_minor"],
            )
            for row in answer["cash_backs"]
        ]  # fmt: skip
        return (*parts, *backs)

    def payee_seen(self, document: UUID, *, wallet: int, name: str) -> None:
        self._call("select api.payee_seen(%s, %s::bigint, %s)", document, wallet, name)


def _terms(family: str, values: Mapping[str, Any]) -> Terms:
    """The family stands where a promotion has its kind."""
    body = {**(values.get("body") or {}), "kind": family}
    return Terms({**values, "body": body})


def _version(row: Row) -> Campaign:
    ends = row["valid_to"]
    return Campaign(
        name=row["name"],
        terms=_terms(row["family"], {name: row[name] for name in _COLUMNS}),
        by=row["by"] or "",
        rule=row["rule"],
        version=row["version"],
        valid_from=datetime.fromisoformat(row["valid_from"]),
        valid_to=datetime.fromisoformat(ends) if ends else None,
        approved_by=row["approved_by"] or "",
    )
