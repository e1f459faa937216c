"""Rows of a workbook from outside, read without trust: what a CSV would say, cell by cell.

Always true: only the first sheet counts; a formula is what it was computed to when the file was saved; a
number that the spreadsheet itself has rounded (more than 15 digits) is a finding and never a card's number.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from huiyuan.repositories.importers.csv_rows import Row
from huiyuan.repositories.importers.outcome import SHOWN_MAX, ImportRefused

UNPACKED_MAX: Final = 400_000_000
"""Bytes of all parts of the workbook: some hundred thousand rows."""
CELLS_MAX: Final = 100
EXACT_DIGITS: Final = 15


def read_sheet(path: Path) -> Iterator[Row]:
    """The rows of the first sheet by the names in its first row, in lower case.

    Raises:
        ImportRefused: unreadable (file, line), file_too_large (file), column_twice (file, column).
    """
    from openpyxl import load_workbook  # 50 ms and some megabytes that only an import has to pay

    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > UNPACKED_MAX:
                raise ImportRefused("file_too_large", file=path.name)
        book = load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, OSError, KeyError, ValueError) as error:
        raise ImportRefused("unreadable", file=path.name, line=0) from error
    try:
        sheet = book.worksheets[0]
        header: list[str] = []
        for line, cells in enumerate(sheet.iter_rows(max_col=CELLS_MAX, values_only=True), start=1):
            texts = [_text(cell) for cell in cells]
            if not header:
                header = _header(texts, path.name)
            elif any(texts):
                fault = "number_rounded" if None in texts else ""
                named = (text or "" for text in texts)
                yield Row(line, {key: text for key, text in zip(header, named, strict=False) if key}, fault)
    finally:
        book.close()


def _header(texts: list[str | None], shown: str) -> list[str]:
    header = [(text or "").lower() for text in texts]
    for column in header:
        if column and header.count(column) > 1:
            raise ImportRefused("column_twice", file=shown, column=column[:SHOWN_MAX])
    return header


def _text(cell: object) -> str | None:
    """As a person typed it; None where the spreadsheet kept fewer digits than there were."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return str(cell).strip()
    number = Decimal(repr(cell))
    if len(number.as_tuple().digits) > EXACT_DIGITS or not number.is_finite():
        return None
    whole = number.to_integral_value()
    return str(int(whole)) if whole == number else format(number, "f")
