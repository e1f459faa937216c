"""Scanners with a line of their own: a pseudo terminal as the serial port, a pipe as the kernel's device."""

from __future__ import annotations

import os
import pty
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from huiyuan.devices.cards.no_reader import NoCardReader
from huiyuan.devices.scanning.codes import CODE_MOST, Codes, Framing
from huiyuan.devices.scanning.input_scanner import EVENT_KEY, PLAIN, RECORD, SHIFTED, InputScanner
from huiyuan.devices.scanning.serial_scanner import SerialScanner
from huiyuan.devices.simulators.scanner import SimulatedScanner
from huiyuan.domain.model.device import Condition
from huiyuan.domain.model.presented import Scanned
from huiyuan.tui.readers import SeatReaders


def until(done: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def _has(scans: list[Scanned], count: int) -> bool:
    return len(scans) == count


@pytest.mark.parametrize(
    ("sent", "codes"),
    [
        ([b"6901234567892\r"], ["6901234567892"]),
        ([b"690123", b"4567892", b"\r\n", b"1\r"], ["6901234567892", "1"]),
        (["会员00017\r".encode(), "会员00017\r".encode("gbk")], ["会员00017", "会员00017"]),
        ([b"\xff\xff\r", b"\x1b[2J\r", b"\r\r", b"A\r"], ["A"]),
        ([b"9" * (CODE_MOST + 1) + b"\r7\r"], ["7"]),
    ],
)
def test_codes_out_of_bytes(sent: list[bytes], codes: list[str]) -> None:
    reader = Codes(Framing())
    assert [code for n, part in enumerate(sent) for code in reader.feed(part, at_ms=n)] == codes


def test_a_prefix_is_taken_off_and_a_lost_one_is_counted() -> None:
    reader = Codes(Framing(prefix="~"))
    assert list(reader.feed(b"~123\r456\r", at_ms=0)) == ["123", "456"]
    assert reader.without_prefix == 1


@pytest.mark.parametrize(("repeat_ms", "codes"), [(0, ["A", "A", "B", "A"]), (500, ["A", "B", "A"])])
def test_a_doubled_scan_is_one_if_the_settings_say_so(repeat_ms: int, codes: list[str]) -> None:
    reader = Codes(Framing(repeat_ms=repeat_ms))
    heard = [(b"A\r", 1000), (b"A\r", 1100), (b"B\r", 1200), (b"A\r", 9000)]
    assert [code for part, at_ms in heard for code in reader.feed(part, at_ms=at_ms)] == codes


def test_a_serial_scanner_is_read_pulled_and_plugged_in_again(tmp_path: Path) -> None:
    link = tmp_path / "scanner"
    scanner, scans = SerialScanner(str(link), Framing(), rest_s=0.05), list[Scanned]()
    scanner.watch(scans.append, lambda _: None)
    scanner.start()
    try:
        for count in (1, 2):
            until(lambda: scanner.state().condition is Condition.ABSENT)
            ours, theirs = pty.openpty()
            link.symlink_to(os.ttyname(theirs))
            until(lambda: scanner.state().condition is Condition.READY)
            os.write(ours, "会员00017\r".encode("gbk"))
            until(partial(_has, scans, count))
            link.unlink()
            os.close(theirs)
            os.close(ours)
        assert {(scan.text, scan.source) for scan in scans} == {("会员00017", "serial")}
    finally:
        scanner.stop()
    assert not scanner._thread.is_alive()


def test_a_scanner_that_misbehaves_on_demand_and_what_the_device_screen_says_of_it() -> None:
    with SimulatedScanner(prefix="~", encoding="gbk") as device:
        scanner, scans = SerialScanner(device.path, Framing(prefix="~", repeat_ms=60_000)), list[Scanned]()
        scanner.watch(scans.append, lambda _: None)
        scanner.start()
        readers = SeatReaders(NoCardReader(), (scanner,), lambda: None, lambda: None)
        try:
            until(lambda: scanner.state().condition is Condition.READY)
            device.doubled = True
            device.scan("会员00017")
            device.doubled, device.piece_s = False, 0.01
            device.scan("6901234567892")
            device.loses_prefix = True
            device.scan("A-1")
            device.loses_end = True
            device.scan("B")
            device.loses_end = False
            device.scan("C")
            until(partial(_has, scans, 4))
            assert [scan.text for scan in scans] == ["会员00017", "6901234567892", "A-1", "BC"]
            (_, row) = readers.rows()
            assert row.facts == (("no_prefix", "2"),)
        finally:
            scanner.stop()


def test_a_line_that_another_program_has_is_held(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    first = SerialScanner(os.ttyname(theirs), Framing())
    second = SerialScanner(os.ttyname(theirs), Framing(), rest_s=0.05)
    first.start()
    until(lambda: first.state().condition is Condition.READY)
    second.start()
    try:
        until(lambda: not second.state().usable and second.state().condition is not Condition.STARTING)
    finally:
        first.stop()
        second.stop()
        os.close(ours)
        os.close(theirs)


class Grabbed(InputScanner):
    """Over a pipe, which cannot be grabbed."""

    def grab(self, descriptor: int) -> None:
        assert descriptor


def pressed(text: str) -> bytes:
    """The kernel's records of a keyboard that types `text`."""
    out = b""
    for char in text:
        shifted = char not in PLAIN.values()
        code = next(key for key, each in (SHIFTED if shifted else PLAIN).items() if each == char)
        strokes = [(code, 1), (code, 0)]
        for key, value in [(42, 1), *strokes, (42, 0)] if shifted else strokes:
            out += RECORD.pack(0, 0, EVENT_KEY, key, value) + RECORD.pack(0, 0, 0, 0, 0)
    return out


def test_an_input_device_types_what_the_scanner_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "event0")
    scanner, scans = Grabbed(str(tmp_path / "event0"), Framing(), rest_s=0.05), list[Scanned]()
    scanner.watch(scans.append, lambda _: None)
    keys = pressed("Ab-690123;\r")
    writer = os.open(tmp_path / "event0", os.O_RDWR)
    scanner.start()
    try:
        for at in range(0, len(keys), 37):  # records come in pieces
            os.write(writer, keys[at : at + 37])
        until(lambda: scans)
        assert scans == [Scanned("Ab-690123;", "input")]
    finally:
        scanner.stop()
        os.close(writer)


def test_a_device_that_cannot_be_grabbed_is_absent_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "event0").write_bytes(b"")
    scanner = InputScanner(str(tmp_path / "event0"), Framing(), rest_s=0.05)
    scanner.start()
    until(lambda: scanner.state().condition is Condition.ABSENT)
    scanner.stop()
