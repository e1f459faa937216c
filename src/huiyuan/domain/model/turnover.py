"""Rows of the turnover report. Amounts are minor units (fen), tax included.

Turnover is what was sold less what was returned or reversed, on the business day of the document that did it.
Top-ups and fees are none: a top-up is money that is owed until something is bought with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class By(StrEnum):
    """What a row of the report stands for."""

    DAY = "day"
    STORE = "store"
    TENDER = "tender"


@dataclass(frozen=True, slots=True)
class TurnoverRow:
    """`day`, `store` (its code) and `tender` (its kind) are None where the report is not split by them.

    `documents` counts sales, returns and reversals that moved turnover; a document paid in two ways counts
    once in a row that holds both. `returned_minor` is positive.
    """

    day: date | None
    store: str | None
    tender: str | None
    documents: int
    sold_minor: int
    returned_minor: int

    @property
    def turnover_minor(self) -> int:
        return self.sold_minor - self.returned_minor


@dataclass(frozen=True, slots=True)
class Scope:
    """Which stores a report covers. A filter of the server hides rows silently, so every report says this."""

    stores: tuple[str, ...]
    stores_of_chain: int
    chain: str
    currency: str
    demo: bool


@dataclass(frozen=True, slots=True)
class Turnover:
    """One report, the first and last business day included."""

    first: date
    last: date
    scope: Scope
    rows: tuple[TurnoverRow, ...]
