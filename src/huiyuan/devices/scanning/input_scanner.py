"""A keyboard scanner taken from the kernel (evdev), so that its keys reach nobody else.

Only on the machine that it is plugged into, and only for a member of the group `input`. The keys are those of
an American keyboard, which is what scanners play; the kernel's records are read by `struct`.
"""

from __future__ import annotations

import fcntl
import os
import struct
from typing import Final

from huiyuan.devices.scanning.watched import WatchedScanner

GRAB: Final = 0x40044590
RECORD: Final = struct.Struct("llHHi")
EVENT_KEY: Final = 1
SHIFTS: Final = frozenset({42, 54})
_ROWS: Final = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (71, "789-456+1230.", "789-456+1230."),
)
PLAIN: Final = {first + n: char for first, row, _ in _ROWS for n, char in enumerate(row)} | {
    57: " ", 28: "\r", 96: "\r", 15: "\t", 55: "*", 98: "/",
}  # fmt: skip
SHIFTED: Final = PLAIN | {first + n: char for first, _, row in _ROWS for n, char in enumerate(row)}


class InputScanner(WatchedScanner):
    """The input device at `path`, such as /dev/input/by-id/usb-...-event-kbd, for this process alone."""

    KIND = "input_scanner"
    SOURCE = "input"
    DRIVER = "evdev"
    _rest = b""
    _shift = False

    def opened(self) -> int:
        descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            self.grab(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        self._rest, self._shift = b"", False
        return descriptor

    def grab(self, descriptor: int) -> None:
        """Nobody else gets its keys. Raises OSError if another program has it."""
        fcntl.ioctl(descriptor, GRAB, 1)

    def typed(self, heard: bytes) -> bytes:
        records = self._rest + heard
        whole = len(records) - len(records) % RECORD.size
        self._rest = records[whole:]
        text = ""
        for _, _, kind, key, value in RECORD.iter_unpack(records[:whole]):
            if kind != EVENT_KEY:
                continue
            if key in SHIFTS:
                self._shift = value != 0
            elif value == 1:
                text += (SHIFTED if self._shift else PLAIN).get(key, "")
        return text.encode("ascii")
