"""One small record on the counter's disk, in two places of which one is whole at any moment.

Always true: what `put` was given survives the end of this process from then on (the system has it), and power
that fails once `sync` has said so (the disk has it); the place that the disk is known to have is never
written over before the other one is there as well; of two whole records the later one counts.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
from pathlib import Path
from typing import Any, Final
from zlib import crc32

_MODE: Final = 0o600
_FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
_log = logging.getLogger(__name__)


class Slots:
    """Two files beside each other, `NAME.0` and `NAME.1`.

    Args:
        folder: whose files only this process writes.
        name: of both, without the number.

    Raises:
        OSError: the folder takes no files.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._lock = threading.Lock()
        self._paths = tuple(folder / f"{name}.{n}" for n in (0, 1))
        found = [_read(path) for path in self._paths]
        for path, (turn, _) in zip(self._paths, found, strict=True):
            if turn < 0 and _anything(path) and max(each for each, _ in found) < 0:
                _log.warning("%s is damaged and put aside", path.name)
                path.replace(path.with_name(path.name + ".damaged"))
        self._files = tuple(os.open(path, _FLAGS, _MODE) for path in self._paths)
        self._kept = 0 if found[0][0] >= found[1][0] else 1
        self._turn, self._value = max(found[self._kept][0], 0), found[self._kept][1]
        os.fdatasync(self._files[self._kept])
        directory = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    @property
    def value(self) -> Any:
        """What stands there now; None if nothing does."""
        return self._value

    def put(self, value: Any) -> int:
        """Hand `value` (JSON) to the system; answers its turn, without the disk. Raises OSError."""
        with self._lock:
            turn = self._turn + 1
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            line = f"{turn} {crc32(f'{turn} {text}'.encode()):08x} {text}\n".encode()
            file = self._files[1 - self._kept]
            # One call: whoever ends this process ends it before or after, and a shorter line ends itself.
            if os.pwrite(file, line, 0) != len(line):
                raise OSError(28, "short write")
            os.ftruncate(file, len(line))
            self._turn, self._value = turn, value
            return turn

    def sync(self) -> int:
        """Wait for the disk; the last turn that it has whole. Raises OSError."""
        while True:
            with self._lock:
                turn, place = self._turn, 1 - self._kept
            os.fdatasync(self._files[place])
            with self._lock:
                if self._turn == turn:
                    self._kept = place
                    return turn

    def close(self) -> None:
        """Give the files back; a second time changes nothing."""
        files, self._files = self._files, ()
        for file in files:
            with contextlib.suppress(OSError):
                os.close(file)


def _anything(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def _read(path: Path) -> tuple[int, Any]:
    """Turn and record; -1 where there is none, or not all of it."""
    try:
        line, end, _ = path.read_bytes().partition(b"\n")
        turn, checksum, text = line.split(b" ", 2)
        if not end or int(checksum, 16) != crc32(turn + b" " + text):
            return -1, None
        return int(turn), json.loads(text)
    except (FileNotFoundError, ValueError):
        return -1, None
