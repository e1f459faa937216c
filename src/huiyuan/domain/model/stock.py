"""Stock: what stands in a store and what moved it. Quantities are thousandths of a product's base unit.

On hand is received and opened less sold, plus what came back; it falls below zero where goods were sold
before they were booked in, which is shown and never refused. A product stands here once it moved in a store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from huiyuan.domain.model.report import Measure, ReportColumn, ReportScope, ReportTable

ON_HAND: Final = "stock"
MOVES: Final = "stock_moves"
PAGE: Final = 40
MOVES_PAGE: Final = 40
EVERYTHING: Final = 1_000_000
"""Most rows that an export holds: more is more than a workbook takes."""


class StockOnly(StrEnum):
    """Which rows a person wants to see."""

    ALL = "all"
    BELOW_ZERO = "negative"
    ZERO = "zero"


@dataclass(frozen=True, slots=True)
class StockAsked:
    """One question. `stores` are codes, none means all that may be read.

    `words` is what was typed: a code, a barcode, characters or pinyin of a name. `category` is a code and
    stands for everything below it. `after` is code and store of the last row of the page before.
    """

    stores: tuple[str, ...] = ()
    words: str = ""
    category: str = ""
    only: StockOnly = StockOnly.ALL
    after: tuple[str, str] | None = None
    most: int = PAGE


@dataclass(frozen=True, slots=True)
class StockRow:
    """A product in a store. `category` is its name, None where it has none."""

    store: str
    product: int
    code: str
    name: str
    category: str | None
    unit: str
    qty_milli: int


@dataclass(frozen=True, slots=True)
class StockOnHand:
    """A page of rows, ordered by code and store; `count` and the two marks are of all pages.

    `categories` are code and name of those there are, in the order of their names.
    """

    scope: ReportScope
    rows: tuple[StockRow, ...]
    count: int
    below_zero: int
    at_zero: int
    more: bool
    categories: tuple[tuple[str, str], ...]
    read_at: datetime

    @property
    def following(self) -> tuple[str, str] | None:
        """Behind which code and store the next page begins; None on the last one."""
        return (self.rows[-1].code, self.rows[-1].store) if self.more and self.rows else None

    def table(self) -> ReportTable:
        """As cells."""
        return ReportTable(
            report=ON_HAND,
            scope=self.scope,
            columns=(
                ReportColumn("store_id"),
                ReportColumn("product_code"),
                ReportColumn("product_name"),
                ReportColumn("category"),
                ReportColumn("unit"),
                ReportColumn("on_hand_milli", Measure.QUANTITY),
            ),
            rows=tuple((r.store, r.code, r.name, r.category or "", r.unit, r.qty_milli) for r in self.rows),
            total=None,
            read_at=self.read_at,
        )


@dataclass(frozen=True, slots=True, order=True)
class MoveKey:
    """Where a movement stands among those of its product: by business day, then as they were posted."""

    business_date: date
    posted_at: datetime
    document: UUID
    n: int


@dataclass(frozen=True, slots=True)
class MovesAsked:
    """The movements of one product in one store, newest first.

    `before` is the last row of the page before, and `after_milli` what stood before that row; both None for
    the first page.
    """

    product: int
    store: str
    before: MoveKey | None = None
    after_milli: int | None = None
    most: int = MOVES_PAGE


@dataclass(frozen=True, slots=True)
class StockMove:
    """`qty_milli` is signed: above zero it came. `after_milli` is what stood afterwards.

    `cost_minor` is for one base unit, None where it is not known; `who` None where nobody rang it up.
    """

    key: MoveKey
    kind: str
    receipt: str
    place_from: str
    place_to: str
    qty_milli: int
    cost_minor: int | None
    after_milli: int
    who: str | None


@dataclass(frozen=True, slots=True)
class StockMoves:
    """A page of movements; `more` older ones follow."""

    scope: ReportScope
    product: int
    code: str
    name: str
    unit: str
    rows: tuple[StockMove, ...]
    more: bool
    read_at: datetime

    def table(self) -> ReportTable:
        """As cells."""
        return ReportTable(
            report=MOVES,
            scope=self.scope,
            columns=(
                ReportColumn("posted_at"),
                ReportColumn("kind"),
                ReportColumn("receipt"),
                ReportColumn("place_from"),
                ReportColumn("place_to"),
                ReportColumn("qty_milli", Measure.QUANTITY),
                ReportColumn("cost_cents", Measure.MONEY),
                ReportColumn("on_hand_milli", Measure.QUANTITY),
                ReportColumn("who"),
            ),
            rows=tuple(
                (
                    *(
                        r.key.posted_at.isoformat(timespec="seconds"),
                        r.kind,
                        r.receipt,
                        r.place_from,
                        r.place_to,
                    ),
                    *(r.qty_milli, r.cost_minor, r.after_milli, r.who or ""),
                )
                for r in self.rows
            ),
            total=None,
            read_at=self.read_at,
        )

    def next_page(self, store: str) -> MovesAsked | None:
        """The question for the page of older ones; None if this is the last."""
        if not self.more or not self.rows:
            return None
        last = self.rows[-1]
        return MovesAsked(self.product, store, last.key, last.after_milli - last.qty_milli)
