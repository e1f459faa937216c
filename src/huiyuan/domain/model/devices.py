"""Devices as support staff look at them: what is attached, how it stands, what was said on the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from huiyuan.domain.model.device import DeviceState

DEVICE_KINDS: Final = ("printer", "drawer", "display", "scale", "reader", "scanner")


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
class DeviceEvent:
    """A device stands otherwise than before. `at_ms` is Unix time in milliseconds, `state` as above."""

    at_ms: int
    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class CareNote:
    """What was done to a device of a counter: a day (ISO), a sentence, who wrote it (staff number).

    `kind` is one of DEVICE_KINDS; empty: all of them.
    """

    day: str
    note: str
    by: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class LoopOutcome:
    """A device was asked `asked` times in a row and answered `answered` of them; the slowest answer took so
    many milliseconds. `state` is how it stands now."""

    asked: int
    answered: int
    slowest_ms: int
    state: str


CARD_GOOD: Final = "card_good"
CARD_NOTHING: Final = "card_nothing"
CARD_OUTCOMES: Final = (CARD_GOOD, CARD_NOTHING, "card_unreadable", "card_reader_held")
"""How a card that was tried came out. No card on the reader is no outcome."""


def card_outcome(readings: Sequence[object]) -> str:
    """Of a card from which this was read."""
    return CARD_GOOD if readings else CARD_NOTHING


DRAWN_ENCODING: Final = "raster"
TRIED_ENCODINGS: Final = ("gb18030", "gbk", "gb2312", "utf-8", DRAWN_ENCODING)
"""In the order of the lines on the page of encodings. The last is drawn as dots: slow, and right anywhere."""
TRIED_TEXTS: Final = {
    "gb18030": "会员 镕 䶮",
    "gbk": "会员 镕",
    "gb2312": "会员",
    "utf-8": "会员 镕 䶮",
    "raster": "会员 镕 䶮 𠮷",
}
"""What each line shows: all that its font has. The second character is of GBK beyond GB2312, the third of
GB18030 beyond both, the fourth of no printer's font, so that the first line without a wrong character names
the printer's font."""


def attached_reader(state: DeviceState) -> AttachedDevice:
    """A card reader or scanner as a row among the others."""
    kind = "reader" if state.kind == "card_reader" else "scanner"
    facts = [("card", "yes")] if state.occupied else []
    facts += [("line", "forwarded")] if state.forwarded else []
    return AttachedDevice(kind, ", ".join(state.names), state.driver, state.condition, tuple(facts))


def shown_bytes(data: bytes) -> str:
    """Bytes as support reads them out: hexadecimal, in groups of one."""
    return data.hex(" ")


def care_of(notes: Sequence[CareNote], kind: str) -> Sequence[CareNote]:
    """The notes about a device of `kind`, in their order."""
    return [each for each in notes if each.kind in {"", kind}]


def care_due(notes: Sequence[CareNote], today: str) -> bool:
    """Whether nothing was noted in the month of `today` (ISO day) nor in the one before."""
    month = int(today[:4]) * 12 + int(today[5:7])
    return all(month - (int(each.day[:4]) * 12 + int(each.day[5:7])) > 1 for each in notes)
