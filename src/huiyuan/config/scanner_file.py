"""What a seat's keyboard scanner does, as the scanner test found it; the environment outranks it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from huiyuan.config.seat_file import kept_in, read_seat, write_seat
from huiyuan.config.settings import Scanner

SCANNER_FILE: Final = "scanner.json"


def read_scanner(folder: Path, environment: Scanner) -> Scanner:
    """What the environment sets, else the seat's file, else the defaults. Raises SettingRefused."""
    return read_seat(folder / SCANNER_FILE, environment)


def change_scanner(folder: Path, changed: Mapping[str, object]) -> None:
    """Keep `changed` beside what the file has, whole or not at all. Raises SettingRefused, OSError."""
    file = folder / SCANNER_FILE
    write_seat(file, {**kept_in(file, Scanner), **changed}, Scanner)
