"""A connection on which nobody waits for ever: every wait has an end, and an attempt can be given up.

Always true: the driver has no read time-out of its own, so every wait goes through `wait` here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final, Self, TypeVar, cast

import psycopg
from psycopg.abc import PQGen, PQGenConn

R = TypeVar("R")

GIVEN_UP: Final[ContextVar[Callable[[], bool]]] = ContextVar("GIVEN_UP", default=lambda: False)
"""Whether nobody waits for the attempt of this context any more."""


class DeadlineConnection(psycopg.Connection[Any]):
    """A connection whose every wait ends at `deadline` (monotonic seconds)."""

    deadline: float | None = None

    @property
    def overdue(self) -> bool:
        """The end of the present wait has come."""
        return self.deadline is not None and time.monotonic() >= self.deadline

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> PQGenConn[Self]:
        """As the driver's, but an attempt that nobody waits for any more ends at the driver's next tick."""
        attempt, ready = super()._connect_gen(conninfo), None
        while True:
            try:
                wanted = attempt.send(ready)  # type: ignore[arg-type]  # None begins a generator
            except StopIteration as done:
                return cast("Self", done.value)
            ready = yield wanted
            if GIVEN_UP.get()():
                attempt.close()
                raise psycopg.OperationalError("given up")

    def wait(self, gen: PQGen[R], interval: float = 0.1, timeout: float | None = None) -> R:
        if self.deadline is not None:
            left = max(self.deadline - time.monotonic(), 0.0)
            timeout = left if timeout is None else min(left, timeout)
        return super().wait(gen, interval, timeout)
