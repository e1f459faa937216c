"""The printer of one seat, as its folder remembers it; the environment outranks it."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from huiyuan.config.settings import Printer, SettingRefused

PRINTER_FILE: Final = "printer.json"


def read_printer(folder: Path, environment: Printer) -> Printer:
    """The printer of the seat in `folder`: what the environment sets, else its file, else the defaults.

    Raises:
        SettingRefused: The file cannot be read or holds what it cannot hold.
    """
    path = folder / PRINTER_FILE
    try:
        kept = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return environment
    except (OSError, ValueError) as error:
        raise SettingRefused(PRINTER_FILE, type(error).__name__) from None
    try:
        return Printer(**{key: kept[key] for key in kept if key not in environment.model_fields_set})
    except (ValidationError, TypeError) as error:
        problem = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "no settings"
        raise SettingRefused(PRINTER_FILE, problem) from None


def write_printer(folder: Path, printer: Printer) -> None:
    """Keep `printer` as the seat's own, whole or not at all.

    Raises:
        OSError: The folder cannot be written.
    """
    descriptor, beside = tempfile.mkstemp(prefix=".printer-", dir=folder)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(printer.model_dump(exclude_unset=True), file, indent=1)
    Path(beside).replace(folder / PRINTER_FILE)
