"""What is due of what rules about stored value promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huiyuan.domain.model.document_rows import CashBack, Release


@dataclass(frozen=True, slots=True)
class DueRow:
    """One booking that is due: a part of a bonus (`parts` in all), or the cash back of a month.

    `row` is what will be posted; `due_on` is None for a cash back; `bought_minor` is what it is a share of.
    """

    row: Release | CashBack
    member: str
    number: str
    due_on: date | None = None
    parts: int = 0
    bought_minor: int = 0
