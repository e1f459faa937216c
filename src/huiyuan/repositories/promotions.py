"""Fills the Promotions port over the line that asks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final

from huiyuan.domain.model.card import Tier
from huiyuan.domain.model.promotion_desk import Campaign, Tally, Terms
from huiyuan.domain.model.proposals import Desk, Place
from huiyuan.domain.model.rule_words import RuleChoices
from huiyuan.repositories.lunar import TableCalendar
from huiyuan.repositories.reads import Ask, Row
from huiyuan.repositories.sign_in import accepted

_COLUMNS: Final = (
    "stores", "tiers", "min_minor", "max_bp", "max_line_minor", "max_document_minor", "amount_minor",
    "term_days", "body",
)  # fmt: skip


class DatabasePromotions:
    """See the port for what each may refuse."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._calendar = TableCalendar()

    def _call(self, statement: str, *parameters: object) -> Any:
        return accepted(self._ask(statement, parameters))

    def tiers(self) -> Sequence[Tier]:
        return tuple(Tier(*row) for row in self._call("select api.tiers()"))

    def desk(self, families: Sequence[str], *, after: Place | None, most: int) -> Desk[Campaign]:
        statement = "select api.rule_desk(%s::text[], %s::bigint[], %s::int)"
        answer: Row = self._call(statement, list(families), None if after is None else list(after), most)
        return Desk(
            now=datetime.fromisoformat(answer["now"]),
            rows=tuple(_proposal(row) if "proposal" in row else _version(row) for row in answer["rows"]),
            recharges=answer["recharges"],
        )

    def choices(self, products: Sequence[int]) -> RuleChoices:
        answer: Row = self._call("select api.rule_choices(%s::int[])", list(products))
        return RuleChoices(
            tiers=tuple(Tier(*row) for row in answer["tiers"]),
            stores=tuple((row[0], row[1], row[2]) for row in answer["stores"]),
            categories=tuple((row[0], row[1], row[2]) for row in answer["categories"]),
            brands=tuple(answer["brands"]),
            products={int(id): code for id, code in answer["products"].items()},
        )

    def propose(
        self, *, rule: int | None, name: str, terms: Mapping[str, Any], family: str = "promotion"
    ) -> int:
        statement = "select api.rule_propose(%s::int, %s, %s, %s::jsonb)"
        answer: Row = self._call(statement, rule, family, name, json.dumps(dict(terms)))
        return int(answer["proposal"])

    def approve(self, proposal: int) -> None:
        self._call("select api.rule_approve(%s::bigint)", proposal)

    def decline(self, proposal: int) -> None:
        self._call("select api.rule_decline(%s::bigint)", proposal)

    def end(self, rule: int) -> None:
        self._call("select api.rule_end(%s::int)", rule)

    def lunar_days(self, month: int, day: int, *, first: date, last: date) -> Sequence[date]:
        found = []
        for year in range(first.year - 1, last.year + 1):
            try:
                solar = self._calendar.solar(year, month, day, leap=False)
            except ValueError:
                continue
            if first <= solar <= last:
                found.append(solar)
        return tuple(found)


def _at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _terms(family: str, values: Mapping[str, Any]) -> Terms:
    """What a family is about stands where a promotion has its kind."""
    return Terms({**values, "body": {"kind": family, **(values.get("body") or {})}})


def _version(row: Row) -> Campaign:
    values = {name: row[name] for name in _COLUMNS if row.get(name) is not None}
    return Campaign(
        name=row["name"],
        terms=_terms(row["family"], values),
        by=row["by"] or "",
        rule=row["rule"],
        version=row["version"],
        valid_from=_at(row["valid_from"]),
        valid_to=_at(row["valid_to"]),
        approved_by=row["approved_by"] or "",
        tally=Tally(**{each.name: int(row[each.name]) for each in fields(Tally) if each.name in row}),
    )


def _proposal(row: Row) -> Campaign:
    terms = row["terms"]
    return Campaign(
        name=row["name"],
        terms=_terms(row["family"], terms),
        by=row["by"],
        rule=row["rule"],
        valid_from=_at(terms.get("valid_from")),
        valid_to=_at(terms.get("valid_to")),
        proposal=row["proposal"],
        own=row["own"],
    )
