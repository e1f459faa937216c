"""A customer display at the end of a pseudo terminal: what it would show, written from its manual."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import tty
from types import TracebackType
from typing import Final, Self

POLL_S: Final = 0.01
LAMPS: Final = ("price", "total", "received", "change")


class SimulatedDisplay:
    """LED8N and CD5220 alike: ESC @, CLR, ESC Q A and ESC Q B up to CR, STX L with four lamps.

    Attributes:
        path: the device file that a counter opens.
        rows: what the two lines show.
        lamp: the lamp that is lit, empty for none.
        taken: how many bytes it read.
        strange: bytes that belong to no command; a real display would show rubbish.
    """

    def __enter__(self) -> Self:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self.rows = ["", ""]
        self.lamp = ""
        self.taken = 0
        self.strange = bytearray()
        self._pulled = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()

    def unplug(self) -> None:
        """The cable is pulled; a second time changes nothing."""
        self._pulled = True
        self._thread.join(2)  # whoever waits in a read keeps the line open
        for file in (self._slave, self._master):
            with contextlib.suppress(OSError):
                os.close(file)
        self._slave = self._master = -1

    def _read(self) -> None:
        held = b""
        with contextlib.suppress(OSError):
            while not self._pulled:
                if select.select([self._master], [], [], POLL_S)[0]:
                    heard = os.read(self._master, 256)
                    held = self._show(held + heard)
                    self.taken += len(heard)

    def _show(self, data: bytes) -> bytes:
        """Do every whole command; what is left of the last."""
        while data:
            if data.startswith(b"\x0c"):
                self.rows, data = ["", ""], data[1:]
            elif data.startswith(b"\x1b@"):
                self.rows, self.lamp, data = ["", ""], "", data[2:]
            elif data.startswith((b"\x1bQA", b"\x1bQB")):
                end = data.find(b"\r")
                if end < 0:
                    return data
                self.rows[data[2] - 0x41] = data[3:end].decode("ascii")
                data = data[end + 1 :]
            elif data.startswith(b"\x02L"):
                if len(data) < 6:
                    return data
                lit = [name for name, on in zip(LAMPS, data[2:6], strict=True) if on == 0x31]
                self.lamp, data = " ".join(lit), data[6:]
            elif data[0] in (0x1B, 0x02) and len(data) < 3:
                return data
            else:
                self.strange.append(data[0])
                data = data[1:]
        return b""
