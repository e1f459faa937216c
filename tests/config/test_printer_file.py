"""The printer of a seat: its file, outranked by the environment, refused as a whole when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from huiyuan.config.printer_file import PRINTER_FILE, change_printer, read_printer
from huiyuan.config.settings import Printer, SettingRefused


def test_nothing_set_is_text_files_in_gb18030_at_32_cells(tmp_path: Path) -> None:
    chosen = read_printer(tmp_path, Printer())
    assert (chosen.printer, chosen.printer_columns, chosen.printer_encoding) == (None, 32, "gb18030")


def test_the_file_holds_and_the_environment_outranks_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_printer(tmp_path, {"printer": "tcp://10.0.0.9", "printer_columns": 48})
    change_printer(tmp_path, {"printer_drawer": "realtime"})
    chosen = read_printer(tmp_path, Printer())
    assert (chosen.printer, chosen.printer_columns, chosen.printer_drawer) == (
        "tcp://10.0.0.9",
        48,
        "realtime",
    )
    monkeypatch.setenv("HUIYUAN_PRINTER", "none")
    chosen = read_printer(tmp_path, Printer())
    assert (chosen.printer, chosen.printer_columns) == ("none", 48)


def test_back_to_text_files(tmp_path: Path) -> None:
    change_printer(tmp_path, {"printer": "tcp://10.0.0.9"})
    change_printer(tmp_path, {"printer": "folder"})
    assert read_printer(tmp_path, Printer()).printer is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"printer": "10.0.0.9:9100"},
        {"printer": "http://x"},
        {"printer": "tcp://"},
        {"printer": "file:"},
        {"printer_columns": 5},
        {"printer_encoding": "big5"},
        {"colour": "red"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(tmp_path: Path, wrong: dict[str, object]) -> None:
    change_printer(tmp_path, {"printer_columns": 42})
    if "colour" in wrong:
        (tmp_path / PRINTER_FILE).write_text('{"colour": "red"}')
        with pytest.raises(SettingRefused):
            read_printer(tmp_path, Printer())
        return
    with pytest.raises(SettingRefused):
        change_printer(tmp_path, wrong)
    assert read_printer(tmp_path, Printer()).printer_columns == 42


@pytest.mark.parametrize("damaged", ["", "[]", "{", "null"])
def test_a_damaged_file_is_refused(tmp_path: Path, damaged: str) -> None:
    (tmp_path / PRINTER_FILE).write_text(damaged)
    with pytest.raises(SettingRefused):
        read_printer(tmp_path, Printer())
