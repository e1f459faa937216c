"""No printer: slips stand on the screen only."""

from __future__ import annotations

from collections.abc import Callable

from huiyuan.domain.model.printing import PrinterState
from huiyuan.domain.model.receipt import Receipt


class NoPrinter:
    """Fills the port ReceiptPrinter for a counter that chose to have none."""

    def print_receipt(self, receipt: Receipt) -> bool:  # noqa: ARG002
        """Nothing is to be printed, so nothing is left to do."""
        return True

    def check(self) -> PrinterState:
        return PrinterState.NONE

    def state(self) -> PrinterState:
        return PrinterState.NONE

    def watch(self, on_state: Callable[[PrinterState], None]) -> None:
        """It never changes."""
