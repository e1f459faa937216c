"""A shop's report played into the simulators: what a device did otherwise is named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from huiyuan.config.settings import Printer
from huiyuan.devices.cards.formats import formats_of, read_card
from huiyuan.devices.cards.no_reader import NoCardReader
from huiyuan.devices.cards.talk import connected
from huiyuan.devices.displays.line_display import LineDisplay
from huiyuan.devices.printing.escpos_printer import EscposPrinter
from huiyuan.devices.printing.profile import PrinterProfile
from huiyuan.devices.ring import ByteRing, masked_text
from huiyuan.devices.scales.serial_scale import SerialScale
from huiyuan.devices.scanning.codes import Framing
from huiyuan.devices.scanning.serial_scanner import SerialScanner
from huiyuan.devices.simulators.customer_display import SimulatedDisplay
from huiyuan.devices.simulators.network_printer import NetworkPrinter
from huiyuan.devices.simulators.replay import read_report, replay
from huiyuan.devices.simulators.scale import SimulatedScale
from huiyuan.domain.model.errors import OutOfPaper
from huiyuan.domain.model.receipt import Receipt
from huiyuan.tui.cli import main
from huiyuan.tui.device_desk import SeatDevices
from huiyuan.tui.readers import SeatReaders
from tests.devices.test_device_rings import OneCard
from tests.devices.virtual_card import Ntag

SLIP = Receipt("1", 32, ("李雪梅", "13912345678"))


class Ringed(NoCardReader):
    """A reader of which only the ring is looked at."""

    def __init__(self) -> None:
        self.ring = ByteRing()


def report_of(folder: Path) -> str:
    """A counter whose printer ran out of paper, with a display, a scale, a reader and a scanner."""
    cards, scanner = Ringed(), SerialScanner(str(folder / "none"), Framing())
    card = Ntag(text="8800012345")
    cards.ring.came(card.atr)
    with connected(OneCard(card), "reader", cards.ring) as transmit:
        read_card(transmit, card.atr, formats_of("ndef,uid"))
    scanner.ring.came(masked_text(b"6901234567892\r"))
    scanner.stop()
    readers = SeatReaders(cards, (scanner,), lambda: None, lambda: None)
    with NetworkPrinter() as device, SimulatedDisplay() as shown, SimulatedScale("ad", grams=735) as weighed:
        printer = EscposPrinter(PrinterProfile(url=device.url, columns=32), cache=folder)
        display, scale = LineDisplay(f"vfd://{shown.path}"), SerialScale(weighed.url)
        desk = SeatDevices(
            Printer(printer=device.url), printer, display, scale=scale, folder=folder, reports=folder,
            now=lambda: datetime(2026, 3, 1, tzinfo=UTC), readers=readers,
        )  # fmt: skip
        printer.print_receipt(SLIP)
        device.faults.paper_left = 0
        with pytest.raises(OutOfPaper):
            printer.print_receipt(SLIP)
        desk.show_test()
        scale.weigh()
        display.close()
        return "\n".join(desk.report_lines())


def test_every_device_is_played_and_the_one_that_did_otherwise_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = report_of(tmp_path)
    played = {kind: replay(kind, pieces) for kind, pieces in read_report(text).items()}
    assert list(played) == ["printer", "display", "scale", "reader", "scanner"]
    assert (played["printer"].asked, played["printer"].same) == (7, 4)
    assert played["printer"].differs == ((b"\x1a", b"\x12"), (b"\x32", b"\x12"), (b"\x7e", b"\x12"))
    assert played["printer"].on_paper == 27
    assert played["display"].result == f"xxxxx{'000.00':>15}"
    assert "ad: 735" in played["scale"].result
    assert played["reader"].result == "ntag ndef number uid"
    assert played["reader"].differs == ()
    assert played["scanner"].result == "0" * 13
    file = tmp_path / "report.txt"
    file.write_text(text, "utf-8")
    monkeypatch.setenv("HUIYUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HUIYUAN_LANG", "zh_CN")
    assert main(["doctor", "devices", "--replay", str(file)]) == 1
    said = capsys.readouterr().out
    assert "7 个应答中有 4 个与模拟器相同" in said
    assert "当时 32，此处 12" in said
    assert f"打印 {played['printer'].on_paper} 字节" in said
    assert main(["doctor", "devices", "--replay", str(tmp_path / "none")]) == 2
    file.write_text("bytes printer\nnothing", "utf-8")
    assert main(["doctor", "devices", "--replay", str(file)]) == 2


@given(st.text(max_size=300))
def test_what_is_no_report_holds_no_bytes(text: str) -> None:
    assert all(read_report(text).values())
    for heading in ("bytes printer, oldest first", "bytes passwd, oldest first"):
        found = read_report(f"{heading}\n{text}\n2026 > 1b 40\n")
        assert set(found) <= {"printer"}
        assert not found or found["printer"][-1].data == b"\x1b@"
