"""A report as table, CSV and JSON: widths in cells, and nothing that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io
import json

import pytest

from huiyuan.tui.report_formats import as_csv, as_json, as_table, without_formula


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "=cmd|'/c calc'!A1",
        "=HYPERLINK(1)",
        "＝1",
        "－1",
        "\n=1",
    ],
)
def test_text_that_begins_like_a_formula_is_quoted(text: str) -> None:
    assert without_formula(text) == "'" + text
    rows = list(csv.reader(io.StringIO(as_csv(["a"], [[text]]), newline="")))
    assert rows[1] == ["'" + text]


@pytest.mark.parametrize("cell", ["S01", "1-2", "[/x]", "null", "", None, -250, 0])
def test_other_text_and_negative_amounts_stay_as_they_are(cell: str | int | None) -> None:
    assert without_formula(cell) == cell


def test_csv_carries_quotes_commas_and_line_ends_through() -> None:
    cells = ['a"b', "a,b", "a\nb", "会员"]
    rows = list(csv.reader(io.StringIO(as_csv(list("abcd"), [cells]), newline="")))
    assert rows[1] == cells


def test_json_keeps_numbers_and_chinese() -> None:
    text = as_json({"scope": "一店"}, ["store", "turnover_cents"], [["S01", -5], [None, 7]])
    assert "一店" in text
    assert json.loads(text)["rows"] == [
        {"store": "S01", "turnover_cents": -5},
        {"store": None, "turnover_cents": 7},
    ]


def test_a_table_counts_cells_and_puts_amounts_to_the_right() -> None:
    lines = as_table(["tender", "cents"], [["现金", "5"], ["bank_card", "-1250"]], numbers_from=1)
    assert lines == [
        "tender     cents",
        "---------  -----",
        "现金           5",
        "bank_card  -1250",
    ]
