"""Turnover: net sales, tax included, in minor units (fen), on the business day of the document.

A sale counts when it is posted, a return or a void on its own day and against it, whatever was paid with:
stored value and points count, too. Top-ups and fees are none: a top-up is money that is owed until
something is bought with it, and a card's fee buys no goods. Imported sales count like others, on their day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.report import Cell, Measure, ReportColumn, ReportScope, ReportTable

NAME: Final = "turnover"


class By(StrEnum):
    """What a row of the report stands for. A week is the ISO week, Monday to Sunday."""

    STORE = "store"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    TENDER = "tender"
    MEMBER = "member"
    CATEGORY = "category"


COLUMN_OF: Final = {By.STORE: "store_id", By.DAY: "business_date"}
"""Names of the columns that are not named like the split itself."""


class Period(StrEnum):
    """Spans that a person asks for by name; the server knows which day it is at the counter."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    MONTH = "month"
    LAST_DAYS = "last_days"
    DAYS = "days"


LAST_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class TurnoverAsked:
    """One question. `first` and `last` belong to `Period.DAYS`; a missing one is today.

    `stores` are codes, none of them means all that may be read; the rows are ordered by `by`. A page has
    `most` rows, None means all of them, and begins behind the row whose key is `after`.
    """

    period: Period = Period.TODAY
    first: date | None = None
    last: date | None = None
    stores: tuple[str, ...] = ()
    by: tuple[By, ...] = (By.DAY,)
    after: tuple[str | None, ...] | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class TurnoverRow:
    """`keys` are in the order of the report's `by`: codes, dates as text, `member` or `other`.

    None among them is what no document states.

    `baskets` counts sales less voided ones, `lines` their lines. `sold_minor` is sales less voided ones,
    `returned_minor` what was given back for goods, positive. A sale that was paid in two ways counts once
    in the row of each, and once in the total.
    """

    keys: tuple[str | None, ...]
    baskets: int
    lines: int
    sold_minor: int
    returned_minor: int

    @property
    def net_minor(self) -> int:
        return self.sold_minor - self.returned_minor


@dataclass(frozen=True, slots=True)
class Turnover:
    """One report, or a page of it: `total`, `longest_minor` and `before_minor` are of the whole.

    `before_minor` is the net of as many days before `first`; `today` the business day now; `longest_minor`
    the net furthest from nothing of any row; `more` whether rows follow these.
    """

    scope: ReportScope
    by: tuple[By, ...]
    rows: tuple[TurnoverRow, ...]
    total: TurnoverRow
    before_minor: int
    today: date
    read_at: datetime
    longest_minor: int = 0
    more: bool = False

    @property
    def following(self) -> tuple[str | None, ...] | None:
        """Behind which key the next page begins; None on the last one."""
        return self.rows[-1].keys if self.more else None

    def table(self, *, apart: bool = False) -> ReportTable:
        """As cells; with `apart`, what was sold and what was returned stand in columns of their own."""
        names = [ReportColumn(COLUMN_OF.get(each, each.value)) for each in self.by]
        figures = [
            ReportColumn("net_sales_cents", Measure.MONEY),
            ReportColumn("baskets", Measure.COUNT),
            ReportColumn("line_count", Measure.COUNT),
        ]
        if apart:
            figures += [ReportColumn("sold_cents", Measure.MONEY)]
            figures += [ReportColumn("returned_cents", Measure.MONEY)]
        return ReportTable(
            report=NAME,
            scope=self.scope,
            columns=(*names, *figures),
            rows=tuple((*row.keys, *_figures(row, apart=apart)) for row in self.rows),
            total=(*(None for _ in self.by), *_figures(self.total, apart=apart)),
            read_at=self.read_at,
        )


def _figures(row: TurnoverRow, *, apart: bool) -> tuple[Cell, ...]:
    figures = (row.net_minor, row.baskets, row.lines)
    return (*figures, row.sold_minor, row.returned_minor) if apart else figures


def parse_by(words: Sequence[str]) -> tuple[By, ...]:
    """What the rows are split by, in the order given.

    Raises:
        Refused: unknown_split (split): no such split, the same one twice, or goods by how they were paid.
    """
    found: list[By] = []
    for word in words:
        if word not in set(By) or By(word) in found:
            raise Refused("unknown_split", {"split": word})
        found.append(By(word))
    if {By.CATEGORY, By.TENDER} <= set(found):  # no document says which line its cash paid
        raise Refused("unknown_split", {"split": By.CATEGORY.value})
    return tuple(found)


def narrowed(report: Turnover, row: TurnoverRow) -> TurnoverAsked | None:
    """The question that looks closer at one row of `report`; None where there is nothing below it.

    A store opens into its days, a week or a longer span into its days within the report, a day into its
    stores, or with one store into the ways of paying.
    """
    scope = report.scope
    if scope.first is None or scope.last is None:
        return None
    first, last, stores = scope.first, scope.last, scope.stores
    in_time = False
    for by, key in zip(report.by, row.keys, strict=True):
        if key is None or by in {By.TENDER, By.MEMBER, By.CATEGORY}:
            return None
        if by is By.STORE:
            stores = (key,)
        else:
            in_time = True
            begins, ends = span_of(by, key)
            first, last = max(first, begins), min(last, ends)
    if first < last or not in_time:
        split = By.DAY if first < last else By.TENDER
    else:
        split = By.STORE if len(stores) > 1 else By.TENDER
    return TurnoverAsked(Period.DAYS, first, last, stores, (split,))


def span_of(by: By, key: str) -> tuple[date, date]:
    """First and last day of a day, week, month, quarter or year as the report writes it (`2026-W09`)."""
    if by is By.DAY:
        return date.fromisoformat(key), date.fromisoformat(key)
    if by is By.WEEK:
        year, week = key.split("-W")
        return date.fromisocalendar(int(year), int(week), 1), date.fromisocalendar(int(year), int(week), 7)
    year, _, part = key.partition("-")
    months = {By.MONTH: 1, By.QUARTER: 3, By.YEAR: 12}[by]
    month = 1 if by is By.YEAR else int(part) if by is By.MONTH else int(part.removeprefix("Q")) * 3 - 2
    begins = date(int(year), month, 1)
    after = begins.month - 1 + months
    return begins, date(begins.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)


def change_permille(now_minor: int, before_minor: int) -> int | None:
    """By how much `now_minor` is more than before, in thousandths of it; None if there was nothing before."""
    return None if before_minor <= 0 else (now_minor - before_minor) * 1000 // before_minor
