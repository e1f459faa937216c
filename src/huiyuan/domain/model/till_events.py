"""What a person at a till should be asked about, counted by store and person over business days.

A void, goods taken off a basket before it was paid, a drawer opened without a sale, a price typed over the
list's, a discount by hand. The amount is what was voided, taken off, charged or given; a drawer has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from huiyuan.domain.model.report import Measure, ReportColumn, ReportScope, ReportTable

NAME: Final = "till_events"
WHATS: Final = ("void", "removed", "no_sale", "price", "discount")


@dataclass(frozen=True, slots=True)
class TillEventsRow:
    """`who` is the person's name with the number; `amount_minor` in minor units."""

    store: str
    who: str
    what: str
    count: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class TillEvents:
    """One report, ordered by store, person and what happened."""

    scope: ReportScope
    rows: tuple[TillEventsRow, ...]
    read_at: datetime

    def table(self) -> ReportTable:
        """As cells."""
        return ReportTable(
            report=NAME,
            scope=self.scope,
            columns=(
                ReportColumn("store_id"),
                ReportColumn("who"),
                ReportColumn("what"),
                ReportColumn("count", Measure.COUNT),
                ReportColumn("amount_cents", Measure.MONEY),
            ),
            rows=tuple((row.store, row.who, row.what, row.count, row.amount_minor) for row in self.rows),
            total=(
                None, None, None, sum(row.count for row in self.rows),
                sum(row.amount_minor for row in self.rows),
            ),
            read_at=self.read_at,
        )  # fmt: skip
