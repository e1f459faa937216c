"""A report as a table for people, as CSV for spreadsheets, as JSON for programs.

Always true: amounts in `..._cents` columns are integers of the minor unit and stay numbers; no text cell can
become a formula in a spreadsheet; a table counts terminal cells, not characters.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from wcwidth import wcswidth

Cell = str | int | None
_FORMULA: Final = frozenset("=+-@\t\r\n|")


def without_formula(cell: Cell) -> Cell:
    """`cell` so that a spreadsheet shows it and computes nothing: text that begins like a formula is quoted.

    A number is no text: a negative amount stays a number. Full-width signs are read as formulas by some
    programs too.
    """
    if not isinstance(cell, str) or not cell:
        return cell
    return f"'{cell}" if unicodedata.normalize("NFKC", cell[0])[0] in _FORMULA else cell


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Comma-separated, CRLF, the header first."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([without_formula(cell) for cell in row] for row in rows)
    return file.getvalue()


def as_json(head: dict[str, Any], columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """`head`, and the rows as objects under `rows`."""
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    return json.dumps(head | {"rows": objects}, ensure_ascii=False, indent=2)


def as_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, numbers_from: int) -> list[str]:
    """Lines of equal width; the columns from `numbers_from` on stand to the right."""
    table = [list(columns), *(list(row) for row in rows)]
    widths = [max(_cells(row[place]) for row in table) for place in range(len(columns))]
    lines = ["  ".join(_padded(row, widths, numbers_from)).rstrip() for row in table]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


def _cells(text: str) -> int:
    return max(wcswidth(text), 0) if text.isprintable() else len(text)


def _padded(row: Sequence[str], widths: Sequence[int], numbers_from: int) -> list[str]:
    cells = []
    for place, (text, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * (width - _cells(text))
        cells.append(space + text if place >= numbers_from else text + space)
    return cells
