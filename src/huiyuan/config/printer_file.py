"""The printer of one seat, as its folder remembers it; the environment outranks it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from huiyuan.config.settings import Printer, SettingRefused

PRINTER_FILE: Final = "printer.json"
TEXT_FILES: Final = "folder"


def read_printer(folder: Path, environment: Printer) -> Printer:
    """The printer of the seat in `folder`: what the environment sets, else its file, else the defaults.

    Raises:
        SettingRefused: The file cannot be read or holds what it cannot hold.
    """
    kept = _kept(folder)
    return _checked({key: kept[key] for key in kept if key not in environment.model_fields_set})


def change_printer(folder: Path, changed: Mapping[str, object]) -> None:
    """Keep `changed` (names of settings) beside what the file has; whole or not at all.

    Args:
        changed: `printer` may be `folder`: back to text files.

    Raises:
        SettingRefused: A value that cannot be; nothing was written.
        OSError: The folder cannot be written.
    """
    told = {**_kept(folder), **changed}
    if told.get("printer") == TEXT_FILES:
        del told["printer"]
    _checked(told)
    descriptor, beside = tempfile.mkstemp(prefix=".printer-", dir=folder)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(told, file, indent=1)
    Path(beside).replace(folder / PRINTER_FILE)


def _kept(folder: Path) -> dict[str, object]:
    try:
        kept = json.loads((folder / PRINTER_FILE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingRefused(PRINTER_FILE, type(error).__name__) from None
    if not isinstance(kept, dict) or not set(kept) <= set(Printer.model_fields):
        raise SettingRefused(PRINTER_FILE, "unknown settings")
    return kept


def _checked(told: Mapping[str, object]) -> Printer:
    try:
        return Printer(**dict[str, Any](told))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise SettingRefused(str(first["loc"][0]), first["msg"]) from None
