"""A clock that goes on by itself, and ids one after the other."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from tests.screens.fake_ledger import NOON


class Ticking:
    """A clock that goes on by one second a question."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


class Counting:
    """Ids one after the other."""

    def __init__(self) -> None:
        self.last = 0

    def new(self) -> UUID:
        self.last += 1
        return UUID(int=(0x0197_0000_0000_7000_8000 << 48) | self.last)
