"""A report as lines for a terminal: a table counts cells, not characters."""

from __future__ import annotations

from collections.abc import Sequence

from wcwidth import wcswidth


def as_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[bool]) -> list[str]:
    """Lines of equal width; a column whose place in `right` is true stands to the right."""
    table = [list(columns), *(list(row) for row in rows)]
    widths = [max(_cells(row[place]) for row in table) for place in range(len(columns))]
    lines = ["  ".join(_padded(row, widths, right)).rstrip() for row in table]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


def _cells(text: str) -> int:
    return max(wcswidth(text), 0) if text.isprintable() else len(text)


def _padded(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    cells = []
    for text, width, to_the_right in zip(row, widths, right, strict=True):
        space = " " * (width - _cells(text))
        cells.append(space + text if to_the_right else text + space)
    return cells
