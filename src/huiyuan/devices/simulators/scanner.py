"""A scanner on a serial line that misbehaves on demand: a pseudo terminal stands for the cable."""

from __future__ import annotations

import os
import time
import tty
from types import TracebackType
from typing import Final, Self

PIECE: Final = 3


class SimulatedScanner:
    """Sends codes as it was programmed.

    Attributes:
        prefix, suffix: what stands around each code.
        encoding: of the characters, utf-8 or gbk.
        doubled: each code comes twice.
        loses_prefix: the next codes come without it.
        loses_end: the next codes come without their suffix.
        piece_s: seconds between pieces of three bytes.
        path: the device file that a counter opens.
    """

    def __init__(self, *, prefix: str = "", suffix: str = "\r", encoding: str = "utf-8") -> None:
        self.prefix, self.suffix, self.encoding = prefix, suffix, encoding
        self.doubled = self.loses_prefix = self.loses_end = False
        self.piece_s = 0.0

    def __enter__(self) -> Self:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._slave)
        os.close(self._master)

    def scan(self, code: str) -> None:
        """Somebody pulls the trigger."""
        head = "" if self.loses_prefix else self.prefix
        tail = "" if self.loses_end else self.suffix
        data = f"{head}{code}{tail}".encode(self.encoding) * (2 if self.doubled else 1)
        size = PIECE if self.piece_s else len(data)
        for at in range(0, len(data), size):
            os.write(self._master, data[at : at + size])
            if self.piece_s:
                time.sleep(self.piece_s)
