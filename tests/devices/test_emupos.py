"""Our slips on a printer that somebody else wrote: emupos, which speaks ESC/POS from the manuals, too.

It knows no Chinese and draws code page 437, two characters for one of ours; its text turns back by that.
It needs a Python of 3.13 or newer: `make emupos` puts it beside the environment, if there is one.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from huiyuan.devices.printing.escpos_printer import EscposPrinter, Patience
from huiyuan.devices.printing.profile import PrinterProfile
from huiyuan.domain.model.errors import OutOfPaper, PrinterUnavailable
from huiyuan.domain.model.printing import PrinterState
from tests.domain.slips import every_slip

BESIDE = Path(__file__).resolve().parents[2] / ".venv-emupos" / "bin" / "emupos"
EMUPOS = str(BESIDE) if BESIDE.exists() else shutil.which("emupos")
WHY = "emupos is not installed (make emupos, where a Python 3.13 or newer is)"
pytestmark = [pytest.mark.skipif(EMUPOS is None, reason=WHY), pytest.mark.soak]
CONFIG = """\
schema: 1
api: {{ host: 127.0.0.1, port: {api} }}
devices:
  - id: front
    type: printer
    profile: epson-tm-t20iii
    connections:
      - tcp: {{ port: {port} }}
    job_idle_timeout_ms: 300
    drawer: {{ sensor_open_level: high }}
"""
STATES = {
    "paper-near-end": PrinterState.PAPER_LOW,
    "paper-out": PrinterState.NO_PAPER,
    "cover-open": PrinterState.COVER_OPEN,
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Peer:
    """The printer, and a hand at it."""

    def __init__(self, folder: Path) -> None:
        self.port, self.api = free_port(), free_port()
        self.config = folder / "emupos.yaml"
        self.config.write_text(CONFIG.format(port=self.port, api=self.api), "utf-8")

    def start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [str(EMUPOS), "run", "--config", str(self.config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                assert process.poll() is None
                time.sleep(0.1)
            else:
                return process
        raise TimeoutError

    def do(self, *told: str) -> str:
        api = f"http://127.0.0.1:{self.api}"
        answer = subprocess.run(
            [str(EMUPOS), "--api", api, *told], capture_output=True, text=True, timeout=60, check=True,
            env={**os.environ, "COLUMNS": "200"},
        )  # fmt: skip
        return answer.stdout


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    made = Peer(tmp_path_factory.mktemp("emupos"))
    process = made.start()
    yield made
    process.terminate()
    process.wait(20)


def printer(peer: Peer, cache: Path) -> EscposPrinter:
    profile = PrinterProfile(f"tcp://127.0.0.1:{peer.port}", 48, drawer="realtime", sensor="high")
    return EscposPrinter(profile, cache=cache, patience=Patience(3, 5, 10, 20, 2))


def test_every_line_of_a_slip_stands_on_its_paper(peer: Peer, tmp_path: Path) -> None:
    ours = printer(peer, tmp_path)
    assert ours.check() is PrinterState.READY
    slip = every_slip("zh_CN", 48)["sale"]
    assert ours.print_receipt(replace(slip, code="S01-1-000042")) is True
    deadline = time.monotonic() + 30
    shown = ""
    while "deadbeef" not in shown and time.monotonic() < deadline:
        time.sleep(0.3)
        shown = peer.do("receipt", "show")
    theirs = [turned_back(line) for line in shown.splitlines()]
    missing = [line for line in slip.lines if line.strip() and line.rstrip() not in theirs]
    assert missing == []
    assert ours.open_drawer() is True
    ours.check()
    assert ours.drawer_open() is True


def turned_back(line: str) -> str:
    return line.rstrip().encode("cp437", "replace").decode("gb18030", "replace")


@pytest.mark.parametrize("fault", list(STATES))
def test_it_stands_as_we_say_it_stands(peer: Peer, tmp_path: Path, fault: str) -> None:
    ours = printer(peer, tmp_path)
    peer.do("fault", "set", "front", fault)
    try:
        assert ours.check() is STATES[fault]
        if fault != "paper-near-end":
            with pytest.raises((OutOfPaper, PrinterUnavailable)):
                ours.print_receipt(every_slip("en", 48)["sale"])
    finally:
        peer.do("fault", "clear", "front", fault)
    assert ours.check() is PrinterState.READY
