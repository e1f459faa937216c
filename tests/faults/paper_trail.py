"""Paper that survives the process, and what has to be true of it after every kill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from huiyuan.domain.model.printing import READY_TO_SEND, JobState, PrinterState, PrintJob
from huiyuan.domain.model.receipt import Receipt
from huiyuan.domain.usecases.printing import print_next, put_owed
from huiyuan.repositories.counter.clock import CounterClock
from huiyuan.repositories.counter.journal import CounterJournal
from huiyuan.repositories.counter.print_jobs import CounterPrintJobs
from tests.counters import Counter


class PaperTrail:
    """A printer whose paper is a file: what was printed survives the process, whole or torn."""

    def __init__(self, folder: Path) -> None:
        self._paper = folder / "paper.txt"

    def print_receipt(self, receipt: Receipt) -> bool:
        with self._paper.open("a") as paper:
            paper.write(receipt.number + "\n")
        return True

    def check(self) -> PrinterState:
        return PrinterState.READY

    def state(self) -> PrinterState:
        return PrinterState.READY

    def watch(self, on_state: Callable[[PrinterState], None]) -> None:
        """It never changes."""


def slip_faults(folder: Path, document: UUID, *, counter: Counter, stands: bool, owing: bool) -> list[str]:
    """Do as a fresh start does, put what is owed and print what waits: then each document that stands has
    one slip, or a person is asked. Without `owing`, as if nobody knew what is owed."""
    assert isinstance(counter.journal, CounterJournal)
    answered = counter.journal.answered_since if owing else None
    jobs = CounterPrintJobs(folder, now=CounterClock().now, answered=answered)
    ids = {receipt: id for id, receipt in counter.journal.answered_since(datetime(2000, 1, 1, tzinfo=UTC))}
    put_owed(jobs, lambda receipt: (ids[receipt], Receipt(receipt, 32, ("Cola",))))
    kept = jobs.state_of(document)
    asked = kept is JobState.UNKNOWN
    while print_next(jobs, PaperTrail(folder)) is not None:
        pass
    jobs.close()
    paper, number = folder / "paper.txt", counter.journal.receipt_of(document)
    printed = paper.read_text().splitlines().count(number) if paper.exists() else 0
    return [
        *(["printed twice, and nobody was asked"] if printed > 1 else []),
        *(["no slip, and nobody was asked"] if stands and not printed and not asked else []),
        *(["a slip of nothing"] if kept and not stands else []),
    ]  # fmt: skip


def late_jobs(jobs: CounterPrintJobs) -> Any:
    """The control: a slip counts as waiting until it is printed; a kill behind the paper prints it again."""

    class Late:
        def __getattr__(self, name: str) -> Any:
            return getattr(jobs, name)

        def begin(self) -> PrintJob | None:
            return next((job for job in jobs.waiting() if job.state in READY_TO_SEND), None)

        def finish(self, job: UUID, state: JobState, fault: str = "") -> None:
            jobs.begin()
            jobs.finish(job, state, fault)

    return Late()
