"""`huiyuan printer` against a simulated printer: kept, asked, tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from huiyuan.devices.simulators.network_printer import NetworkPrinter
from huiyuan.tui.cli import main
from tests.devices.paper_view import PaperView


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUIYUAN_HOME", str(tmp_path))
    monkeypatch.setenv("HUIYUAN_LANG", "zh_CN")
    (tmp_path / "counter" / "till_s01_1").mkdir(parents=True)
    return tmp_path


def test_a_printer_is_chosen_asked_and_tried(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with NetworkPrinter() as device:
        assert main(["printer", "--to", device.url, "--columns", "48", "--test"]) == 0
        said = capsys.readouterr().out
        assert f"till_s01_1：{device.url}，每行 48 格，gb18030：正常。" in said
        assert "测试页已打出" in said
        paper = PaperView(48).feed(bytes(device.printed))
        assert "打印测试" in paper.lines[0]
        assert paper.lines[1] == "-" * 48
        device.faults.paper_left = 0
        assert main(["printer"]) == 1
        assert "缺纸" in capsys.readouterr().out
        assert main(["printer", "--test"]) == 1
    assert main(["printer"]) == 1
    assert "无法连接" in capsys.readouterr().out
    assert main(["printer", "--to", "folder"]) == 0
    assert str(home / "slips" / "till_s01_1") in capsys.readouterr().out


def test_what_cannot_be_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["printer", "--to", "usb"]) == 2
    assert main(["printer", "--seat", "nobody"]) == 2
    assert capsys.readouterr().out == ""
    assert not (home / "counter" / "till_s01_1" / "printer.json").exists()
