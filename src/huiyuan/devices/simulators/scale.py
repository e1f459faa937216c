"""A scale at the end of a serial line that misbehaves on demand: a pseudo terminal stands for the cable."""

from __future__ import annotations

import os
import select
import threading
import tty
from types import TracebackType
from typing import Final, Self

UNASKED_S: Final = 0.05


class SimulatedScale:
    """Speaks `sics`, `ad` or `toledo`.

    Attributes:
        grams: what lies on it. May be changed while it works.
        moving: it is not stable yet.
        overload: too much lies on it.
        mute: it says nothing.
        garbled: it says nonsense.
        path: the device file that a counter opens.
    """

    def __init__(self, kind: str, grams: int = 0) -> None:
        self.kind = kind
        self.grams = grams
        self.moving = self.overload = self.mute = self.garbled = False
        self._stopped = False

    def __enter__(self) -> Self:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped = True
        self._thread.join(2)
        os.close(self._slave)
        os.close(self._master)

    @property
    def url(self) -> str:
        """As a counter's setting names it."""
        return f"{self.kind}://{self.path}?baud=9600"

    def _serve(self) -> None:
        while not self._stopped:
            asked = bool(select.select([self._master], [], [], UNASKED_S)[0])
            if asked:
                os.read(self._master, 256)
            if (asked or self.kind == "toledo") and not self.mute:
                os.write(self._master, b"\xff\x00?\r\n\x02" if self.garbled else self.says())

    def says(self) -> bytes:
        """One answer, or one frame."""
        if self.kind == "toledo":
            status = 0x30 | (0x08 if self.moving else 0) | (0x04 if self.overload else 0)
            return b"\x02" + bytes([0x2D, status, 0x20]) + f"{self.grams:6d}     0".encode() + b"\r"
        kilograms = f"{self.grams // 1000}.{self.grams % 1000:03d}"
        if self.kind == "sics":
            if self.overload:
                return b"S +\r\n"
            return f"S {'D' if self.moving else 'S'} {kilograms:>10} kg\r\n".encode()
        head = "OL" if self.overload else "US" if self.moving else "ST"
        return f"{head},GS,+{self.grams // 1000:04d}.{self.grams % 1000:03d}kg\r\n".encode()
