"""Keys of this installation: which command answers to which key, by a file in the home folder."""

from __future__ import annotations

import logging
from pathlib import Path

from huiyuan.screens.commands.keymap import checked_keymap, key_faults

_log = logging.getLogger(__name__)


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
