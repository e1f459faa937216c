"""What becomes of a slip on its way to paper, and how the printer stands.

Always true: a job moves only along `JOB_MOVES`; once a byte may have reached the paper it never goes back to
waiting by itself, because only a person can look at the paper; a job never touches the document behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from huiyuan.domain.model.receipt import Receipt


class JobState(StrEnum):
    """`queued` was never tried; `sending` is at the printer now; `failed` is certainly not on paper and is
    tried again by itself; `unknown` may be on paper and waits for a person.

    `sent` went out whole to a printer that proves nothing, `printed` was confirmed by the printer, a file or
    a person; `discarded` was given up by a person. These three are ends.
    """

    QUEUED = "queued"
    SENDING = "sending"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SENT = "sent"
    PRINTED = "printed"
    DISCARDED = "discarded"


JOB_MOVES: Final = frozenset(
    {
        (JobState.QUEUED, JobState.SENDING),
        (JobState.FAILED, JobState.SENDING),
        (JobState.SENDING, JobState.PRINTED),
        (JobState.SENDING, JobState.SENT),
        (JobState.SENDING, JobState.FAILED),
        (JobState.SENDING, JobState.UNKNOWN),
        (JobState.UNKNOWN, JobState.QUEUED),
        (JobState.UNKNOWN, JobState.PRINTED),
        (JobState.QUEUED, JobState.DISCARDED),
        (JobState.FAILED, JobState.DISCARDED),
        (JobState.UNKNOWN, JobState.DISCARDED),
    }
)
READY_TO_SEND: Final = (JobState.QUEUED, JobState.FAILED)
WAITING: Final = (JobState.QUEUED, JobState.SENDING, JobState.FAILED, JobState.UNKNOWN)
"""Everything a home screen counts: not at its end yet."""


class PrinterState(StrEnum):
    """How the printer stood when it was last asked or used."""

    NONE = "none"
    UNASKED = "unasked"
    READY = "ready"
    PAPER_LOW = "paper_low"
    NO_PAPER = "no_paper"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    UNREACHABLE = "unreachable"
    SILENT = "silent"
    GARBLED = "garbled"


USABLE: Final = frozenset({PrinterState.UNASKED, PrinterState.READY, PrinterState.PAPER_LOW})
"""States in which a slip is sent."""


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One slip to be printed.

    `id` is the document's for its first slip, so that this one is never queued twice; a copy or a report
    has an id of its own. `fault` is why the last try ended as it did: a `PrinterState`, `cut` (the line
    broke within the slip), `unproven` (no answer behind the slip) or `interrupted` (the app died).
    """

    id: UUID
    receipt: Receipt
    state: JobState
    put_at: datetime
    tries: int = 0
    fault: str = ""
