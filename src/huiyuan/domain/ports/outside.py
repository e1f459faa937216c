"""The counter itself: paper, the clock, ids."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.receipt import Receipt


class ReceiptPrinter(Protocol):
    """Paper, a file or the screen. A jam never undoes a sale."""

    def print_receipt(self, receipt: Receipt) -> None:
        """Raises OutOfPaper or PrinterUnavailable."""
        ...


class Clock(Protocol):
    """The counter's clock: shown, decides nothing."""

    def now(self) -> datetime:
        """Aware, UTC."""
        ...


class Ids(Protocol):
    """Makes ids that sort by time (UUIDv7)."""

    def new(self) -> UUID:
        """A new document or attempt id; never the same twice."""
        ...
