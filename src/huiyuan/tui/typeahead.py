"""Type-ahead: keys that came faster than the screen could follow go where they were meant.

A line over the sea delivers `1001 Enter 1001 Enter` in one packet. Textual hands every key at once to the
field that has the focus at that moment, so the PIN would land, readable, in the field of the number. Always
true here: after a key that may move the focus or open a screen, later keys wait until every widget has dealt
with what it was sent; the order of keys never changes; of Enters that wait in a row one is kept, so that a
key held down is not paid out later. Where one letter is a command, what a scanner types is none.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from time import monotonic
from typing import Any, Final

from textual import events
from textual.app import App, ScreenStackError
from textual.driver import Driver
from textual.message_pump import MessagePump
from textual.widgets import Input

from huiyuan.domain.model.presented import Scanned
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.reader_messages import CodeScanned
from huiyuan.screens.widgets.fields import ShopInput
from huiyuan.tui.wedge import WITHIN_S, Handed, Wedge

MOVING_KEYS: Final = frozenset({"enter", "escape", "tab", "shift+tab"})
ROUNDS: Final = 3
SETTLE_WITHIN_S: Final = 2
WAITING_MOST: Final = 512
TRACK_WITHIN_S: Final = 0.2
TRACK_BEGINS: Final = ("%", ";", "+")
TRACK_ENDS: Final = "?"
SCAN_LENGTH: Final = 6
"""So many characters at a scanner's pace are no command, where one letter is one."""


def may_move_focus(key: str) -> bool:
    """Keys after which the next one may belong to another field or screen."""
    return key in MOVING_KEYS or key.startswith("ctrl+") or (key[0] == "f" and key[1:].isdigit())


class Tracks:
    """A swipe types each track with an Enter of its own; after the first, the others belong to nobody.

    Of what is typed only the first and the last character are kept.
    """

    def __init__(self) -> None:
        self._first, self._last = "", ""
        self._key_at = self._track_at = 0.0
        self._swallowing = False

    def swallows(self, event: events.Key) -> bool:
        """Whether this key is of a further track."""
        at, char = event.time, event.character if event.is_printable else None
        paused, self._key_at = at - self._key_at > TRACK_WITHIN_S, at
        if self._swallowing and not paused:
            if char is None:
                self._swallowing, self._track_at = False, at
            return True
        self._swallowing = False
        if char is None:
            if event.key == "enter" and self._first in TRACK_BEGINS and self._last == TRACK_ENDS:
                self._track_at = at
            self._first, self._last = "", ""
            return False
        if not self._first and char in TRACK_BEGINS and at - self._track_at <= TRACK_WITHIN_S:
            self._swallowing = True
            return True
        self._first, self._last = (char if paused or not self._first else self._first), char
        return False


