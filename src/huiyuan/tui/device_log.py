"""How the devices of a seat stood, on its disk: every change, and every check at its interval.

Always true: it never grows beyond two files of `BYTES_MAX`; a disk that takes nothing stops no device and no
sale; nothing that was printed, read or scanned is in it.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from huiyuan.domain.model.devices import DeviceEvent

LOG_FILE: Final = "device_log.jsonl"
BYTES_MAX: Final = 256 * 1024
RECENT: Final = 50
CHECKED: Final = "check"


class DeviceLog:
    """One file in `folder`, and the one before it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / LOG_FILE
        self._before = folder / f"{LOG_FILE}.1"
        self._lock = threading.Lock()
        self._recent: deque[DeviceEvent] | None = None
        self._checked: DeviceEvent | None = None
        self._sought = False

    def changed(self, event: DeviceEvent) -> None:
        """A device stands otherwise than before."""
        self._changes().append(event)
        self._write({"at_ms": event.at_ms, "kind": event.kind, "state": event.state})

    def checked(self, at_ms: int, states: Mapping[str, str]) -> None:
        """Every device was looked at; nothing need have changed."""
        self._checked = DeviceEvent(at_ms, CHECKED, " ".join(f"{k}={v}" for k, v in states.items()))
        self._write({"at_ms": at_ms, "kind": CHECKED, "state": self._checked.state})

    def events(self, most: int) -> Sequence[DeviceEvent]:
        """The last changes, newest first, without the checks; the disk is read once."""
        return tuple(reversed(self._changes()))[:most]

    def last_check(self) -> DeviceEvent | None:
        """The newest check; None if none is kept. The disk is read once."""
        if self._checked is None and not self._sought:
            self._sought = True
            self._checked = next((each for each in reversed(self._read()) if each.kind == CHECKED), None)
        return self._checked

    def _changes(self) -> deque[DeviceEvent]:
        if self._recent is None:
            self._recent = deque((each for each in self._read() if each.kind != CHECKED), maxlen=RECENT)
        return self._recent

    def _read(self) -> list[DeviceEvent]:
        lines: list[str] = []
        for file in (self._before, self._file):
            with contextlib.suppress(OSError, UnicodeDecodeError):
                lines += file.read_text("utf-8").splitlines()
        found = []
        for line in lines:
            with contextlib.suppress(ValueError, TypeError):  # half a line of a power cut
                found.append(DeviceEvent(**json.loads(line)))
        return found

    def _write(self, kept: Mapping[str, object]) -> None:
        data = (json.dumps(kept) + "\n").encode()
        with self._lock, contextlib.suppress(OSError):
            if self._file.exists() and self._file.stat().st_size + len(data) > BYTES_MAX:
                self._file.replace(self._before)
            file = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            with os.fdopen(file, "wb") as out:
                out.write(data)
