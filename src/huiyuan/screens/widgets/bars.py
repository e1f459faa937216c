"""Bars: figures as row bars, one row each, longest over the whole room.

A bar is equals signs: one cell each on every terminal, the same in 16 colours, in none, in plain ASCII,
copied or read aloud, and with a gap to the bar below. A block character is one cell on some terminals and
two on others; a charting library draws in those, counts a Chinese label as half, and would have to be loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.segment import Segment
from textual.strip import Strip

from huiyuan.screens.widgets.plain import cells, fit
from huiyuan.screens.widgets.rows import RowList

SIGN: Final = "="
BELOW_ZERO: Final = "-"
LABEL_MAX: Final = 22


@dataclass(frozen=True, slots=True)
class Bar:
    """`amount` decides the length, `figure` stands at the right; below zero the bar is of minus signs."""

    label: str
    amount: int
    figure: str


def bar_cells(amount: int, longest: int, room: int) -> int:
    """Cells of a bar: at least one for anything but nothing, `room` for `longest`."""
    if not amount or longest <= 0 or room <= 0:
        return 0
    return max(1, abs(amount) * room // longest)


class Bars(RowList):
    """A list of bars; the mark and the keys are those of every list."""

    DEFAULT_CSS = """
    Bars > .bars--bar { color: $foreground; background: $background; text-style: bold; }
    Bars > .bars--below { color: $text-error; background: $background; text-style: bold; }
    """
    COMPONENT_CLASSES = {"bars--bar", "bars--below"}  # noqa: RUF012  (as in Textual)

    def __init__(self, *, empty: str = "", id: str | None = None) -> None:
        super().__init__([], empty=empty, id=id, header=False)
        self.bars: list[Bar] = []
        self.longest = 0

    def show_bars(self, bars: Sequence[Bar], *, longest: int, mark: int | None = None) -> None:
        """Replace the bars; `longest` fills the room, be it among them or on another page."""
        self.bars = list(bars)
        self.longest = max([longest, *(abs(bar.amount) for bar in self.bars)])
        self.show_rows([(bar.label, bar.figure) for bar in self.bars], mark=mark)

    def render_line(self, y: int) -> Strip:
        """Label, bar, figure."""
        index = self.top + y
        if not 0 <= index < len(self.bars):
            return super().render_line(y)
        bar, width = self.bars[index], self.size.width
        left = min(LABEL_MAX, max(cells(each.label) for each in self.bars))
        right = max(cells(each.figure) for each in self.bars)
        room = max(0, width - left - right - 4)
        length = bar_cells(bar.amount, self.longest, room)
        ground = self.rich_style
        marked = self.get_component_rich_style("rows--mark") if index == self.mark else None
        words = ground if marked is None else ground + marked
        name, sign = ("bars--bar", SIGN) if bar.amount >= 0 else ("bars--below", BELOW_ZERO)
        pieces = [
            Segment(fit(f" {bar.label}", left + 1) + " ", words),
            Segment(sign * length, ground + self.get_component_rich_style(name)),
            Segment(" " * (room - length), ground),
            Segment(fit(f" {bar.figure}", right + 2, "right"), words),
        ]
        return Strip(pieces).adjust_cell_length(width, ground)
