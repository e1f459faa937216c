"""What Textual says to its terminal, on tape: played to one terminal as it is, to another through our driver.

Both are pyte's, which knows nothing of ours; they must show the same in every cell that a person can see.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import pyte
from rich.cells import cell_len
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver

from huiyuan.tui.cell_writer import Repainter
from tests.terminal import UNKNOWN_TO_PYTE

RUN_BYTES: Final = 12
FRAME_BYTES: Final = 200


class Seen(NamedTuple):
    """A cell as a person sees it: the ink of a blank is not seen."""

    text: str
    ink: str
    ground: str
    drawn: tuple[bool, ...]


class TwoTerminals:
    """One that is told everything, one that our driver writes to."""

    def __init__(self, size: tuple[int, int], terminal: str = "xterm-256color") -> None:
        self.stock = pyte.Screen(*size)
        self.ours = pyte.Screen(*size)
        self._stock = pyte.ByteStream(self.stock)
        self._ours = pyte.ByteStream(self.ours)
        self.repainter = Repainter(size, terminal)
        self.bytes_stock = 0
        self.bytes_ours = 0
        self.above_budget: list[str] = []

    def play(self, said: str) -> None:
        """Give both a piece of the tape."""
        # The tape's line feeds go through a terminal that returns the carriage, as the kernel does.
        plain = said.replace("\n", "\r\n").encode()
        self.bytes_stock += len(plain)
        self._stock.feed(UNKNOWN_TO_PYTE.sub(b"", plain))
        self.repainter.take(said)

    def catch_up(self) -> int:
        """Send ours what it lacks; how many bytes that took."""
        before = [[_seen(self.ours, row, column) for column in self._columns] for row in self._rows]
        sent = self.repainter.drain().encode()
        self._ours.feed(UNKNOWN_TO_PYTE.sub(b"", sent))
        self.bytes_ours += len(sent)
        allowed = self._allowed(before)
        if len(sent) > allowed:
            self.above_budget.append(f"{len(sent)} bytes, {allowed} allowed")
        return len(sent)

    @property
    def _rows(self) -> range:
        return range(self.ours.lines)

    @property
    def _columns(self) -> range:
        return range(self.ours.columns)

    def _allowed(self, before: list[list[Seen]]) -> int:
        """UTF-8 of the cells that changed, 12 for each run of them in one style, 200 for the frame."""
        allowed = FRAME_BYTES
        for row in self._rows:
            last: Seen | None = None
            for column in self._columns:
                now = _seen(self.ours, row, column)
                if now == before[row][column]:
                    last = None
                    continue
                allowed += len(now.text.encode()) + (0 if last and last[1:] == now[1:] else RUN_BYTES)
                last = now
        return allowed

    def resize(self, size: tuple[int, int]) -> None:
        """Both terminals and what we believe of ours."""
        for screen in (self.stock, self.ours):
            screen.resize(lines=size[1], columns=size[0])
        self.repainter.resize(size)

    def differences(self) -> list[str]:
        """Cells that are not the same; empty if a person could not tell one terminal from the other."""
        self.catch_up()
        found = []
        for row in range(self.stock.lines):
            for column in range(self.stock.columns):
                one, other = _seen(self.stock, row, column), _seen(self.ours, row, column)
                if one != other:
                    found.append(f"row {row} column {column}: {one} is {other}")
        return found


def _seen(screen: pyte.Screen, row: int, column: int) -> Seen:
    cell = screen.buffer[row][column]
    if _half(screen, row, column):
        cell = cell._replace(data=" ")
    drawn = (cell.underscore, cell.strikethrough, cell.reverse)
    if cell.data == " ":
        return Seen(" ", cell.fg if any(drawn) else "", cell.bg, drawn)
    return Seen(cell.data, cell.fg, cell.bg, (*drawn, cell.bold, cell.italics))


def _half(screen: pyte.Screen, row: int, column: int) -> bool:
    """Half of a wide character whose other half was overwritten: pyte keeps it, a terminal blanks it."""
    cells = screen.buffer[row]
    if cells[column].data == "":
        return column == 0 or cell_len(cells[column - 1].data) != 2
    return cell_len(cells[column].data) == 2 and (
        column + 1 == screen.columns or cells[column + 1].data != ""
    )


class TapeDriver(HeadlessDriver):
    """Draws on tape what a terminal would get."""

    said: list[str]

    @property
    def is_headless(self) -> bool:
        """The app draws only for a driver that is not."""
        return False

    def write(self, data: str) -> None:
        """Keep it."""
        self.__dict__.setdefault("said", []).append(data)

    def flush(self) -> None:
        """Nothing waits."""


def record(app: App[None]) -> list[str]:
    """Have `app` draw on tape; the list grows while it runs."""
    said: list[str] = []

    def build(headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> TapeDriver:
        driver = TapeDriver(app, mouse=mouse, size=size)
        driver.said = said
        app._driver = driver
        return driver

    app._build_driver = build  # type: ignore[method-assign]
    return said
