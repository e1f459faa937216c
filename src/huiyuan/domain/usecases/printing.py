"""Printing: the next slip that waits goes to the printer, and what became of it is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from huiyuan.domain.model.errors import OutOfPaper, PaperUnknown, PrinterUnavailable
from huiyuan.domain.model.printing import JobState, PrinterState, PrintJob
from huiyuan.domain.model.receipt import Receipt
from huiyuan.domain.ports import PrintJobs, ReceiptPrinter


def print_next(jobs: PrintJobs, printer: ReceiptPrinter) -> JobState | None:
    """Print the oldest slip that may be sent; where it stands then, None if there was none.

    Raises:
        Refused: `print_jobs_unwritable`. A slip whose end could not be written down is unknown at the next
            start, and a person is asked.
    """
    job = jobs.begin()
    if job is None:
        return None
    try:
        state, fault = _tried(job, printer)
    except BaseException:
        jobs.finish(job.id, JobState.UNKNOWN, "interrupted")
        raise
    jobs.finish(job.id, state, fault)
    return state


def put_owed(jobs: PrintJobs, slip_of: Callable[[str], tuple[UUID, Receipt]]) -> int:
    """Put the slips that documents which stand still owe; how many there were.

    The counter died between the answer and the slip, or the answer came long after the customer. It is the
    first print, so no copy; nobody stands at the drawer any more, so it stays closed.

    Args:
        slip_of: document and slip of a receipt, as the server has it.

    Raises:
        Refused, Unreachable: as asking raises; what is put stays put, the rest stays owed.
    """
    owed = jobs.owed()
    for receipt in owed:
        document, slip = slip_of(receipt)
        jobs.put(document, replace(slip, opens_drawer=False))
    return len(owed)


def _tried(job: PrintJob, printer: ReceiptPrinter) -> tuple[JobState, str]:
    try:
        proven = printer.print_receipt(job.receipt)
    except OutOfPaper:
        return JobState.FAILED, PrinterState.NO_PAPER
    except PrinterUnavailable as unavailable:
        return JobState.FAILED, unavailable.why
    except PaperUnknown as unknown:
        return JobState.UNKNOWN, unknown.why
    return (JobState.PRINTED if proven else JobState.SENT), ""
