"""The terminal's driver: Textual's own, made to survive what lines do.

Always true: bytes that are no UTF-8 kill nobody and type nothing; a closed terminal is a hang-up, said once,
and neither a spin on end-of-file nor a writer that blocks for ever; nothing is switched on that makes keys
come in other forms than those of `key_forms.py`.

`CellDriver` sends only the cells that changed; `CounterDriver` sends what Textual says, as it says it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import selectors
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

import textual
from textual import events
from textual.drivers import linux_driver
from textual.drivers._writer_thread import WriterThread
from textual.message import Message

from huiyuan.tui.cell_writer import PROBE_ROW, WHERE_IS_THE_PEN, WRITTEN_FOR, CellWriter
from huiyuan.tui.key_reader import KeyReader, escape_wait_s

READ_BYTES = 4096
TICK_S = 0.1
_UNSAID: Final = re.compile(r"\x1b\[(?:\?1004h|\?20(?:26|48)\$p|>\d+u|<u)")
"""Focus reports (PuTTY's SCO F3 is one of them), the kitty protocol, questions about frames and sizes."""
SCANNERS_GAP_S: Final = 0.02
SCANNED_LEAST: Final = 2
log: Final = logging.getLogger(__name__)


class DeafWriter(WriterThread):
    """Writes until the terminal is gone, then swallows what still comes, so that nobody waits for it."""

    def run(self) -> None:
        """Drain the queue; after the first error drain it into nothing."""
        deaf = False
        while (text := self._queue.get()) is not None:
            if deaf:
                continue
            try:
                self._file.write(text)
                if self._queue.qsize() == 0:
                    self._file.flush()
            except (OSError, ValueError):
                deaf = True


class CounterDriver(linux_driver.LinuxDriver):
    """Textual's driver with another reader and writer; `app.hang_up` is called when the line is gone."""

    writer: ClassVar[type[WriterThread]] = DeafWriter

    def start_application_mode(self) -> None:
        """As Textual does it, with our writer in the place of its own."""
        with _writer(self.writer):
            super().start_application_mode()  # type: ignore[no-untyped-call]
        self._repaint_when_pulled()

    def _repaint_when_pulled(self) -> None:
        """Textual draws only what another size changes, and sees no size that was gone again within a moment;
        the terminal did, and forgot the cells beyond it. Its own handler reads the size inside the signal,
        where a second signal overtakes the first and the size of before is heard last."""
        textuals, loop = signal.getsignal(signal.SIGWINCH), asyncio.get_running_loop()
        assert callable(textuals)
        look = partial(textuals, signal.SIGWINCH, None)
        signal.signal(signal.SIGWINCH, lambda *_: loop.call_soon_threadsafe(self._pulled, look))

    def _pulled(self, look: Callable[[], object]) -> None:
        look()
        if self._app.screen_stack:
            self._app.screen.refresh()

    def stop_application_mode(self) -> None:
        """A terminal that is gone needs no restoring."""
        with contextlib.suppress(OSError):
            super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Read keys until told to stop, or until the line is gone."""
        reader = KeyReader(escape_wait_s())
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                due = reader.due_at
                if selector.select(TICK_S if due is None else min(TICK_S, max(0.0, due - time.monotonic()))):
                    try:
                        data = os.read(self.fileno, READ_BYTES)
                    except OSError:
                        data = b""
                    if not data:
                        self._app.call_later(self._hang_up())
                        return
                    for event in reader.feed(data, time.monotonic()):
                        self.process_message(event)
                for event in reader.tick(time.monotonic()):
                    self.process_message(event)

    def write(self, data: str) -> None:
        """As Textual has it, less what would change the keys or ask for what nobody needs."""
        if not _UNSAID.fullmatch(data):
            super().write(data)

    def _hang_up(self) -> Callable[[], None]:
        hang_up: Callable[[], None] = getattr(self._app, "hang_up", self._app.exit)
        return hang_up


class CellDriver(CounterDriver):
    """Sends only what changed, and asks the terminal how wide it draws characters of ambiguous width."""

    writer: ClassVar[type[WriterThread]] = CellWriter
    _in_a_row: int = 0
    _last_key_at: float = 0.0

    def start_application_mode(self) -> None:
        """Ask once the screen is ours; the answer comes among the keys, whenever the line brings it."""
        super().start_application_mode()
        if self.input_tty:
            self.write(WHERE_IS_THE_PEN)
            self.flush()

    def process_message(self, message: Message) -> None:
        """The answer to the probe is for the writer, everything else for the app."""
        if isinstance(message, events.CursorPosition):
            if isinstance(self._writer_thread, CellWriter) and message.y == PROBE_ROW - 1:
                self._writer_thread.tell_ambiguous("wide" if message.x > 1 else "narrow")
            return
        if isinstance(message, events.Key):
            self._hold_for_bursts()
        super().process_message(message)

    def _pulled(self, look: Callable[[], object]) -> None:
        if isinstance(self._writer_thread, CellWriter):
            self._writer_thread.pulled()
        super()._pulled(look)

    def _hold_for_bursts(self) -> None:
        """Keys closer than fingers type them: a scanner's, or many that a slow line brought at once."""
        now = time.monotonic()
        self._in_a_row = self._in_a_row + 1 if now - self._last_key_at < SCANNERS_GAP_S else 0
        self._last_key_at = now
        if self._in_a_row >= SCANNED_LEAST and isinstance(self._writer_thread, CellWriter):
            self._writer_thread.hold()


def driver_for(wanted: str) -> type[CounterDriver]:
    """The driver of that name; Textual's own way of writing where its version is one nobody compared."""
    if wanted == "cells" and (found := textual_version()) != WRITTEN_FOR:
        log.warning("textual %s is not %s: the stock driver writes", found, WRITTEN_FOR)
        return CounterDriver
    return CellDriver if wanted == "cells" else CounterDriver


def textual_version() -> str:
    """By the name of what was installed; asking Textual itself loads a reader of mail headers, a tenth of the
    whole start."""
    found = [each.name for each in Path(textual.__file__).parent.parent.glob("textual-*.dist-info")]
    if len(found) != 1:
        return textual.__version__
    return found[0].removeprefix("textual-").removesuffix(".dist-info")


@contextlib.contextmanager
def _writer(kind: type[WriterThread]) -> Iterator[None]:
    """Textual takes its writer from its own module's name, and from nowhere else."""
    names = vars(linux_driver)
    before = names["WriterThread"]
    names["WriterThread"] = kind
    try:
        yield
    finally:
        names["WriterThread"] = before
