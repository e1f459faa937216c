"""One row of the table of commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

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


def export(scope: str, *, letter: str = "") -> Command:
    """The row that every report has."""
    explained = msg("Writes what is shown as a workbook or as rows with commas.")
    return row(f"{scope}.export", "f9", "export", msg("Export"), explained, letter=letter)
