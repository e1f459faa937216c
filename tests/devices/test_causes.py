"""Twelve things that go wrong with printer and drawer: the right cause is named, within thirty seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from huiyuan.devices.printing.encoder import encode_slip, encode_trials
from huiyuan.devices.printing.escpos_printer import EscposPrinter, Patience
from huiyuan.devices.printing.profile import PrinterProfile
from huiyuan.devices.simulators.network_printer import Faults, NetworkPrinter
from huiyuan.domain.model.devices import TRIED_ENCODINGS, TRIED_TEXTS
from huiyuan.domain.model.errors import OutOfPaper, PaperUnknown, PrinterUnavailable
from huiyuan.domain.model.receipt import Receipt

SLIP = Receipt("S01-1-000042", 32, ("好味茶行", "合计                       10.00"))
HALF = len(encode_slip(SLIP, "gb18030", cuts=True)) // 2
SHORT = Patience(connect_s=2, answer_s=0.4, stuck_s=0.5, proof_s=0.6, paper_s=0.3)


def told(printer: EscposPrinter) -> str:
    """The cause as the counter names it."""
    try:
        printer.print_receipt(SLIP)
    except OutOfPaper:
        return "no_paper"
    except (PrinterUnavailable, PaperUnknown) as trouble:
        return trouble.why
    return printer.state()


def switch_off(device: NetworkPrinter) -> None:
    device.switch_off()


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Faults(), "ready"),
        (Faults(paper_low=True), "paper_low"),
        (Faults(paper_left=0), "no_paper"),
        (Faults(paper_left=HALF), "no_paper"),
        (Faults(cover_open=True), "cover_open"),
        (switch_off, "unreachable"),
        (Faults(mute=True), "silent"),
        (Faults(stuck=True), "silent"),
        (Faults(garbled=True), "garbled"),
        (Faults(cut_after=HALF + 9), "cut"),
        (Faults(power_after=HALF), "cut"),
        (Faults(deaf_to_barrier=True), "unproven"),
    ],
)
def test_the_right_cause_is_named(
    fault: Faults | Callable[[NetworkPrinter], None],
    cause: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    cache = tmp_path_factory.getbasetemp() / "escpos"
    with NetworkPrinter() as device:
        if isinstance(fault, Faults):
            device.faults = fault
        else:
            fault(device)
        began = time.monotonic()
        assert told(printer_at(device, cache)) == cause
        assert time.monotonic() - began < 30


def test_a_drawer_that_stands_open_is_named(tmp_path: Path) -> None:
    with NetworkPrinter() as device:
        device.faults.drawer_open = True
        printer = printer_at(device, tmp_path, sensor="high")
        printer.check()
        assert printer.drawer_open() is True


@pytest.mark.parametrize("font", TRIED_ENCODINGS[:4])
def test_the_first_line_that_reads_right_names_the_font(font: str) -> None:
    """The person's look at the page that a printer with `font` would draw."""
    right = []
    for line in encode_trials(32, cuts=True).split(b"\n")[1:5]:
        number, _, rest = line.lstrip(b"\x1c&.").partition(b" ")
        name = TRIED_ENCODINGS[int(number) - 1]
        shown = rest.decode(font, errors="replace")
        if shown.removeprefix(name).strip() == TRIED_TEXTS[name]:
            right.append(name)
    assert right[0] == font


def printer_at(device: NetworkPrinter, cache: Path, **profile: object) -> EscposPrinter:
    made = PrinterProfile(url=device.url, columns=32, **profile)  # type: ignore[arg-type]
    return EscposPrinter(made, cache=cache, patience=SHORT)
