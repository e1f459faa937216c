"""A process takes a free seat of its host, and keeps it by a file lock until it ends, however it ends.

Always true: no two processes hold one seat, so no two drain one journal or make one receipt number.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOCK_FILE: Final = "seat.lock"


@dataclass(slots=True)
class TakenSeat:
    """A seat held by this process. The lock goes with the process; `leave` gives it back earlier."""

    folder: Path
    _descriptor: int | None

    def leave(self) -> None:
        """Give the seat back; a second time changes nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def lock_file(path: Path) -> int | None:
    """Hold `path` (made 0600 where missing) for this process; None if another one holds it.

    Raises:
        OSError: the file cannot be made or opened.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def take_seat(folders: Iterable[Path]) -> TakenSeat | None:
    """Take the first free seat of `folders`, one folder an enrolled terminal.

    Returns:
        The seat, or None with none free: the app then opens read-only and says so.

    Raises:
        OSError: a folder is missing or belongs to somebody else.
    """
    for folder in folders:
        descriptor = lock_file(folder / LOCK_FILE)
        if descriptor is not None:
            return TakenSeat(folder, descriptor)
    return None
