"""`huiyuan doctor devices` against simulated devices, and what its report must not hold."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from huiyuan.devices.printing.encoder import encode_trials
from huiyuan.devices.simulators.customer_display import SimulatedDisplay
from huiyuan.devices.simulators.network_printer import NetworkPrinter
from huiyuan.domain.model.receipt import Receipt
from huiyuan.tui.cli import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUIYUAN_HOME", str(tmp_path))
    monkeypatch.setenv("HUIYUAN_LANG", "zh_CN")
    monkeypatch.setenv("HUIYUAN_CARD_READER", "none")
    (tmp_path / "counter" / "till_s01_1").mkdir(parents=True)
    return tmp_path


def test_everything_is_asked_tried_and_reported(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with NetworkPrinter() as device, SimulatedDisplay() as display:
        monkeypatch.setenv("HUIYUAN_DISPLAY", f"vfd://{display.path}")
        main(["printer", "--to", device.url, "--drawer", "realtime", "--sensor", "high"])
        device.faults.drawer_open = True
        capsys.readouterr()
        monkeypatch.setattr("sys.stdin", io.StringIO("2\n5\n"))
        tried = ["--page", "--display", "--drawer", "--note", "打印头已清洁", "--report"]
        assert main(["doctor", "devices", *tried]) == 0
        said = capsys.readouterr().out
        for part in ("打印机", "正常", "钱箱", "已打开", "顾客显示屏", "> 10 04 01", "< 16", "gbk 编码"):
            assert part in said, said
        assert device.pulses == 1
        assert display.rows[0].endswith("888.88")
        assert bytes(device.printed).startswith(encode_trials(32, cuts=True).partition(b"5 raster")[0])
        (report,) = (home / "support").iterdir()
        text = report.read_text("utf-8")
        assert "打印头已清洁" in text
        assert "drawer opened for a test" in text
        assert "printer ready" in text
        assert report.stat().st_mode & 0o777 == 0o600
        assert main(["doctor", "devices", "--loop"]) == 0
        said = capsys.readouterr().out
        assert "打印机：20 次询问，应答 20 次" in said
        assert "顾客显示屏：20 次询问，应答 20 次" in said
        device.faults.cover_open = True
        assert main(["doctor", "devices", "--loop"]) == 1
        assert "应答 0 次" in capsys.readouterr().out
        assert main(["doctor", "devices"]) == 1
        said = capsys.readouterr().out
        assert "机盖未关" in said
        assert "gbk" in said
        assert "点阵打印" in said


def test_the_report_holds_nothing_that_was_printed(home: Path) -> None:
    from datetime import UTC, datetime

    from huiyuan.config.settings import Printer
    from huiyuan.devices.displays.no_display import NoDisplay
    from huiyuan.devices.printing.escpos_printer import EscposPrinter
    from huiyuan.devices.printing.profile import PrinterProfile
    from huiyuan.tui.device_desk import SeatDevices

    with NetworkPrinter() as device:
        printer = EscposPrinter(PrinterProfile(url=device.url, columns=32), cache=home)
        desk = SeatDevices(
            Printer(printer=device.url), printer, NoDisplay(), folder=home, reports=home,
            now=lambda: datetime(2026, 3, 1, tzinfo=UTC),
        )  # fmt: skip
        printer.print_receipt(Receipt("1", 32, ("李娜", "8812345678", "Li Na")))
        plain = b"".join(piece.data for piece in printer.ring.pieces())
        text = "\n".join(desk.report_lines())
    for printed in ("李娜".encode("gb18030"), b"8812345678", b"Li Na"):
        assert printed in plain
        assert printed.hex(" ") not in text
