"""The nine calls of PC/SC that are needed here, whichever library makes them.

Always true: any failure is a `PcscFault` with the service's own code; which code means that a card was taken
away differs between readers, so nobody may decide by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

PNP: Final = "\\\\?PnP?\\Notification"
"""The name under which the service tells that a reader was plugged in or out."""

NO_READERS: Final = 0x8010002E
TIMED_OUT: Final = 0x8010000A
UNKNOWN_READER: Final = 0x80100009
SHARING_VIOLATION: Final = 0x8010000B
NO_CARD: Final = 0x8010000C
REFUSED_BY_SYSTEM: Final = 0x8010006A

CHANGED: Final = 0x2
PRESENT: Final = 0x20
MUTE: Final = 0x200
SHARED: Final = 2
ANY_PROTOCOL: Final = 3
LEAVE_CARD: Final = 0
USER_SCOPE: Final = 0


class PcscFault(Exception):
    """The service said no; `code` is its unsigned number."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{code & 0xFFFFFFFF:#010x}")
        self.code = code & 0xFFFFFFFF


class NoPcscLibrary(Exception):
    """No library that speaks to the service is installed."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A reader's state as the service numbers it (its high word counts events), and its card's ATR."""

    state: int
    atr: bytes = b""

    @property
    def card(self) -> bool:
        """A card lies there and answers."""
        return bool(self.state & PRESENT) and not self.state & MUTE

    @property
    def event(self) -> int:
        """Another number after every card that came or went."""
        return self.state >> 16


@dataclass(frozen=True, slots=True)
class Link:
    """A connection to a card."""

    handle: int
    protocol: int


class Pcsc(Protocol):
    """A binding. Every method may raise `PcscFault`."""

    @property
    def name(self) -> str:
        """What it is, for the device screen."""
        ...

    def establish(self) -> int: ...
    def release(self, context: int) -> None: ...
    def cancel(self, context: int) -> None:
        """End a `wait` of another thread."""
        ...

    def readers(self, context: int) -> list[str]:
        """Empty if there is none."""
        ...

    def wait(self, context: int, known: Mapping[str, int], within_ms: int) -> dict[str, Slot]:
        """Until a reader stands otherwise than `known`, or the time is over."""
        ...

    def connect(self, context: int, reader: str) -> Link: ...
    def transmit(self, link: Link, command: bytes) -> bytes: ...
    def disconnect(self, link: Link) -> None: ...
