"""A scanner on a serial line (USB-COM): bytes as they are, whatever keyboard and input method are set.

The kernel's own terminal settings are enough for that; no package is needed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import termios
import tty
from typing import Final

from huiyuan.devices.scanning.codes import Framing
from huiyuan.devices.scanning.watched import REST_S, WatchedScanner

SPEEDS: Final = {
    1200: termios.B1200, 2400: termios.B2400, 4800: termios.B4800, 9600: termios.B9600,
    19200: termios.B19200, 38400: termios.B38400, 57600: termios.B57600, 115200: termios.B115200,
}  # fmt: skip


class SerialScanner(WatchedScanner):
    """Eight bits, no parity, at `baud`. Another program cannot open the line meanwhile."""

    KIND = "serial_scanner"
    SOURCE = "serial"
    DRIVER = "termios"

    def __init__(self, path: str, framing: Framing, *, baud: int = 9600, rest_s: float = REST_S) -> None:
        super().__init__(path, framing, rest_s=rest_s)
        self._speed = SPEEDS[baud]

    def opened(self) -> int:
        descriptor = os.open(self._path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            tty.setraw(descriptor)
            settings = termios.tcgetattr(descriptor)
            settings[4] = settings[5] = self._speed
            termios.tcsetattr(descriptor, termios.TCSANOW, settings)
            with contextlib.suppress(OSError):
                fcntl.ioctl(descriptor, termios.TIOCEXCL)
        except termios.error as error:
            os.close(descriptor)
            raise OSError(*error.args) from None
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    def typed(self, heard: bytes) -> bytes:
        return heard
