"""The receipt printer of `network_printer` at the end of a line: a pseudo terminal stands for the cable."""

from __future__ import annotations

import os
import socket
import threading
import tty
from types import TracebackType
from typing import Self

from huiyuan.devices.simulators.network_printer import NetworkPrinter


class LinePrinter(NetworkPrinter):
    """A printer on a device file.

    Attributes:
        path: the device file that a counter opens.
    """

    def __enter__(self) -> Self:
        super().__enter__()
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self._plug = socket.create_connection(("127.0.0.1", self.port))
        for source, sink in ((self._master, self._plug.fileno()), (self._plug.fileno(), self._master)):
            threading.Thread(target=_carry, args=(source, sink), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._plug.shutdown(socket.SHUT_RDWR)
        super().__exit__(kind, error, trace)
        os.close(self._slave)
        self._plug.close()
        os.close(self._master)


def _carry(source: int, sink: int) -> None:
    """Bytes from one end to the other until one of them is gone."""
    try:
        while data := os.read(source, 4096):
            os.write(sink, data)
    except OSError:
        return
