"""Recharges and consumption of stored value: by store, person, rule and span of business days.

Always true: what came in less what went out is what the documents of these stores moved on the accounts, to
the last unit; what undoes a document is of its kind and less than nothing, on its own day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from huiyuan.domain.model.report import Measure, ReportColumn, ReportScope, ReportTable
from huiyuan.domain.model.turnover import Period, TurnoverAsked

NAME: Final = "stored_value"


class ValueBy(StrEnum):
    """What a row stands for. `staff` is who rang it up, `rule` the one that gave the bonus of a recharge."""

    STORE = "store"
    STAFF = "staff"
    RULE = "rule"
    DAY = "day"
    MONTH = "month"


COLUMN_OF: Final = {
    ValueBy.STORE: "store_id",
    ValueBy.STAFF: "who",
    ValueBy.RULE: "rule",
    ValueBy.DAY: "business_date",
    ValueBy.MONTH: "month",
}
Keys = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class ValueAsked:
    """`span` says which days, stores and page; `only` narrows to rows with these keys."""

    span: TurnoverAsked = field(default_factory=lambda: TurnoverAsked(Period.LAST_DAYS))
    by: tuple[ValueBy, ...] = (ValueBy.STORE,)
    only: tuple[tuple[ValueBy, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class ValueFigures:
    """Minor units, each positive in its usual direction; `other_minor` is signed as it moved the balance.

    Args:
        documents: that moved stored value.
        recharged_minor: paid in, less what voids took back.
        granted_minor: bonus that was given.
        principal_minor: of what was consumed, principal; `bonus_minor` bonus; less what came back.
        refunded_minor: paid out of cards.
        other_minor: forfeited, corrected, carried to a wallet from one of another store's document.
    """

    documents: int = 0
    recharged_minor: int = 0
    granted_minor: int = 0
    principal_minor: int = 0
    bonus_minor: int = 0
    refunded_minor: int = 0
    other_minor: int = 0

    @property
    def consumed_minor(self) -> int:
        return self.principal_minor + self.bonus_minor

    @property
    def net_minor(self) -> int:
        """By how much more is owed to holders."""
        came = self.recharged_minor + self.granted_minor + self.other_minor
        return came - self.consumed_minor - self.refunded_minor


@dataclass(frozen=True, slots=True)
class ValueReport:
    """One report, or a page of it; `total` is of the whole."""

    scope: ReportScope
    by: tuple[ValueBy, ...]
    rows: tuple[tuple[Keys, ValueFigures], ...]
    total: ValueFigures
    today: date
    read_at: datetime
    more: bool = False

    @property
    def following(self) -> Keys | None:
        """Behind which key the next page begins; None on the last one."""
        return self.rows[-1][0] if self.more else None

    def table(self) -> ReportTable:
        """As cells."""
        money = (
            "recharged",
            "granted",
            "consumed_principal",
            "consumed_bonus",
            "refunded",
            "other",
            "net_value",
        )
        return ReportTable(
            report=NAME,
            scope=self.scope,
            columns=(
                *(ReportColumn(COLUMN_OF[each]) for each in self.by),
                ReportColumn("documents", Measure.COUNT),
                *(ReportColumn(f"{name}_cents", Measure.MONEY) for name in money),
            ),
            rows=tuple((*keys, *_cells(figures)) for keys, figures in self.rows),
            total=(*(None for _ in self.by), *_cells(self.total)),
            read_at=self.read_at,
        )


def _cells(figures: ValueFigures) -> tuple[int, ...]:
    return (
        figures.documents, figures.recharged_minor, figures.granted_minor, figures.principal_minor,
        figures.bonus_minor, figures.refunded_minor, figures.other_minor, figures.net_minor,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ValueSlip:
    """A document behind a row, and what of it was counted there."""

    document: UUID
    at: datetime
    kind: str
    receipt: str
    figures: ValueFigures
