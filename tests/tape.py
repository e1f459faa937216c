"""What Textual says to its terminal, on tape: played to one terminal as it is, to others through our driver.

All are pyte's, which knows nothing of ours; they must show the same in every cell that a person can see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import pyte
from rich.cells import cell_len
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver

from huiyuan.tui.cell_writer import Repainter
from tests.terminal import UNKNOWN_TO_PYTE

RUN_BYTES: Final = 12
FRAME_BYTES: Final = 200

Rows = dict[int, list["Seen"]]


class Seen(NamedTuple):
    """A cell as a person sees it: the ink of a blank is not seen."""

    text: str
    ink: str
    ground: str
    drawn: tuple[bool, ...]


BLANK: Final = Seen(" ", "", "default", (False, False, False))


class Watched:
    """A terminal whose cells are looked at again only where something was written."""

    def __init__(self, screen: pyte.Screen) -> None:
        self.screen = screen
        self._stream = pyte.ByteStream(screen)
        self._begin()

    def _begin(self) -> None:
        screen = self.screen
        self.rows: Rows = {row: [BLANK] * screen.columns for row in range(screen.lines)}
        screen.dirty.clear()

    def feed(self, data: bytes) -> None:
        """What comes down the line."""
        self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", data))

    def look(self) -> Rows:
        """The rows that were written to since the last look, as they were; `rows` has them as they are."""
        written = [row for row in self.screen.dirty if row < self.screen.lines]
        before = {row: self.rows[row] for row in written}
        for row in written:
            self.rows[row] = [seen(self.screen, row, column) for column in range(self.screen.columns)]
        self.screen.dirty.clear()
        return before

    def resize(self, size: tuple[int, int]) -> None:
        """The window is pulled."""
        self.screen.resize(lines=size[1], columns=size[0])
        self._begin()
        self.screen.dirty.update(range(size[1]))


class OneOfOurs:
    """A terminal that our driver writes to, to be held beside one that is told everything.

    Args:
        stands_for: What our driver puts in the place of characters that this terminal draws too wide.
    """

    def __init__(
        self,
        size: tuple[int, int],
        terminal: str = "xterm-256color",
        *,
        screen: type[pyte.Screen] = pyte.Screen,
        stands_for: Mapping[int, str] | None = None,
    ) -> None:
        self.name = f"{terminal} {screen.__name__}"
        self.shown = Watched(screen(*size))
        self.repainter = Repainter(size, terminal)
        self.stands_for = stands_for
        if stands_for:
            self.repainter.set_ambiguous("wide")
        self.bytes = 0
        self.above_budget: list[str] = []

    def catch_up(self) -> int:
        """Send what it lacks; how many bytes that took."""
        sent = self.repainter.drain().encode()
        self.shown.feed(sent)
        self.bytes += len(sent)
        if (allowed := budget(self.shown.look(), self.shown.rows)) < len(sent):
            self.above_budget.append(f"{self.name}: {len(sent)} bytes, {allowed} allowed")
        return len(sent)

    def differences(self, stock: Watched) -> list[str]:
        """Cells that are not as in `stock`; empty if a person could not tell one from the other."""
        found = []
        for row, wanted in stock.rows.items():
            shown = self.shown.rows[row]
            if wanted == shown:
                continue
            for column, (one, other) in enumerate(zip(wanted, shown, strict=True)):
                if one != other and self.stands_for:
                    one = one._replace(text=one.text.translate(self.stands_for))
                if one != other:
                    found.append(f"{self.name}: row {row} column {column}: {one} is {other}")
        return found

    def resize(self, size: tuple[int, int]) -> None:
        """The terminal and what we believe of it."""
        self.shown.resize(size)
        self.repainter.resize(size)


class Terminals:
    """One that is told everything, and those that our driver writes to."""

    def __init__(self, size: tuple[int, int], ours: Iterable[OneOfOurs] | None = None) -> None:
        self.stock = Watched(pyte.Screen(*size))
        self.ours = list(ours) if ours is not None else [OneOfOurs(size)]
        self.bytes_stock = 0

    @property
    def first(self) -> OneOfOurs:
        """The one of ours that the others go with."""
        return self.ours[0]

    @property
    def above_budget(self) -> list[str]:
        """Frames that cost more than they may."""
        return [each for one in self.ours for each in one.above_budget]

    def play(self, said: str) -> None:
        """Give all of them a piece of the tape."""
        # The tape's line feeds go through a terminal that returns the carriage, as the kernel does.
        plain = said.replace("\n", "\r\n").encode()
        self.bytes_stock += len(plain)
        self.stock.feed(plain)
        for each in self.ours:
            each.repainter.take(said)

    def catch_up(self) -> int:
        """Send ours what they lack; how many bytes that took at most."""
        return max(each.catch_up() for each in self.ours)

    def differences(self) -> list[str]:
        """Cells that are not the same; empty if a person could not tell one terminal from another."""
        self.catch_up()
        self.stock.look()
        return [fault for each in self.ours for fault in each.differences(self.stock)]

    def resize(self, size: tuple[int, int]) -> None:
        """All windows are pulled at once."""
        self.stock.resize(size)
        for each in self.ours:
            each.resize(size)


def budget(before: Rows, after: Rows) -> int:
    """UTF-8 of the cells that changed, 12 for each run of them in one style, 200 for the frame."""
    allowed = FRAME_BYTES
    for row, old in before.items():
        last: Seen | None = None
        for was, now in zip(old, after[row], strict=True):
            if now == was:
                last = None
                continue
            allowed += len(now.text.encode()) + (0 if last and last[1:] == now[1:] else RUN_BYTES)
            last = now
    return allowed


def seen(screen: pyte.Screen, row: int, column: int) -> Seen:
    """A cell of pyte's as a person sees it."""
    cell = screen.buffer[row][column]
    text = " " if _half(screen, row, column) else cell.data
    drawn = (cell.underscore, cell.strikethrough, cell.reverse)
    if text == " ":
        return Seen(" ", cell.fg if any(drawn) else "", cell.bg, drawn)
    return Seen(text, cell.fg, cell.bg, (*drawn, cell.bold, cell.italics))


def _half(screen: pyte.Screen, row: int, column: int) -> bool:
    """Half of a wide character whose other half was overwritten: pyte keeps it, a terminal blanks it."""
    cells = screen.buffer[row]
    data = cells[column].data
    if data.isascii() and data:
        return False
    if data == "":
        return column == 0 or cell_len(cells[column - 1].data) != 2
    return cell_len(data) == 2 and (column + 1 == screen.columns or cells[column + 1].data != "")


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
