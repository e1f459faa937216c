"""Fills the GroupOrders port over the line that asks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from huiyuan.domain.model.group_order import GroupOrder, GroupPlace, GroupSeries, GroupTier
from huiyuan.repositories.reads import Ask, Row
from huiyuan.repositories.sign_in import accepted


class DatabaseGroupOrders:
    """See the port for what each may refuse."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def _call(self, statement: str, *parameters: object) -> Any:
        return accepted(self._ask(statement, parameters))

    def page(self, *, after: UUID | None, most: int) -> Sequence[GroupOrder]:
        rows = self._call("select api.group_orders(%s::uuid, %s::int)", after, most)
        return tuple(_order(row) for row in rows)

    def order(self, order: UUID) -> GroupOrder:
        return _order(self._call("select api.group_order(%s::uuid)", order))

    def series(self, product: int) -> Sequence[GroupSeries]:
        answer: Row = self._call("select api.group_series(%s::int)", product)
        return tuple(_series(row) for row in answer["series"])

    def open(
        self,
        order: UUID,
        *,
        product: int,
        organiser: int,
        closes_at: datetime,
        note: str,
        tiers: Sequence[GroupTier],
    ) -> GroupOrder:
        statement = (
            "select api.group_open(%s::uuid, %s::int, %s::bigint, %s::timestamptz, %s::text, %s::jsonb)"
        )
        rows = json.dumps([{"from_milli": each.from_milli, "rule": each.series.rule} for each in tiers])
        return _order(self._call(statement, order, product, organiser, closes_at, note or None, rows))

    def join(self, order: UUID, place: UUID, member: int, qty_milli: int) -> GroupOrder:
        statement = "select api.group_join(%s::uuid, %s::uuid, %s::bigint, %s::bigint)"
        return _order(self._call(statement, order, place, member, qty_milli))

    def leave(self, order: UUID, place: UUID) -> GroupOrder:
        return _order(self._call("select api.group_leave(%s::uuid, %s::uuid)", order, place))

    def call_off(self, order: UUID, reason: str) -> GroupOrder:
        return _order(self._call("select api.group_call_off(%s::uuid, %s)", order, reason))


def _series(row: Mapping[str, Any]) -> GroupSeries:
    return GroupSeries(
        rule=row["rule"],
        name=row["name"],
        version=row["version"],
        kind=row["kind"] or "",
        off_minor=row["off_minor"] or 0,
        rate_bp=row["rate_bp"] or 0,
        max_minor=row["max_minor"],
        least_minor=row["least_minor"] or 0,
    )


def _place(row: Mapping[str, Any]) -> GroupPlace:
    return GroupPlace(
        id=UUID(row["place"]),
        member=row["member"],
        number=row["number"],
        name=row["name"],
        qty_milli=row["qty_milli"],
        joined_at=datetime.fromisoformat(row["joined_at"]),
        joined_by=row["joined_by"],
        left_at=_at(row["left_at"]),
        left_by=row["left_by"] or "",
        gone=row["gone"],
    )


def _order(row: Mapping[str, Any]) -> GroupOrder:
    return GroupOrder(
        id=UUID(row["id"]),
        product=row["product"],
        code=row["product_code"],
        name=row["product_name"],
        organiser=row["organiser"],
        closes_at=datetime.fromisoformat(row["closes_at"]),
        opened_at=datetime.fromisoformat(row["opened_at"]),
        opened_by=row["opened_by"],
        state=row["state"],
        qty_milli=row["qty_milli"],
        members=row["members"],
        most_milli=row["most_milli"],
        tiers=tuple(GroupTier(each["from_milli"], _series(each)) for each in row["tiers"]),
        over=row["over"],
        note=row["note"] or "",
        reason=row["reason"] or "",
        ended_at=_at(row["ended_at"]),
        ended_by=row["ended_by"] or "",
        receipt=row["receipt"] or "",
        places=tuple(_place(each) for each in row.get("places", ())),
    )


def _at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
