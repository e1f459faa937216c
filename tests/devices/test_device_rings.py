"""What crossed the line of each device: kept for support, without a name, a number, a key or a code in it."""

from __future__ import annotations

import os
import pty
import time
import tty
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from huiyuan.config.settings import Printer
from huiyuan.devices.cards.formats import formats_of, read_card, write_card
from huiyuan.devices.cards.no_reader import NoCardReader
from huiyuan.devices.cards.pcsc import Link, Slot
from huiyuan.devices.cards.talk import connected
from huiyuan.devices.displays.line_display import LineDisplay
from huiyuan.devices.displays.no_display import NoDisplay
from huiyuan.devices.printing.escpos_printer import EscposPrinter
from huiyuan.devices.printing.no_printer import NoPrinter
from huiyuan.devices.printing.profile import PrinterProfile
from huiyuan.devices.ring import ByteRing, masked, masked_answer, masked_command, masked_text
from huiyuan.devices.scales.serial_scale import SerialScale
from huiyuan.devices.scanning.codes import Codes, Framing
from huiyuan.devices.scanning.serial_scanner import SerialScanner
from huiyuan.devices.simulators.customer_display import SimulatedDisplay
from huiyuan.devices.simulators.network_printer import NetworkPrinter
from huiyuan.devices.simulators.scale import SimulatedScale
from huiyuan.domain.model.device import Condition
from huiyuan.domain.model.devices import BytePiece
from huiyuan.domain.model.presented import Scanned
from huiyuan.domain.model.receipt import Receipt
from huiyuan.tui.device_desk import SeatDevices
from huiyuan.tui.readers import SeatReaders
from tests.devices.virtual_card import Classic, Ntag

KEY = bytes.fromhex("A0B1C2D3E4F5")
NUMBER = "8800012345"
NEVER = (NUMBER.encode(), KEY, bytes.fromhex("04A1B2C3D4E5F6"))


class OneCard:
    """A binding whose one reader always has `card` on it."""

    name = "one card"

    def __init__(self, card: Classic | Ntag) -> None:
        self.card = card

    def establish(self) -> int:
        return 1

    def release(self, context: int) -> None:
        assert context

    def cancel(self, context: int) -> None:
        assert context

    def readers(self, context: int) -> list[str]:
        assert context
        return ["reader"]

    def wait(self, context: int, known: Mapping[str, int], within_ms: int) -> dict[str, Slot]:
        assert within_ms
        return dict.fromkeys(known, Slot(0, self.card.atr + bytes(context)))

    def connect(self, context: int, reader: str) -> Link:
        assert context
        assert reader
        return Link(1, 1)

    def transmit(self, link: Link, command: bytes) -> bytes:
        assert link
        return self.card.answer(command)

    def disconnect(self, link: Link) -> None:
        assert link


def raw(pieces: Sequence[BytePiece]) -> bytes:
    return b"|".join(piece.data for piece in pieces)


@pytest.mark.parametrize("card", [Ntag(), Classic(key=KEY)], ids=["ntag", "classic"])
def test_a_card_leaves_commands_and_last_words_and_nothing_else(card: Classic | Ntag) -> None:
    card.uid = NEVER[2]
    ring, formats = ByteRing(), formats_of("ndef,classic:5,uid", KEY)
    said: list[bytes] = []
    with connected(OneCard(card), "reader", ring) as transmit:

        def kept(command: bytes) -> bytes:
            said.extend((command, transmit(command)))
            return said[-1]

        write_card(kept, card.atr, formats, NUMBER)
        assert NUMBER in dict(read_card(kept, card.atr, formats).readings).values()
    plain, shown = b"|".join(said), raw(ring.pieces())
    assert all(len(piece.data) == len(each) for piece, each in zip(ring.pieces(), said, strict=True))
    assert NEVER[2] in plain  # control: it was said
    assert b"\xff\xd6" in shown
    assert shown.endswith(b"\x90\x00")
    for secret in NEVER:
        assert secret not in shown


def test_a_scanned_code_leaves_its_length_its_signs_and_its_ends() -> None:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    scanner, scans = SerialScanner(os.ttyname(theirs), Framing(prefix="~")), list[Scanned]()
    scanner.watch(scans.append, lambda _: None)
    scanner.start()
    until(lambda: scanner.state().condition is Condition.READY)
    try:
        os.write(ours, b"~;" + NUMBER.encode() + b"=2912?\r" + "会员卡7\r".encode())
        until(lambda: len(scans) == 2)
        shown = raw(scanner.ring.pieces()).replace(b"|", b"")
    finally:
        scanner.stop()
        os.close(ours)
        os.close(theirs)
    assert shown == b"~;0000000000=0000?\r" + "口口口0\r".encode()
    assert list(Codes(Framing(prefix="~")).feed(shown, at_ms=0)) == [";0000000000=0000?", "口口口0"]


