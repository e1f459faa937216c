"""From the sale to the paper: a queue on disk, a thread, a printer on real TCP, and everything that jams.

Each slip is on paper once, or a person was asked about it: counted on the printer's own paper.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from huiyuan.devices.printing.encoder import encode_slip
from huiyuan.devices.printing.escpos_printer import EscposPrinter, Patience
from huiyuan.devices.printing.profile import PrinterProfile
from huiyuan.devices.simulators.network_printer import NetworkPrinter
from huiyuan.domain.model.printing import JobState, PrinterState
from huiyuan.domain.model.receipt import Receipt
from huiyuan.repositories.counter.print_jobs import CounterPrintJobs
from huiyuan.tui.printing import Printing
from tests.devices.paper_view import PaperView

QUICK = Patience(connect_s=1, answer_s=0.3, stuck_s=0.5, proof_s=0.6, paper_s=0.8)
PAUSES_S = (0.05, 0.1)


def now() -> datetime:
    return datetime.now(UTC)


def slip(number: int) -> Receipt:
    return Receipt(f"S01-1-{number:06}", 32, (f"单号 {number}", "合计 10.00", "谢谢惠顾"))


def job(number: int) -> UUID:
    return UUID(int=number)


def wait_for(done: Callable[[], bool], within_s: float = 8) -> None:
    deadline = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


@pytest.fixture
def device() -> Iterator[NetworkPrinter]:
    with NetworkPrinter() as printer:
        yield printer


class Till:
    """The paper side of one counter."""

    def __init__(self, device: NetworkPrinter, folder: Path, **profile: object) -> None:
        made = PrinterProfile(url=device.url, columns=32, **profile)  # type: ignore[arg-type]
        self.printer = EscposPrinter(made, cache=folder / "cache", patience=QUICK)
        self.jobs = CounterPrintJobs(folder, now=now)
        self.printing = Printing(self.jobs, self.printer, pauses_s=PAUSES_S)
        self.printing.start()

    def close(self) -> None:
        self.printing.stop()
        self.jobs.close()

    def ends(self, *numbers: int) -> bool:
        """Whether all of these are printed."""
        return all(self.jobs.state_of(job(number)) is JobState.PRINTED for number in numbers)


@pytest.fixture
def till(device: NetworkPrinter, tmp_path: Path) -> Iterator[Till]:
    made = Till(device, tmp_path)
    yield made
    made.close()


def numbers_on(device: NetworkPrinter) -> list[str]:
    """The slips on the paper, in order; strictly read."""
    return [line for line in PaperView(32).feed(bytes(device.printed)).lines if line.startswith("单号")]


def test_slips_come_out_in_order_and_putting_one_takes_no_time(till: Till, device: NetworkPrinter) -> None:
    device.faults.chunk_s = 0.1
    began = time.monotonic()
    for number in range(1, 4):
        till.jobs.put(job(number), slip(number))
    assert len(till.jobs.waiting()) == 3
    assert time.monotonic() - began < 1  # paper takes longer; control: what follows waits for it
    wait_for(lambda: till.ends(1, 2, 3))
    assert numbers_on(device) == ["单号 1", "单号 2", "单号 3"]


def test_without_paper_slips_wait_and_come_out_once_when_it_is_in(till: Till, device: NetworkPrinter) -> None:
    device.faults.paper_left = 0
    till.jobs.put(job(1), slip(1))
    till.jobs.put(job(2), slip(2))
    wait_for(lambda: till.jobs.waiting()[0].tries > 2)
    assert [each.state for each in till.jobs.waiting()][1] is JobState.QUEUED
    assert till.printer.state() is PrinterState.NO_PAPER
    device.put_paper()
    wait_for(lambda: till.ends(1, 2))
    assert numbers_on(device) == ["单号 1", "单号 2"]


def test_a_printer_that_is_switched_off_and_on_prints_what_waited(till: Till, device: NetworkPrinter) -> None:
    device.switch_off()
    till.jobs.put(job(1), slip(1))
    wait_for(lambda: till.jobs.waiting()[0].state is JobState.FAILED)
    device.switch_on()
    wait_for(lambda: till.ends(1))
    assert numbers_on(device) == ["单号 1"]


def test_a_slip_cut_in_its_middle_asks_a_person_and_the_next_one_is_printed(
    till: Till, device: NetworkPrinter
) -> None:
    device.faults.cut_after = 40
    till.jobs.put(job(1), slip(1))
    wait_for(lambda: till.jobs.state_of(job(1)) is JobState.UNKNOWN)
    device.faults.cut_after = None
    wait_for(lambda: b" 1\n" in device.printed)  # what the printer had taken, it prints
    device.printed.clear()
    till.jobs.put(job(2), slip(2))
    wait_for(lambda: till.ends(2))
    assert till.jobs.state_of(job(1)) is JobState.UNKNOWN
    till.jobs.again(job(1))
    wait_for(lambda: till.ends(1))
    paper = PaperView(32).feed(bytes(device.printed))
    assert numbers_on(device) == ["单号 2", "单号 1"]
    assert "副本" in paper.lines[3]


def test_a_hung_printer_holds_neither_the_counter_nor_its_end(till: Till, device: NetworkPrinter) -> None:
    device.faults.stuck = True
    till.jobs.put(job(1), slip(1))
    till.jobs.put(job(2), slip(2))
    wait_for(lambda: till.jobs.waiting()[0].tries > 0)
    assert till.jobs.put(job(3), slip(3)).state is JobState.QUEUED
    till.printing.stop()
    assert till.jobs.state_of(job(1)) in (JobState.FAILED, JobState.SENDING)


def test_an_idle_counter_does_not_speak_to_its_printer(till: Till, device: NetworkPrinter) -> None:
    wait_for(lambda: till.printer.state() is PrinterState.READY)
    time.sleep(0.4)
    assert device.callers == 1


STRIDE = 6


@pytest.mark.parametrize("proven", [True, False])
def test_kill_9_at_any_byte_of_a_slip_prints_it_once_or_asks(
    device: NetworkPrinter, tmp_path: Path, proven: bool
) -> None:
    """The counter dies while the printer has so many bytes; a fresh start prints the rest."""
    whole = encode_slip(slip(1), "gb18030", cuts=True)
    asked = printed = 0
    for round_, at in enumerate(range(0, len(whole) + STRIDE, STRIDE)):
        folder = tmp_path / str(round_)
        folder.mkdir()
        device.printed.clear()
        if (child := os.fork()) == 0:  # pragma: no cover  (it is killed)
            with contextlib.suppress(BaseException):
                doomed(device, folder, at, proven=proven)
            os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status)
        assert os.WTERMSIG(status) == signal.SIGKILL
        again = Till(device, folder, answers=proven)
        wait_for(lambda: again.jobs.state_of(job(2)) in (JobState.PRINTED, JobState.SENT))  # noqa: B023
        unknown = again.jobs.state_of(job(1)) is JobState.UNKNOWN
        again.close()
        wait_for(lambda: "单号 2".encode("gb18030") in device.printed)
        times = bytes(device.printed).count("合计 10.00".encode("gb18030"))
        assert times <= 2, f"killed at byte {at}: doubled"
        assert unknown, f"killed at byte {at}: nobody is asked"
        asked += unknown
        printed += times == 2
    assert asked == len(range(0, len(whole) + STRIDE, STRIDE))
    assert 0 < printed < asked


def doomed(device: NetworkPrinter, folder: Path, at: int, *, proven: bool) -> None:
    """Send `at` bytes of the first slip, then die; a second slip waits behind it."""
    from huiyuan.devices.printing.transport import EscposTransport

    whole_write = EscposTransport.write

    def write(self: EscposTransport, data: bytes) -> None:
        if data.startswith(b"\x1b@"):
            whole_write(self, data[:at])
            os.kill(os.getpid(), signal.SIGKILL)
        whole_write(self, data)

    EscposTransport.write = write  # type: ignore[method-assign]
    jobs = CounterPrintJobs(folder, now=now)
    jobs.put(job(1), slip(1))
    jobs.put(job(2), slip(2))
    jobs.close()
    Till(device, folder, answers=proven)
    time.sleep(60)
