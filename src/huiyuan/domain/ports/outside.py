"""The counter itself: the clock, ids."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """The counter's clock: shown, decides nothing."""

    def now(self) -> datetime:
        """Aware, UTC."""
        ...


class Ids(Protocol):
    """Makes ids that sort by time (UUIDv7)."""

    def new(self) -> UUID:
        """A new document or attempt id; never the same twice."""
        ...
