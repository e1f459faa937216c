"""A printer on the network, over real TCP: what is known of a slip after every kind of trouble."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from huiyuan.devices.printing.encoder import DRAWER_QUEUED, encode_slip
from huiyuan.devices.printing.escpos_printer import EscposPrinter, Patience
from huiyuan.devices.printing.profile import PrinterProfile
from huiyuan.devices.printing.status import BARRIER
from huiyuan.devices.ring import masked
from huiyuan.devices.simulators.line_printer import LinePrinter
from huiyuan.devices.simulators.network_printer import Faults, NetworkPrinter
from huiyuan.domain.model.errors import OutOfPaper, PaperUnknown, PrinterUnavailable
from huiyuan.domain.model.printing import PrinterState
from huiyuan.domain.model.receipt import Receipt, pulse_of
from tests.devices.paper_view import PaperView

SLIP = Receipt(
    "S01-1-000042", 32, ("好味茶行", "合计                       10.00", "谢谢"), opens_drawer=True
)
BYTES = encode_slip(SLIP, "gb18030", cuts=True)
SHORT = Patience(connect_s=2, answer_s=0.3, stuck_s=0.5, proof_s=1, paper_s=2)


@pytest.fixture
def device() -> Iterator[NetworkPrinter]:
    with NetworkPrinter() as printer:
        yield printer


@pytest.fixture
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp() / "escpos"


def printer_at(device: NetworkPrinter, cache: Path, **profile: object) -> EscposPrinter:
    made = PrinterProfile(url=device.url, columns=32, **profile)  # type: ignore[arg-type]
    return EscposPrinter(made, cache=cache, patience=SHORT)


def test_a_slip_is_printed_and_the_printer_says_so(device: NetworkPrinter, cache: Path) -> None:
    printer = printer_at(device, cache)
    assert printer.print_receipt(SLIP) is True
    assert PaperView(32).feed(bytes(device.printed)).lines == list(SLIP.lines)
    assert printer.state() is PrinterState.READY
    assert device.callers == 1


def test_a_printer_that_answers_nothing_takes_a_slip_and_proves_nothing(
    device: NetworkPrinter, cache: Path
) -> None:
    device.faults.mute = True
    printer = printer_at(device, cache, answers=False)
    assert printer.print_receipt(SLIP) is False
    wait_for(lambda: bytes(device.printed) == BYTES)


def test_the_drawer_opens_at_once_or_in_its_turn_or_not_at_all(device: NetworkPrinter, cache: Path) -> None:
    for drawer, at_once, queued in (("none", 0, 0), ("realtime", 1, 0), ("queued", 0, 1)):
        device.printed.clear()
        device.pulses = 0
        printer_at(device, cache, drawer=drawer).print_receipt(SLIP)
        paper = PaperView(32).feed(bytes(device.printed))
        assert (device.pulses, paper.queued_pulses) == (at_once, queued), drawer


@pytest.mark.parametrize(
    ("drawer", "at_once", "queued"), [("realtime", 1, 0), ("queued", 0, 1), ("none", 0, 0)]
)
def test_the_drawer_opens_without_paper(
    device: NetworkPrinter, cache: Path, drawer: str, at_once: int, queued: int
) -> None:
    """The slip goes as a message; the change lies in the drawer all the same."""
    assert printer_at(device, cache, drawer=drawer).print_receipt(pulse_of(SLIP)) is True
    paper = PaperView(32).feed(bytes(device.printed))
    assert (device.pulses, paper.queued_pulses, paper.lines) == (at_once, queued, [])
    assert bytes(device.printed) == DRAWER_QUEUED * queued


@pytest.mark.parametrize(
    ("faults", "state"),
    [
        (Faults(paper_left=0), PrinterState.NO_PAPER),
        (Faults(cover_open=True), PrinterState.COVER_OPEN),
        (Faults(mute=True), PrinterState.SILENT),
        (Faults(stuck=True), PrinterState.SILENT),
        (Faults(garbled=True), PrinterState.GARBLED),
    ],
)
def test_trouble_is_found_before_the_first_byte_and_nothing_is_printed(
    device: NetworkPrinter, cache: Path, faults: Faults, state: PrinterState
) -> None:
    device.faults = faults
    printer = printer_at(device, cache)
    assert printer.check() is state
    with pytest.raises(OutOfPaper if state is PrinterState.NO_PAPER else PrinterUnavailable):
        printer.print_receipt(SLIP)
    assert printer.state() is state
    device.faults = Faults()
    time.sleep(0.1)
    assert bytes(device.printed) == b""
    assert printer.check() is PrinterState.READY
    assert printer.print_receipt(SLIP) is True


def test_nobody_listens(device: NetworkPrinter, cache: Path) -> None:
    printer = printer_at(device, cache)
    device.switch_off()
    with pytest.raises(PrinterUnavailable):
        printer.print_receipt(SLIP)
    assert printer.state() is PrinterState.UNREACHABLE


def test_paper_that_runs_low_is_told_and_prints(device: NetworkPrinter, cache: Path) -> None:
    device.faults.paper_low = True
    printer = printer_at(device, cache)
    told: list[PrinterState] = []
    printer.watch(told.append)
    assert printer.print_receipt(SLIP) is True
    assert told == [PrinterState.PAPER_LOW]


@pytest.mark.parametrize("cut_after", [1, len(BYTES) // 2, len(BYTES) - 1])
def test_a_line_cut_within_a_slip_leaves_it_unknown(
    device: NetworkPrinter, cache: Path, cut_after: int
) -> None:
    device.faults.cut_after = cut_after + 9  # the three questions before the slip are heard, too
    printer = printer_at(device, cache)
    with pytest.raises(PaperUnknown):
        printer.print_receipt(SLIP)


def test_a_printer_that_answers_nothing_behind_the_slip_leaves_it_unknown(
    device: NetworkPrinter, cache: Path
) -> None:
    device.faults.deaf_to_barrier = True
    with pytest.raises(PaperUnknown) as unknown:
        printer_at(device, cache).print_receipt(SLIP)
    assert unknown.value.why == "unproven"


def test_paper_out_within_a_slip_is_told_and_a_new_roll_finishes_it(
    device: NetworkPrinter, cache: Path
) -> None:
    device.faults.paper_left = 20
    printer = printer_at(device, cache)
    told: list[PrinterState] = []
    printer.watch(told.append)
    later = threading.Timer(1.3, device.put_paper)
    later.start()
    assert printer.print_receipt(SLIP) is True
    later.join()
    assert PrinterState.NO_PAPER in told
    assert printer.state() is PrinterState.READY
    assert bytes(device.printed) == BYTES


def test_paper_out_within_a_slip_and_nobody_comes_leaves_it_unknown(
    device: NetworkPrinter, cache: Path
) -> None:
    device.faults.paper_left = 20
    with pytest.raises(PaperUnknown) as unknown:
        printer_at(device, cache).print_receipt(SLIP)
    assert unknown.value.why == PrinterState.NO_PAPER


def test_a_slow_printer_is_waited_for(device: NetworkPrinter, cache: Path) -> None:
    device.faults.chunk_s = 0.1
    assert printer_at(device, cache).print_receipt(SLIP) is True


def test_two_tills_share_a_printer_one_after_the_other(device: NetworkPrinter, cache: Path) -> None:
    proofs: list[bool] = []

    def till() -> None:
        printer = printer_at(device, cache)
        for _ in range(50):
            with suppress(PrinterUnavailable):  # the other one is printing
                proofs.append(printer.print_receipt(SLIP))
                return

    tills = [threading.Thread(target=till) for _ in range(2)]
    for each in tills:
        each.start()
    for each in tills:
        each.join()
    assert proofs == [True, True]
    assert bytes(device.printed) == BYTES * 2


def test_a_device_file_takes_the_bytes_and_proves_nothing(tmp_path: Path, cache: Path) -> None:
    master, slave = os.openpty()
    import tty  # raw, as a printer's line is: no echo, no CR for LF

    tty.setraw(slave)
    printer = EscposPrinter(
        PrinterProfile(url=f"file://{os.ttyname(slave)}", columns=32, answers=False), cache=cache
    )
    assert printer.print_receipt(SLIP) is False
    assert os.read(master, 4096) == BYTES
    os.close(master)
    os.close(slave)
    missing = PrinterProfile(url=f"file://{tmp_path}/no/lp0", columns=32, answers=False)
    with pytest.raises(PrinterUnavailable):
        EscposPrinter(missing, cache=cache).print_receipt(SLIP)


def test_a_device_file_that_takes_nothing_does_not_hang(tmp_path: Path, cache: Path) -> None:
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    profile = PrinterProfile(url=f"file://{pipe}", columns=32, answers=False)
    long = Receipt("1", 32, ("x" * 32,) * 4000)
    with pytest.raises(PaperUnknown):
        EscposPrinter(profile, cache=cache, patience=SHORT).print_receipt(long)
    os.close(reader)


def test_the_library_is_loaded_by_the_first_slip_only_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """The app's wiring loads no escpos; loading it adds no log handler and no temporary folder."""
    code = (
        "import sys, logging, tempfile, pathlib\n"
        "import huiyuan.tui.wiring, huiyuan.tui.app, huiyuan.tui.paper, huiyuan.tui.printing\n"
        "import huiyuan.devices.printing.escpos_printer\n"
        "assert not {'escpos', 'PIL', 'yaml', 'qrcode'} & set(sys.modules), 'too early'\n"
        "from huiyuan.devices.printing.escpos_library import escpos_printers\n"
        "before = set(pathlib.Path(tempfile.gettempdir()).iterdir())\n"
        f"escpos_printers(pathlib.Path({str(tmp_path / 'cache')!r})).Network\n"
        "assert not logging.getLogger().handlers\n"
        "assert set(pathlib.Path(tempfile.gettempdir()).iterdir()) == before\n"
    )
    (tmp_path / "tmp").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp"), "PYTHONWARNINGS": "ignore"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=60)
    (table,) = (tmp_path / "cache").iterdir()
    table.write_bytes(table.read_bytes()[:100])
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=60)


