"""No customer display."""

from __future__ import annotations


class NoDisplay:
    """Fills the port CustomerDisplay for a counter that has none."""

    def show_total(self, figure: str) -> None:
        """There is nobody to show it to."""

    def show_change(self, total: str, change: str) -> None:
        """There is nobody to show it to."""

    def try_now(self, figure: str) -> bool:  # noqa: ARG002
        """Nothing took it."""
        return False

    def state(self) -> str:
        return "none"

    def close(self) -> None:
        """Nothing is open."""