@given(st.binary(max_size=80))
def test_what_is_masked_is_as_long_and_masked_once_for_all(data: bytes) -> None:

    def read(answer: bytes) -> bytes:
        return masked_answer(answer, b"\xff\xb0\0\4\x10")

    def told(answer: bytes) -> bytes:
        return masked_answer(answer, b"\xff\xca\0\0\0")

    for mask in (masked_text, masked_command, masked, read, told):
        once = mask(data)
        assert len(once) == len(data)
        assert mask(once) == once


def test_every_device_shows_its_own_line_and_the_report_has_them_all(tmp_path: Path) -> None:
    with SimulatedDisplay() as shown, SimulatedScale("sics", grams=735) as weighed:
        display, scale = LineDisplay(f"led8n://{shown.path}"), SerialScale(weighed.url)
        desk = SeatDevices(
            Printer(), NoPrinter(), display, scale=scale, folder=tmp_path, reports=tmp_path,
            now=lambda: datetime(2026, 3, 1, tzinfo=UTC),
        )  # fmt: skip
        assert desk.said("display") == desk.said("scale") == desk.said("reader") == ()
        assert desk.show_test()
        assert scale.weigh() == 735
        display.close()
    assert raw(desk.said("display")) == b"\x1b@\x1bQA000.00\r\x02L0100"
    assert raw(desk.said("scale")) == b"S\r\n|S S      0.735 kg\r\n"
    assert desk.said("printer") == desk.said("drawer") == desk.said("scanner") == ()
    report = "\n".join(desk.report_lines())
    for kind in ("printer", "display", "scale", "reader", "scanner"):
        assert f"bytes {kind}, oldest first" in report
    assert "> 53 0d 0a" in report


def until(done: Callable[[], object], within_s: float = 20) -> None:
    deadline = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.005)


PLANTED = ("李雪梅", "13912345678", "6222021234567890123", "110105199003071234", "8800012345")


def test_a_report_names_nobody_whatever_passed_the_devices(tmp_path: Path) -> None:
    """A name, a phone number, a bank card, an ID number, a member's card: printed, scanned, shown, noted."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    scanner, scans = SerialScanner(os.ttyname(theirs), Framing()), list[Scanned]()
    scanner.watch(scans.append, lambda _: None)
    scanner.start()
    until(lambda: scanner.state().condition is Condition.READY)
    readers = SeatReaders(NoCardReader(), (scanner,), lambda: None, lambda: None)
    try:
        with NetworkPrinter() as device:
            printer = EscposPrinter(PrinterProfile(url=device.url, columns=48), cache=tmp_path)
            desk = SeatDevices(
                Printer(printer=device.url), printer, NoDisplay(), folder=tmp_path, reports=tmp_path,
                now=lambda: datetime(2026, 3, 1, tzinfo=UTC), readers=readers,
            )  # fmt: skip
            printer.print_receipt(Receipt("1", 48, PLANTED, code=PLANTED[1]))
            for each in PLANTED[1:]:
                os.write(ours, each.encode() + b"\r")
            os.write(ours, PLANTED[0].encode() + b"\r" + PLANTED[0].encode("gbk") + b"\r")
            until(lambda: len(scans) == len(PLANTED) + 1)
            desk.note(f"{PLANTED[1]} 打过电话，{PLANTED[3]}，换了线", by="1001")
            report = Path(desk.write_report()).read_text("utf-8")
            paper = bytes(device.printed)
    finally:
        scanner.stop()
        os.close(ours)
        os.close(theirs)
    bytes_only = bytes.fromhex("".join(_hex_of(line) for line in report.splitlines()))
    for each in PLANTED:
        for encoded in (each.encode("utf-8"), each.encode("gb18030")):
            assert encoded not in bytes_only
        assert each.encode("gb18030") in paper  # control: it was printed
        assert each not in report
    assert "*** 打过电话，***，换了线" in report
    assert b"0" * 11 in bytes_only


def _hex_of(line: str) -> str:
    """The bytes of a line of the report that holds bytes."""
    _, _, rest = line.partition(" ")
    return rest[2:] if rest[:2] in {"> ", "< "} else ""
