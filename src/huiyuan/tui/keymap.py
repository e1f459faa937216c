"""Keys of this installation: which command answers to which key, and which keys no terminal delivers.

Always true: a key that a terminal, a multiplexer or a browser takes away, or that a field needs for itself,
is never bound; two commands of one screen never share a key.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from huiyuan.screens.commands import COMMANDS, EVERYWHERE, Command

_log = logging.getLogger(__name__)

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
        if key not in SAFE_KEYS and (key or command.key):
            yield f"{command.id}: {key} does not reach every counter"
    for scope in {command.scope for command in COMMANDS} - {EVERYWHERE}:
        yield from _clashes(scope, overrides)


def _clashes(scope: str, overrides: Mapping[str, str]) -> Iterator[str]:
    """Two commands that may both be shown on one screen, under one key."""
    taken: dict[str, Command] = {}
    for command in COMMANDS:
        if command.scope not in {scope, EVERYWHERE}:
            continue
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


def read_keymap(path: Path) -> dict[str, str]:
    """The keymap of this installation, a JSON object of command id to key; what is at fault is logged.

    Without the file, or with any fault in it, every key is where the help page says it is by default.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError:
        text = b""
    import json  # most installations have no such file

    try:
        found = json.loads(text)
    except ValueError:
        _log.warning("%s cannot be read; the keys are the usual ones", path.name)
        return {}
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found.values()):
        _log.warning("%s is no object of command and key; the keys are the usual ones", path.name)
        return {}
    for fault in key_faults(found):
        _log.warning("%s: %s", path.name, fault)
    return checked_keymap(found)


def checked_keymap(overrides: Mapping[str, str]) -> dict[str, str]:
    """The overrides that can be used: all of them, or none if any of them is at fault."""
    return {} if any(key_faults(overrides)) else dict(overrides)
