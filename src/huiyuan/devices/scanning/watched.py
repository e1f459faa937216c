"""A scanner's thread: opens its device, waits for bytes, and begins anew when it was pulled.

Always true: at rest it waits in the kernel and costs nothing; while the device is absent it looks every two
seconds; nothing that the device does ends the thread.
"""

from __future__ import annotations

import logging
import os
import select
import threading
from abc import ABC, abstractmethod
from time import monotonic
from typing import Final

from huiyuan.devices.ring import ByteRing, masked_text
from huiyuan.devices.scanning.codes import Codes, Framing
from huiyuan.domain.model.device import Condition, DeviceState
from huiyuan.domain.model.presented import Scanned
from huiyuan.domain.ports.cards import OnDevice, OnScan

_log = logging.getLogger(__name__)
REST_S: Final = 2.0
LEAVE_WITHIN_S: Final = 2.0
READ_MOST: Final = 4096


class WatchedScanner(ABC):
    """A scanner port over the device at `path`."""

    KIND: str
    SOURCE: str
    DRIVER: str

    def __init__(self, path: str, framing: Framing, *, rest_s: float = REST_S) -> None:
        self._path = path
        self._rest_s = rest_s
        self._codes = Codes(framing)
        self.ring = ByteRing()
        self._state = DeviceState(self.KIND, Condition.STARTING, (path,), self.DRIVER)
        self._on_scan: list[OnScan] = []
        self._on_state: list[OnDevice] = []
        self._quit = threading.Event()
        self._woken, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._run, name=f"{self.SOURCE}-scanner", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End at once. A second time changes nothing."""
        if self._quit.is_set():
            return
        self._quit.set()
        os.write(self._wake, b"x")
        if self._thread.is_alive():
            self._thread.join(LEAVE_WITHIN_S)
        if not self._thread.is_alive():
            os.close(self._wake)
            os.close(self._woken)

    def state(self) -> DeviceState:
        return self._state

    @property
    def without_prefix(self) -> int:
        """How many codes came without the prefix that the settings name."""
        return self._codes.without_prefix

    def watch(self, on_scan: OnScan, on_state: OnDevice) -> None:
        self._on_scan.append(on_scan)
        self._on_state.append(on_state)

    @abstractmethod
    def opened(self) -> int:
        """A descriptor that is ready when there is something. Raises OSError."""

    @abstractmethod
    def typed(self, heard: bytes) -> bytes:
        """What the bytes of the device mean as text."""

    def _run(self) -> None:
        while not self._quit.is_set():
            try:
                descriptor = self.opened()
            except PermissionError:
                self._tell(Condition.NOT_ALLOWED)
            except BlockingIOError:
                self._tell(Condition.HELD)
            except OSError:
                self._tell(Condition.ABSENT)
            else:
                self._tell(Condition.READY)
                try:
                    self._read(descriptor)
                except OSError as error:
                    _log.info("%s scanner: %s", self.SOURCE, error.strerror)
                finally:
                    os.close(descriptor)
            self._quit.wait(self._rest_s)

    def _read(self, descriptor: int) -> None:
        """Until it is pulled."""
        while True:
            ready, _, _ = select.select([descriptor, self._woken], [], [])
            if self._woken in ready:
                return
            heard = os.read(descriptor, READ_MOST)
            if not heard:
                return
            typed = self.typed(heard)
            self.ring.came(masked_text(typed))
            for code in self._codes.feed(typed, at_ms=int(monotonic() * 1000)):
                for on_scan in self._on_scan:
                    on_scan(Scanned(code, self.SOURCE))

    def _tell(self, condition: Condition) -> None:
        state = DeviceState(self.KIND, condition, (self._path,), self.DRIVER)
        if state != self._state:
            self._state = state
            for on_state in self._on_state:
                on_state(state)
