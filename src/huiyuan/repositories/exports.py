"""Reports as files: CSV and JSON for programs, XLSX for spreadsheets; each written whole or not at all.

Always true: amounts in `..._cents` columns are integers of the minor unit and stay numbers; no text cell can
become a formula or a number in a spreadsheet, and none carries a control character.
"""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.report import Cell, Measure, ReportPaper
from huiyuan.domain.ports.reports import Rows

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_FORMULA: Final = frozenset("=+-@\t\r\n|")
_KEPT: Final = frozenset("\t\r\n")
_SHEET_TITLE_MAX: Final = 31
_SHEET_TITLE_BAD: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_BOM: Final = b"\xef\xbb\xbf"
_WIDTH_OF_TEXT: Final = 18


def clean(text: str) -> str:
    """`text` without control characters (tab and line ends stay) and without halves of characters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(char for char in whole if char in _KEPT or unicodedata.category(char) != "Cc")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute `text`; some read full-width signs as formulas, too."""
    return bool(text) and unicodedata.normalize("NFKC", text[0])[0] in _FORMULA


def without_formula(cell: Cell) -> Cell:
    """`cell` so that a spreadsheet shows it and computes nothing: text that begins like a formula is quoted.

    A number is no text: a negative amount stays a number.
    """
    if not isinstance(cell, str):
        return cell
    shown = clean(cell)
    return f"'{shown}" if is_formula(shown) else shown


def as_csv(paper: ReportPaper) -> bytes:
    """Comma-separated, CRLF, UTF-8, the names of the columns first; nothing but rows."""
    return csv_text([column.name for column in paper.table.columns], paper.table.rows).encode("utf-8")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Rows under their columns, comma-separated, CRLF, no cell a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([without_formula(cell) for cell in row] for row in rows)
    return file.getvalue()


def write_csv(file: IO[bytes], paper: ReportPaper, more: Iterable[Rows]) -> None:
    """As `as_csv`, page by page, with the mark without which a spreadsheet in China reads it as GBK."""
    file.write(_BOM + as_csv(paper))
    names = [column.name for column in paper.table.columns]
    header = len(csv_text(names, ()))
    for rows in more:
        file.write(csv_text(names, rows)[header:].encode("utf-8"))


def as_json(paper: ReportPaper) -> bytes:
    """One object: report, definition, scope, columns, rows; a row is a list in the order of the columns."""
    found = {
        "report": paper.table.report,
        "definition": paper.definition,
        "scope": paper.scope,
        "columns": [column.name for column in paper.table.columns],
        "rows": [list(row) for row in paper.table.rows],
    }
    # A half of a character, which only an import could have left, is no UTF-8.
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def as_xlsx(paper: ReportPaper) -> bytes:
    """A workbook: the rows on the first sheet, what they mean and cover on the second."""
    file = io.BytesIO()
    write_xlsx(file, paper, ())
    return file.getvalue()


def write_xlsx(file: IO[bytes], paper: ReportPaper, more: Iterable[Rows]) -> None:
    """As `as_xlsx`, page by page: the rows wait on the disk, not in memory."""
    from openpyxl import Workbook  # 50 ms and some megabytes that only an export has to pay

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(paper.title) or paper.table.report)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(paper.table.columns):
        letter = chr(ord("A") + place % 26)
        width = _WIDTH_OF_TEXT if column.measure is Measure.TEXT else len(column.name) + 2
        sheet.column_dimensions[letter].width = max(width, len(column.name) + 2)
    _append(sheet, [column.name for column in paper.table.columns], bold=True)
    try:
        for rows in chain([paper.table.rows], more):
            for row in rows:
                _append(sheet, row)
    except BaseException:
        sheet.close()  # what waits on the disk
        raise
    about = book.create_sheet("about")
    about.column_dimensions["A"].width = 100
    for line in (paper.title, paper.definition, paper.scope, paper.table.read_at.isoformat()):
        _append(about, [line])
    book.save(file)


def _append(sheet: WriteOnlyWorksheet, row: Any, *, bold: bool = False) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cells = []
    for value in row:
        shown = clean(value) if isinstance(value, str) else value
        cell = WriteOnlyCell(sheet, value=shown)
        if isinstance(shown, str):
            cell.data_type = "s"
            cell.quotePrefix = is_formula(shown)  # else editing the cell would make it one
        if bold:
            cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)


def _sheet_title(text: str) -> str:
    return clean(text).translate(_SHEET_TITLE_BAD).strip()[:_SHEET_TITLE_MAX]


WRITERS: Final = {"csv": as_csv, "json": as_json, "xlsx": as_xlsx}
STREAMS: Final = {"csv": write_csv, "xlsx": write_xlsx}


def write_whole(path: Path, content: bytes) -> None:
    """Have `content` in `path` whole, or leave what was there; a device or a pipe is simply written to.

    Raises:
        OSError: The folder is missing or full, or `path` is a folder.
    """
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(path.stat().st_mode):
            with path.open("wb") as device:
                device.write(content)
            return
    with written_whole(path) as file:
        file.write(content)


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that becomes `path` when the block ends well; else what was there stays.

    Raises:
        OSError: The folder is missing or full, or `path` is a folder.
    """
    path = path.resolve()
    beside = path.with_name(f".{path.name[:80]}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


class ExportFolder:
    """Fills the ReportFiles port: the folder of this counter where people find what they exported."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, paper: ReportPaper, form: str, more: Iterable[Rows] = ()) -> str:
        """Write `paper` and `more` rows; answers the path. Raises Refused: `export_failed` (path, why)."""
        scope, read_at = paper.table.scope, paper.table.read_at
        days = "" if scope.first is None or scope.last is None else f"-{scope.first}-{scope.last}"
        store = f"-{scope.stores[0]}" if len(scope.stores) == 1 else ""
        path = self._folder / f"{paper.table.report}{store}{days}-{read_at:%Y%m%dT%H%M%S}.{form}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with written_whole(path) as file:
                STREAMS[form](file, paper, more)
        except OSError as error:
            raise Refused("export_failed", {"path": str(path), "why": error.strerror or ""}) from None
        return str(path)
