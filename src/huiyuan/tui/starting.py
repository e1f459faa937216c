"""Starting: what puts the counter together behind the sign-in screen that is drawn already.

Always true: it is done once, in whichever worker asks first, and whoever asks meanwhile waits for the same
counter; what a start that failed had opened is given back before the failure is told; a start that is left
while it runs gives back what it has as well.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from huiyuan.domain.model.errors import Refused, Unreachable
from huiyuan.tui.context import CommandContext

if TYPE_CHECKING:
    from huiyuan.screens.shop import Shop
    from huiyuan.tui.wiring import Counter, SeatOfHost

FindSeats = Callable[[contextlib.ExitStack, Callable[[str], None]], "Sequence[SeatOfHost]"]
"""Finds the seats of this host; what it opens for them goes on the stack, what takes long is told."""

SOON_WANTED: Final = ("home", "unsettled", "sale", "payment", "palette", "help", "dialogs.confirm")
"""Screens that the next minutes need: loaded while the number is being typed."""

_log: Final = logging.getLogger(__name__)


class Starting:
    """One start of one counter; whoever made `opened` closes it last. `watch` is given the counter."""

    def __init__(
        self,
        context: CommandContext,
        find_seats: FindSeats,
        open_counter: Callable[[CommandContext, Sequence[SeatOfHost], contextlib.ExitStack], Counter],
        opened: contextlib.ExitStack,
    ) -> None:
        self._context = context
        self._find_seats = find_seats
        self._open_counter = open_counter
        self._one = threading.Lock()
        self._opened = opened
        self._counter: Counter | None = None
        self._left = False
        self.failure = ""
        """The sentence of the last try, while that failed."""
        self.tell: Callable[[str], None] = lambda _: None
        self.watch: Callable[[Counter], None] = lambda _: None

    def shop(self) -> Shop:
        """The shop of the counter, which is put together by the first call.

        Raises:
            Refused: not_started (sentence); the next call tries again.
            Unreachable: The app is being left.
        """
        gc.enable()  # the first frame stands
        with self._one:
            if self._left:
                raise Unreachable
            if self._counter is None:
                self._counter = self._put_together()
                threading.Thread(target=load_screens, name="screens", daemon=True).start()
            return self._counter.shop

    def begin(self) -> None:
        """Have what goes on beside the screens begin."""
        if self._counter is not None:
            self._counter.start()

    def stop(self) -> None:
        """The app is left: nothing new; a start under way loses its server and ends."""
        self._left = True
        if self._counter is not None:
            self._counter.stop()
        elif self._one.locked():
            threading.Thread(target=self._opened.close, name="leaving", daemon=True).start()

    def close(self) -> None:
        """Give the counter back; what was opened for it is the stack's."""
        with self._one:
            if self._counter is not None:
                self._counter.close()

    def _put_together(self) -> Counter:
        from huiyuan.tui.sentences import known_sentence

        self.failure = ""
        try:
            self._context.start_logs()
            counter = self._open_counter(
                self._context, self._find_seats(self._opened, self.tell), self._opened
            )
        except Exception as error:
            self._opened.close()
            if self._left:
                raise Unreachable from None
            self.failure = known_sentence(error, self._context) or ""
            if not self.failure:
                raise  # a mistake in the program
            _log.warning("not started: %s", self.failure)
            raise Refused("not_started", {"sentence": self.failure}) from None
        self.watch(counter)
        return counter


def load_screens() -> None:
    """Load what the next minutes need; a screen that cannot be loaded says so when it is opened."""
    for name in SOON_WANTED:
        with contextlib.suppress(ImportError):
            importlib.import_module(f"huiyuan.screens.{name}")
