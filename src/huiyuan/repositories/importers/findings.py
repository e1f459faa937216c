"""The list of rows that need a look, as a file for a spreadsheet.

Always true: it is a new file that only its owner may read, for its cells are the source's own words; none of
them can become a formula.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from huiyuan.repositories.exports import without_formula

HEADER = ("file", "line", "reason", "row")


def write_findings(path: Path, rows: Sequence[tuple[str, int, str, str]]) -> None:
    """Write file, line, reason and what stood there; with a mark, so that spreadsheets read it as UTF-8.

    Raises:
        OSError: It cannot be written, or it is there already.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows([without_formula(cell) for cell in row] for row in rows)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        file.write(text.getvalue())
