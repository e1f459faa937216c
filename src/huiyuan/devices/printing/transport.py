"""The way to a printer: opened for a job, closed after it: many printers serve one caller at a time.

Always true: nothing here waits without a deadline; after a failed write it is known whether anything left;
every byte both ways goes through the ring of the device, too.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import termios
import time
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from huiyuan.devices.printing.escpos_library import escpos_printers
from huiyuan.devices.printing.profile import PrinterProfile
from huiyuan.devices.ring import ByteRing
from huiyuan.domain.model.errors import PrinterUnavailable

CHUNK: Final = 4096
COPY_ON: Final = b"\x1b[5i"
COPY_OFF: Final = b"\x1b[4i"


class TransportBroken(Exception):
    """A write did not go through; `sent` bytes had left before."""

    def __init__(self, sent: int) -> None:
        super().__init__(sent)
        self.sent = sent


def open_device(path: str, baud: int | None = None) -> int:
    """A device file that never keeps a caller waiting; its descriptor.

    Read and write where the system lets both, else write only: then it answers nothing.

    Args:
        baud: of a serial line, which is set to 8N1 raw; None for any other device.

    Raises:
        OSError: it is not there, or not ours.
        ValueError: no such speed.
    """
    flags = os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    try:
        file = os.open(path, os.O_RDWR | flags)
    except PermissionError:
        file = os.open(path, os.O_WRONLY | flags)
    if baud is not None:
        try:
            _set_line(file, baud)
        except (termios.error, ValueError) as error:
            os.close(file)
            raise OSError(str(error)) from None
    return file


def open_socket(path: str, within_s: float) -> int:
    """A unix socket, such as ssh forwards; its descriptor. Raises OSError."""
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(within_s)
        line.connect(path)
        line.setblocking(False)
    except OSError:
        line.close()
        raise
    return line.detach()


@contextlib.contextmanager
def as_it_is(file: int) -> Iterator[None]:
    """While this lasts the terminal at `file` makes no line end of two bytes out of one."""
    try:
        before = termios.tcgetattr(file)
    except termios.error:
        yield
        return
    now = [*before]
    now[1] &= ~termios.OPOST
    termios.tcsetattr(file, termios.TCSANOW, now)
    try:
        yield
    finally:
        termios.tcsetattr(file, termios.TCSADRAIN, before)


def _set_line(file: int, baud: int) -> None:
    speed = getattr(termios, f"B{baud}", None)
    if speed is None:
        raise ValueError(f"no such speed: {baud}")
    tty.setraw(file, termios.TCSANOW)
    line = termios.tcgetattr(file)
    line[2] = (line[2] & ~(termios.CSTOPB | termios.PARENB)) | termios.CLOCAL | termios.CREAD
    line[4] = line[5] = speed
    termios.tcsetattr(file, termios.TCSANOW, line)


class EscposTransport:
    """One connection to the printer of `profile`: python-escpos's network device, or a device file.

    A device file is opened here and not by the library, which cannot read from one and would wait for a
    printer that takes nothing.

    Args:
        cache: folder of the library's own table.
        connect_s: how long to wait for a network printer.
        stuck_s: how long a printer may take no byte before it counts as stuck.
        ring: where every byte is kept for a while.
    """

    def __init__(
        self,
        profile: PrinterProfile,
        *,
        cache: Path,
        connect_s: float = 3,
        stuck_s: float = 15,
        ring: ByteRing | None = None,
    ) -> None:
        self._profile = profile
        self._cache = cache
        self._connect_s = connect_s
        self._stuck_s = stuck_s
        self._ring = ring or ByteRing()
        self._device: Any = None
        self._opened: int | None = None

    def open(self) -> None:
        """Reach the printer. Raises PrinterUnavailable: it cannot be reached."""
        if not self._profile.is_network:
            path = self._profile.path
            try:
                if self._profile.scheme == "unix":
                    self._opened = open_socket(path, self._connect_s)
                else:
                    self._opened = open_device(path, self._profile.baud)
            except (OSError, ValueError):
                raise PrinterUnavailable from None
            return
        printers = escpos_printers(self._cache)
        device = printers.Network(self._profile.host, self._profile.port, timeout=self._connect_s)
        try:
            device.open()
        except Exception:  # noqa: BLE001  (the library's own errors and those of the system)
            raise PrinterUnavailable from None
        # Some printers keep a dead caller for minutes and serve nobody else meanwhile.
        with contextlib.suppress(OSError):
            device.device.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._device = device
        os.set_blocking(self._file, False)

    @property
    def _file(self) -> int:
        return int(self._device.device.fileno()) if self._opened is None else self._opened

    def write(self, data: bytes) -> None:
        """Hand over all of `data`. Raises TransportBroken."""
        if self._profile.scheme == "terminal":
            with as_it_is(self._file):
                self._write(COPY_ON + data + COPY_OFF)
        else:
            self._write(data)

    def _write(self, data: bytes) -> None:
        sent = 0
        try:
            while sent < len(data):
                _, ready, _ = select.select([], [self._file], [], self._stuck_s)
                if not ready:
                    raise TransportBroken(sent)
                sent += os.write(self._file, data[sent : sent + CHUNK])
        except OSError:
            raise TransportBroken(sent) from None
        finally:
            self._ring.went(data[:sent])

    def read(self, within_s: float) -> bytes:
        """What the printer says within `within_s` seconds, empty if nothing.

        Raises TransportBroken: it hung up.
        """
        deadline = time.monotonic() + within_s
        try:
            ready, _, _ = select.select([self._file], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                return b""
            said = os.read(self._file, 64)
        except OSError:
            raise TransportBroken(0) from None
        if not said:
            raise TransportBroken(0)
        self._ring.came(said)
        return said

    def close(self) -> None:
        """Let the printer go; a second time changes nothing."""
        device, self._device = self._device, None
        opened, self._opened = self._opened, None
        if opened is not None:
            with contextlib.suppress(OSError):
                os.close(opened)
        if device is not None:
            with contextlib.suppress(OSError):
                os.set_blocking(int(device.device.fileno()), True)
                device.close()