def test_loading_it_here_keeps_the_log_as_it_was(device: NetworkPrinter, cache: Path) -> None:
    before = list(logging.getLogger().handlers)
    printer_at(device, cache).check()
    assert logging.getLogger().handlers == before


def test_the_drawer_opens_for_the_change_also_without_paper_and_only_once(
    device: NetworkPrinter, cache: Path
) -> None:
    device.faults.paper_left = 0
    with pytest.raises(OutOfPaper):
        printer_at(device, cache, drawer="realtime").print_receipt(SLIP)
    assert device.pulses == 1
    assert bytes(device.printed) == b""


@pytest.mark.parametrize("faults", [Faults(paper_left=0), Faults(cover_open=True)])
def test_a_queued_pulse_never_opens_the_drawer_later(
    device: NetworkPrinter, cache: Path, faults: Faults
) -> None:
    device.faults = faults
    printer = printer_at(device, cache, drawer="queued")
    with pytest.raises((OutOfPaper, PrinterUnavailable)):
        printer.print_receipt(SLIP)
    assert printer.open_drawer() is False
    device.faults = Faults()
    time.sleep(0.1)
    assert bytes(device.printed) == b""
    assert printer.open_drawer() is True
    wait_for(lambda: bytes(device.printed) == DRAWER_QUEUED)


