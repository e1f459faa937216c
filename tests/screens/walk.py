"""Walking through the app as a person does: keys in, rows of text out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from rich.cells import cell_len
from textual import events
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from huiyuan.screens import result
from huiyuan.screens.asking import TOO_SMALL
from huiyuan.screens.widgets.fields import FieldLabel
from huiyuan.screens.widgets.prose import Facts
from huiyuan.screens.widgets.rows import RowList
from huiyuan.tui.app import CounterApp
from tests.screens.fake_shop import FakeShop
from tests.tape import Terminals, record

ANSWER_STEPS = 1000
QUIET_STEPS = 4
NEWEST_MOST = 2
"""A screen that was just pushed knows of itself only."""
KEY_NAMES = {
    " ": "space",
    "*": "asterisk",
    ".": "full_stop",
    "-": "minus",
    "?": "question_mark",
    "/": "slash",
}


def rows_of(screen: Screen[object]) -> list[str]:
    """What stands on `screen`, row by row, exactly as wide as the terminal."""
    return ["".join(segment.text for segment in strip) for strip in screen._compositor.render_strips()]


def cut_labels(screen: Screen[object]) -> list[str]:
    """Labels of fields and of figures that are longer than their place."""
    shown = [(each.text, each.cell_width) for each in screen.query(FieldLabel)]
    shown += [(label, each.label_width) for each in screen.query(Facts) for label, _ in each.rows]
    return [text for text, width in shown if cell_len(text) > width]


MONEY: Final = re.compile(r"[+-]?[¥]?[\d,]+\.\d\d")


@dataclass
class Walk:
    """One app under a pilot."""

    app: CounterApp
    pilot: Pilot[None]
    shop_in_memory: FakeShop | None = None
    said: list[str] = field(default_factory=list)
    terminals: Terminals | None = None

    def drawn_alike(self) -> bool:
        """Our driver shows what Textual's own would, every cell and colour, within its budget of bytes."""
        assert self.terminals is not None
        said, self.said[:] = list(self.said), []
        for piece in said:
            self.terminals.play(piece)
        differences = self.terminals.differences()
        assert not differences, f"{self.name}: {differences[:5]}"
        assert not self.terminals.above_budget, f"{self.name}: {self.terminals.above_budget}"
        return True

    def caret_fits(self) -> bool:
        """The terminal's own cursor stands where the caret is drawn, so that an input method opens there."""
        field = self.app.screen.focused
        if not isinstance(field, Input):
            return True
        assert self.terminals is not None
        place, drawn = field.content_region.x, -1
        for segment in field.render_line(0):
            if segment.style and segment.style.reverse:
                drawn = place
                break
            place += segment.cell_length
        for ours in self.terminals.ours:
            cursor = ours.shown.screen.cursor
            assert (cursor.x, cursor.y) == (drawn, field.content_region.y), f"{self.name}: {field.id}"
        return True

    @property
    def fake(self) -> FakeShop:
        """The shop behind it, where that is the one in memory."""
        assert self.shop_in_memory is not None
        return self.shop_in_memory

    async def press(self, *keys: str) -> None:
        """Press keys one after the other and wait until every answer is in."""
        for key in keys:
            self.send(key)
            await self.settle()

    async def type(self, text: str, *, enter: bool = True) -> None:
        """Type `text` into the focused field, then Enter."""
        self.send(*text)
        await self.settle()
        if enter:
            await self.press("enter")

    def send(self, *keys: str) -> None:
        """Hand keys to the app as its driver would, all at once, without waiting for anything."""
        driver = self.app._driver
        assert driver is not None
        for key in keys:
            event = events.Key(KEY_NAMES.get(key, key), key if len(key) == 1 else None)
            event.set_sender(self.app)
            driver.send_message(event)

    @property
    def busy(self) -> bool:
        """Keys wait, or an answer."""
        return self.app.moving or any(worker.is_running for worker in self.app.workers)

    @property
    def undrawn(self) -> bool:
        """The screen knows of something that it has not laid out or painted yet."""
        screen = self.app.screen
        empty = len(screen._compositor._full_map) < NEWEST_MOST and not screen.has_class(TOO_SMALL)
        new = not screen.is_mounted or empty
        return bool(new or screen._layout_required or screen._dirty_widgets)

    @property
    def unheard(self) -> bool:
        """A widget has a message that it has not dealt with: whoever has none waits for the next."""
        pumps: list[MessagePump] = [self.app, *self.app.screen.walk_children(with_self=True)]
        queues: list[Any] = [pump._message_queue for pump in pumps if pump.is_running]
        return any(queue.values or not queue.ready_event._waiters for queue in queues)

    async def settle(self) -> None:
        """Until no worker runs and nothing is waited for; an app that never rests is left as it is."""
        quiet = 0  # an answer may open a screen, whose first question is another answer
        for _ in range(ANSWER_STEPS):
            await asyncio.sleep(0.008)
            quiet = 0 if self.busy or self.undrawn or self.unheard else quiet + 1
            if quiet == QUIET_STEPS:
                return

    @property
    def text(self) -> str:
        """The whole screen as text; a sheet shows what it lies over, too."""
        screens = [self.app.screen]
        if self.app.screen.is_modal and len(self.app.screen_stack) > 1:
            screens.append(self.app.screen_stack[-2])
        return "\n".join("\n".join(rows_of(screen)) for screen in screens)

    @property
    def name(self) -> str:
        """The class of the screen on top."""
        return type(self.app.screen).__name__

    def shows(self, *parts: str) -> bool:
        """Whether each of `parts` stands somewhere on the screen."""
        text = self.text
        missing = [part for part in parts if part not in text]
        assert not missing, f"{missing} not on {self.name}:\n{text}"
        return True

    async def until(self, *parts: str) -> bool:
        """Wait for what a timer brings, on a busy machine too; fails with the screen if it does not come."""
        for _ in range(ANSWER_STEPS):
            if all(part in self.text for part in parts):
                break
            await asyncio.sleep(0.02)
        return self.shows(*parts)

    def fits(self) -> bool:
        """Every row is exactly as many cells as the terminal is wide."""
        width = self.app.size.width
        wrong = [row for row in rows_of(self.app.screen) if cell_len(row) != width]
        assert not wrong, wrong
        assert not (cut := cut_labels(self.app.screen)), f"{self.name}: {cut}"
        return True

    async def sign_in(self, number: str = "1001") -> None:
        """As 王芳, or whoever has `number`."""
        await self.settle()
        self.send(*number, "enter", *number, "enter")
        await self.settle()
        assert self.name == "HomeScreen", self.text

    async def open_sale(self, *codes: str) -> None:
        """From the sign-in to a basket."""
        await self.sign_in()
        await self.press("f2")
        for code in codes:
            await self.type(code)

    async def past_result(self) -> None:
        """Enter on the result, after the moment that it asks for."""
        await asyncio.sleep(result.LEAST_SHOWN_S + 0.05)
        await self.press("enter")


