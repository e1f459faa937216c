"""Twelve faults of devices, each of a kind that shops meet: the cause is named, and slips go on being kept.

| fault | what names it | cause |
|---|---|---|
| wrong encoding | page of encodings: the first line that reads right | gbk |
| no Chinese font | page of encodings: only the drawn line reads right | raster |
| out of paper | asked before the slip | no_paper |
| half a slip, power gone | the line breaks within the slip | cut |
| switched off | nobody listens | unreachable |
| stuck, takes nothing | no answer | silent |
| cover open | asked before the slip | cover_open |
| reader held by another program | the talk's deadline | held |
| card service stopped | the watcher | no_service |
| reader unplugged | the watcher | absent |
| doubled scans | scanner test | doubled |
| lost prefix | scanner test | lost_prefix |
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from huiyuan.devices.printing.dots import HEAD
from huiyuan.devices.printing.drawn_lines import find_artist
from huiyuan.devices.printing.encoder import Drawn, encode_trials
from huiyuan.devices.simulators.network_printer import Faults, NetworkPrinter
from huiyuan.domain.model.devices import DRAWN_ENCODING, TRIED_ENCODINGS, TRIED_TEXTS
from huiyuan.domain.model.printing import JobState
from huiyuan.domain.model.scan_timing import judge_scans
from huiyuan.repositories.counter.print_jobs import CounterPrintJobs
from tests.devices.card_service import CardService, what_is_missing
from tests.devices.test_causes import HALF, SLIP, printer_at, switch_off, told
from tests.devices.virtual_card import Card, OnReader
from tests.domain.test_scan_timing import CODE, scans
from tests.faults.test_devices_over_ssh import Watching, until

WITHIN_S = 30
HOLDING = """
import sys
from huiyuan.devices.cards.ctypes_binding import CtypesPcsc
other = CtypesPcsc()
context = other.establish()
link = other.connect(context, other.readers(context)[0])
assert other._library.SCardBeginTransaction(link.handle) == 0
print("held", flush=True)
sys.stdin.read()
"""


def first_right(font: str, *, draws: bool) -> str:
    """What a person answers who looks at the page that a printer with `font` makes."""
    artist = find_artist()
    drawn = Drawn(lambda text, columns, tall: artist.line(text, columns, tall=tall)) if artist else None
    page = encode_trials(32, cuts=True, drawn=drawn if draws else None)
    lines = page.split(b"\n")[1:5]
    for line, name in zip(lines, TRIED_ENCODINGS, strict=False):
        shown = line.lstrip(b"\x1c&.").decode(font, errors="replace")
        if shown.endswith(TRIED_TEXTS[name]):
            return name
    return DRAWN_ENCODING if HEAD in page else "none"


def printing(fault: Faults | Callable[[NetworkPrinter], None], folder: Path) -> str:
    with NetworkPrinter() as device:
        if isinstance(fault, Faults):
            device.faults = fault
        else:
            fault(device)
        return told(printer_at(device, folder))


def reading(break_it: Callable[[CardService], subprocess.Popen[bytes] | None], folder: Path) -> str:
    """The watcher's last word, once something was broken after it had been well."""
    service = CardService(folder)
    service.start()
    watching = Watching(service.socket)
    holder = None
    try:
        until(lambda: "state ready True" in watching.heard)
        seen = len(watching.heard)
        holder = break_it(service)
        troubles = ("held", "no_service", "absent")
        until(lambda: any(trouble in line for line in watching.heard[seen:] for trouble in troubles))
        time.sleep(2)  # a stopped service is no reader either, for a moment
        return watching.heard[-1].split()[1]
    finally:
        watching.end()
        if holder is not None:
            holder.kill()
        service.stop()


def hold(service: CardService) -> subprocess.Popen[bytes]:
    """Another program begins to talk with the card and does not end; the card is laid on anew meanwhile."""
    laid = OnReader(Card("04A1B2C3"), service.port, delay_s=0)
    laid.__enter__()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING], env={**os.environ, "PCSCLITE_CSOCK_NAME": str(service.socket)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    laid.delay_s = 60
    return holder


def needs_reader() -> None:
    if what_is_missing():
        pytest.skip(what_is_missing())


FAULTS: list[tuple[str, Callable[[Path], str]]] = [
    ("gbk", lambda _: first_right("gbk", draws=True)),
    ("raster", lambda _: first_right("latin-1", draws=True)),
    ("no_paper", lambda folder: printing(Faults(paper_left=0), folder)),
    ("cut", lambda folder: printing(Faults(power_after=HALF), folder)),
    ("unreachable", lambda folder: printing(switch_off, folder)),
    ("silent", lambda folder: printing(Faults(stuck=True), folder)),
    ("cover_open", lambda folder: printing(Faults(cover_open=True), folder)),
    ("held", lambda folder: reading(hold, folder)),
    ("no_service", lambda folder: reading(lambda service: service.stop(), folder)),
    ("absent", lambda folder: reading(lambda service: service.restart(reader=False), folder)),
    ("doubled", lambda _: judge_scans(scans(CODE, CODE, pause_ms=20)).trouble),
    ("lost_prefix", lambda _: judge_scans(scans("~" + CODE, "~" + CODE, CODE)).trouble),
]


@pytest.mark.parametrize(("cause", "broken"), FAULTS, ids=[cause for cause, _ in FAULTS])
def test_the_cause_is_named_within_half_a_minute(
    cause: str, broken: Callable[[Path], str], tmp_path: Path
) -> None:
    if cause in {"held", "no_service", "absent"}:
        needs_reader()
    if cause == "raster" and find_artist() is None:
        pytest.skip("no font with Chinese characters (fonts-noto-cjk)")
    jobs = CounterPrintJobs(None, now=lambda: datetime.now(UTC))
    began = time.monotonic()
    try:
        assert broken(tmp_path) == cause
        assert time.monotonic() - began < WITHIN_S
        # A sale's slip is kept whatever the devices do: it asks none of them.
        assert jobs.put(uuid4(), SLIP).state is JobState.QUEUED
    finally:
        jobs.close()
