"""The two-key menu: a letter for every command of the screen below, for whoever has no function keys.

Always true: it is the command table and nothing else; a command's letter is the same in every language and
on every day; what the person may not do, or what does not apply now, is not in it, and doing something from
it is the same as pressing its key on the screen below.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from huiyuan.config.i18n import msg
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.commands import Command
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.chrome import Title
from huiyuan.screens.widgets.plain import cells, fit

PLACE_CELLS: Final = 20
LETTER_CELLS: Final = 4


def open_letters(screen: AskingScreen[Any]) -> None:
    """Open the menu over `screen`, and do there what was chosen."""
    listed = [command for command in screen.commands() if command.action and command.letter]

    def do(command: Command | None) -> None:
        if command is not None and screen.allowed(command):
            action: Callable[[], None] = getattr(screen, f"action_{command.action}")
            screen.call_next(action)

    screen.app.push_screen(LetterMenu(screen.shop, listed), do)


class LetterRows(Widget):
    """Letter and label, in as many columns as there is room for."""

    DEFAULT_CSS = """
    LetterRows { height: auto; width: 100%; }
    """

    def __init__(self, places: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.places = places

        widest = max((cells(label) for _, label in places), default=0)
        self.place = max(PLACE_CELLS, widest + LETTER_CELLS + 1)

    def _columns(self, width: int) -> int:
        return max(1, width // self.place)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:  # noqa: ARG002
        """One row for each line of places."""
        return -(-len(self.places) // self._columns(width))

    def render(self) -> Text:
        """Row by row, as one reads."""
        columns = self._columns(self.size.width)
        shown = Text(no_wrap=True, end="")
        for index, (letter, label) in enumerate(self.places):
            if index and index % columns == 0:
                shown.append("\n")
            shown.append(f" {letter} ", "reverse")
            shown.append(" " + fit(label, self.place - LETTER_CELLS))
        return shown


class LetterMenu(Sheet[Command]):
    """Answers the command whose letter was pressed, or None if the person left."""

    SCOPE = "letters"
    EVERY_KEY_MOVES: ClassVar[bool] = True

    def __init__(self, shop: Shop, listed: Sequence[Command]) -> None:
        super().__init__(shop, shop.say(msg("Press a letter, or Esc")))
        self.listed = {command.letter: command for command in listed}

    def compose(self) -> ComposeResult:
        """A title and the letters; lean, since it opens and closes within one word."""
        with Vertical(id="sheet"):
            yield Title(self.title_text)
            yield LetterRows([(letter, self.say(each.label)) for letter, each in self.listed.items()])

    def on_key(self, event: events.Key) -> None:
        """Capitals and full-width letters of an input method are the same letters."""
        letter = unicodedata.normalize("NFKC", event.character or "").lower()
        if letter in self.listed and not self.unseen:
            event.stop()
            self.dismiss(self.listed[letter])

    def scan_refused(self) -> None:
        """There is no room for a sentence here."""
        below = self.app.screen_stack[-2]
        self.dismiss(None)
        if isinstance(below, AskingScreen):
            below.scan_refused()

    def action_palette(self) -> None:
        """What has no letter is found by its name."""
        below = self.app.screen_stack[-2]
        self.dismiss(None)
        if isinstance(below, AskingScreen):
            below.call_next(below.action_palette)

    def action_letters(self) -> None:
        """The same key closes it."""
        self.dismiss(None)
