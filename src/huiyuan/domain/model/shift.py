"""A shift on a drawer: what should lie in it, what was counted, and the difference.

Always true: `over_short = counted - expected`, so a missing note is negative; a sum that is None is one the
person may not know while the shift is open, because the cash that should be there follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from huiyuan.domain.model.document import Count

CASH: Final = "cash"
PARTS: Final = (
    "cash", "paid", "coins", "cashier", "seller", "discount", "tax", "points", "stored", "void", "removed",
    "override", "recount",
)  # fmt: skip
"""The parts of a report, in the order they are read."""
UNITS: Final[Mapping[str, str]] = {"points": "points"}
"""Parts that do not count money."""


@dataclass(frozen=True, slots=True)
class KindTotal:
    kind: str
    count: int
    total_minor: int | None


@dataclass(frozen=True, slots=True)
class TenderTotal:
    """Signed: what returns and reversals gave back is already subtracted."""

    kind: str
    count: int
    amount_minor: int | None


@dataclass(frozen=True, slots=True)
class PartRow:
    """A row of a part: `of` is the way of paying where `code` is a kind; whole points or minor units."""

    code: str
    count: int
    amount: int | None
    of: str = ""


@dataclass(frozen=True, slots=True)
class TillReceipts:
    """First and last receipt number of one till that used the drawer."""

    terminal: str
    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class TenderCount:
    """What the slips of a tender made, and what was booked."""

    tender: str
    counted_minor: int
    expected_minor: int


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """X while the shift is open, Z when it is closed. `expected_minor` is the cash that should be there.

    `print` is the number of this print within the shift, 0 for one that was only read. `denominations` and
    `counted_tenders` say what a close counts, in minor units and by kind.
    """

    shift: UUID
    number: int
    opened_at: datetime
    opened_by: str
    float_minor: int
    expected_minor: int | None
    kinds: tuple[KindTotal, ...]
    tenders: tuple[TenderTotal, ...]
    documents: int
    drawer: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    approved_by: str = ""
    counted_minor: int | None = None
    counts: tuple[Count, ...] = ()
    tenders_counted: tuple[TenderCount, ...] = ()
    reason: str = ""
    heads: str = ""
    head: str = ""
    receipt: str = ""
    parts: tuple[tuple[str, tuple[PartRow, ...]], ...] = ()
    receipts: tuple[TillReceipts, ...] = ()
    denominations: tuple[int, ...] = ()
    counted_tenders: tuple[str, ...] = ()
    print: int = 0

    def part(self, name: str) -> tuple[PartRow, ...]:
        """The rows of one part, none where nothing happened or the person may not know."""
        return next((rows for part, rows in self.parts if part == name), ())

    @property
    def blind(self) -> bool:
        """The sums are kept from whoever asked."""
        return self.expected_minor is None


@dataclass(frozen=True, slots=True)
class ClosedShift:
    """A row of the closed shifts of a store; `prints` is how often its Z was put on paper."""

    shift: UUID
    number: int
    drawer: str
    opened_at: datetime
    closed_at: datetime
    closed_by: str
    counted_minor: int
    over_short_minor: int
    prints: int


def handover_due(opened: datetime, now: datetime, *, handover_at: str, cutover_minutes: int) -> bool:
    """True if a shift should have been closed: its business day is over, or the hour of handover passed.

    Args:
        opened: local time of the opening, as `now`; both of one zone.
        handover_at: an hour such as 22:00, empty for none.
    """
    cutover = timedelta(minutes=cutover_minutes)
    if (opened - cutover).date() < (now - cutover).date():
        return True
    if not handover_at:
        return False
    hour, minute = (int(part) for part in handover_at.split(":"))
    due = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    last = due if due <= now else due - timedelta(days=1)
    return opened < last


def over_short_minor(*, counted_minor: int, expected_minor: int) -> int:
    """Counted less expected: negative is short, positive is over."""
    return counted_minor - expected_minor


def counted_cash(pieces: Iterable[tuple[int, int]]) -> int:
    """The sum of notes and coins: pairs of denomination (minor units) and how many."""
    return sum(denomination * count for denomination, count in pieces)


def count_rows(pieces: Iterable[tuple[int, int]]) -> tuple[Count, ...]:
    """Rows of a document for the denominations of which there are some."""
    return tuple(Count(CASH, denomination_minor=value, pieces=count) for value, count in pieces if count > 0)
