"""Slips as files: whole, never over one another, and a full disk is news and not a crash."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from huiyuan.devices.printing.file_printer import FilePrinter
from huiyuan.domain.model.errors import OutOfPaper, PrinterUnavailable
from huiyuan.domain.model.receipt import Receipt

SLIP = Receipt(number="S01-1-000042", columns=32, lines=("合计                       10.00", "谢谢"))


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_slip_is_a_file_with_its_lines(tmp_path: Path) -> None:
    FilePrinter(tmp_path / "slips").print_receipt(SLIP)
    written = (tmp_path / "slips" / "S01-1-000042.txt").read_text("utf-8")
    assert written == "合计                       10.00\n谢谢\n"
    assert names(tmp_path / "slips") == ["S01-1-000042.txt"]


def test_a_second_print_leaves_the_first_alone(tmp_path: Path) -> None:
    printer = FilePrinter(tmp_path)
    printer.print_receipt(SLIP)
    printer.print_receipt(Receipt(number=SLIP.number, columns=32, lines=("补打",), is_copy=True))
    assert names(tmp_path) == ["S01-1-000042-1.txt", "S01-1-000042.txt"]
    assert (tmp_path / "S01-1-000042.txt").read_text("utf-8").startswith("合计")


def test_a_hostile_number_stays_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "slips"
    FilePrinter(folder).print_receipt(Receipt(number="../../etc/x\x1b", columns=32, lines=("x",)))
    assert names(tmp_path) == ["slips"]
    assert names(folder) == ["______etc_x_.txt"]


def test_a_full_disk_is_out_of_paper_and_leaves_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutOfPaper):
        FilePrinter(tmp_path).print_receipt(SLIP)
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_an_unavailable_printer(tmp_path: Path) -> None:
    (tmp_path / "slips").write_text("a file in the way")
    with pytest.raises(PrinterUnavailable):
        FilePrinter(tmp_path / "slips").print_receipt(SLIP)
