"""One row of the table of commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from huiyuan.config.i18n import msg

EVERYWHERE: Final = "any"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do.

    Attributes:
        key: Textual key names, the first of which is shown; empty: no key of its own, so that the palette,
            the help screen and the two-key menu have it, and nothing is bound.
        needs: The permission without which the command is neither shown nor done; empty for none.
        writes: It posts or changes something, so it is off while a write is under way.
        bar: It stands in the key bar (the help screen shows every command).
        letter: What does it in the two-key menu, the same in every language; empty where nothing does.
    """

    id: str
    key: str
    action: str
    label: str
    help: str
    needs: str = ""
    writes: bool = False
    bar: bool = True
    letter: str = ""

    @property
    def scope(self) -> str:
        return self.id.partition(".")[0]


LETTERS: Final = {"up": "k", "down": "j", "back": "x", "help": "?", "palette": "/", "letters": ""}
"""Of actions that many screens have; another action's letter is its first, unless its row says which."""


def row(
    name: str,
    key: str,
    action: str,
    label: str,
    explained: str,
    *,
    needs: str = "",
    writes: bool = False,
    bar: bool = True,
    letter: str = "",
) -> Command:
    """A row of the table. `letter` is given where the first of `action` is another command's already."""
    letter = letter or LETTERS.get(action, action[:1])
    return Command(name, key, action, label, explained, needs, writes, bar, letter)


def menu(
    name: str, key: str, action: str, label: str, explained: str, *, needs: str = "", letter: str = ""
) -> Command:
    """A row of the home menu, which stands there and not in the key bar."""
    return row(name, key, action, label, explained, needs=needs, bar=False, letter=letter)


AGAIN: Final = msg("Sends the same document again; it can only ever be booked once.")
READ_ANEW: Final = msg("Reads the list anew.")
UP_AND_DOWN: Final = {
    "row": (msg("Marks the row above."), msg("Marks the row below.")),
    "line": (msg("Marks the line above."), msg("Marks the line below.")),
}


def again(scope: str, key: str, *, letter: str = "") -> Command:
    """The row of a screen that posts: an outcome that is not known is asked for."""
    return row(f"{scope}.again", key, "again", msg("Check again"), AGAIN, letter=letter)


def refresh(scope: str, explained: str = READ_ANEW, *, bar: bool = True, letter: str = "") -> Command:
    """The row of a list or page that others change, too."""
    return row(f"{scope}.refresh", "f5", "refresh", msg("Read again"), explained, bar=bar, letter=letter)


def up_and_down(
    scope: str, *, of: Literal["row", "line"] = "row", letters: str = "  "
) -> tuple[Command, Command]:
    """The rows of a screen whose list is moved while a field has the focus. `letters`: of both, if others."""
    above, below = UP_AND_DOWN[of]
    up, down = (letter.strip() for letter in letters)
    return (
        row(f"{scope}.up", "up", "up", msg("Up"), above, bar=False, letter=up),
        row(f"{scope}.down", "down", "down", msg("Down"), below, bar=False, letter=down),
    )


def export(scope: str, *, letter: str = "") -> Command:
    """The row that every report has."""
    explained = msg("Writes what is shown as a workbook or as rows with commas.")
    return row(f"{scope}.export", "f9", "export", msg("Export"), explained, letter=letter)
