"""Devices as support staff look at them: what is attached, how it stands, what was said on the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DEVICE_KINDS: Final = ("printer", "drawer", "display", "reader", "scanner")


@dataclass(frozen=True, slots=True)
class BytePiece:
    """Bytes that crossed the line at once. `at_ms` is Unix time in milliseconds; `out`: to the device."""

    at_ms: int
    out: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class AttachedDevice:
    """One device of a counter.

    Attributes:
        kind: one of DEVICE_KINDS.
        name: where it is: an address, a device file, a reader's name.
        driver: what speaks to it.
        state: a code of its own kind (a PrinterState, a reader's condition).
        facts: what else is known, as name and value.
    """

    kind: str
    name: str
    driver: str
    state: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CareNote:
    """What was done to the devices of a counter: a day (ISO) and a sentence."""

    day: str
    note: str


def shown_bytes(data: bytes) -> str:
    """Bytes as support reads them out: hexadecimal, in groups of one."""
    return data.hex(" ")


def care_due(notes: Sequence[CareNote], today: str) -> bool:
    """Whether nothing was noted in the month of `today` (ISO day) nor in the one before."""
    month = int(today[:4]) * 12 + int(today[5:7])
    return all(month - (int(each.day[:4]) * 12 + int(each.day[5:7])) > 1 for each in notes)
