"""Fills the Law port over the line that asks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from huiyuan.domain.model.law import LawProposal, LawRule, Standing
from huiyuan.domain.model.proposals import Desk, Place
from huiyuan.repositories.reads import Ask, Row
from huiyuan.repositories.sign_in import accepted

_TIMES: Final = frozenset({"valid_from", "valid_to"})


class DatabaseLaw:
    """See the port for what each may refuse."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def _call(self, statement: str, *parameters: object) -> Any:
        return accepted(self._ask(statement, parameters))

    def desk(self, *, after: Place | None, most: int) -> Desk[LawRule | LawProposal]:
        behind = None if after is None else list(after)
        answer: Row = self._call("select api.law_rules(%s::bigint[], %s::int)", behind, most)
        return Desk(
            now=datetime.fromisoformat(answer["now"]),
            rows=tuple(_proposal(row) if "proposal" in row else law_row(row) for row in answer["rows"]),
            jurisdiction=answer["place"],
        )

    def standing(self, wallet: int, *, buyer: int | None = None) -> Standing:
        answer: Row = self._call("select api.law_standing(%s::bigint, %s::bigint)", wallet, buyer)
        return Standing(
            at=datetime.fromisoformat(answer["at"]),
            rules=tuple(law_row(row) for row in answer["rules"]),
            registered=answer["registered"],
            held_minor=answer["held_minor"],
            named=answer["named"],
            identified=answer["identified"],
            company=answer["company"],
            buyer=answer["buyer"] or "",
            type_cap_minor=answer["type_cap_minor"],
            outlet=answer["outlet"],
        )

    def propose(self, *, rule: str, jurisdiction: str, terms: Mapping[str, Any]) -> int:
        given = json.dumps(dict(terms))
        answer: Row = self._call("select api.law_propose(%s, %s, %s::jsonb)", rule, jurisdiction, given)
        return int(answer["proposal"])

    def approve(self, proposal: int) -> None:
        self._call("select api.law_approve(%s::bigint)", proposal)

    def decline(self, proposal: int) -> None:
        self._call("select api.law_decline(%s::bigint)", proposal)


def law_row(row: Row) -> LawRule:
    """A row as the server answers it."""
    known = {each.name for each in fields(LawRule)}
    values = {name: value for name, value in row.items() if name in known and value is not None}
    times = {name: datetime.fromisoformat(values[name]) for name in _TIMES & values.keys()}
    return LawRule(**{**values, **times})


def _proposal(row: Row) -> LawProposal:
    named = {"id": row["proposal"], "rule": row["rule"], "jurisdiction": row["jurisdiction"]}
    return LawProposal(
        id=row["proposal"], row=law_row({**row["terms"], **named}), by=row["by"] or "", own=row["own"]
    )
