"""Printer and card reader of a terminal, forwarded over a real ssh: found, lost with the link, found anew."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import shutil
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from huiyuan.devices.printing.escpos_printer import EscposPrinter
from huiyuan.devices.printing.profile import PrinterProfile
from huiyuan.devices.printing.transport import COPY_OFF, COPY_ON
from huiyuan.devices.simulators.line_printer import LinePrinter
from huiyuan.devices.simulators.network_printer import NetworkPrinter
from huiyuan.domain.model.printing import PrinterState
from huiyuan.domain.model.receipt import Receipt
from tests.devices.card_service import CardService, what_is_missing
from tests.devices.virtual_card import Card, OnReader
from tests.faults.cut_slip import SHORT, SLIP, slip_cut_within
from tests.ssh import Branch, branch, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "huiyuan-devices"
WATCHING = """
import sys, time
from huiyuan.devices.cards.formats import formats_of
from huiyuan.devices.cards.watcher import CardWatcher
watcher = CardWatcher(formats_of("uid"))
watcher.watch(lambda card: print("card", card.shown, flush=True),
              lambda state: print("state", state.condition, state.forwarded, flush=True))
watcher.start()
sys.stdin.read()
watcher.stop()
"""
PRINTING = """
import os, sys
from pathlib import Path
from huiyuan.devices.printing.escpos_printer import EscposPrinter
from huiyuan.devices.printing.profile import PrinterProfile
from huiyuan.domain.model.receipt import Receipt
printer = EscposPrinter(PrinterProfile(os.environ["HUIYUAN_PRINTER"], 32), cache=Path(sys.argv[1]))
proved = printer.print_receipt(Receipt("1", 32, ("over ssh",)))
print("proved", proved, os.environ.get("PCSCLITE_CSOCK_NAME"))
"""


def options(far: Branch) -> list[str]:
    return [
        "-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
        "LogLevel=ERROR", "-i", f"{far.folder}/client", "-p", f"{far.line.port}",
    ]  # fmt: skip


@contextmanager
def forwarded(far: Branch, there: Path, here: str) -> Iterator[None]:
    """The terminal's side: what listens `here` appears at the socket `there`."""
    there.unlink(missing_ok=True)
    ssh = subprocess.Popen(
        ["ssh", "-N", *options(far), "-o", "ExitOnForwardFailure=yes", "-R", f"{there}:{here}", "127.0.0.1"]
    )
    try:
        until(there.exists)
        yield
    finally:
        ssh.terminate()
        ssh.wait(10)


def until(done: Callable[[], object], within_s: float = 30) -> None:
    deadline = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Branch]:
    with branch(tmp_path / "ssh") as opened:
        yield opened


