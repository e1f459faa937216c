"""A page of a desk: what waits for a second person first, then what holds, then what held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

Row = TypeVar("Row")

Place = tuple[int, int]
"""Where a row stands: how it stands (0 waits), then its id. A page begins behind a place."""


@dataclass(frozen=True, slots=True)
class Desk(Generic[Row]):
    """`now` is the server's. `jurisdiction`: where this store lies; `recharges`: it puts money onto cards."""

    now: datetime
    rows: tuple[Row, ...]
    jurisdiction: str = ""
    recharges: bool = True
