"""News of cards that another counter stopped: heard on the line that reads, while nobody asks there.

Always true: no connection and no statement of its own; what cannot be heard is missed, and the door refuses
the card all the same.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from typing import Final

from huiyuan.repositories.connection import Line

_log = logging.getLogger(__name__)
WAIT_S: Final = 30.0
NO_LINE_S: Final = 5.0

OnMoved = Callable[[int, str, int], None]
"""Told from this thread: card, the state it is in now, the terminal that moved it."""


class CardNews:
    """A thread that waits at a line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._told: OnMoved = lambda _card, _state, _terminal: None
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, told: OnMoved) -> None:
        """Tell of every card that moved."""
        self._told = told

    def start(self) -> None:
        """Begin to wait."""
        self._line.on_news = self._tell
        self._thread = threading.Thread(target=self._wait, name="card news", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Tell nothing any more; the thread ends with its wait."""
        self._stopped.set()

    def _wait(self) -> None:
        while not self._stopped.is_set():
            if not self._line.hear(WAIT_S):
                self._stopped.wait(NO_LINE_S)

    def _tell(self, payload: str) -> None:
        if self._stopped.is_set():
            return
        try:
            news = json.loads(payload)
            self._told(int(news["card"]), str(news["state"]), int(news["terminal"]))
        except (ValueError, KeyError, TypeError):
            _log.warning("news of a card that cannot be read")
