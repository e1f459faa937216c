"""The way to a printer: opened for a job, closed after it: many printers serve one caller at a time.

Always true: nothing here waits without a deadline; after a failed write it is known whether anything left.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time
from pathlib import Path
from typing import Any, Final

from huiyuan.devices.printing.escpos_library import escpos_printers
from huiyuan.devices.printing.profile import PrinterProfile
from huiyuan.domain.model.errors import PrinterUnavailable

CHUNK: Final = 4096


class TransportBroken(Exception):
    """A write did not go through; `sent` bytes had left before."""

    def __init__(self, sent: int) -> None:
        super().__init__(sent)
        self.sent = sent


class EscposTransport:
    """One connection to the printer of `profile`, over python-escpos's network or file device.

    Args:
        cache: folder of the library's own table.
        connect_s: how long to wait for a network printer.
        stuck_s: how long a printer may take no byte before it counts as stuck.
    """

    def __init__(
        self, profile: PrinterProfile, *, cache: Path, connect_s: float = 3, stuck_s: float = 15
    ) -> None:
        self._profile = profile
        self._cache = cache
        self._connect_s = connect_s
        self._stuck_s = stuck_s
        self._device: Any = None

    def open(self) -> None:
        """Reach the printer. Raises PrinterUnavailable: it cannot be reached."""
        printers = escpos_printers(self._cache)
        if self._profile.is_network:
            device = printers.Network(self._profile.host, self._profile.port, timeout=self._connect_s)
        else:
            device = printers.File(self._profile.path)
        try:
            device.open()
        except Exception:  # noqa: BLE001  (the library's own errors and those of the system)
            raise PrinterUnavailable from None
        if self._profile.is_network:
            # Some printers keep a dead caller for minutes and serve nobody else meanwhile.
            with contextlib.suppress(OSError):
                device.device.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._device = device
        os.set_blocking(self._file, False)

    @property
    def _file(self) -> int:
        return int(self._device.device.fileno())

    def write(self, data: bytes) -> None:
        """Hand over all of `data`. Raises TransportBroken."""
        sent = 0
        try:
            while sent < len(data):
                _, ready, _ = select.select([], [self._file], [], self._stuck_s)
                if not ready:
                    raise TransportBroken(sent)
                sent += os.write(self._file, data[sent : sent + CHUNK])
        except OSError:
            raise TransportBroken(sent) from None

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
        return said

    def close(self) -> None:
        """Let the printer go; a second time changes nothing."""
        device, self._device = self._device, None
        if device is not None:
            with contextlib.suppress(OSError):
                os.set_blocking(int(device.device.fileno()), True)
                device.close()
