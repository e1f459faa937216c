"""The printer of one seat, as its folder remembers it; the environment outranks it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from huiyuan.config.seat_file import kept_in, read_seat, write_seat
from huiyuan.config.settings import Printer

PRINTER_FILE: Final = "printer.json"
TEXT_FILES: Final = "folder"


def read_printer(folder: Path, environment: Printer) -> Printer:
    """The printer of the seat in `folder`: what the environment sets, else its file, else the defaults.

    Raises:
        SettingRefused: The file cannot be read or holds what it cannot hold.
    """
    return read_seat(folder / PRINTER_FILE, environment)


def change_printer(folder: Path, changed: Mapping[str, object]) -> None:
    """Keep `changed` (names of settings) beside what the file has; whole or not at all.

    Args:
        changed: `printer` may be `folder`: back to text files.

    Raises:
        SettingRefused: A value that cannot be; nothing was written.
        OSError: The folder cannot be written.
    """
    file = folder / PRINTER_FILE
    told = {**kept_in(file, Printer), **changed}
    if told.get("printer") == TEXT_FILES:
        del told["printer"]
    write_seat(file, told, Printer)
