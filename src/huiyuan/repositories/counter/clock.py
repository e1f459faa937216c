"""The counter's clock and the ids it makes.

Always true: ids of one process sort in the order they were made, also when the clock is set back, because the
time inside an id never goes back.
"""

from __future__ import annotations

import secrets
import threading
import time
from datetime import UTC, datetime
from uuid import UUID


class CounterClock:
    """The system's clock in UTC: shown and written down, decides nothing."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.now(UTC)


class CounterIds:
    """UUIDv7 (RFC 9562): 48 bits of milliseconds, then a counter that starts at chance, then chance."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._moment_ms = 0
        self._count = 0

    def new(self) -> UUID:
        """A new id; larger than every one before it."""
        with self._lock:
            now_ms = time.time_ns() // 1_000_000
            if now_ms > self._moment_ms:
                self._moment_ms, self._count = now_ms, secrets.randbits(11)
            else:
                self._count += 1
            if self._count > 0xFFF:
                self._moment_ms, self._count = self._moment_ms + 1, secrets.randbits(11)
            value = self._moment_ms << 80 | 0x7 << 76 | self._count << 64 | 0b10 << 62 | secrets.randbits(62)
        return UUID(int=value)
