"""What the server said last, on the counter's disk, so that a start without the line knows its shop.

Always true: a file is there whole or not at all; what cannot be read counts as not there; nothing personal
and no secret is kept here.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from pathlib import Path
from typing import Any, Final

PASSING: Final = frozenset(
    {"now", "next_number", "backup_at", "reviews", "messages", "approvals", "demo_staff", "clock_ahead_s"}
)
_log = logging.getLogger(__name__)


def write_whole(path: Path, content: bytes) -> None:
    """`content` in the place of what is there, on disk when this returns. Raises OSError."""
    new = path.with_name(path.name + ".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class KeptAnswers:
    """Answers by name, one file each in the seat's folder; without a folder in memory only."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._last: dict[str, Any] = {}

    def keep(self, name: str, answer: Any) -> None:
        """Remember the newest answer; written where it says something new."""
        known = self._lasting(self.read(name)) == self._lasting(answer)
        self._last[name] = answer
        if self._folder is None or known:
            return
        try:
            write_whole(self._folder / f"{name}.kept", json.dumps(answer, ensure_ascii=False).encode())
        except OSError as error:
            _log.warning("the answer %s is not kept (%s)", name, type(error).__name__)

    def read(self, name: str) -> Any:
        """The answer that was kept, None if there is none."""
        if name not in self._last and self._folder is not None:
            with contextlib.suppress(OSError, ValueError):
                self._last[name] = json.loads((self._folder / f"{name}.kept").read_bytes())
        return self._last.get(name)

    def _lasting(self, answer: Any) -> Any:
        """What of an answer is worth a write."""
        if not isinstance(answer, dict):
            return answer
        return {key: value for key, value in answer.items() if key not in PASSING}
