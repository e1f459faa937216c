"""A slip whose link breaks while it is printed."""

from __future__ import annotations

import threading
import time
from typing import Final

import pytest

from huiyuan.devices.printing.escpos_printer import EscposPrinter, Patience
from huiyuan.devices.simulators.network_printer import NetworkPrinter
from huiyuan.domain.model.errors import PaperUnknown
from huiyuan.domain.model.receipt import Receipt
from tests.ssh import Branch

SHORT: Final = Patience(connect_s=2, answer_s=1, stuck_s=2, proof_s=3, paper_s=3)
SLIP: Final = Receipt("S01-1-000042", 32, tuple(f"第 {line} 行" for line in range(60)))


def slip_cut_within(far: Branch, printer: EscposPrinter, device: NetworkPrinter) -> None:
    """Over a link that stands: one slip prints, the link is cut within the next one, which stays unknown."""
    assert printer.print_receipt(SLIP) is True
    whole = len(device.printed)
    device.faults.chunk_s = 0.05

    def cut() -> None:
        while len(device.printed) < whole + 100:
            time.sleep(0.005)
        far.line.cut()

    cutting = threading.Thread(target=cut)
    cutting.start()
    with pytest.raises(PaperUnknown) as unknown:
        printer.print_receipt(SLIP)
    cutting.join()
    assert unknown.value.why in {"cut", "unproven"}
    device.faults.chunk_s = 0
