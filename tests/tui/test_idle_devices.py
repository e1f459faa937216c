"""Devices at rest: nothing of a library is in memory before a device needs it, and nothing runs."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tty
from pathlib import Path

from huiyuan.devices.simulators.network_printer import NetworkPrinter
from huiyuan.devices.simulators.scale import SimulatedScale

SEAT = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from huiyuan.config.settings import read_settings
from huiyuan.tui.paper import open_paper
from huiyuan.tui.readers import open_readers
home, settings = Path(sys.argv[1]), read_settings()
context = SimpleNamespace(
    settings=settings, paths=SimpleNamespace(home=home), checked=lambda read: read())
readers = open_readers(settings.reader, settings.scanner)
paper = open_paper(context, home, readers, own=None, journal=None, now=lambda: datetime.now(UTC))
heavy = ("escpos", "PIL", "qrcode", "smartcard", "yaml", "usb", "serial")
print("loaded", [each for each in heavy if each in sys.modules])
readers.start()
paper.start()
paper.printer.check()
time.sleep(1)
print("loaded", [each for each in heavy if each in sys.modules])
for _ in range(8):  # on a busy machine the first second is still that of beginning
    began = time.process_time()
    time.sleep(1)
    spent_ms = round((time.process_time() - began) * 1000)
    if spent_ms < 20:
        break
print("cpu_ms", spent_ms)
readers.close()
paper.close()
"""


def seat(home: Path, **settings: str) -> list[str]:
    """What a seat with these devices says of itself."""
    home.mkdir()
    environment = {**os.environ, "PCSCLITE_CSOCK_NAME": str(home / "no service"), **settings}
    answer = subprocess.run(
        [sys.executable, "-c", SEAT, str(home)], env=environment, capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()


def test_no_library_is_in_memory_before_a_device_needs_it(tmp_path: Path) -> None:
    before, after, _ = seat(tmp_path / "none")
    assert (before, after) == ("loaded []", "loaded []")


def test_every_device_at_rest_costs_nothing(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    with NetworkPrinter() as printer, SimulatedScale("toledo", 500) as scale:
        before, after, cpu = seat(
            tmp_path / "all",
            HUIYUAN_PRINTER=printer.url,
            HUIYUAN_SCANNER=f"serial:{os.ttyname(theirs)}",
            HUIYUAN_SCALE=scale.url,
            HUIYUAN_DISPLAY="led8n:///dev/null",
        )
    os.close(ours)
    os.close(theirs)
    assert before == "loaded []"
    assert "escpos" in after  # control: now one of them needed it
    assert "smartcard" not in after
    assert int(cpu.split()[1]) < 20
