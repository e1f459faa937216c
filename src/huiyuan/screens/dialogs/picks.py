"""Words for a field, from a list with their names: letters narrow it down, Enter takes one."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.rows import Column, RowList

ROWS_MOST = 12


class Picks(Sheet[str]):
    """Answers the word that is to be added or, where it is `chosen` already, taken away."""

    SCOPE = "picks"

    def __init__(
        self, shop: Shop, title: str, options: Sequence[tuple[str, str]], *, chosen: Sequence[str]
    ) -> None:
        super().__init__(shop, title)
        self.options = list(options)
        self.chosen = set(chosen)
        self.shown = self.options

    def body(self) -> ComposeResult:
        """A box and the rows."""
        yield Field(self.say(msg("Find")), id="find")
        rows = RowList([Column("", 1), Column("", 24), Column("")], id="options", header=False,
                       empty=self.say(msg("Nothing has this name.")))  # fmt: skip
        rows.styles.height = min(len(self.options), ROWS_MOST)
        rows.can_focus = False
        rows.show_rows(self.rows_of())
        yield rows

    def rows_of(self) -> list[tuple[str, str, str]]:
        """A tick for what is there."""
        return [("x" if word in self.chosen else "", word, name) for word, name in self.shown]

    @on(Input.Changed, "#find")
    def narrow(self, event: Input.Changed) -> None:
        """By a part of the word or the name."""
        part = event.value.strip().lower()
        self.shown = [each for each in self.options if part in each[0].lower() or part in each[1].lower()]
        self.query_one("#options", RowList).show_rows(self.rows_of(), mark=0)

    def action_up(self) -> None:
        """The box keeps the focus."""
        self.query_one("#options", RowList).move(-1)

    def action_down(self) -> None:
        """As up."""
        self.query_one("#options", RowList).move(1)

    def on_key(self, event: events.Key) -> None:
        """Pages of the list."""
        if event.key in {"pageup", "pagedown"}:
            event.stop()
            self.query_one("#options", RowList).move(-ROWS_MOST if event.key == "pageup" else ROWS_MOST)

    @on(Input.Submitted, "#find")
    def take(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        marked = self.query_one("#options", RowList).marked
        if self.shown and marked is not None:
            self.dismiss(self.shown[marked][0])
