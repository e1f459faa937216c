"""A printer beside the terminal, forwarded with ssh -R; the link breaks while it prints."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from huiyuan.devices.printing.escpos_printer import EscposPrinter
from huiyuan.devices.printing.profile import PrinterProfile
from huiyuan.devices.simulators.network_printer import NetworkPrinter
from huiyuan.domain.model.printing import PrinterState
from tests.faults.cut_slip import SHORT, SLIP, slip_cut_within
from tests.ssh import Branch, branch, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


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
            slip_cut_within(far, printer, device)
        assert printer.check() is PrinterState.UNREACHABLE
        with forwarded(far, port, device):
            assert printer.print_receipt(SLIP) is True
