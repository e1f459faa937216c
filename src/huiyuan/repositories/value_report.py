"""Recharges and consumption of stored value, as one Core select under row-level security."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, and_, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by

from huiyuan.domain.model.value_report import ValueAsked, ValueBy, ValueFigures, ValueReport, ValueSlip
from huiyuan.repositories.reports import (
    page_of,
    page_read,
    read_scope,
    scope_facts,
    span_of,
    store_codes,
    wanted_codes,
)
from huiyuan.repositories.schema.report import VALUE_MOVES

Answer = Mapping[str, Any]
_MOVED: Final = ("forfeited", "corrected", "moved")


def value_question(asked: ValueAsked) -> Select[Any]:
    """The one statement; its only value is an object that `read_value` takes."""
    span, stores = span_of(asked.span), store_codes()
    keys = [_key(each, stores).label(each.value) for each in asked.by]
    counted = _of_span(select(*keys, *_figures()), asked, span, stores).group_by(*keys).cte("counted")
    whole = _of_span(select(*_figures()), asked, span, stores).subquery("whole")
    ordered = [counted.c[each.value] for each in asked.by]
    return select(
        func.jsonb_build_object(
            *("today", span.c.today, "first", span.c.first, "last", span.c.last),
            *("rows", page_of(select(counted), ordered, asked.span)),
            *("total", select(func.jsonb_build_array(*whole.c)).scalar_subquery()),
            *scope_facts(stores),
        )
    ).select_from(span)


def read_value(answer: Answer, asked: ValueAsked, *, asked_by: str | None) -> ValueReport:
    """The report out of what the statement answered. Raises Refused: as `read_scope`."""
    first, last = date.fromisoformat(answer["first"]), date.fromisoformat(answer["last"])
    rows, more = page_read(answer, asked.span)
    keys = len(asked.by)
    return ValueReport(
        scope=read_scope(answer, asked.span.stores, asked_by=asked_by, first=first, last=last),
        by=asked.by,
        rows=tuple((tuple(row[:keys]), _read(row[keys:])) for row in rows),
        total=_read(answer["total"]),
        today=date.fromisoformat(answer["today"]),
        read_at=datetime.fromisoformat(answer["now"]),
        more=more,
    )


def slips_question(asked: ValueAsked, *, after: UUID | None, most: int) -> Select[Any]:
    """The documents behind `asked.only`, newest first, older than `after`: a list, null for none."""
    span, stores, move = span_of(asked.span), store_codes(), VALUE_MOVES.c
    about = [move.document, move.posted_at, move.kind, move.receipt]
    page = _of_span(select(*about, *_figures()), asked, span, stores)
    if after is not None:
        page = page.where(move.document < after)
    found = page.group_by(*about).order_by(move.document.desc()).limit(most).subquery("page")
    cells = func.jsonb_build_array(*found.c)
    return select(func.jsonb_agg(aggregate_order_by(cells, found.c.document.desc())))


def read_slips(answer: list[list[Any]] | None) -> tuple[ValueSlip, ...]:
    """The page out of what the statement answered."""
    return tuple(
        ValueSlip(UUID(document), datetime.fromisoformat(at), kind, receipt or "", _read(figures))
        for document, at, kind, receipt, *figures in answer or ()
    )


def _of_span(rows: Select[Any], asked: ValueAsked, span: CTE, stores: CTE) -> Select[Any]:
    """`rows` of the days, stores and keys that were asked for."""
    day = VALUE_MOVES.c.business_date
    days = day.between(select(span.c.first).scalar_subquery(), select(span.c.last).scalar_subquery())
    only = [_key(by, stores).is_not_distinct_from(literal(value)) for by, value in asked.only]
    joined = rows.select_from(VALUE_MOVES).join(stores, stores.c.id == VALUE_MOVES.c.store)
    return joined.where(days, wanted_codes(stores, asked.span.stores), and_(true(), *only))


def _key(by: ValueBy, stores: CTE) -> ColumnElement[Any]:
    move = VALUE_MOVES.c
    return {
        ValueBy.STORE: stores.c.code,
        ValueBy.STAFF: func.nullif(func.concat_ws(" ", move.who, move.staff_number), ""),
        ValueBy.RULE: move.rule,
        ValueBy.DAY: func.to_char(move.business_date, "YYYY-MM-DD"),
        ValueBy.MONTH: func.to_char(move.business_date, "YYYY-MM"),
    }[by]


def _figures() -> list[ColumnElement[Any]]:
    """As `ValueFigures` names them."""
    move = VALUE_MOVES.c

    def summed(*where: ColumnElement[bool]) -> ColumnElement[Any]:
        return func.coalesce(func.sum(move.amount_minor).filter(*where), 0)

    used = move.what == "consumed"
    return [
        func.count(move.document.distinct()).label("documents"),
        summed(move.what == "sold").label("recharged"),
        summed(move.what == "granted").label("granted"),
        (-summed(used, move.part == "principal")).label("principal"),
        (-summed(used, move.part == "bonus")).label("bonus"),
        (-summed(move.what == "refunded")).label("refunded"),
        summed(or_(*(move.what == what for what in _MOVED))).label("other"),
    ]


def _read(row: list[Any]) -> ValueFigures:
    return ValueFigures(*(int(figure or 0) for figure in row))
