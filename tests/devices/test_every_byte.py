"""Paper out, and power out, at every byte of a slip: one slip, or one unknown that a person resolved.

The person does what the screen asks: looks at the paper, and says that the slip is there, or that it is not.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

import pytest

from huiyuan.devices.printing.encoder import FEED_AND_CUT, encode_slip
from huiyuan.devices.printing.escpos_printer import EscposPrinter, Patience
from huiyuan.devices.printing.profile import PrinterProfile
from huiyuan.devices.simulators.network_printer import Faults, NetworkPrinter
from huiyuan.domain.model.printing import JobState
from huiyuan.domain.model.receipt import Receipt
from huiyuan.domain.usecases.printing import print_next
from huiyuan.repositories.counter.print_jobs import CounterPrintJobs
from tests.devices.paper_view import Misprint, PaperView

SLIP = Receipt("S01-1-000042", 32, ("好味茶行", "合计                       10.00"), opens_drawer=True)
BYTES = encode_slip(SLIP, "gb18030", cuts=True)
SHORT = Patience(connect_s=2, answer_s=0.4, stuck_s=0.5, proof_s=0.5, paper_s=0.05)
JOB = UUID(int=1)
What = Literal["paper_left", "power_after"]


def whole_slips(paper: bytes) -> list[bool]:
    """What a person sees: for each whole slip whether it is marked as a copy. A torn one counts as none."""
    seen = []
    for piece in paper.split(FEED_AND_CUT)[:-1]:
        try:
            lines = PaperView(32).feed(piece[piece.rfind(b"\x1b@") :] + FEED_AND_CUT).lines
        except Misprint:
            continue
        if lines[-1:] == [SLIP.lines[-1]] and lines[-2:-1] == [SLIP.lines[-2]]:
            seen.append("副本" in lines[0])
    return seen


def wait_until_idle(device: NetworkPrinter) -> None:
    held = -1
    while held != len(device.printed):
        held = len(device.printed)
        time.sleep(0.04)


def faults_at(what: What, at: int, cache: Path) -> list[str]:
    """Print one slip with the fault at byte `at`, let a person repair and decide; what went wrong."""
    with NetworkPrinter() as device:
        printer = EscposPrinter(
            PrinterProfile(url=device.url, columns=32, drawer="realtime"), cache=cache, patience=SHORT
        )
        jobs = CounterPrintJobs(None, now=lambda: datetime(2026, 3, 1, tzinfo=UTC))
        jobs.put(JOB, SLIP)
        device.faults = Faults(paper_left=at) if what == "paper_left" else Faults(power_after=at)
        asked = 0
        for _ in range(6):
            state = print_next(jobs, printer)
            device.faults = Faults()
            if state is JobState.UNKNOWN:
                asked += 1
                wait_until_idle(device)
                if whole_slips(bytes(device.printed)):
                    jobs.confirm(JOB, by="1001")
                else:
                    jobs.again(JOB)
            if jobs.state_of(JOB) is JobState.PRINTED:
                break
        wait_until_idle(device)
        slips = whole_slips(bytes(device.printed))
        ended = jobs.state_of(JOB)
        jobs.close()
    return [
        *([f"byte {at}: {len(slips)} slips"] if len(slips) != 1 else []),
        *([f"byte {at}: a copy, and nobody was asked"] if slips == [True] and not asked else []),
        *([f"byte {at}: ended as {ended}"] if ended is not JobState.PRINTED else []),
        *([f"byte {at}: the drawer opened {device.pulses} times"] if device.pulses != 1 else []),
    ]


@pytest.mark.parametrize("what", ["paper_left", "power_after"])
def test_at_every_seventh_byte(what: What, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = tmp_path_factory.getbasetemp() / "escpos"
    faults = [fault for at in range(0, len(BYTES) + 2, 7) for fault in faults_at(what, at, cache)]
    assert faults == []


@pytest.mark.soak
@pytest.mark.parametrize("what", ["paper_left", "power_after"])
def test_at_every_byte(what: What, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = tmp_path_factory.getbasetemp() / "escpos"
    faults = [fault for at in range(len(BYTES) + 2) for fault in faults_at(what, at, cache)]
    assert faults == []


def test_control_a_slip_that_is_printed_again_without_a_look_is_doubled(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """What a counter would do that called an unproven slip failed."""
    cache = tmp_path_factory.getbasetemp() / "escpos"
    with NetworkPrinter() as device:
        printer = EscposPrinter(PrinterProfile(url=device.url, columns=32), cache=cache, patience=SHORT)
        jobs = CounterPrintJobs(None, now=lambda: datetime(2026, 3, 1, tzinfo=UTC))
        jobs.put(JOB, SLIP)
        device.faults = Faults(paper_left=20)
        assert print_next(jobs, printer) is JobState.UNKNOWN
        device.put_paper()
        wait_until_idle(device)
        jobs.again(JOB)
        print_next(jobs, printer)
        wait_until_idle(device)
        assert len(whole_slips(bytes(device.printed))) == 2
