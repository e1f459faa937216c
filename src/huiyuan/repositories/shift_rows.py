"""Answers about shifts, read into the domain's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from huiyuan.domain.model.document import Count
from huiyuan.domain.model.shift import (
    PARTS,
    ClosedShift,
    KindTotal,
    PartRow,
    ShiftReport,
    TenderCount,
    TenderTotal,
    TillReceipts,
)

Row = Mapping[str, Any]


def shift_report(answer: Row) -> ShiftReport:
    """An answer of api.shift_report or api.shift_print."""
    parts = answer.get("parts") or {}
    closed_at = answer.get("closed_at")
    return ShiftReport(
        shift=UUID(answer["shift"]),
        number=answer["number"],
        opened_at=datetime.fromisoformat(answer["opened_at"]),
        opened_by=answer["opened_by"],
        float_minor=answer["float_minor"],
        expected_minor=answer["expected_minor"],
        kinds=tuple(KindTotal(row["kind"], row["count"], row["total_minor"]) for row in answer["kinds"]),
        tenders=tuple(
            TenderTotal(row["kind"], row["count"], row["amount_minor"]) for row in answer["tenders"]
        ),
        documents=answer["documents"],
        drawer=answer.get("drawer") or "",
        closed_at=datetime.fromisoformat(closed_at) if closed_at else None,
        closed_by=answer.get("closed_by") or "",
        approved_by=answer.get("approved_by") or "",
        counted_minor=answer.get("counted_minor"),
        counts=tuple(Count.from_row(row) for row in answer.get("counts") or ()),
        tenders_counted=tuple(TenderCount(**row) for row in answer.get("tenders_counted") or ()),
        reason=answer.get("reason") or "",
        heads=answer.get("heads") or "",
        head=answer.get("head") or "",
        receipt=answer.get("receipt") or "",
        parts=tuple(
            (name, tuple(_part_row(row) for row in parts[name])) for name in PARTS if parts.get(name)
        ),
        receipts=tuple(TillReceipts(**row) for row in answer.get("receipts") or ()),
        denominations=tuple(answer.get("denominations") or ()),
        counted_tenders=tuple(answer.get("counted_tenders") or ()),
        print=answer.get("print") or 0,
    )


def closed_shift(row: Row) -> ClosedShift:
    """A row of api.shifts."""
    return ClosedShift(
        shift=UUID(row["shift"]),
        number=row["number"],
        drawer=row["drawer"],
        opened_at=datetime.fromisoformat(row["opened_at"]),
        closed_at=datetime.fromisoformat(row["closed_at"]),
        closed_by=row["closed_by"] or "",
        counted_minor=row["counted_minor"],
        over_short_minor=row["over_short_minor"],
        prints=row["prints"],
    )


def _part_row(row: Row) -> PartRow:
    return PartRow(row["code"] or "", row["count"], row["amount"], row.get("of") or "")
