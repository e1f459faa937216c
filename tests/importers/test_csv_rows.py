"""Files from outside that are no such tables: detected or refused by line, with caps, and never followed."""

from __future__ import annotations

import gzip
import os
import tracemalloc
from pathlib import Path

import pytest

from huiyuan.repositories.importers.csv_rows import read_rows
from huiyuan.repositories.importers.outcome import ImportRefused

COLUMNS = ("number", "name")
TEXT = "number,name\n1,张伟\n2,Li\n"


def read(folder: Path, encoding: str = "utf-8") -> list[tuple[int, str, str, str]]:
    return [
        (row.line, row.cells.get("number", ""), row.cells.get("name", ""), row.fault)
        for row in read_rows(folder, "people", COLUMNS, encoding=encoding)
    ]


def refusal(folder: Path, encoding: str = "utf-8") -> tuple[str, dict[str, object]]:
    with pytest.raises(ImportRefused) as refused:
        read(folder, encoding)
    return refused.value.code, refused.value.facts


@pytest.mark.parametrize(
    ("name", "data", "encoding"),
    [
        ("people.csv", TEXT.encode(), "utf-8"),
        ("people.csv", TEXT.encode("utf-8-sig"), "utf-8"),
        ("people.csv", TEXT.encode("utf-16"), "utf-8"),
        ("people.csv", TEXT.encode("gb18030"), "gb18030"),
        ("people.csv", TEXT.replace("\n", "\r\n").encode(), "utf-8"),
        ("people.csv.gz", gzip.compress(TEXT.encode(), mtime=0), "utf-8"),
    ],
)
def test_marks_codings_and_line_ends_are_read(tmp_path: Path, name: str, data: bytes, encoding: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert read(tmp_path, encoding) == [(2, "1", "张伟", ""), (3, "2", "Li", "")]


@pytest.mark.parametrize(
    ("data", "code", "facts"),
    [
        (TEXT.encode("gb18030"), "wrong_encoding", {"encoding": "utf-8", "guess": "gb18030"}),
        (TEXT.encode("utf-16-le"), "wrong_encoding", {"guess": "utf-16"}),
        (b"number,name,Number\n1,a,2\n", "column_twice", {"column": "number"}),
        (b"number\n1\n", "columns_missing", {"columns": "name"}),
        (b"", "columns_missing", {"columns": "number, name"}),
        (b"a," * 1_000_000 + b"b\n", "line_too_long", {"line": 1}),
        (b"number,name\n1," + b"x" * 2_000_000 + b"\n", "line_too_long", {"line": 2}),
        (b'number,name\n1,"never ends\n' + b"2,b\n" * 60_000, "unreadable", {}),
    ],
)
def test_what_is_no_such_table_is_refused(
    tmp_path: Path, data: bytes, code: str, facts: dict[str, object]
) -> None:
    (tmp_path / "people.csv").write_bytes(data)
    found, told = refusal(tmp_path)
    assert (found, told["file"]) == (code, "people.csv")
    assert {name: told[name] for name in facts} == facts


def test_a_broken_row_is_a_finding_and_the_others_are_read(tmp_path: Path) -> None:
    good = b"".join(b"%d,x\n" % n for n in range(100))
    bad = b"7,\xed\xa0\x80\n8,a\x00b\n9,a,b\n10\n\n" + b'11,"two\nlines"\n12,null\n'
    (tmp_path / "people.csv").write_bytes(b"number,name\n" + good + bad)
    assert [row for row in read(tmp_path) if row[2] != "x"] == [
        (102, "7", "���", "not_readable"),
        (103, "8", "a\0b", "not_readable"),
        (104, "9", "a", "row_width"),
        (105, "10", "", "row_width"),
        (108, "11", "two\nlines", ""),
        (109, "12", "null", ""),
    ]


def test_links_devices_and_missing_folders_are_not_followed(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere")[0] == "no_folder"
    assert refusal(tmp_path)[0] == "file_missing"
    secret = tmp_path / "secret"
    secret.write_text(TEXT)
    (tmp_path / "people.csv").symlink_to(secret)
    assert refusal(tmp_path)[0] == "not_a_file"
    (tmp_path / "people.csv").unlink()
    os.mkfifo(tmp_path / "people.csv")
    assert refusal(tmp_path)[0] == "not_a_file"  # and nobody waits for a writer
    (tmp_path / "people.csv").unlink()
    (tmp_path / "people.csv").write_text(TEXT)
    assert len(read(tmp_path)) == 2  # control


def test_a_packed_bomb_costs_a_bounded_look_and_a_cut_file_is_named(tmp_path: Path) -> None:
    bomb = tmp_path / "people.csv.gz"
    line = b"1," + b"x" * 50_000 + b"\n"
    with gzip.open(bomb, "wb") as file:
        file.write(b"number,name\n")
        for _ in range(2_000):  # 100 MB of one line
            file.write(line)
    assert bomb.stat().st_size < 300_000
    tracemalloc.start()
    with pytest.raises(ImportRefused, match="file_too_large"):
        for _ in read_rows(tmp_path, "people", COLUMNS, encoding="utf-8"):
            pass
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()

    bomb.write_bytes(gzip.compress(TEXT.encode() * 1000, mtime=0)[:-20])
    assert refusal(tmp_path)[0] == "unreadable"
    bomb.write_bytes(b"\x1f\x8b nothing of that kind")
    assert refusal(tmp_path)[0] == "unreadable"
