"""THE table of commands: keys, key bar, help screen, permission and both languages come from it.

Always true: a command is one row here and nowhere else; its id begins with the scope of the screen that has
it (`sale.pay`), and the screen has a method `action_<action>`. Keys are F2 to F9, Enter, Esc, Tab, arrows
and control letters that no terminal takes away; where no field takes letters, digits serve as well. A row
without an action is a key that a field or list answers by itself: shown and explained, not bound. A row with
the key "" has no key of its own: the palette and the two-key menu do it. A command's letter in that menu
comes from its own row alone, so that a new row changes nobody's.
The rows stand in the modules of this folder by subject; the order here is the order they are listed in.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Final

from textual.binding import Binding

from huiyuan.screens.commands.approving import APPROVING
from huiyuan.screens.commands.card_life import CARD_LIFE
from huiyuan.screens.commands.card_types import CARD_TYPES
from huiyuan.screens.commands.cards import CARDS
from huiyuan.screens.commands.coupons import COUPONS
from huiyuan.screens.commands.devices import DEVICES
from huiyuan.screens.commands.everywhere import GENERAL, MENU as MENU
from huiyuan.screens.commands.group_orders import GROUP_ORDERS
from huiyuan.screens.commands.home import HOME
from huiyuan.screens.commands.invoices import INVOICES
from huiyuan.screens.commands.people import PEOPLE
from huiyuan.screens.commands.promotions import PROMOTIONS
from huiyuan.screens.commands.reports import REPORTS
from huiyuan.screens.commands.row import EVERYWHERE as EVERYWHERE, Command as Command
from huiyuan.screens.commands.settings import SETTINGS
from huiyuan.screens.commands.shift import SHIFT
from huiyuan.screens.commands.stock import STOCK
from huiyuan.screens.commands.till import TILL
from huiyuan.screens.commands.value import VALUE
from huiyuan.screens.commands.value_books import VALUE_BOOKS

COMMANDS: Final = (
    *GENERAL, *HOME, *CARD_LIFE, *TILL, *SHIFT, *CARDS, *CARD_TYPES, *PEOPLE, *PROMOTIONS, *COUPONS,
    *GROUP_ORDERS, *STOCK, *REPORTS, *DEVICES, *SETTINGS, *APPROVING, *VALUE_BOOKS, *VALUE, *INVOICES,
)  # fmt: skip
_BY_ID: Final = {command.id: command for command in COMMANDS}


@functools.cache
def commands_of(scope: str) -> tuple[Command, ...]:
    """The commands of one screen, its own first; those of every screen last, unless it has its own."""
    own = [command for command in COMMANDS if command.scope == scope]
    taken = {command.action for command in own}
    others = (each for each in COMMANDS if each.scope == EVERYWHERE and each.action not in taken)
    return (*own, *(others if scope != EVERYWHERE else ()))


def bindings_of(scope: str, tr: Callable[[str], str]) -> list[Binding]:
    """Bindings in the language of `tr`, made for each screen instance: a class would freeze the language."""
    return [
        Binding(
            command.key or f"none.{command.id}",  # no terminal sends it; a keymap of one's own may give a key
            command.action,
            tr(command.label),
            id=command.id,
            show=command.bar,
            tooltip=tr(command.help),
        )
        for command in commands_of(scope)
        if command.action
    ]


KEY_NAMES: Final = {"escape": "Esc", "enter": "Enter", "up": "Up", "down": "Down", "tab": "Tab"}


def command_of(id: str) -> Command | None:
    """The row with this id."""
    return _BY_ID.get(id)


def key_of(command: Command, keymap: Mapping[str, str]) -> str:
    """Its key on this counter, empty where it has none."""
    key = keymap.get(command.id, command.key)
    return "" if key.startswith("none.") else key


def key_shown(command: Command, keymap: Mapping[str, str]) -> str:
    """How to give `command`: its key, or the two keys of the menu where it has none of its own."""
    key = key_of(command, keymap)
    if key or not command.letter:
        return key_name(key)
    return f"{key_name(keymap.get(MENU.id, MENU.key))} {command.letter}"


def key_name(key: str) -> str:
    """How a key is written in the bar and in help: F2, ^G, Enter."""
    first = key.split(",")[0]
    if first.startswith("ctrl+"):
        return "^" + first.removeprefix("ctrl+").upper()
    return KEY_NAMES.get(first, first.upper())
