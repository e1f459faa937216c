"""What is told every quarter about prepaid cards, and what is owed to their holders.

Always true: what was owed before, and what a quarter sold, granted, consumed and refunded, make what is owed
at its end; figures are minor units, and what left a card stands above zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from huiyuan.domain.model.law import LawRule, Verdict, judge_liability
from huiyuan.domain.model.report import Measure, ReportColumn, ReportScope, ReportTable

NAME: Final = "filing"
FLOWS: Final = ("sold", "granted", "consumed", "refunded", "forfeited", "corrected", "moved")
_OUT: Final = frozenset({"consumed", "refunded", "forfeited"})


@dataclass(frozen=True, slots=True)
class FilingRow:
    """One quarter of one kind of card. `flows` are signed as they moved what is owed."""

    quarter: int
    last: date
    registered: bool
    flows: Mapping[str, int]
    principal_minor: int
    bonus_minor: int

    @property
    def owed_minor(self) -> int:
        return self.principal_minor + self.bonus_minor

    def told(self, flow: str) -> int:
        """A flow as it is filed: what left a card stands above zero."""
        amount = self.flows.get(flow, 0)
        return -amount if flow in _OUT else amount


@dataclass(frozen=True, slots=True)
class Filing:
    """A year's quarters, and what stands now.

    `principal_minor` and `bonus_minor` are made of entries, `balance_minor` is the sum of all balances;
    `passes_minor` was paid for passes and is owed in services.
    `from_books`: the revenue is that of this chain's own books, nobody entered one.
    """

    scope: ReportScope
    year: int
    rows: tuple[FilingRow, ...]
    principal_minor: int
    bonus_minor: int
    balance_minor: int
    passes_minor: int
    revenue_year: int
    revenue_minor: int
    services: bool
    from_books: bool
    rules: tuple[LawRule, ...]
    read_at: datetime

    @property
    def ties(self) -> bool:
        """Entries and balances agree to the fen."""
        return self.principal_minor + self.bonus_minor == self.balance_minor

    @property
    def paid_ahead_minor(self) -> int:
        """What customers paid and have not had yet: principal, and services by passes."""
        return self.principal_minor + self.passes_minor

    def verdict(self) -> Verdict | None:
        """Whether more of what was paid ahead is outstanding than the law allows beside the revenue."""
        return judge_liability(
            self.rules,
            outstanding_minor=self.paid_ahead_minor,
            revenue_minor=self.revenue_minor,
            services=self.services,
            at=self.read_at,
        )

    def table(self) -> ReportTable:
        """As cells."""
        return ReportTable(
            report=NAME,
            scope=self.scope,
            columns=(
                ReportColumn("quarter"),
                ReportColumn("card_kind"),
                *(ReportColumn(f"{flow}_cents", Measure.MONEY) for flow in FLOWS),
                ReportColumn("principal_cents", Measure.MONEY),
                ReportColumn("bonus_cents", Measure.MONEY),
            ),
            rows=tuple(
                (
                    f"{self.year}-Q{row.quarter}",
                    "registered" if row.registered else "bearer",
                    *(row.told(flow) for flow in FLOWS),
                    row.principal_minor,
                    row.bonus_minor,
                )
                for row in self.rows
            ),
            total=None,
            read_at=self.read_at,
        )
