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
        key: Textual key names, the first of which is shown.
        needs: The permission without which the command is neither shown nor done; empty for none.
        writes: It posts or changes something, so it is off while a write is under way.
        bar: It stands in the key bar (the help screen shows every command).
    """

    id: str
    key: str
    action: str
    label: str
    help: str
    needs: str = ""
    writes: bool = False
    bar: bool = True

    @property
    def scope(self) -> str:
        return self.id.partition(".")[0]


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
) -> Command:
    """A row of the table."""
    return Command(name, key, action, label, explained, needs=needs, writes=writes, bar=bar)


def menu(name: str, key: str, action: str, label: str, explained: str, *, needs: str = "") -> Command:
    """A row of the home menu, which stands there and not in the key bar."""
    return Command(name, key, action, label, explained, needs=needs, bar=False)


AGAIN: Final = msg("Sends the same document again; it can only ever be booked once.")
