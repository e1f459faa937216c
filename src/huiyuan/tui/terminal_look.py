"""What a terminal can do, found by asking it: width of characters, the line to it, what its keys send.

Always true: it is left as it was found, also when a question is never answered; nothing is asked of standard
input that is no terminal.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import statistics
import sys
import termios
import time
import tty
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from huiyuan.tui.key_forms import FORMS

ANSWER_WITHIN_S: Final = 2.0
KEY_WITHIN_S: Final = 0.15
PROBES: Final = 3
LOAD: Final = b"\x1b[m" * 2730
"""8,190 bytes that change nothing: how long they take tells how much the line carries."""
_ANSWER: Final = re.compile(rb"\x1b\[(\d+);(\d+)R")

FUNCTION_KEYS: Final = tuple(f"F{number}" for number in range(2, 10))


@dataclass(frozen=True, slots=True)
class TerminalLook:
    """What was found; None where the terminal gave no answer.

    Attributes:
        chinese_cells: Columns that one Chinese character took: 2 where the terminal reads UTF-8.
        line_cells: Columns that one line-drawing character took; 2 in a terminal set to wide.
        round_trip_ms: Median of the answers.
        bytes_per_s: What the line to the terminal carries, as far as one load tells; None: too fast to tell.
    """

    columns: int
    rows: int
    chinese_cells: int | None
    line_cells: int | None
    round_trip_ms: int | None
    bytes_per_s: int | None


class TerminalAsker:
    """Speaks raw to the terminal on `source` and `sink`, between `raw()` and its end."""

    def __init__(self, source: int, sink: int) -> None:
        self._source = source
        self._sink = sink

    @contextlib.contextmanager
    def raw(self) -> Iterator[None]:
        """Keys come as they are pressed, and are not echoed; what is written ends its lines as ever."""
        before = termios.tcgetattr(self._source)
        tty.setraw(self._source)
        raw = termios.tcgetattr(self._source)
        raw[tty.OFLAG] = before[tty.OFLAG]
        termios.tcsetattr(self._source, termios.TCSADRAIN, raw)
        try:
            yield
        finally:
            termios.tcsetattr(self._source, termios.TCSADRAIN, before)

    def look(self) -> TerminalLook:
        """Ask everything that needs nobody's hand."""
        size = os.get_terminal_size(self._sink)
        times = []
        for _ in range(PROBES):
            begin = time.monotonic()
            if self._column_after(b"") is None:
                return TerminalLook(size.columns, size.lines, None, None, None, None)
            times.append(time.monotonic() - begin)
        trip_s = statistics.median(times)
        chinese, drawn = self.cells_of("会"), self.cells_of("─")
        begin = time.monotonic()
        self._column_after(LOAD)
        spent_s = time.monotonic() - begin - trip_s
        return TerminalLook(
            size.columns,
            size.lines,
            chinese,
            drawn,
            round(trip_s * 1000),
            round(len(LOAD) / spent_s) if spent_s > trip_s / 2 and spent_s > 0.02 else None,
        )

    def cells_of(self, shown: str) -> int | None:
        """How many columns `shown` takes here; None if the terminal does not answer."""
        column = self._column_after(shown.encode())
        return None if column is None else column - 1

    def key(self, within_s: float) -> bytes:
        """The bytes of the next key, or nothing if none came in time."""
        return self._read(within_s, until=None)

    def _column_after(self, shown: bytes) -> int | None:
        """Where the pen stands after `shown` at the start of a line, which is wiped again."""
        os.write(self._sink, b"\r" + shown + b"\x1b[6n")
        answer = _ANSWER.search(self._read(ANSWER_WITHIN_S, until=_ANSWER))
        os.write(self._sink, b"\r\x1b[K")
        return int(answer[2]) if answer else None

    def _read(self, within_s: float, *, until: re.Pattern[bytes] | None) -> bytes:
        got, deadline = b"", time.monotonic() + within_s
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self._source], [], [], left)[0]:
                break
            data = os.read(self._source, 1024)
            if not data:
                break
            got += data
            if until is None:
                deadline = time.monotonic() + KEY_WITHIN_S
            elif until.search(got):
                break
        return got


def key_of(sent: bytes) -> str | None:
    """The function key that `sent` is to the counter, or None."""
    key, _ = FORMS.get(sent.decode("latin-1"), ("", None))
    return key.upper() if key.upper() in FUNCTION_KEYS else None


def own_terminal() -> TerminalAsker | None:
    """The terminal of this process, if it has one to read from and one to write to."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    return TerminalAsker(sys.stdin.fileno(), sys.stdout.fileno())
