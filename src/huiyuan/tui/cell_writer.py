"""Writes to the terminal only the cells that changed, in as few bytes as they need.

Always true: frames that wait in the queue or follow one burst of keys become one; a control sequence goes out
in its place among the frames; a terminal that is gone is written to no more, and nobody waits for it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import time
from typing import IO, Final

from textual.drivers._writer_thread import WriterThread

from huiyuan.tui.cell_frames import Ambiguous, ShownCells
from huiyuan.tui.cell_grid import CellGrid

WRITTEN_FOR: Final = "8.2.8"
"""The version of Textual whose output the grid was compared with, cell by cell."""
ENTER_SCREEN: Final = "\x1b[?1049h"
_EMPTY: Final = "\x1b[m\x1b[2J"
"""The Linux console and GNU screen have no second screen: what the shell wrote would stand between ours."""
LEAVE_SCREEN: Final = "\x1b[?1049l"
WHERE_IS_THE_PEN: Final = "\x1b[6n"
PROBE_ROW: Final = 2
"""Not the first: the answer from there reads like a function key with a modifier."""
_PROBE: Final = f"\x1b[{PROBE_ROW}H─{WHERE_IS_THE_PEN}"
_ERASES_PLAIN: Final = ("screen", "tmux", "vt", "ansi")
_RESETS_ONLY: Final = ("vt1", "ansi")
BURST_S: Final = 0.08
"""How long what is drawn waits after a burst: a scanner's code is shown, taken and cleared within it."""
_DEFAULT_SIZE: Final = (80, 24)


class Repainter:
    """Turns what Textual says into what is sent: take pieces, then `drain` one frame for all of them."""

    def __init__(self, size: tuple[int, int], terminal: str = "") -> None:
        self._back_colour_erase = not terminal.startswith(_ERASES_PLAIN)
        self._single = not terminal.startswith(_RESETS_ONLY)
        self._ambiguous: Ambiguous = "unknown"
        self._out: list[str] = []
        self.resize(size)

    def resize(self, size: tuple[int, int]) -> None:
        """A terminal of another size shows anything; Textual paints it all."""
        self._grid = CellGrid(*size)
        self._shown = ShownCells(*size, back_colour_erase=self._back_colour_erase, single=self._single)
        self._shown.ambiguous = self._ambiguous

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self._grid.width, self._grid.height

    def forget(self) -> None:
        """Nobody knows what the terminal shows: the next frame says every cell."""
        self._shown.forget()
        self._grid.changed.update(range(self._grid.height))

    def take(self, text: str) -> None:
        """A piece of Textual's output."""
        self._grid.feed(text, self._control)

    def drain(self) -> str:
        """Everything that has to be sent by now."""
        self._out.append(self._shown.frame(self._grid))
        sent, self._out = "".join(self._out), []
        return sent

    def set_ambiguous(self, width: Ambiguous) -> None:
        """The terminal has said how wide it draws what nobody agrees on."""
        if width == "wide" != self._ambiguous:
            self.forget()
        self._shown.ambiguous = self._ambiguous = width

    def _control(self, sequence: str) -> None:
        self._out.append(self._shown.frame(self._grid))
        if sequence == WHERE_IS_THE_PEN:
            sequence = _PROBE
            self._shown.forget_row(PROBE_ROW - 1)
            self._grid.changed.add(PROBE_ROW - 1)
        self._out.append(sequence)
        if sequence == ENTER_SCREEN:
            self._out.append(_EMPTY)
            self._shown.cleared()
        elif sequence in {LEAVE_SCREEN, _PROBE}:
            self._shown.lose_pen()


class CellWriter(WriterThread):
    """Stands where Textual's own writer stands."""

    def __init__(self, file: IO[str]) -> None:
        super().__init__(file)
        self._answer: Ambiguous | None = None
        self._held_until = 0.0
        self._pulled = False
        self._repainter = Repainter(self._size(), os.environ.get("TERM", ""))

    def tell_ambiguous(self, width: Ambiguous) -> None:
        """From the reader: the terminal has answered the probe."""
        self._answer = width
        self.write("")

    def pulled(self) -> None:
        """From the app: the window was pulled. A terminal that was narrower for a moment has lost the cells
        beyond, even if it is as wide as ever by now."""
        self._pulled = True

    def hold(self) -> None:
        """From the reader: a burst of keys has come. What they do is drawn once, in a moment."""
        self._held_until = time.monotonic() + BURST_S

    def run(self) -> None:
        """Draw until told to stop; after the first error swallow what still comes."""
        deaf = waiting = False
        while (text := self._next(waiting)) is not None:
            if deaf:
                continue
            try:
                if text:
                    self._take(text)
                waiting = self._held_until > time.monotonic()
                if not waiting and self._queue.qsize() == 0:
                    self._send()
            except (OSError, ValueError):
                deaf, waiting = True, False
        if not deaf:
            with contextlib.suppress(OSError, ValueError):
                self._send()

    def _next(self, waiting: bool) -> str | None:
        """What is said next; nothing, if a burst is over before something is."""
        try:
            return self._queue.get(timeout=max(0.0, self._held_until - time.monotonic()) if waiting else None)
        except queue.Empty:
            return ""

    def _take(self, text: str) -> None:
        size = self._size()
        if self._pulled:
            self._pulled = False
            self._repainter.forget()
        if size != self._repainter.size:
            self._repainter.resize(size)
        if self._answer is not None:
            width, self._answer = self._answer, None
            self._repainter.set_ambiguous(width)
        self._repainter.take(text)

    def _send(self) -> None:
        self._file.write(self._repainter.drain())
        self._file.flush()

    def _size(self) -> tuple[int, int]:
        try:
            width, height = os.get_terminal_size(self._file.fileno())
        except (OSError, ValueError):
            return _DEFAULT_SIZE
        return (width, height) if width and height else _DEFAULT_SIZE
