"""How a printer stands, and who wants to know when it stands otherwise."""

from __future__ import annotations

from collections.abc import Callable

from huiyuan.domain.model.printing import PrinterState


class WatchedState:
    """A part of the port ReceiptPrinter."""

    def __init__(self) -> None:
        self._state = PrinterState.UNASKED
        self._watchers: list[Callable[[PrinterState], None]] = []

    def state(self) -> PrinterState:
        """As the last slip or check found it."""
        return self._state

    def watch(self, on_state: Callable[[PrinterState], None]) -> None:
        """Tell `on_state` when it stands otherwise than before."""
        self._watchers.append(on_state)

    def _stands(self, state: PrinterState) -> PrinterState:
        changed, self._state = state is not self._state, state
        if changed:
            for on_state in self._watchers:
                on_state(state)
        return state
