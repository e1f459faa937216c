"""Reports as files: exact numbers, text that stays text, nothing that a spreadsheet computes, whole files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.report import Cell, Measure, ReportColumn, ReportPaper, ReportScope, ReportTable
from huiyuan.domain.ports.reports import Rows
from huiyuan.repositories.exports import (
    ExportFolder,
    as_csv,
    as_json,
    as_xlsx,
    without_formula,
    write_whole,
)

FORMULAS = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|'/c calc'!A1"),
    *("=HYPERLINK(1)", "＝1", "－1", "|x"),
)
TEXTS = (
    "S01",
    "1-2",
    "[/x]",
    "null",
    "None",
    "true",
    "NaN",
    "007",
    "1e5",
    "张三",
    "",
    'a"b',
    "a,b",
    "a;b\nc",
)


def paper(*rows: Sequence[Cell], store: str = "S01") -> ReportPaper:
    scope = ReportScope(
        "连锁", "CNY", 2, "Asia/Shanghai", False, (store,), 1, "王", date(2026, 3, 1), date(2026, 3, 2)
    )
    columns = (ReportColumn("store_id"), ReportColumn("net_sales_cents", Measure.MONEY))
    found = ReportTable(
        "turnover",
        scope,
        columns,
        tuple(tuple(row) for row in rows),
        None,
        datetime(2026, 3, 2, 9, tzinfo=UTC),
    )
    return ReportPaper(found, "营业额: [一]", "=definition", "scope")


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_begins_like_a_formula_is_quoted(text: str) -> None:
    assert without_formula(text) == "'" + text
    assert csv_rows(as_csv(paper([text, -5])))[1] == ["'" + text, "-5"]


@pytest.mark.parametrize("cell", [*TEXTS, None, -250, 0])
def test_other_text_and_negative_amounts_stay_as_they_are(cell: Cell) -> None:
    assert without_formula(cell) == cell
    assert csv_rows(as_csv(paper([cell, 0])))[1][0] == ("" if cell is None else str(cell))


@pytest.mark.parametrize("text", ["A\x1b]0;PWN\x07B", "A\x1b[2JB", "A\x9b2JB", "A\x00B", "A\x08\x7fB"])
def test_no_control_character_gets_into_a_file(text: str) -> None:
    for content in (as_csv(paper([text, 1])), sheet_bytes(as_xlsx(paper([text, 1])))):
        shown = content.decode("utf-8")
        assert not [char for char in shown if char < " " and char not in "\t\r\n"]
        assert "\x9b" not in shown
    assert json.loads(as_json(paper([text, 1])))["rows"] == [[text, 1]]  # JSON escapes what it carries


def sheet_bytes(book: bytes) -> bytes:
    values = [cell.value for row in load_workbook(io.BytesIO(book)).worksheets[0] for cell in row]
    return "".join(str(value) for value in values).encode("utf-8")


def test_a_workbook_keeps_numbers_as_numbers_and_every_text_as_text() -> None:
    texts = [text for text in (*FORMULAS, *TEXTS) if text]
    rows: list[tuple[Cell, ...]] = [(text, -5) for text in texts]
    book = load_workbook(io.BytesIO(as_xlsx(paper(*rows))))

    sheet, about = book.worksheets
    assert [cell.value for cell in sheet[1]] == ["store_id", "net_sales_cents"]
    for row, text in zip(sheet.iter_rows(min_row=2), texts, strict=True):
        name, amount = row
        assert (name.data_type, name.value) == ("s", text.replace("\r", "\n")), text
        assert name.quotePrefix is (text in FORMULAS)
        assert (amount.data_type, amount.value) == ("n", -5)
    assert [about["A2"].data_type, about["A2"].value, about["A3"].value] == ["s", "=definition", "scope"]
    assert sheet.title == "营业额   一"


def test_half_a_character_does_not_stop_an_export() -> None:
    broken = paper(["a\ud800b", 1])
    assert csv_rows(as_csv(broken))[1][0] == "a?b"
    assert b"a?b" in as_json(broken)
    assert b"a?b" in sheet_bytes(as_xlsx(broken))


def test_json_is_exactly_five_keys_and_lists_of_cells() -> None:
    found = json.loads(as_json(paper(["一店", -5], [None, 7])))
    assert list(found) == ["report", "definition", "scope", "columns", "rows"]
    assert found["columns"] == ["store_id", "net_sales_cents"]
    assert found["rows"] == [["一店", -5], [None, 7]]


def test_a_file_is_replaced_whole_or_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.csv"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert (path.read_bytes(), names(tmp_path)) == (b"two", ["out.csv"])

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("huiyuan.repositories.exports.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"three")
    assert (path.read_bytes(), names(tmp_path)) == (b"two", ["out.csv"])


def test_a_device_is_written_to_and_a_folder_is_refused(tmp_path: Path) -> None:
    write_whole(Path("/dev/null"), b"gone")
    assert not Path("/dev/null").is_file()
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path, b"x")


def test_an_export_has_a_name_of_letters_digits_and_dashes_in_the_counters_folder(tmp_path: Path) -> None:
    folder = ExportFolder(tmp_path / "exports")
    path = Path(folder.save(paper(["一", 1]), "csv"))
    assert path.parent == tmp_path / "exports"
    assert path.name == "turnover-S01-2026-03-01-2026-03-02-20260302T090000.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbfstore_id,")
    assert Path(folder.save(paper(["一", 1]), "xlsx")).suffix == ".xlsx"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_takes_its_further_pages_one_by_one(tmp_path: Path, form: str) -> None:
    taken: list[int] = []

    def pages(most: int) -> Iterator[Rows]:
        for n in range(most):
            taken.append(n)
            yield [(f"S{n}", 100 * n)] * 2

    folder = ExportFolder(tmp_path)
    path = Path(folder.save(paper(["=一", 1]), form, pages(3)))
    assert taken == [0, 1, 2]
    if form == "csv":
        assert (
            path.read_text("utf-8-sig").splitlines()[1:]
            == ["'=一,1"] + ["S0,0"] * 2 + ["S1,100"] * 2 + ["S2,200"] * 2
        )
    else:
        rows = [*load_workbook(path).worksheets[0].values]
        assert rows[1:] == [("=一", 1), *[("S0", 0)] * 2, *[("S1", 100)] * 2, *[("S2", 200)] * 2]
    path.unlink()

    def given_up() -> Iterator[Rows]:
        yield from pages(2)
        raise Refused("superseded")

    with pytest.raises(Refused):
        folder.save(paper(["一", 1]), form, given_up())
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused) as caught:
        ExportFolder(tmp_path / "file").save(paper(), "csv")
    assert caught.value.code == "export_failed"
