"""The frame of every report: what it covers, its columns, its rows, and when it was read.

Always true: a report is the answer to one question to the server; its rows are of one frozen type and become
cells only here; it names its stores, because a filter of the server hides rows silently; money is minor
units in a column named `..._cents`, quantity thousandths in one named `..._milli`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

Cell = str | int | None


class Measure(StrEnum):
    """What a column's cells are, and so how a person reads them."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    QUANTITY = "quantity"


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """`name` is the same in every output and language."""

    name: str
    measure: Measure = Measure.TEXT


@dataclass(frozen=True, slots=True)
class ReportScope:
    """What a report covers and who asked.

    `stores` are the codes whose rows are in it, of `stores_of_chain` there are; `first` and `last` are
    business days, both included, or None where a report shows what stands now. `asked_by` is a person's
    name, or the login where nobody is signed in.
    """

    chain: str
    currency: str
    minor_digits: int
    time_zone: str
    demo: bool
    stores: tuple[str, ...]
    stores_of_chain: int
    asked_by: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A report as cells. `total` has a cell for each column, None where there is nothing to add up."""

    report: str
    scope: ReportScope
    columns: tuple[ReportColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None
    read_at: datetime


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """A report with its words, ready to be written down: what it means, what it covers, in one language."""

    table: ReportTable
    title: str
    definition: str
    scope: str
