"""A scale on a serial line: asked when somebody weighs, and left alone otherwise.

Always true: a call ends within `WITHIN_S`; only a stable weight above nothing is answered.
"""

from __future__ import annotations

import contextlib
import os
import select
import termios
import threading
import time
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from huiyuan.devices.printing.transport import open_device
from huiyuan.devices.ring import ByteRing
from huiyuan.devices.scales.protocols import READERS
from huiyuan.domain.model.errors import Refused

WITHIN_S: Final = 3.0
ASK_AGAIN_S: Final = 0.5
HEARD_MOST: Final = 4096
BAUD: Final = 9600


class SerialScale:
    """Fills the port Scale.

    Args:
        url: `sics:///dev/ttyS2?baud=9600`, `ad://...` or `toledo://...`.
        within_s: how long to wait for a stable weight.
    """

    present = True

    def __init__(self, url: str, *, within_s: float = WITHIN_S) -> None:
        parts = urlsplit(url)
        self.name = unquote(parts.path)
        self.driver = parts.scheme
        self.ring = ByteRing()
        self._ask, self._read = READERS[parts.scheme]
        self._baud = int(parse_qs(parts.query).get("baud", [str(BAUD)])[0])
        self._within_s = within_s
        self._state = "unasked"
        self._line = threading.Lock()

    def state(self) -> str:
        """See the port."""
        return self._state

    def weigh(self) -> int:
        """See the port."""
        with self._line:
            try:
                file = open_device(self.name, self._baud)
            except (OSError, ValueError):
                self._state = "unreachable"
                raise Refused("scale_unreachable") from None
            try:
                with contextlib.suppress(termios.error):
                    termios.tcflush(file, termios.TCIFLUSH)  # what it said while nobody weighed
                why = self._listen(file)
            except OSError:
                why = "unreachable"
            finally:
                os.close(file)
        if isinstance(why, int):
            self._state = "ready"
            return why
        self._state = {"unreachable": "unreachable", "silent": "silent", "garbled": "garbled"}.get(
            why, "ready"
        )
        raise Refused(f"scale_{why}")

    def _listen(self, file: int) -> int | str:
        began, asked, heard, why = time.monotonic(), -ASK_AGAIN_S, b"", "silent"
        while (passed := time.monotonic() - began) < self._within_s:
            if self._ask and passed - asked >= ASK_AGAIN_S:
                os.write(file, self._ask)
                self.ring.went(self._ask)
                asked = passed
            if not select.select([file], [], [], 0.1)[0]:
                continue
            said = os.read(file, 256)
            if not said:
                return "unreachable"
            self.ring.came(said)
            heard = (heard + said)[-HEARD_MOST:]
            reading = self._read(heard)
            if isinstance(reading, int):
                return reading
            if reading:
                why, heard = reading, b"" if self._ask else heard
        return why
