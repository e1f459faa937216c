"""What the one box finds: members in a few words each, and the card if one was presented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from huiyuan.domain.model.card import CardState, Tier

FOUND_MAX: Final = 20
"""The server never shows more at once."""


@dataclass(frozen=True, slots=True)
class FoundMember:
    """One row of the answer.

    `phone` is masked (138****5678), empty where there is none or this counter cannot show it; `last_seen_on`
    is None where nobody knows; `cards` counts those that are not lost or closed.
    """

    id: int
    number: str
    name: str
    kind: str
    tier: Tier
    phone: str = field(default="", repr=False)
    last_seen_on: date | None = None
    cards: int = 0
    home_store: str = ""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class FoundCard:
    """A card that was swiped, scanned or typed."""

    id: int
    number: str
    state: CardState


@dataclass(frozen=True, slots=True)
class Found:
    """At most `FOUND_MAX` members, the likeliest first; `more` says that there are others."""

    members: tuple[FoundMember, ...] = ()
    more: bool = False
    card: FoundCard | None = None


NOBODY: Final = Found()
