"""Paper: what prints, and what is kept until it is printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.printing import JobState, PrinterState, PrintJob
from huiyuan.domain.model.receipt import Receipt

OnJob = Callable[[PrintJob], None]
"""Told, from whichever thread moved it, of a job as it stands now."""


class ReceiptPrinter(Protocol):
    """A printer, a folder or nothing at all. A jam never undoes a sale. One thread at a time uses it."""

    def print_receipt(self, receipt: Receipt) -> bool:
        """Print one slip; True if the printer confirmed it, False if it took all of it and cannot say.

        Raises:
            OutOfPaper, PrinterUnavailable: nothing of it is on paper.
            PaperUnknown: some of it may be.
        """
        ...

    def check(self) -> PrinterState:
        """Ask the printer how it stands; waits for its answer, never raises."""
        ...

    def state(self) -> PrinterState:
        """As the last slip or check found it; asks nothing."""
        ...

    def watch(self, on_state: Callable[[PrinterState], None]) -> None:
        """Tell `on_state`, from whichever thread saw it, when the printer stands otherwise than before;
        several may watch."""
        ...


class PrintJobs(Protocol):
    """Slips on the counter's disk until they are printed, in the order they were put.

    Every method that writes raises Refused `print_jobs_unwritable` (why) if the disk does not take it.
    """

    def put(self, job: UUID, receipt: Receipt, *, on_paper: bool = True) -> PrintJob:
        """Keep a slip; a `job` that is there already stays as it is and is answered.

        One that is not wanted on paper is at its end at once, and owed no more.
        """
        ...

    def begin(self) -> PrintJob | None:
        """The oldest job that may be sent is `sending` from here on; None if there is none.

        Only a first try soon after the sale may open the drawer: later nobody stands there.
        """
        ...

    def finish(self, job: UUID, state: JobState, fault: str = "") -> None:
        """How sending ended. Raises KeyError if it is not being sent."""
        ...

    def again(self, job: UUID) -> None:
        """A person says that an unknown one is not on paper: queued anew, marked as a copy.

        A failed one is tried at once. Raises KeyError for any other.
        """
        ...

    def confirm(self, job: UUID, *, by: str) -> None:
        """A person says that an unknown one is on paper. Raises KeyError if it is not unknown."""
        ...

    def discard(self, job: UUID, *, by: str, note: str) -> None:
        """A person gives it up. Raises Refused `reason_missing`; KeyError: at its end or being sent."""
        ...

    def waiting(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[PrintJob]:
        """What is not at its end, oldest first, at most `most` behind `after`; no round trip."""
        ...

    def waiting_counts(self) -> tuple[int, int]:
        """How many are not at their end, and how many of them ask a person."""
        ...

    def owed(self) -> Sequence[str]:
        """Receipts of documents that were answered and whose slip was never put; no round trip."""
        ...

    def watch(self, on_job: OnJob) -> None:
        """Tell `on_job` of every job that was put or moved; several may watch."""
        ...
