"""Paper in memory: slips are printed at once, unless the printer is broken or swallows them half."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from huiyuan.domain.model.errors import OutOfPaper, PaperUnknown, Refused
from huiyuan.domain.model.printing import READY_TO_SEND, WAITING, JobState, PrinterState, PrintJob
from huiyuan.domain.model.receipt import Receipt, as_copy
from huiyuan.domain.ports import OnJob
from huiyuan.domain.usecases.printing import print_next
from tests.screens.fake_ledger import NOON
from tests.screens.pages import page


class PaperPile:
    """A printer that keeps what it printed. `broken` has no paper; `tearing` stops within a slip;
    `stands` is how it answers else."""

    def __init__(self) -> None:
        self.receipts: list[Receipt] = []
        self.broken = False
        self.tearing = False
        self.stands = PrinterState.READY
        self.on_state: list[Callable[[PrinterState], None]] = []

    def print_receipt(self, receipt: Receipt) -> bool:
        if self.broken:
            raise OutOfPaper
        if self.tearing:
            raise PaperUnknown
        self.receipts.append(receipt)
        return True

    def check(self) -> PrinterState:
        return self.state()

    def state(self) -> PrinterState:
        return PrinterState.NO_PAPER if self.broken else self.stands

    def watch(self, on_state: Callable[[PrinterState], None]) -> None:
        self.on_state.append(on_state)


class FakePrintJobs:
    """The queue, printed by whoever puts something into it: there is no thread. `full` is a disk that is."""

    def __init__(self, printer: PaperPile) -> None:
        self.printer = printer
        self.jobs: dict[UUID, PrintJob] = {}
        self.told: dict[UUID, str] = {}
        self.full = False
        self.owes: list[str] = []
        self.on_job: list[OnJob] = []

    def put(self, job: UUID, receipt: Receipt, *, on_paper: bool = True) -> PrintJob:
        if self.full:
            raise Refused("print_jobs_unwritable", {"why": "SQLITE_FULL"})
        if job not in self.jobs:
            state = JobState.QUEUED if on_paper else JobState.DISCARDED
            self._tell(PrintJob(job, receipt, state, NOON))
            print_next(self, self.printer)
        return self.jobs[job]

    def begin(self) -> PrintJob | None:
        found = next((job for job in self.jobs.values() if job.state in READY_TO_SEND), None)
        if found is None:
            return None
        return self._tell(replace(found, state=JobState.SENDING, tries=found.tries + 1))

    def finish(self, job: UUID, state: JobState, fault: str = "") -> None:
        self._tell(replace(self.jobs[job], state=state, fault=fault))

    def again(self, job: UUID) -> None:
        was = self.jobs[job]
        if was.state is JobState.UNKNOWN:
            self._tell(replace(was, state=JobState.QUEUED, receipt=as_copy(was.receipt)))
        elif was.state not in READY_TO_SEND:
            raise KeyError(job)
        print_next(self, self.printer)

    def confirm(self, job: UUID, *, by: str) -> None:
        self.told[job] = by
        self._tell(replace(self.jobs[job], state=JobState.PRINTED))

    def discard(self, job: UUID, *, by: str, note: str) -> None:
        self.told[job] = f"{by}: {note}"
        self._tell(replace(self.jobs[job], state=JobState.DISCARDED))

    def waiting(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[PrintJob]:
        found = [job for job in self.jobs.values() if job.state in WAITING]
        return page(found, lambda each: each.id, after, most)

    def waiting_counts(self) -> tuple[int, int]:
        found = self.waiting()
        return len(found), sum(each.state is JobState.UNKNOWN for each in found)

    def owed(self) -> Sequence[str]:
        return tuple(self.owes)

    def watch(self, on_job: OnJob) -> None:
        self.on_job.append(on_job)

    def _tell(self, job: PrintJob) -> PrintJob:
        self.jobs[job.id] = job
        for on_job in self.on_job:
            on_job(job)
        return job
