"""A printer beside the terminal, forwarded with ssh -R; the link breaks while it prints."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from huiyuan.devices.printing.escpos_printer import EscposPrinter, Patience
from huiyuan.devices.printing.profile import PrinterProfile
from huiyuan.devices.simulators.network_printer import NetworkPrinter
from huiyuan.domain.model.errors import PaperUnknown
from huiyuan.domain.model.printing import PrinterState
from huiyuan.domain.model.receipt import Receipt
from tests.ssh import Branch, branch, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

SHORT = Patience(connect_s=2, answer_s=1, stuck_s=2, proof_s=3, paper_s=3)
SLIP = Receipt("S01-1-000042", 32, tuple(f"第 {line} 行" for line in range(60)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def forwarded(far: Branch, port: int, device: NetworkPrinter) -> Iterator[None]:
    """The terminal's side: its printer appears at `port` of the server."""
    command = [
        "ssh", "-N", "-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
        "-o", "LogLevel=ERROR", "-o", "ExitOnForwardFailure=yes", "-i", f"{far.folder}/client",
        "-p", f"{far.line.port}", "-R", f"127.0.0.1:{port}:127.0.0.1:{device.port}", "127.0.0.1",
    ]  # fmt: skip
    ssh = subprocess.Popen(command)
    try:
        until = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            assert time.monotonic() < until, "nothing is forwarded"
            time.sleep(0.05)
        yield
    finally:
        ssh.terminate()
        ssh.wait(10)


def test_a_link_cut_within_a_slip_leaves_it_unknown_and_the_next_link_prints(tmp_path: Path) -> None:
    port = free_port()
    with branch(tmp_path / "ssh") as far, NetworkPrinter() as device:
        profile = PrinterProfile(url=f"tcp://127.0.0.1:{port}", columns=32)
        printer = EscposPrinter(profile, cache=tmp_path / "cache", patience=SHORT)
        with forwarded(far, port, device):
            assert printer.print_receipt(SLIP) is True
            whole = len(device.printed)
            device.faults.chunk_s = 0.05

            def cut_within() -> None:
                while len(device.printed) < whole + 100:
                    time.sleep(0.005)
                far.line.cut()

            cutting = threading.Thread(target=cut_within)
            cutting.start()
            with pytest.raises(PaperUnknown) as unknown:
                printer.print_receipt(SLIP)
            cutting.join()
            assert unknown.value.why in {"cut", "unproven"}
        device.faults.chunk_s = 0
        assert printer.check() is PrinterState.UNREACHABLE
        with forwarded(far, port, device):
            assert printer.print_receipt(SLIP) is True