@asynccontextmanager
async def walking(
    fake: FakeShop | None = None,
    lang: str = "zh_CN",
    *,
    size: tuple[int, int] = (80, 24),
    shift: bool = True,
    tape: bool = False,
) -> AsyncIterator[Walk]:
    """The app of `fake` in `lang`, at its sign-in; with an open shift unless told otherwise.

    With `tape` what it draws is played to terminals, which `drawn_alike` compares.
    """
    fake = fake or FakeShop()
    if shift:
        fake.open_shift()
    reports: list[BaseException] = []

    def keep(error: BaseException) -> str:
        reports.append(error)
        return "crash.txt"

    app = CounterApp(fake.shop(lang), report_crash=keep)
    fake.door.watch(app.document_state)
    said = record(app) if tape else []
    fake.print_jobs.watch(app.print_job)
    async with app.run_test(size=size) as pilot:
        walk = Walk(app, pilot, fake, said, Terminals(size) if tape else None)
        await walk.settle()
        yield walk
    assert not reports, reports


def money_stands_right(rows: RowList) -> None:
    """Amounts stand under a header, at the right."""
    for row in rows.rows if rows.columns else ():  # bars have none
        for column, text in zip(rows.columns, row, strict=True):
            assert column.align == "right" or not MONEY.fullmatch(text), (column.title, text)
            assert column.title or not MONEY.fullmatch(text), "money without a header"


async def past_both_ends(walk: Walk) -> None:
    """Whoever goes on where a list ends and no page follows stays where he is."""
    name, lists = walk.name, [each for each in walk.app.screen.query(RowList) if each.rows]
    for rows in lists:
        for by in (len(rows.rows), 1, -len(rows.rows), -1):
            rows.move(by)
    if lists:
        await walk.settle()
        assert walk.name == name


async def home_again(walk: Walk) -> None:
    """Esc until home, whatever it asks on the way."""
    for _ in range(12):
        if walk.name == "HomeScreen":
            return
        if walk.name == "ResultScreen":
            await walk.past_result()
        else:
            await walk.press("enter" if walk.name == "Confirm" else "escape")
    raise AssertionError(walk.text)
