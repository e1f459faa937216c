"""What happened at the tills beside sales, as one Core select under row-level security."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from huiyuan.domain.model.till_events import TillEvents, TillEventsRow
from huiyuan.domain.model.turnover import TurnoverAsked
from huiyuan.repositories.reports import (
    page_of,
    page_read,
    read_scope,
    scope_facts,
    span_of,
    store_codes,
    wanted_codes,
)
from huiyuan.repositories.schema.report import TILL_EVENTS

Answer = Mapping[str, Any]


def till_events_question(asked: TurnoverAsked) -> Select[Any]:
    """The one statement; its only value is an object that `read_till_events` takes."""
    span, stores, event = span_of(asked), store_codes(), TILL_EVENTS.c
    counted = (
        select(
            *(stores.c.code.label("store"), event.staff_number, event.who, event.what),
            *(func.count().label("many"), func.sum(event.amount_minor).label("amount")),
        )
        .join_from(TILL_EVENTS, stores, stores.c.id == event.store)
        .where(
            event.business_date.between(
                select(span.c.first).scalar_subquery(), select(span.c.last).scalar_subquery()
            ),
            wanted_codes(stores, asked.stores),
        )
        .group_by(stores.c.code, event.staff_number, event.who, event.what)
        .cte("counted")
    )
    keys = [counted.c.store, counted.c.staff_number, counted.c.what]
    sums = func.jsonb_build_array(func.sum(counted.c.many), func.sum(counted.c.amount))
    return select(
        func.jsonb_build_object(
            *("first", span.c.first, "last", span.c.last),
            *("rows", page_of(select(counted), keys, asked)),
            *("sums", select(sums).select_from(counted).scalar_subquery()),
            *scope_facts(stores),
        )
    ).select_from(span)


def read_till_events(answer: Answer, asked: TurnoverAsked, *, asked_by: str | None) -> TillEvents:
    """The report out of what the statement answered. Raises Refused: as `read_scope`."""
    first, last = date.fromisoformat(answer["first"]), date.fromisoformat(answer["last"])
    rows, more = page_read(answer, asked)
    count, amount = answer["sums"]
    return TillEvents(
        scope=read_scope(answer, asked.stores, asked_by=asked_by, first=first, last=last),
        rows=tuple(
            TillEventsRow(
                store, f"{who or ''} {number or ''}".strip(), what, many, int(amount), (store, number, what)
            )
            for store, number, who, what, many, amount in rows
        ),
        count=int(count or 0),
        amount_minor=int(amount or 0),
        more=more,
        read_at=datetime.fromisoformat(answer["now"]),
    )
