"""The statement of a wallet for a span of business days: opening, every document that moved it, closing.

Always true: opening and what moved make the closing, in each of the three columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from huiyuan.domain.model.credit import CreditDue
from huiyuan.domain.model.report import Measure, ReportColumn, ReportScope, ReportTable

NAME: Final = "wallet_statement"


@dataclass(frozen=True, slots=True)
class Parts:
    """Principal and bonus in minor units, points whole, less what is owed of them."""

    principal: int = 0
    bonus: int = 0
    points: int = 0

    @property
    def stored_minor(self) -> int:
        return self.principal + self.bonus

    def __add__(self, other: Parts) -> Parts:
        return Parts(self.principal + other.principal, self.bonus + other.bonus, self.points + other.points)

    def __sub__(self, other: Parts) -> Parts:
        return Parts(self.principal - other.principal, self.bonus - other.bonus, self.points - other.points)


@dataclass(frozen=True, slots=True)
class StatementRow:
    """What one document moved, and what stood afterwards."""

    document: UUID
    at: datetime
    store: str
    kind: str
    receipt: str
    moved: Parts
    stored_minor: int
    points: int


@dataclass(frozen=True, slots=True)
class StatementKind:
    """What all documents of a kind moved."""

    kind: str
    count: int
    moved: Parts


@dataclass(frozen=True, slots=True)
class WalletStatement:
    """A page; `kinds` and the balances are of the whole span, `ended` is what of the closing expired.

    `due` is how a debt of the wallet stands on the day of the question, not at the end of the span.
    """

    wallet: int
    first: date
    last: date
    today: date
    read_at: datetime
    member_number: str
    member_name: str
    cards: tuple[str, ...]
    opening: Parts
    closing: Parts
    ended: Parts
    kinds: tuple[StatementKind, ...]
    rows: tuple[StatementRow, ...]
    more: bool = False
    due: CreditDue | None = None

    @property
    def following(self) -> UUID | None:
        """Behind which document the next page begins; None on the last one."""
        return self.rows[-1].document if self.more else None

    @property
    def count(self) -> int:
        """Documents of the whole span."""
        return sum(each.count for each in self.kinds)

    def table(self, scope: ReportScope) -> ReportTable:
        """As cells; the last line is the closing."""
        closing = self.closing
        return ReportTable(
            report=NAME,
            scope=scope,
            columns=(
                ReportColumn("posted_at"),
                ReportColumn("store_id"),
                ReportColumn("kind"),
                ReportColumn("receipt"),
                ReportColumn("principal_cents", Measure.MONEY),
                ReportColumn("bonus_cents", Measure.MONEY),
                ReportColumn("points", Measure.COUNT),
                ReportColumn("balance_cents", Measure.MONEY),
            ),
            rows=tuple(
                (
                    row.at.isoformat(), row.store, row.kind, row.receipt, row.moved.principal,
                    row.moved.bonus, row.moved.points, row.stored_minor,
                )
                for row in self.rows
            ),
            total=(
                None, None, None, None, closing.principal, closing.bonus, closing.points,
                closing.stored_minor,
            ),
            read_at=self.read_at,
        )  # fmt: skip