class TypeAheadApp(App[None], inherit_bindings=False):
    """An app that deals with keys one move at a time."""

    def __init__(self, *, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class)
        self._keys: deque[events.Key] = deque()
        self._moving: asyncio.Task[None] | None = None
        self._tracks = Tracks()
        self._wedge = Wedge()
        self.last_key_at = monotonic()

    @property
    def moving(self) -> bool:
        """Keys wait, or a move is not finished."""
        return self._moving is not None

    async def moved(self) -> None:
        """Until a move that is under way is finished; what is no key waits for it, but not for ever."""
        if self._moving is not None:
            await asyncio.wait([self._moving], timeout=SETTLE_WITHIN_S)

    async def on_event(self, event: events.Event) -> None:
        """Keys from the terminal queue behind a move that is not finished; all else goes its way."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self.last_key_at = monotonic()
        top = self.screen_stack[-1] if self.screen_stack else None
        if isinstance(top, AskingScreen) and top.KEYS_AS_THEY_ARE:
            await super().on_event(event)
            return
        self._wedge.habits = ShopInput.scanner
        await self._hand_on(self._wedge.feed(event))
        if self._wedge.holds:
            asyncio.get_running_loop().call_later(WITHIN_S, self.call_later, self._let_go, event)

    async def _hand_on(self, handed: list[Handed]) -> None:
        """Keys to where keys go, codes to where codes go."""
        for each in handed:
            if isinstance(each, str):
                self.post_message(CodeScanned(Scanned(each)))
            else:
                await self._take_key(each)

    async def _let_go(self, last: events.Key) -> None:
        """Nothing came behind `last`: what was kept back for a scan was typed."""
        if self._wedge.waits_behind(last):
            await self._hand_on(self._wedge.give_up())

    async def _take_key(self, event: events.Key) -> None:
        if self._tracks.swallows(event):
            return
        if self._moving is not None:
            held_down = event.key == "enter" and self._keys and self._keys[-1].key == "enter"
            if not held_down and len(self._keys) < WAITING_MOST:
                self._keys.append(event)
            return
        if event.is_printable and self._letters_are_commands is not None:
            self._keys.append(event)
            self._moving = asyncio.create_task(self._finish_move())
            return
        self._to_its_field(event)
        await super().on_event(event)
        if may_move_focus(event.key):
            self._moving = asyncio.create_task(self._finish_move())

    @property
    def _letters_are_commands(self) -> AskingScreen[Any] | None:
        """The screen on top, if one press of a letter is a command there."""
        top = self.screen_stack[-1] if self.screen_stack else None
        return top if isinstance(top, AskingScreen) and top.EVERY_KEY_MOVES else None

    def _to_its_field(self, event: events.Key) -> None:
        """A list takes no text: the field does whose screen names one, and the Enter behind it means that."""
        top = self.screen_stack[-1] if self.screen_stack else None
        if not isinstance(top, AskingScreen) or not top.TYPED_INTO or top.writing:
            return
        if event.is_printable and top.focused is not None and not isinstance(top.focused, Input):
            field = top.query_one(top.TYPED_INTO, Input)
            field.select_all()  # what stood there is replaced
            top.set_focus(field)

    async def _hand_out(self, event: events.Key) -> bool:
        """Give one key to the app; True if what follows has to wait for a move."""
        screen = self._letters_are_commands if event.is_printable else None
        if screen is not None and await self._is_scan():
            screen.scan_refused()
            return True
        self._to_its_field(event)
        await super().on_event(event)
        return screen is not None or may_move_focus(event.key)

    async def _is_scan(self) -> bool:
        """Wait while more comes at a scanner's pace; if it was one, drop it with the Enter that ends it."""
        before = -1
        while before < len(self._keys) < WAITING_MOST:
            before = len(self._keys)
            await asyncio.sleep(ShopInput.scanner.gap_ms / 1000)
        scanned = list(itertools.takewhile(lambda key: key.is_printable, self._keys))
        if 1 + len(scanned) < SCAN_LENGTH:
            return False
        for _ in scanned:
            self._keys.popleft()
        if self._keys and self._keys[0].key == "enter":
            self._keys.popleft()
        return True

    async def _finish_move(self) -> None:
        """Settle, then hand out what waits, up to and with the next move; until nothing waits."""
        try:
            while True:
                await self._settle()
                while self._keys:
                    if await self._hand_out(self._keys.popleft()):
                        break
                else:
                    return
        finally:
            self._moving = None

    async def _settle(self) -> None:
        """Until everything on the screen, and on one that it opened, has dealt with its messages."""
        for _ in range(ROUNDS):
            try:
                pumps: list[MessagePump] = [self, *self.screen.walk_children(with_self=True)]
            except ScreenStackError:
                return
            quiet, left = asyncio.Event(), 0

            def one_done() -> None:
                nonlocal left
                left -= 1
                if left == 0:
                    quiet.set()  # noqa: B023  (called within this round only)

            left = sum(pump.call_later(one_done) for pump in pumps)
            try:
                await asyncio.wait_for(quiet.wait(), SETTLE_WITHIN_S if left else 0)
            except TimeoutError:
                return
