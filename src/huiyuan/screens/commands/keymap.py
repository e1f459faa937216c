"""Which keys every terminal delivers, what is wrong with a keymap, and the one that a store has chosen.

Always true: a key that a terminal, a multiplexer or a browser takes away, or that a field needs for itself,
is never bound; two commands of one screen never share a key; a command that lost its key to another one has
that one's, or stands in the two-key menu.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from huiyuan.screens.commands import COMMANDS, EVERYWHERE, Command

FUNCTION_KEYS: Final = frozenset(f"f{number}" for number in range(2, 10))
NAMED_KEYS: Final = frozenset({"enter", "escape", "tab", "up", "down", "pageup", "pagedown", "home", "end"})
# Fields use a, d, e, f, u, v, w, x; h, i, j, m are other keys; b, c, s, z belong to what is around us.
CONTROL_KEYS: Final = frozenset(f"ctrl+{letter}" for letter in "gklnoprty")
QUIT_KEY: Final = "ctrl+q"
SAFE_KEYS: Final = FUNCTION_KEYS | NAMED_KEYS | CONTROL_KEYS | {QUIT_KEY}


def key_faults(overrides: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a keymap (command id -> key), in words for a log or a test."""
    known = {command.id: command for command in COMMANDS}
    yield from (f"{name}: no such command" for name in overrides if name not in known)
    for command in COMMANDS:
        key = overrides.get(command.id, command.key)
        unbound = not key and (not command.key or command.letter)  # then the two-key menu has it
        if key not in SAFE_KEYS and not unbound:
            yield f"{command.id}: {key} does not reach every counter"
    by_scope: defaultdict[str, list[Command]] = defaultdict(list)
    for command in COMMANDS:
        by_scope[command.scope].append(command)
    everywhere = by_scope.pop(EVERYWHERE)
    for own in by_scope.values():
        yield from _clashes([*everywhere, *own], overrides)


def _clashes(shown: Sequence[Command], overrides: Mapping[str, str]) -> Iterator[str]:
    """Two commands that may both be shown on one screen, under one key."""
    taken: dict[str, Command] = {}
    for command in shown:
        key = overrides.get(command.id, command.key)
        if not key:
            continue
        other = taken.setdefault(key, command)
        if other is not command and not _take_turns(other, command):
            yield f"{command.id} and {other.id} share {key}"


TAKES_TURNS: Final = frozenset({"again", "reprice", "back"})


def _take_turns(one: Command, other: Command) -> bool:
    """Commands of which only one applies at a time: the other's moment never comes together with it."""
    return one.action in TAKES_TURNS or other.action in TAKES_TURNS


def checked_keymap(overrides: Mapping[str, str]) -> dict[str, str]:
    """The overrides that can be used: all of them, or none if any of them is at fault."""
    return {} if any(key_faults(overrides)) else dict(overrides)


def store_keymap(wanted: Mapping[str, str]) -> dict[str, str]:
    """A keymap with each command of `wanted` on its key; who had it on that screen gets the other's."""
    keys = dict(wanted)
    usual = {command.id: command.key for command in COMMANDS}
    for name, key in wanted.items():
        scope = name.partition(".")[0]
        for command in COMMANDS:
            turned_out = command.scope == scope and command.key == key and command.id not in wanted
            if turned_out and command.action not in TAKES_TURNS:
                keys[command.id] = usual.get(name, "")
    return keys


def keys_pressed(keymap: Mapping[str, str]) -> dict[str, str]:
    """The keymap as the toolkit takes it: a command without a key has one that no terminal sends."""
    return {name: key or f"none.{name}" for name, key in keymap.items()}
