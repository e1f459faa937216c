"""`huiyuan printer`: which receipt printer the seats of this machine have, how it stands, and a test page.

It needs no database and no running counter; what it writes is used from the next start of the counter on.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext, CommandRefused

if TYPE_CHECKING:
    from huiyuan.config.settings import Printer
    from huiyuan.domain.ports import ReceiptPrinter

HELP = msg("Choose, look at and try the receipt printer of this machine's seats")
WRONG: Final = 1


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """What to keep, and `--test`."""
    parser.add_argument("--seat", metavar="ROLE", help=tr(msg("Only this seat; without it, every seat here")))
    parser.add_argument(
        "--to",
        metavar="URL",
        help=tr(
            msg(
                "tcp://HOST:9100, file:///dev/usb/lp0, serial:///dev/ttyS0?baud=9600, unix:///PATH (ssh),"
                " terminal:///dev/tty (PuTTY), none or folder"
            )
        ),
    )
    parser.add_argument("--columns", type=int, help=tr(msg("Cells a line: 32, 42 or 48")))
    parser.add_argument("--encoding", choices=["gb18030", "gbk", "gb2312", "utf-8", "raster"])
    parser.add_argument(
        "--rare", choices=["replace", "raster"], help=tr(msg("What a line with a rare character becomes"))
    )
    parser.add_argument("--font", metavar="FILE", help=tr(msg("A font file for lines that are drawn")))
    parser.add_argument("--logo", metavar="FILE", help=tr(msg("A picture above every slip")))
    parser.add_argument(
        "--answers", choices=["yes", "no"], help=tr(msg("Whether it answers status questions"))
    )
    parser.add_argument("--cutter", choices=["yes", "no"])
    parser.add_argument(
        "--drawer",
        choices=["none", "realtime", "queued"],
        help=tr(msg("How its cash drawer is opened")),
    )
    parser.add_argument(
        "--sensor",
        choices=["none", "high", "low"],
        help=tr(msg("The level of its pin at which the drawer is open")),
    )
    parser.add_argument(
        "--code",
        choices=["native", "raster", "none"],
        help=tr(msg("Who draws a QR code: the printer, this program as dots, or nobody")),
    )
    parser.add_argument("--slips-in", choices=["zh_CN", "en"], help=tr(msg("The language of the slips")))
    parser.add_argument("--test", action="store_true", help=tr(msg("Print a test page")))


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Keep what was given, then ask each seat's printer; 0 if all are ready, 1 if one is not."""
    context.start_logs()
    folders = [each for each in sorted(context.paths.counter.iterdir()) if each.is_dir()]
    folders = [each for each in folders if arguments.seat in {None, each.name}]
    if not folders:
        raise CommandRefused(context.tr(msg("There is no seat of this name here. Start the counter once.")))
    changed = _given(arguments)
    well = True
    for folder in folders:
        if changed:
            _keep(context, folder, changed)
        well = _look(context, folder, test=arguments.test) and well
    if changed:
        context.say(context.tr(msg("A counter that is running takes this from its next start on.")))
    return 0 if well else WRONG


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    """What the command line sets, by the names of the settings."""
    told = {
        "printer": arguments.to,
        "printer_columns": arguments.columns,
        "printer_encoding": arguments.encoding,
        "printer_answers": None if arguments.answers is None else arguments.answers == "yes",
        "printer_cuts": None if arguments.cutter is None else arguments.cutter == "yes",
        "printer_drawer": arguments.drawer,
        "printer_sensor": arguments.sensor,
        "printer_rare": arguments.rare,
        "printer_font": arguments.font,
        "printer_logo": arguments.logo,
        "printer_code": arguments.code,
        "printer_language": arguments.slips_in,
    }
    return {name: value for name, value in told.items() if value is not None}


def _keep(context: CommandContext, folder: Path, changed: dict[str, Any]) -> None:
    from huiyuan.config.printer_file import change_printer

    try:
        context.checked(lambda: change_printer(folder, changed))
    except OSError as error:
        sentence = context.tr(msg("The folder of this seat cannot be written ({problem})."))
        raise CommandRefused(sentence.format(problem=error.strerror)) from None


def _look(context: CommandContext, folder: Path, *, test: bool) -> bool:
    """Say how the printer of one seat stands, after a test page if one is wanted."""
    from huiyuan.screens.paper import HEALTHY, PRINTER_STATES
    from huiyuan.tui.paper import CACHE_FOLDER, SLIPS_FOLDER, chosen_printer, printer_of

    chosen = chosen_printer(context, folder)
    slips = context.paths.home / SLIPS_FOLDER / folder.name
    printer = printer_of(chosen, slips=slips, cache=context.paths.home / CACHE_FOLDER)
    state = printer.check()
    sentence = context.tr(msg("Seat {seat}: {printer}, {columns} cells, {encoding}: {state}."))
    context.say(
        sentence.format(
            seat=folder.name,
            printer=chosen.printer or slips,
            columns=chosen.printer_columns,
            encoding=chosen.printer_encoding,
            state=context.tr(PRINTER_STATES[state]),
        )
    )
    return state in HEALTHY and (not test or _test_page(context, chosen, printer))


def _test_page(context: CommandContext, chosen: Printer, printer: ReceiptPrinter) -> bool:
    from huiyuan.domain.model.errors import OutOfPaper, PaperUnknown, PrinterUnavailable
    from huiyuan.domain.model.receipt import SlipPaper, printer_test

    paper = SlipPaper(chosen.printer_language or context.lang, chosen.printer_columns, 2)
    at = datetime.now(UTC).astimezone().strftime("%Y-%m-%d %H:%M")
    try:
        proven = printer.print_receipt(printer_test(paper, encoding=chosen.printer_encoding, at=at))
    except (OutOfPaper, PrinterUnavailable, PaperUnknown):
        context.say(context.tr(msg("The test page did not come out, or not whole.")))
        return False
    done = msg("The test page is printed.") if proven else msg("The test page was sent; look at the paper.")
    context.say(context.tr(done))
    return True
