"""Printing beside the screens: slips go to paper one after the other.

Always true: a sale never waits for paper; while nothing waits, nothing runs but a question to the printer now
and then; leaving does not wait for a
printer that hangs: its slip is then unknown at the next start, and a person is asked.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.printing import JobState, PrinterState, PrintJob
from huiyuan.domain.ports import PrintJobs, ReceiptPrinter
from huiyuan.domain.usecases.printing import print_next

PAUSES_S: Final = (2, 5, 15, 30)
"""After a failed try; the last one again and again, until paper is in or a person gives the slip up."""

LEAVE_WITHIN_S: Final = 3
CHECK_EVERY_S: Final = 180

_log = logging.getLogger(__name__)


class Printing:
    """One thread that takes the oldest slip that waits, and the next.

    Args:
        pauses_s: how long to wait after the first failed try, the second, and so on.
        check_every_s: how often a printer with nothing to do is asked how it stands, so that an open cover
            is known before the next sale.
        checked: told after each of these checks.
    """

    def __init__(
        self,
        jobs: PrintJobs,
        printer: ReceiptPrinter,
        *,
        pauses_s: tuple[float, ...] = PAUSES_S,
        check_every_s: float = CHECK_EVERY_S,
        checked: Callable[[], None] = lambda: None,
    ) -> None:
        self._checked = checked
        self._check_every_s = check_every_s
        self._jobs = jobs
        self._printer = printer
        self._pauses_s = pauses_s
        self._news = threading.Event()
        self._leaving = False
        self._thread = threading.Thread(target=self._run, name="printing", daemon=True)
        jobs.watch(self._wake)
        printer.watch(self._wake_when_usable)

    def start(self) -> None:
        """Begin; first the printer is asked how it stands, so that the counter knows before a slip is due."""
        self._thread.start()

    def stop(self) -> None:
        """No further slip; one that is at the printer is given a moment. A second time changes nothing."""
        self._leaving = True
        self._news.set()
        if self._thread.is_alive():
            self._thread.join(LEAVE_WITHIN_S)

    def _wake(self, job: PrintJob) -> None:
        if job.state is JobState.QUEUED or (job.state is JobState.FAILED and not self._is_me()):
            self._news.set()

    def _wake_when_usable(self, state: PrinterState) -> None:
        if state is PrinterState.READY and not self._is_me():
            self._news.set()

    def _is_me(self) -> bool:
        return threading.current_thread() is self._thread

    def _run(self) -> None:
        self._check()
        failures = 0
        while not self._leaving:
            self._news.clear()
            state = self._print_next()
            if state is JobState.FAILED:
                self._news.wait(self._pauses_s[min(failures, len(self._pauses_s) - 1)])
                failures += 1
            else:
                failures = 0
                if state is None and not self._leaving and not self._news.wait(self._check_every_s):
                    self._check()

    def _check(self) -> None:
        self._printer.check()
        self._checked()

    def _print_next(self) -> JobState | None:
        try:
            return print_next(self._jobs, self._printer)
        except Refused as refused:  # the disk: the slip stays as it is, and the screen has said so
            _log.error("slips cannot be kept: %s", refused.facts.get("why"))
            return JobState.FAILED
        except Exception:  # noqa: BLE001  (a thread that dies would leave every slip behind it unprinted)
            _log.exception("a slip was not printed")
            return JobState.FAILED
