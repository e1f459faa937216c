"""Paper: the printer of a seat, the slips that wait for it, and the thread between them, put together."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from huiyuan.tui.context import CommandContext

if TYPE_CHECKING:
    from huiyuan.config.settings import Printer
    from huiyuan.domain.ports import CustomerDisplay, PrintJobs, ReceiptPrinter, Scale
    from huiyuan.repositories.counter.journal import CounterJournal
    from huiyuan.screens.shop import Shop
    from huiyuan.tui.device_desk import SeatDevices
    from huiyuan.tui.readers import SeatReaders

SLIPS_FOLDER: Final = "slips"
CACHE_FOLDER: Final = "cache"
SUPPORT_FOLDER: Final = "support"
NO_PRINTER: Final = "none"


@dataclass(frozen=True, slots=True)
class SeatPaper:
    """What a seat prints with. `slips` is the folder of its text files, empty where something else prints."""

    chosen: Printer
    printer: ReceiptPrinter
    display: CustomerDisplay
    scale: Scale
    devices: SeatDevices
    jobs: PrintJobs
    slips: str
    start: Callable[[], None]
    close: Callable[[], None]

    def measured(self, shop: Shop) -> Shop:
        """`shop` with the width, the encoding and the language of this paper."""
        return replace(
            shop,
            slip_columns=self.chosen.printer_columns,
            slip_encoding=self.chosen.printer_encoding,
            slip_language=self.chosen.printer_language or "",
            slip_folder=self.slips,
        )


def open_paper(
    context: CommandContext,
    seat_folder: Path,
    readers: SeatReaders,
    *,
    own: Path | None,
    journal: CounterJournal | None,
    now: Callable[[], datetime],
) -> SeatPaper:
    """The printer of the seat in `seat_folder`, and its slips.

    Args:
        own: the same folder if this process owns the seat; None keeps slips in memory only.
        journal: the seat's, which knows the documents that owe a slip.
        readers: the devices that read.

    Raises:
        CommandRefused: a setting of the printer cannot be used.
        Refused: `print_jobs_unwritable`.
    """
    from huiyuan.repositories.counter.print_jobs import CounterPrintJobs
    from huiyuan.tui.device_desk import SeatDevices
    from huiyuan.tui.printing import Printing

    chosen = chosen_printer(context, seat_folder)
    slips = context.paths.home / SLIPS_FOLDER / seat_folder.name
    printer = printer_of(chosen, slips=slips, cache=context.paths.home / CACHE_FOLDER)
    jobs = CounterPrintJobs(own, now=now, answered=journal.answered_since if journal else None)
    display, scale = display_of(chosen), scale_of(chosen)
    devices = SeatDevices(
        chosen, printer, display, scale=scale, folder=seat_folder,
        reports=context.paths.home / SUPPORT_FOLDER, now=now, readers=readers,
    )  # fmt: skip
    printer.watch(devices.printer_stands)
    readers.watch(devices.reader_stands)
    printing = Printing(jobs, printer, check_every_s=chosen.device_check_s, checked=devices.self_checked)

    def close() -> None:
        printing.stop()
        display.close()
        jobs.close()

    return SeatPaper(
        chosen=chosen,
        printer=printer,
        display=display,
        scale=scale,
        devices=devices,
        jobs=jobs,
        slips=str(slips) if chosen.printer is None else "",
        start=printing.start,
        close=close,
    )


def chosen_printer(context: CommandContext, folder: Path) -> Printer:
    """The printer of the seat in `folder`.

    Raises:
        CommandRefused: Its file or a variable does not hold what it should.
    """
    from huiyuan.config.printer_file import read_printer

    return context.checked(lambda: read_printer(folder, context.settings.printer))


def printer_of(chosen: Printer, *, slips: Path, cache: Path) -> ReceiptPrinter:
    """What takes the slips: a printer, the folder `slips`, or nothing."""
    if chosen.printer is None:
        from huiyuan.devices.printing.file_printer import FilePrinter

        return FilePrinter(slips)
    if chosen.printer == NO_PRINTER:
        from huiyuan.devices.printing.no_printer import NoPrinter

        return NoPrinter()
    from huiyuan.devices.printing.escpos_printer import EscposPrinter
    from huiyuan.devices.printing.profile import PrinterProfile

    profile = PrinterProfile(
        url=chosen.printer,
        columns=chosen.printer_columns,
        encoding=chosen.printer_encoding,
        answers=chosen.printer_answers and _may_answer(chosen.printer),
        sensor=chosen.printer_sensor,
        cuts=chosen.printer_cuts,
        drawer=chosen.printer_drawer,
        code=chosen.printer_code,
        rare=chosen.printer_rare,
        font=chosen.printer_font,
        logo=chosen.printer_logo,
    )
    return EscposPrinter(profile, cache=cache)


def display_of(chosen: Printer) -> CustomerDisplay:
    """What shows the customer total and change, or nothing."""
    if chosen.display is None:
        from huiyuan.devices.displays.no_display import NoDisplay

        return NoDisplay()
    from huiyuan.devices.displays.line_display import LineDisplay

    return LineDisplay(chosen.display)


def scale_of(chosen: Printer) -> Scale:
    """What goods are weighed on, or nothing. No line is opened before somebody weighs."""
    if chosen.scale is None:
        from huiyuan.devices.scales.no_scale import NoScale

        return NoScale()
    from huiyuan.devices.scales.serial_scale import SerialScale

    return SerialScale(chosen.scale)


def _may_answer(url: str) -> bool:
    """A printer can answer; a plain file and a terminal that prints cannot."""
    if url.startswith("terminal:"):
        return False
    if not url.startswith("file:"):
        return True
    try:
        return stat.S_ISCHR(Path(unquote(urlsplit(url).path)).stat().st_mode)
    except OSError:  # not plugged in: that is said when it is opened
        return True
