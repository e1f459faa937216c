"""The command palette: everything that can be done from here, found by typing in either language.

Always true: it is the command table and nothing else: the commands of the screen below it, and those of home
that open a screen which is not open yet; what the person may not do, or what does not apply now, is not in
it, and doing something from it is the same as pressing its key there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import LANGUAGES, msg, translate
from huiyuan.domain.model.needle import fold
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.commands import Command, key_name, key_shown
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.home import HomeScreen
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.chrome import Title
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.rows import Column, RowList

HERE_ONLY = frozenset({"back", "palette", "letters", "up", "down"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A command, and the screen on which it is done."""

    command: Command
    screen: AskingScreen[Any]

    def matches(self, text: str) -> bool:
        """Whether every word of `text` stands in its names, its explanation or its key."""
        command = self.command
        names = [translate(lang)(part) for lang in LANGUAGES for part in (command.label, command.help)]
        hay = fold(" ".join([*names, command.id.replace(".", " ").replace("_", " "), key_name(command.key)]))
        return all(word in hay for word in fold(text).split())


def choices_on(screen: AskingScreen[Any]) -> Iterator[Choice]:
    """What may be done on `screen`, then what home opens over it."""
    for command in screen.commands():
        if command.action and command.action not in HERE_ONLY:
            yield Choice(command, screen)
    stack = screen.app.screen_stack
    home = next((each for each in stack if isinstance(each, HomeScreen)), None)
    if home is None or home is screen or screen.writing or not isinstance(screen, ShopScreen):
        return
    home_knows = screen.shop  # a shift may have been opened meanwhile
    open_already = {each.SCOPE for each in stack if isinstance(each, AskingScreen)}
    for command in home.menu():
        if command.action not in open_already and home_knows.may(command.needs):
            yield Choice(command, home)


def open_palette(screen: AskingScreen[Any]) -> None:
    """Open the palette over `screen`, and do there what was chosen."""
    if isinstance(screen, Palette):
        return

    def do(choice: Choice | None) -> None:
        if choice is not None and choice.screen.allowed(choice.command):
            action: Callable[[], None] = getattr(choice.screen, f"action_{choice.command.action}")
            choice.screen.call_next(action)

    screen.app.push_screen(Palette(screen.shop, list(choices_on(screen))), do)


class Palette(Sheet[Choice]):
    """A field and the commands that match it."""

    SCOPE = "palette"

    DEFAULT_CSS = """
    Palette #commands { height: 12; }
    """

    def __init__(self, shop: Shop, choices: list[Choice]) -> None:
        super().__init__(shop, shop.say(msg("Commands")))
        self.choices = choices
        self.matching = choices

    def body(self) -> ComposeResult:
        """What to do, by name."""
        yield Field(self.say(msg("Do what")), id="wanted")
        yield RowList(
            [Column("", 6), Column("", 18), Column("")],
            id="commands",
            header=False,
            empty=self.say(msg("Nothing of this name can be done here, or you may not do it.")),
        )

    def on_mount(self) -> None:
        """The field has the keys."""
        self.query_one(RowList).can_focus = False
        self.query_one("#wanted", Input).focus()
        self.show_matching("")

    @on(Input.Changed, "#wanted")
    def narrow(self, event: Input.Changed) -> None:
        """As it is typed."""
        event.stop()
        self.show_matching(event.value)

    def show_matching(self, text: str) -> None:
        """The commands whose names hold what was typed."""
        keymap, say = self.app._keymap, self.say
        self.matching = [choice for choice in self.choices if choice.matches(text)]
        self.query_one(RowList).show_rows(
            [
                (key_shown(c.command, keymap), say(c.command.label), say(c.command.help))
                for c in self.matching
            ],
            mark=0,
        )
        self.name_marked()

    @on(RowList.Marked)
    def name_marked(self) -> None:
        """Whoever sets a store's function keys reads here by which id a command is known."""
        index = self.query_one(RowList).marked
        known = index is not None and self.shop.may("settings")
        self.query_one(Title).set_aside(
            self.matching[index].command.id if known and index is not None else ""
        )

    @on(Input.Submitted, "#wanted")
    def take(self, event: Input.Submitted) -> None:
        """Enter does it."""
        event.stop()
        index = self.query_one(RowList).marked
        if index is not None:
            self.dismiss(self.matching[index])

    def action_up(self) -> None:
        """Mark the row above."""
        self.query_one(RowList).move(-1)

    def action_down(self) -> None:
        """Mark the row below."""
        self.query_one(RowList).move(1)
