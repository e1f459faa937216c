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


@dataclass(frozen=True, slots=True)
class TillEventsRow:
    """`who` is the person's name with the number; `amount_minor` in minor units; `key` orders the rows."""

    store: str
    who: str
    what: str
    count: int
    amount_minor: int
    key: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class TillEvents:
    """One report, ordered by store, person and what happened, or a page of it; the sums are of the whole."""

    scope: ReportScope
    rows: tuple[TillEventsRow, ...]
    count: int
    amount_minor: int
    read_at: datetime
    more: bool = False

    @property
    def following(self) -> tuple[str | None, ...] | None:
        """Behind which key the next page begins; None on the last one."""
        return self.rows[-1].key if self.more else None

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
            total=(None, None, None, self.count, self.amount_minor),
            read_at=self.read_at,
        )
