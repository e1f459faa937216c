"""A shift on a drawer: what should lie in it, what was counted, and the difference.

Always true: `over_short = counted - expected`, so a missing note is negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class KindTotal:
    kind: str
    count: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class TenderTotal:
    """Signed: what returns and reversals gave back is already subtracted."""

    kind: str
    count: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """The X report: the shift read while it is open. `expected_minor` is the cash that should be there."""

    shift: UUID
    number: int
    opened_at: datetime
    opened_by: str
    float_minor: int
    expected_minor: int
    kinds: tuple[KindTotal, ...]
    tenders: tuple[TenderTotal, ...]
    documents: int


def over_short_minor(*, counted_minor: int, expected_minor: int) -> int:
    """Counted less expected: negative is short, positive is over."""
    return counted_minor - expected_minor
