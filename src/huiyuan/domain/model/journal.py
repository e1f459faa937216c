"""What the counter's journal remembers of a document it sent or was about to send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from huiyuan.domain.model.document import Document


class JournalState(StrEnum):
    """`written` is on disk and perhaps sent; `proposed` waits for an approver; the others are ends.

    A `refused` document's receipt number is free again; a `parked` one (refused at resending, hours later,
    goods long gone) keeps it and is shown until a person decides.
    """

    WRITTEN = "written"
    PROPOSED = "proposed"
    ANSWERED = "answered"
    REFUSED = "refused"
    PARKED = "parked"
    DECIDED = "decided"


JOURNAL_MOVES: Final = frozenset(
    {
        (JournalState.WRITTEN, JournalState.ANSWERED),
        (JournalState.WRITTEN, JournalState.REFUSED),
        (JournalState.WRITTEN, JournalState.PARKED),
        (JournalState.REFUSED, JournalState.WRITTEN),
        (JournalState.REFUSED, JournalState.PROPOSED),
        (JournalState.WRITTEN, JournalState.PROPOSED),
        (JournalState.PROPOSED, JournalState.WRITTEN),
        (JournalState.PROPOSED, JournalState.REFUSED),
        (JournalState.PARKED, JournalState.DECIDED),
    }
)


@dataclass(frozen=True, slots=True)
class ParkedDocument:
    """Refused when it was resent: what it was, why not, and since when. Somebody has to decide."""

    document: Document
    code: str
    facts: Mapping[str, Any]
    parked_at: datetime


@dataclass(frozen=True, slots=True)
class Drained:
    """What draining did: how many were settled, how many were parked by it, how many still have no answer.

    `receipts` are those of the settled ones, in their order.
    """

    settled: int = 0
    parked: int = 0
    left: int = 0
    receipts: tuple[str, ...] = ()