def test_control_a_pulse_in_the_buffer_opens_the_drawer_when_paper_comes(device: NetworkPrinter) -> None:
    device.faults.paper_left = 0
    with socket.create_connection(("127.0.0.1", int(device.url.rpartition(":")[2]))) as line:
        line.sendall(DRAWER_QUEUED)
        time.sleep(0.1)
        assert bytes(device.printed) == b""
        device.put_paper()
        wait_for(lambda: bytes(device.printed) == DRAWER_QUEUED)


@pytest.mark.parametrize("sensor", ["none", "high", "low"])
def test_the_drawer_s_switch(device: NetworkPrinter, cache: Path, sensor: str) -> None:
    printer = printer_at(device, cache, sensor=sensor)
    for pin in (False, True):
        device.faults.drawer_open = pin
        assert printer.check() is PrinterState.READY
        assert printer.drawer_open() is (None if sensor == "none" else pin is (sensor == "high"))


def test_late_answers_are_waited_for(device: NetworkPrinter, cache: Path) -> None:
    device.faults.late_s = 0.15
    assert printer_at(device, cache).print_receipt(SLIP) is True


@pytest.mark.parametrize("scheme", ["file", "serial"])
def test_a_printer_on_a_line_is_asked_and_proves_its_slip(cache: Path, scheme: str) -> None:
    """A pseudo terminal stands for /dev/usb/lp0 and for a serial line; the simulator is behind it."""
    with LinePrinter() as device:
        end = "?baud=19200" if scheme == "serial" else ""
        profile = PrinterProfile(url=f"{scheme}://{device.path}{end}", columns=32)
        printer = EscposPrinter(profile, cache=cache, patience=SHORT)
        assert printer.print_receipt(SLIP) is True
        assert bytes(device.printed) == BYTES
        device.faults.paper_left = 0
        assert printer.check() is PrinterState.NO_PAPER
    bad = PrinterProfile(url="serial:///dev/null?baud=9601", columns=32)
    assert EscposPrinter(bad, cache=cache).check() is PrinterState.UNREACHABLE


def test_the_ring_plays_again_into_the_simulator_and_holds_no_name(
    device: NetworkPrinter, cache: Path
) -> None:
    printer = printer_at(device, cache)
    printer.print_receipt(SLIP)
    pieces = printer.ring.pieces()
    assert b"".join(piece.data for piece in pieces if piece.out).replace(BARRIER, b"").endswith(BYTES)
    assert any(not piece.out for piece in pieces)
    with NetworkPrinter() as other, socket.create_connection(("127.0.0.1", other.port)) as line:
        for piece in pieces:
            if piece.out:
                line.sendall(masked(piece.data))
        wait_for(lambda: len(other.printed) == len(BYTES))
        shown = PaperView(32).feed(bytes(other.printed)).lines
    assert shown == ["口口口口", "口口                       00.00", "口口"]


def wait_for(done: object, within_s: float = 3) -> None:
    assert callable(done)
    deadline = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)
