"""Cards on a reader, and codes from a scanner that is no keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from huiyuan.domain.model.device import DeviceState
from huiyuan.domain.model.presented import PresentedCard, Scanned, WrittenCard

OnCard = Callable[[PresentedCard], None]
OnScan = Callable[[Scanned], None]
OnDevice = Callable[[DeviceState], None]
"""Told from the device's own thread."""


class CardReader(Protocol):
    """A reader of contactless cards, or none. Whatever happens to it, nothing here stops a sale."""

    def state(self) -> DeviceState:
        """As the last event left it; asks nothing."""
        ...

    def watch(self, on_card: OnCard, on_state: OnDevice) -> None:
        """Tell of every card that is laid on, once, and of every change of the reader."""
        ...

    def read(self) -> PresentedCard:
        """The card that lies on the reader now; waits a few seconds at most.

        Raises Refused: `no_card_reader`, `no_card_on_reader`, `card_reader_held`, `card_unreadable`.
        """
        ...

    def write(self, number: str) -> WrittenCard:
        """Write a card number onto the card that lies on the reader, and read it back.

        Raises Refused: as `read`, and `card_not_writable`, `card_write_failed` (it does not hold the
            number), `card_write_unsure` (it was taken away meanwhile).
        """
        ...


class Scanner(Protocol):
    """A scanner with a line of its own."""

    def state(self) -> DeviceState:
        """As the last event left it."""
        ...

    def watch(self, on_scan: OnScan, on_state: OnDevice) -> None:
        """Tell of every code and of every change of the device."""
        ...
