"""Leaving in time: a server that does not answer keeps no process.

Always true: the statement in flight has a moment for its answer; then its line is let go, the journal holds
what has no answer, and the next start asks what became of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from huiyuan.repositories.connection import Line

ANSWER_WITHIN_S: Final = 1.2


def soon_let_go(*lines: Line, within_s: float | None = None) -> Callable[[], None]:
    """What lets `lines` go after `within_s` seconds (`ANSWER_WITHIN_S`), once however often it is called."""
    asked = threading.Event()

    def let_go() -> None:
        for line in lines:
            line.let_go()

    def hurry() -> None:
        if asked.is_set():
            return
        asked.set()
        timer = threading.Timer(ANSWER_WITHIN_S if within_s is None else within_s, let_go)
        timer.daemon = True
        timer.start()

    return hurry
