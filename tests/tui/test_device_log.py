"""The log of devices: changes and checks over a restart, bounded, without stopping anything."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from huiyuan.config.settings import Printer
from huiyuan.devices.displays.no_display import NoDisplay
from huiyuan.devices.printing.file_printer import FilePrinter
from huiyuan.domain.model.device import Condition, DeviceState
from huiyuan.domain.model.devices import DeviceEvent
from huiyuan.domain.model.printing import PrinterState
from huiyuan.repositories.counter.print_jobs import CounterPrintJobs
from huiyuan.tui import device_log
from huiyuan.tui.device_desk import SeatDevices
from huiyuan.tui.device_log import DeviceLog
from huiyuan.tui.printing import Printing


def desk(folder: Path) -> SeatDevices:
    return SeatDevices(
        Printer(), FilePrinter(folder / "slips"), NoDisplay(), folder=folder, reports=folder,
        now=lambda: datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    )  # fmt: skip


def test_what_changed_is_known_after_a_restart_and_beside_the_counter(tmp_path: Path) -> None:
    first = desk(tmp_path)
    first.printer_stands(PrinterState.NO_PAPER)
    for condition in (Condition.ABSENT, Condition.ABSENT, Condition.READY):
        first.reader_stands(DeviceState("card_reader", condition))
    first.self_checked()
    for outcome in ("card_good", "no_card_on_reader"):
        first.card_tested(outcome)
    told = [(each.kind, each.state) for each in desk(tmp_path).events()]
    assert told == [
        ("reader", "card_good"),
        ("reader", "ready"),
        ("reader", "absent"),
        ("printer", "no_paper"),
    ]
    report = "\n".join(desk(tmp_path).report_lines())
    assert "printer no_paper" in report
    assert "printer=unasked" in report
    assert (tmp_path / device_log.LOG_FILE).stat().st_mode & 0o777 == 0o600


def test_each_check_at_its_interval_is_a_line(tmp_path: Path) -> None:
    made = desk(tmp_path)
    jobs = CounterPrintJobs(None, now=lambda: datetime.now(UTC))
    printing = Printing(jobs, FilePrinter(tmp_path / "slips"), check_every_s=0.02, checked=made.self_checked)
    printing.start()
    file = tmp_path / device_log.LOG_FILE
    deadline = time.monotonic() + 20
    while not file.exists() or len(file.read_text("ascii").splitlines()) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    printing.stop()
    jobs.close()
    assert DeviceLog(tmp_path).last_check() is not None
    assert made.events() == ()


def test_it_stays_within_two_files_and_survives_half_a_line(tmp_path: Path) -> None:
    log = DeviceLog(tmp_path)
    for n in range(9000):
        log.changed(DeviceEvent(n, "printer", "ready"))
    files = sorted(tmp_path.iterdir())
    assert len(files) == 2
    assert all(each.stat().st_size <= device_log.BYTES_MAX for each in files)
    assert log.events(2)[0].at_ms == 8999
    with (tmp_path / device_log.LOG_FILE).open("a") as out:
        out.write('{"at_ms": 1, "ki')
    assert DeviceLog(tmp_path).events(1)[0].at_ms == 8999


def test_a_disk_that_takes_nothing_stops_nothing(tmp_path: Path) -> None:
    log = DeviceLog(tmp_path / "gone")
    log.changed(DeviceEvent(1, "printer", "ready"))
    assert [each.state for each in log.events(5)] == ["ready"]
    assert DeviceLog(tmp_path / "gone").events(5) == ()
