"""A group-buy order: goods at a price that more pieces in all make better, and who takes part.

Always true: a place is whole pieces of one member; whoever leaves takes nothing from the others; the tier
that stands is the highest one that the places which stand reach.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from huiyuan.domain.model.errors import Refused

PIECE_MILLI: Final = 1000
PIECES_MOST: Final = 1000
DAYS_MOST: Final = 365
HALF_A_YEAR: Final = 183
"""A day without its year lies at most so far ahead: yesterday is a mistake and not next year."""
_END: Final = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2}))?")


@dataclass(frozen=True, slots=True)
class GroupSeries:
    """What a code of a tier's series takes off one piece: `off_minor`, or `rate_bp` and at most `max_minor`.

    `version` is None while the series gives no codes out; `least_minor` is what the goods of a code come to
    at least.
    """

    rule: int
    name: str
    version: int | None
    kind: str
    off_minor: int = 0
    rate_bp: int = 0
    max_minor: int | None = None
    least_minor: int = 0

    @property
    def face_minor(self) -> int:
        """What a limit counts a code as."""
        return self.off_minor or self.max_minor or 0


@dataclass(frozen=True, slots=True)
class GroupTier:
    """From so many thousandths in all, every piece has a code of this series."""

    from_milli: int
    series: GroupSeries

    @property
    def pieces(self) -> int:
        return self.from_milli // PIECE_MILLI


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """A member with so many thousandths; `gone`: that member is none any more."""

    id: UUID
    member: int
    number: str
    name: str
    qty_milli: int
    joined_at: datetime
    joined_by: str
    left_at: datetime | None = None
    left_by: str = ""
    gone: bool = False

    @property
    def pieces(self) -> int:
        return self.qty_milli // PIECE_MILLI


@dataclass(frozen=True, slots=True)
class GroupOrder:
    """An order as it stands; `state` is open, closed or called_off; `most_milli` is the most of a place.

    `over`: its time to join is past. `places` are empty in a list: those that stand first, as they joined.
    """

    id: UUID
    product: int
    code: str
    name: str
    organiser: str
    closes_at: datetime
    opened_at: datetime
    opened_by: str
    state: str
    qty_milli: int
    members: int
    most_milli: int
    tiers: tuple[GroupTier, ...]
    over: bool = False
    note: str = ""
    reason: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
    receipt: str = ""
    places: tuple[GroupPlace, ...] = ()

    @property
    def standing(self) -> tuple[GroupPlace, ...]:
        """Who takes part."""
        return tuple(each for each in self.places if each.left_at is None)

    @property
    def pieces(self) -> int:
        return self.qty_milli // PIECE_MILLI

    @property
    def tier(self) -> GroupTier | None:
        """The highest tier that is reached."""
        reached = [each for each in self.tiers if each.from_milli <= self.qty_milli]
        return max(reached, key=lambda each: each.from_milli, default=None)

    @property
    def next_tier(self) -> GroupTier | None:
        """The next one that more pieces reach."""
        above = [each for each in self.tiers if each.from_milli > self.qty_milli]
        return min(above, key=lambda each: each.from_milli, default=None)


def read_pieces(text: str, most: int) -> int:
    """1 to `most` pieces, in thousandths. Raises Refused `group_refused` (why: pieces, qty_milli)."""
    plain = text.strip()
    number = int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 5 else 0
    if not 1 <= number <= most:
        raise Refused("group_refused", {"why": "pieces", "qty_milli": most * PIECE_MILLI})
    return number * PIECE_MILLI


def read_end(text: str, now: datetime) -> datetime:
    """When an order ends, by the clock of `now`: the end of the day so many days on, or of a day that is
    named, or that day at an hour. Raises Refused `group_refused` (why: closes)."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if plain.isascii() and plain.isdecimal() and len(plain) < 4 and 1 <= int(plain) <= DAYS_MOST:
        return (now + timedelta(days=int(plain))).replace(hour=23, minute=59, second=0, microsecond=0)
    found = _END.fullmatch(plain)
    if found is not None:
        year, month, day, hour, minute = (None if part is None else int(part) for part in found.groups())
        at = time(23, 59) if hour is None else None
        for each in (year,) if year is not None else (now.year, now.year + 1):
            try:
                clock = at or time(hour or 0, minute or 0)
                end = datetime(each, month or 0, day or 0, clock.hour, clock.minute, tzinfo=now.tzinfo)
            except ValueError:
                continue
            if now < end <= now + timedelta(days=DAYS_MOST if year is not None else HALF_A_YEAR):
                return end
    raise Refused("group_refused", {"why": "closes"})


def tiers_in_order(tiers: Sequence[GroupTier]) -> tuple[GroupTier, ...]:
    """From the fewest pieces on. Raises Refused `group_refused` (why: tiers): none, over 9, or two alike."""
    counts, rules = {each.from_milli for each in tiers}, {each.series.rule for each in tiers}
    if not 1 <= len(tiers) <= 9 or len(counts) < len(tiers) or len(rules) < len(tiers):
        raise Refused("group_refused", {"why": "tiers"})
    return tuple(sorted(tiers, key=lambda each: each.from_milli))
