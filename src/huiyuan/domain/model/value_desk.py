"""Rules about stored value as whoever is answerable sees them, and what is due of what they promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from huiyuan.domain.model.document_rows import CashBack, Release
from huiyuan.domain.model.promotion_desk import Campaign


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


@dataclass(frozen=True, slots=True)
class ValueDesk:
    """`recharges`: this store puts money onto cards. The kind of a campaign's terms is its family."""

    now: datetime
    campaigns: tuple[Campaign, ...]
    recharges: bool
