"""A customer display on a serial line: eight digits with lamps (LED8N), or two lines of twenty (VFD, CD5220).

Always true: whoever shows something never waits for the line; what is shown last wins; only digits, letters
of our own and a point are sent, so that no text can steer the display.
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
from typing import Final, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from huiyuan.devices.printing.transport import open_device
from huiyuan.devices.ring import ByteRing

Make = Literal["led8n", "vfd"]
BAUDS: Final[dict[str, int]] = {"led8n": 2400, "vfd": 9600}
LED_DIGITS: Final = 8
VFD_CELLS: Final = 20
WRITE_WITHIN_S: Final = 2

_PLAIN: Final = frozenset("0123456789.-")
_INITIALISE: Final = b"\x1b@"
_UPPER: Final = b"\x1bQA"
_LOWER: Final = b"\x1bQB"
_TOTAL_LAMP: Final = b"\x02L0100"
_CHANGE_LAMP: Final = b"\x02L0001"
_CLEAR: Final = b"\x0c"


def encode_display(make: Make, total: str, change: str | None = None) -> bytes:
    """What shows `total`, or `change` after it. An amount too long shows dashes, never a part of it."""
    total = _figure(total)
    if make == "led8n":
        shown, lamp = (total, _TOTAL_LAMP) if change is None else (_figure(change), _CHANGE_LAMP)
        if len(shown.replace(".", "")) > LED_DIGITS:
            shown = "-" * LED_DIGITS
        return _INITIALISE + _UPPER + shown.encode("ascii") + b"\r" + lamp
    lower = b"" if change is None else _LOWER + _row("CHANGE", _figure(change)) + b"\r"
    return _INITIALISE + _CLEAR + _UPPER + _row("TOTAL", total) + b"\r" + lower


def _figure(text: str) -> str:
    return "".join(char for char in text if char in _PLAIN)


def _row(word: str, figure: str) -> bytes:
    room = VFD_CELLS - len(word) - 1
    shown = figure if len(figure) <= room else "-" * room
    return f"{word}{shown:>{VFD_CELLS - len(word)}}".encode("ascii")


class LineDisplay:
    """Fills the port CustomerDisplay.

    Args:
        url: `led8n:///dev/ttyUSB1?baud=2400` or `vfd:///dev/ttyS1?baud=9600`.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._make: Make = "led8n" if parts.scheme == "led8n" else "vfd"
        self._path = unquote(parts.path)
        self._baud = int(parse_qs(parts.query).get("baud", [str(BAUDS[self._make])])[0])
        self._state = "unasked"
        self.ring = ByteRing()
        self._file: int | None = None
        self._next: bytes | None = None
        self._news = threading.Condition()
        self._line = threading.Lock()
        self._closed = False
        self._thread: threading.Thread | None = None

    def show_total(self, figure: str) -> None:
        """What is to be paid, soon."""
        self._soon(encode_display(self._make, figure))

    def show_change(self, total: str, change: str) -> None:
        """What is handed back, soon."""
        self._soon(encode_display(self._make, total, change))

    def try_now(self, figure: str) -> bool:
        """Show `figure` and wait; whether the line took it."""
        return self._write(encode_display(self._make, figure))

    def state(self) -> str:
        """`unasked`, `ready` (its line took the last figure; such displays answer nothing), `unreachable`."""
        return self._state

    def close(self) -> None:
        """Give the line back; a second time changes nothing."""
        with self._news:
            self._closed = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join(WRITE_WITHIN_S)
        with self._line:
            self._drop()

    def _soon(self, data: bytes) -> None:
        with self._news:
            self._next = data
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="display", daemon=True)
                self._thread.start()
            self._news.notify()

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._closed or self._next is not None)
                if self._closed:
                    return
                data, self._next = self._next, None
            if data is not None:
                self._write(data)

    def _write(self, data: bytes) -> bool:
        with self._line:
            try:
                if self._file is None:
                    self._file = open_device(self._path, self._baud)
                while data:
                    if not select.select([], [self._file], [], WRITE_WITHIN_S)[1]:
                        raise TimeoutError
                    taken = os.write(self._file, data)
                    self.ring.went(data[:taken])
                    data = data[taken:]
            except OSError:
                self._drop()
                self._state = "unreachable"
                return False
            self._state = "ready"
            return True

    def _drop(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                os.close(file)