class Watching:
    """The counter's side: a process of its own, because a process remembers the socket's name."""

    def __init__(self, socket: Path) -> None:
        self.heard: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-c", WATCHING],
            env={**os.environ, "PCSCLITE_CSOCK_NAME": str(socket)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.heard.append(line.strip())

    def end(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.communicate("", timeout=10)
        self.process.kill()


@pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing() or "-")
def test_a_forwarded_reader_is_found_lost_with_the_link_and_found_again(far: Branch, tmp_path: Path) -> None:
    service, there = CardService(tmp_path), tmp_path / "there.comm"
    service.start()
    watching = Watching(there)
    try:
        until(lambda: "state no_service True" in watching.heard)
        with forwarded(far, there, str(service.socket)):
            until(lambda: watching.heard[-1] == "state ready True")
            with OnReader(Card("04A1B2C3"), service.port):
                until(lambda: "card 04A1B2C3" in watching.heard)
            far.line.cut()
            until(lambda: watching.heard[-1] == "state no_service True")
        with forwarded(far, there, str(service.socket)):
            until(lambda: watching.heard[-1] == "state ready True")
            with OnReader(Card("04A1B2C4"), service.port):
                until(lambda: "card 04A1B2C4" in watching.heard)
    finally:
        watching.end()
        service.stop()


def test_a_printer_at_a_forwarded_socket_whose_link_is_cut_within_a_slip(far: Branch, tmp_path: Path) -> None:
    there = tmp_path / "there.printer"
    profile = PrinterProfile(url=f"unix://{there}", columns=32)
    printer = EscposPrinter(profile, cache=tmp_path / "cache", patience=SHORT)
    with NetworkPrinter() as device:
        here = f"127.0.0.1:{device.port}"
        with forwarded(far, there, here):
            assert there.stat().st_mode & 0o777 == 0o600
            slip_cut_within(far, printer, device)
        assert printer.check() is PrinterState.UNREACHABLE
        with forwarded(far, there, here):
            assert printer.print_receipt(SLIP) is True
            device.switch_off()
            assert printer.check() is PrinterState.SILENT


def run_script(far: Branch, tmp_path: Path, *told: str) -> str:
    """The terminal's one command; what its counter said over there."""
    script = tmp_path / "there.py"
    script.write_text(PRINTING, "utf-8")
    command = f"{sys.executable} {script} {tmp_path / 'cache'}"
    answer = subprocess.run(
        ["sh", str(SCRIPT), *told, "-c", command, "--", *options(far), "127.0.0.1"],
        capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def left_behind(said: str) -> list[str]:
    """Of the sockets that a run said it uses those that are still there after a while; others run beside."""
    names = re.findall(r"/tmp/huiyuan-[\w.-]+er\b", said)
    assert names, said
    for _ in range(100):
        if not any(Path(name).exists() for name in names):
            return []
        time.sleep(0.05)
    return names


def test_one_command_at_the_terminal_forwards_a_network_printer_and_leaves_nothing(
    far: Branch, tmp_path: Path
) -> None:
    with NetworkPrinter() as device:
        said = run_script(far, tmp_path, "-p", f"127.0.0.1:{device.port}", "-r", "/run/pcscd/pcscd.comm")
        assert b"over ssh\n" in device.printed
    assert "proved True /tmp/huiyuan-" in said
    assert left_behind(said) == []


@pytest.mark.skipif(shutil.which("socat") is None, reason="socat is not installed")
def test_one_command_at_the_terminal_forwards_a_printer_at_a_device_file(far: Branch, tmp_path: Path) -> None:
    with LinePrinter() as device:
        said = run_script(far, tmp_path, "-p", device.path, "-r", "none")
        assert b"over ssh\n" in device.printed
    assert "proved True None" in said


def test_the_command_says_what_it_would_do() -> None:
    told = ["sh", str(SCRIPT), "-n", "-p", "192.168.1.50", "-r", "none", "till@server"]
    said = subprocess.run(told, capture_output=True, text=True, timeout=10, check=True).stdout
    assert ".printer:192.168.1.50:9100 till@server" in said
    assert "HUIYUAN_PRINTER=unix:///tmp/huiyuan-" in said
    assert subprocess.run(["sh", str(SCRIPT)], capture_output=True, timeout=10, check=False).returncode == 2


def test_a_terminal_that_prints_gets_the_slip_byte_for_byte(tmp_path: Path) -> None:
    """As PuTTY's printer: what stands between the two sequences, without a line end made longer."""
    master, slave = pty.openpty()
    mode = termios.tcgetattr(slave)
    try:
        profile = PrinterProfile(url=f"terminal://{os.ttyname(slave)}", columns=32, answers=False)
        printer = EscposPrinter(profile, cache=tmp_path)
        assert printer.print_receipt(Receipt("1", 32, ("会员", "合计 1.00"))) is False
        came = os.read(master, 4096)
        assert came.startswith(COPY_ON + b"\x1b@\x1c&")
        assert came.endswith(COPY_OFF)
        assert "会员\n合计 1.00\n".encode("gb18030") in came
        assert termios.tcgetattr(slave) == mode
    finally:
        os.close(slave)
        os.close(master)
