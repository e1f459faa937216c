"""What screens are told of card readers and scanners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from huiyuan.domain.model.card import OpenedCard
    from huiyuan.domain.model.device import DeviceState
    from huiyuan.domain.model.presented import PresentedCard, Scanned, WrittenCard


@dataclass(eq=False, repr=False)
class CardOnReader(Message, bubble=False):
    """A card was laid on the reader."""

    card: PresentedCard


@dataclass(eq=False, repr=False)
class CodeScanned(Message, bubble=False):
    """A scanner delivered a code, wherever the focus is."""

    scan: Scanned


@dataclass(eq=False, repr=False)
class DeviceStands(Message, bubble=False):
    """A reader or scanner stands otherwise than before; `lost` if it was usable until now."""

    state: DeviceState
    lost: bool = False


@dataclass(eq=False, repr=False)
class CardMoved(Message, bubble=False):
    """Another counter moved a card: it is in `state` now."""

    card: int
    state: str
    terminal: int


@dataclass(eq=False, repr=False)
class CardLaid(Message):
    """The server knows the card that lies on the reader; its number goes into the card's field."""

    card: OpenedCard


@dataclass(eq=False, repr=False)
class CardWritten(Message):
    """The number stands on the card and was read back."""

    card: WrittenCard
