"""Rows of a CSV file from outside, read without trust.

Always true: only a regular file directly in the folder is opened, no link is followed; memory stays within
one line; a row of the wrong width or with characters that cannot be read is a finding with its line, and a
file that is no such table at all is refused before anything was made of it.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from huiyuan.repositories.importers.outcome import SHOWN_MAX, ImportRefused

LINE_MAX: Final = 100_000
RATIO_MAX: Final = 200
"""How much longer an unpacked file may be than the packed one; ordinary tables reach 20."""
UNPACKED_FREE: Final = 50_000_000
SAMPLE: Final = 200_000
_UNREADABLE: Final = "\ufffd"
_MARKS: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column name; `line` is where the row ends, from 1 with the header.

    `fault` is empty, or says why the row cannot be used: row_width, not_readable;
    then `cells` are what there is.
    """

    line: int
    cells: dict[str, str]
    fault: str = ""

    @property
    def shown(self) -> str:
        """The row for a person who looks for it."""
        return ",".join(self.cells.values())[:SHOWN_MAX]


def read_rows(folder: Path, name: str, columns: Sequence[str], *, encoding: str) -> Iterator[Row]:
    """The rows of `name`.csv or `name`.csv.gz.

    Args:
        columns: Must be there; others may be too.
        encoding: Of a file without a mark; utf-8 or gb18030.

    Raises:
        ImportRefused: no_folder, file_missing (file), not_a_file (file), file_too_large (file),
            line_too_long (file, line), unreadable (file, line), wrong_encoding (file, encoding, guess),
            columns_missing (file, columns), column_twice (file, column).
    """
    with _open(folder, name) as (file, shown, size):
        used = _encoding_of(file, shown, encoding)
        text = io.TextIOWrapper(file, encoding=used, errors="replace", newline="")
        reader = csv.reader(_lines(text, shown, size), strict=True)
        header = _header(next(_parsed(reader, shown), None), shown, columns)
        for cells in _parsed(reader, shown):
            if not cells:
                continue
            fault = "row_width" if len(cells) != len(header) else ""
            if any(_UNREADABLE in cell or "\0" in cell for cell in cells):
                fault = "not_readable"
            found = dict(zip(header, (cell.strip() for cell in cells), strict=False))
            yield Row(reader.line_num, found, fault)


class _open:  # noqa: N801  (used as a function: a context of three)
    """Opens the table; answers the unpacked bytes, the name to show and the size on disk."""

    def __init__(self, folder: Path, name: str) -> None:
        if not folder.is_dir():
            raise ImportRefused("no_folder", folder=folder)
        found = [folder / f"{name}{end}" for end in (".csv.gz", ".csv")]
        there = [path for path in found if os.path.lexists(path)]
        if not there:
            raise ImportRefused("file_missing", file=f"{name}.csv")
        self._path = there[0]

    def __enter__(self) -> tuple[BinaryIO, str, int]:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            descriptor = os.open(self._path, flags)
        except OSError:
            raise ImportRefused("not_a_file", file=self._path.name) from None
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            os.close(descriptor)
            raise ImportRefused("not_a_file", file=self._path.name)
        self._raw = os.fdopen(descriptor, "rb")
        packed = self._path.suffix == ".gz"
        file = cast("BinaryIO", gzip.GzipFile(fileobj=self._raw)) if packed else self._raw
        return file, self._path.name, status.st_size

    def __exit__(self, *_: object) -> None:
        self._raw.close()


def _encoding_of(file: BinaryIO, shown: str, wanted: str) -> str:
    """By its mark, else the one wanted, if the first lines bear it out."""
    try:
        sample = file.read(SAMPLE)
        file.seek(0)
    except (OSError, EOFError):
        raise ImportRefused("unreadable", file=shown, line=1) from None
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    lines = sample.split(b"\n")[:-1] or [sample]
    unreadable = sum(not _reads_as(line, wanted) for line in lines)
    # A broken row here and there is a finding; every twentieth is another coding.
    if unreadable * 20 > len(lines):
        guess = next((g for g in ("utf-8", "gb18030") if g != wanted and _reads_as(sample[:-4], g)), "?")
        raise ImportRefused("wrong_encoding", file=shown, encoding=wanted, guess=guess)
    if sample.count(b"\0") * 10 > len(sample):
        raise ImportRefused("wrong_encoding", file=shown, encoding=wanted, guess="utf-16")
    return wanted


def _reads_as(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _lines(text: io.TextIOWrapper, shown: str, size: int) -> Iterator[str]:
    total = 0
    number = 0
    while True:
        try:
            line = text.readline(LINE_MAX + 1)
        except (OSError, EOFError):  # a packed file that was cut off
            raise ImportRefused("unreadable", file=shown, line=number + 1) from None
        if not line:
            return
        number += 1
        total += len(line)
        if len(line) > LINE_MAX:
            raise ImportRefused("line_too_long", file=shown, line=number)
        if total > max(UNPACKED_FREE, size * RATIO_MAX):
            raise ImportRefused("file_too_large", file=shown)
        yield line


def _parsed(reader: Iterator[list[str]], shown: str) -> Iterator[list[str]]:
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise ImportRefused("unreadable", file=shown, line=getattr(reader, "line_num", 0)) from None
        yield cells


def _header(cells: list[str] | None, shown: str, columns: Sequence[str]) -> list[str]:
    header = [cell.strip().lower() for cell in cells or []]
    for column in header:
        if header.count(column) > 1:
            raise ImportRefused("column_twice", file=shown, column=column[:SHOWN_MAX])
    if missing := [column for column in columns if column not in header]:
        raise ImportRefused("columns_missing", file=shown, columns=", ".join(missing))
    return header
