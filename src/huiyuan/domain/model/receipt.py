"""What goes to the printer: finished lines, measured in cells. A Chinese character is two cells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Receipt:
    """A slip. Every line fits `columns` cells (32 for 58 mm paper, 48 for 80 mm) and holds no control byte.

    `opens_drawer` asks for one kick of the cash drawer; a copy never asks.
    """

    number: str
    columns: int
    lines: tuple[str, ...]
    opens_drawer: bool = False
    is_copy: bool = False
