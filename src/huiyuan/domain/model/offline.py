"""Selling while the line is away: what may go on, how far, and what is shown until the server has answered.

Always true: the bounds here are the door's own (docs/LEDGER.md section 9, Offline), so a sale that is taken
here is not refused there for them; a provisional answer never carries a chain head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from huiyuan.domain.model.document import Document, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import Hello
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.tender import BANK_CARD, CASH

TENDERS: Final = frozenset({CASH, BANK_CARD})
WINDOW: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class OfflineCaps:
    """Hours, sales and cash (minor units) that a terminal sells without the line in any 24 hours."""

    hours: int = 8
    sales: int = 300
    cash_minor: int = 2_000_000


@dataclass(frozen=True, slots=True)
class Outage:
    """Sales that wait for the line: since when, how many, what they total (minor units)."""

    since: datetime
    sales: int
    total_minor: int
    prices_since: datetime


def outage_of(unsent: Sequence[Document]) -> Outage | None:
    """What waits among documents without an answer; None if nothing was sold without the line."""
    waiting = [each for each in unsent if each.offline_at is not None]
    if not waiting:
        return None
    return Outage(
        since=min(each.occurred_at for each in waiting),
        sales=len(waiting),
        total_minor=sum(each.total_minor for each in waiting),
        prices_since=min(each.offline_at for each in waiting if each.offline_at is not None),
    )


def cash_of(document: Document) -> int:
    """What its cash tenders put into the drawer, in minor units."""
    return sum(
        tender.amount_minor + (tender.rounded_minor or 0)
        for tender in document.tenders
        if tender.kind == CASH
    )


def refuse_offline(document: Document, caps: OfflineCaps, before: Sequence[Document]) -> None:
    """Whether this sale may be taken without the line.

    Args:
        before: what this terminal sold without the line, answered or not; older than a day does not count.

    Raises:
        Refused: `offline_refused` (why: kind, coupon, tender, hours, sales or cash; most).
    """
    since = document.offline_at
    if document.kind != Kind.SALE or since is None or document.held is not None:
        raise Refused("offline_refused", {"why": "kind"})
    if any(each.source == "coupon" for each in document.adjustments):
        raise Refused("offline_refused", {"why": "coupon"})
    if any(tender.kind not in TENDERS or tender.kept_minor is not None for tender in document.tenders):
        raise Refused("offline_refused", {"why": "tender"})
    if document.occurred_at > since + timedelta(hours=caps.hours):
        raise Refused("offline_refused", {"why": "hours", "most": caps.hours})
    counted = [
        each for each in before if each.id != document.id and each.occurred_at > document.occurred_at - WINDOW
    ]
    if len(counted) >= caps.sales:
        raise Refused("offline_refused", {"why": "sales", "most": caps.sales})
    if sum(map(cash_of, counted)) + cash_of(document) > caps.cash_minor:
        raise Refused("offline_refused", {"why": "cash", "most": caps.cash_minor})


def provisional(document: Document, hello: Hello) -> Posted:
    """What is shown of a sale that only the counter's own disk has yet: its number is final, no head."""
    given = sum(tender.given_minor or 0 for tender in document.tenders if tender.given_minor is not None)
    taken = sum(
        tender.amount_minor + (tender.rounded_minor or 0)
        for tender in document.tenders
        if tender.given_minor is not None
    )
    return Posted(
        id=document.id,
        kind=str(document.kind),
        number=document.number,
        receipt=f"{hello.store.code}-{hello.terminal.code}-{document.number:06d}",
        posted_at=document.occurred_at.astimezone(UTC),
        business_date=document.occurred_at.date(),
        total_minor=document.total_minor,
        change_minor=given - taken,
        postings=(),
        lots=(),
        balances=(),
        cash_minor=None,
        shift=document.shift,
        expected_minor=None,
        over_short_minor=None,
        heads=None,
        wallet=None,
        approved_by=None,
        chain_seq=0,
        digest="",
        head="",
    )
