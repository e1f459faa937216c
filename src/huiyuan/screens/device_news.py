"""What trying a device brought, as messages for the device screen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from huiyuan.domain.model.devices import LoopOutcome
from huiyuan.domain.model.presented import PresentedCard


@dataclass(eq=False, repr=False)
class DevicesAsked(Message):
    """Every device was asked how it stands."""


@dataclass(eq=False, repr=False)
class LoopEnded(Message):
    """The device of this kind was asked again and again."""

    kind: str
    outcome: LoopOutcome


@dataclass(eq=False, repr=False)
class TrialsPrinted(Message):
    """The page of encodings went out, or not: `printed`, `sent`, a PrinterState or a fault."""

    outcome: str


@dataclass(eq=False, repr=False)
class EncodingKept(Message):
    """The printer prints in `encoding` from here on."""

    encoding: str


@dataclass(eq=False, repr=False)
class FiguresShown(Message):
    """Whether the customer display took its test."""

    taken: bool


@dataclass(eq=False, repr=False)
class CareKept(Message):
    """A note about the devices is kept."""


@dataclass(eq=False, repr=False)
class ReportWritten(Message):
    """A report for the vendor lies at `path`."""

    path: str


@dataclass(eq=False, repr=False)
class CardTried(Message):
    """What is on the card on the reader."""

    card: PresentedCard


@dataclass(eq=False, repr=False)
class ScannerKept(Message):
    """What the scanner test proposed is in force."""


@dataclass(eq=False, repr=False)
class Weighed(Message):
    """What lies on the scale, for line `index` of the basket with `product`; in thousandths."""

    index: int
    product: int
    qty_milli: int
