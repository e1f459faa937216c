"""Blank cards: which ranges a store has, what was done with them, and a range as a person types it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from huiyuan.domain.model.errors import Refused


@dataclass(frozen=True, slots=True)
class CardRange:
    """Numbers in a row that lie here; `coming`: handed to this store, `uncounted`: nobody has it yet."""

    type: str
    first: str
    last: str
    count: int
    coming: bool = False
    uncounted: bool = False


@dataclass(frozen=True, slots=True)
class CustodyMove:
    """What a document did to a range; `expected` where somebody counted."""

    what: str
    first: str
    last: str
    count: int
    expected: int | None
    to: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Custody:
    """What a store has: by type (name, blank, coming, issued, void), by range, and the last moves."""

    types: tuple[tuple[str, int, int, int, int], ...]
    ranges: tuple[CardRange, ...]
    moves: tuple[CustodyMove, ...]
    units: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """The next cards of a range that can be issued here (id, number), and how many there are in all."""

    cards: tuple[tuple[int, str], ...]
    left: int
    registered: bool


_FROM_TO: Final = re.compile(r"\s*(\d+)\s*[-~\u2013\u2014\uff0d\uff5e\u81f3]\s*(\d+)(?:\s+(\d+))?\s*")
"""From one number to another, as people write it, and how many were counted."""


def read_range(text: str) -> tuple[str, str, int]:
    """First number, last number and how many: `88000001 88000100` (or with `-`, `~` or `至` between), one
    number alone, or with the count typed.

    Raises:
        Refused: `custody_refused` (why range).
    """
    two = _FROM_TO.fullmatch(text)
    words = [each for each in two.groups() if each] if two else text.split()
    if not 1 <= len(words) <= 3 or not all(each.isascii() and each.isdigit() for each in words):
        raise Refused("custody_refused", {"why": "range"})
    first, last = words[0], words[min(1, len(words) - 1)]
    count = int(words[2]) if len(words) == 3 else int(last) - int(first) + 1
    if len(first) != len(last) or int(last) < int(first) or not 0 <= count <= 10_000:
        raise Refused("custody_refused", {"why": "range"})
    return first, last, count


def read_new_range(text: str) -> tuple[str, str, int]:
    """As `read_range`, of cards that nobody counted yet: first and last, at least one. Raises as it does."""
    first, last, count = read_range(text)
    if count != int(last) - int(first) + 1 or not 1 <= count <= 10_000 or len(first) > 32:
        raise Refused("custody_refused", {"why": "range"})
    return first, last, count


def numbers_of(first: str, last: str) -> tuple[str, ...]:
    """Every number of a range that `read_range` took, each as long as the first."""
    return tuple(f"{number:0{len(first)}}" for number in range(int(first), int(last) + 1))
