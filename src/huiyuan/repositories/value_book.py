"""Fills the port for stored value over the line that asks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from huiyuan.domain.model.document_rows import CashBack, Release
from huiyuan.domain.model.recharge import Purchase
from huiyuan.domain.model.value_desk import DueRow
from huiyuan.repositories.reads import Ask, Row
from huiyuan.repositories.sign_in import accepted


class DatabaseValueBook:
    """See the port for what each may refuse."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def _call(self, statement: str, *parameters: object) -> Any:
        return accepted(self._ask(statement, parameters))

    def propose(self, *, family: str, name: str, terms: Mapping[str, Any], rule: int | None = None) -> int:
        given = json.dumps(dict(terms))
        answer: Row = self._call(
            "select api.rule_propose(%s::int, %s, %s, %s::jsonb)", rule, family, name, given
        )
        return int(answer["proposal"])

    def due(self, most: int) -> Sequence[DueRow]:
        answer: Row = self._call("select api.bonus_due(%s::int)", most)
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

    def purchase(self, receipt: str, *, wallet: int) -> Purchase:
        row: Row = self._call("select api.recharge_receipt(%s, %s::bigint)", receipt, wallet)
        return Purchase(
            document=UUID(row["document"]),
            receipt=row["receipt"],
            days=row["days"],
            own=row["own"],
            products=frozenset(row["products"]),
            used=row["used"],
        )

    def payee_seen(self, document: UUID, *, wallet: int, name: str) -> None:
        self._call("select api.payee_seen(%s, %s::bigint, %s)", document, wallet, name)
