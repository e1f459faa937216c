"""Help: what may be pressed on the screen below, in sentences from the command table."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.screens.commands import Command, command_of, key_shown
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.rows import Column, RowList


class HelpPage(ShopScreen[None]):
    """Key, command, explanation; the arrows walk through."""

    SCOPE = "reader"
    TITLE_TEXT = msg("Help")

    def __init__(self, shop: Shop, listed: Sequence[Command]) -> None:
        super().__init__(shop)
        self.listed = listed

    def body(self) -> ComposeResult:
        """One row a command."""
        say = self.say
        yield RowList([Column(say(msg("Key")), 6), Column(say(msg("Command")), 16), Column("")], id="keys")

    def on_mount(self) -> None:
        """Fill the rows; long explanations go on in the next row."""
        from huiyuan.screens.widgets.plain import wrap

        rows: list[tuple[str, ...]] = []
        room = max(20, self.app.size.width - 27)
        for command in self.listed:
            key = key_shown(command, self.app._keymap)
            lines = wrap(self.say(command.help), room)
            rows.append((key, self.say(command.label), lines[0]))
            rows += [("", "", line) for line in lines[1:]]
        self.query_one(RowList).show_rows(rows)
        finder = command_of("any.palette")
        if finder is not None:  # what has no letter is found there, on every screen
            self.aside(f"{key_shown(finder, self.app._keymap)} {self.say(finder.label)}")

    def action_close_page(self) -> None:
        """Enter."""
        self.dismiss(None)

    def action_help(self) -> None:
        """It is open already."""
        self.dismiss(None)
