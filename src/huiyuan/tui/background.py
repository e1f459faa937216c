"""Background work: one thread of this process does what no person waits for, one job after another.

Always true: a job that is wanted twice before it begins is done once; a job that fails is logged and the
next one is done; nothing runs by the clock, so a counter at rest asks nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from huiyuan.domain.model.errors import Refused, Unreachable

_log = logging.getLogger(__name__)
LEAVE_WITHIN_S: Final = 10.0


class Background:
    """A thread that is started by the first job."""

    def __init__(self) -> None:
        self._wanted: dict[str, Callable[[], None]] = {}
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopped = False

    def soon(self, name: str, job: Callable[[], None]) -> None:
        """Have `job` done as soon as the thread is free; from any thread, returns at once."""
        with self._news:
            if self._stopped:
                return
            self._wanted[name] = job
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="background", daemon=True)
                self._thread.start()
            self._news.notify()

    def stop(self) -> None:
        """Begin no other job."""
        with self._news:
            self._stopped = True
            self._wanted.clear()
            self._news.notify()

    def close(self) -> None:
        """Wait for the job in hand; it has its own deadline."""
        self.stop()
        if self._thread is not None:
            self._thread.join(LEAVE_WITHIN_S)

    def _work(self) -> None:
        while True:
            with self._news:
                while not self._wanted and not self._stopped:
                    self._news.wait()
                if self._stopped:
                    return
                name = next(iter(self._wanted))
                job = self._wanted.pop(name)
            self._do(name, job)

    def _do(self, name: str, job: Callable[[], None]) -> None:
        try:
            job()
        except (Refused, Unreachable) as refused:
            _log.info("background %s: %s", name, refused)
        except Exception:  # noqa: BLE001  (a thread that dies would do no other job either)
            _log.exception("background %s", name)
