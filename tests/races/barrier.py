"""Many at the same moment: one thread a connection, a barrier before the statement, every answer kept.

psycopg releases the interpreter while it waits, so the statements overlap in the server; how far they did is
measured, and a race that did not overlap is no race.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

RETRIES = frozenset({"40P01", "40001", "55P03"})
"""What a till would have to send again: deadlock, serialization, a lock that did not come."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of one contender, or the SQLSTATE that it met, and when it was under way."""

    answer: Any
    sqlstate: str | None
    began: float
    ended: float

    @property
    def refused(self) -> str | None:
        return self.answer.get("refused") if isinstance(self.answer, dict) else None


def race(contenders: Sequence[Callable[[], Any]], *, timeout_s: float = 30.0) -> list[Outcome]:
    """Let all contenders go at once and wait for every one."""
    gate = threading.Barrier(len(contenders))
    outcomes: list[Outcome | None] = [None] * len(contenders)

    def run(place: int) -> None:
        gate.wait(timeout_s)
        began = time.perf_counter()
        answer, sqlstate = None, None
        try:
            answer = contenders[place]()
        except psycopg.Error as error:
            sqlstate = error.sqlstate or type(error).__name__
        outcomes[place] = Outcome(answer, sqlstate, began, time.perf_counter())

    threads = [threading.Thread(target=run, args=(place,), daemon=True) for place in range(len(contenders))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout_s)
    assert all(outcome is not None for outcome in outcomes), "somebody is still waiting"
    return [outcome for outcome in outcomes if outcome is not None]


def overlap(outcomes: Sequence[Outcome]) -> int:
    """How many were under way at the busiest moment."""
    return max(sum(other.began <= one.began < other.ended for other in outcomes) for one in outcomes)
