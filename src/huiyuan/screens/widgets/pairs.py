"""Pairs: label and value twice in a row, for an identity of many short facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.text import Text
from textual.geometry import Size
from textual.widget import Widget

from huiyuan.screens.widgets.plain import fit

LABEL: Final = 14


class Pairs(Widget):
    """Rows of two facts each; below 60 cells what does not fit is cut with two dots."""

    DEFAULT_CSS = """
    Pairs { height: auto; width: 100%; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: list[tuple[str, str]] = []

    def show(self, rows: Sequence[tuple[str, str]]) -> None:
        """Replace the facts, read from left to right. Values may be text from outside."""
        if list(rows) != self.rows:
            self.rows = list(rows)
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Half as many rows as facts."""
        return (len(self.rows) + 1) // 2

    def render(self) -> Text:
        """Labels in their cells, values in what is left of each half."""
        width = self.content_size.width
        half = width // 2
        text = Text(no_wrap=True, end="")
        for index, (label, value) in enumerate(self.rows):
            room = half if index % 2 == 0 else width - half
            if index and index % 2 == 0:
                text.append("\n")
            text.append(fit(label, min(LABEL, room)))
            text.append(fit(value, max(0, room - LABEL - 1)), "bold")
            text.append(" " if room > LABEL else "")
        return text
