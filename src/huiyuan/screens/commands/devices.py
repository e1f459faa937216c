"""Open items and the printer."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, row

DEVICES: Final[tuple[Command, ...]] = (
    # Open items
    row("unsettled.enter", "enter", "", msg("Decide"),
       msg("Says what was done about a refused document; it then leaves the list.")),
    row("unsettled.printer", "f6", "printer", msg("Printer"),
       msg("Slips that wait, a test page, a copy of any receipt.")),
    row("unsettled.drain", "f5", "drain", msg("Send again"),
       msg("Sends everything without an answer again; each can only ever be booked once.")),
    row("unsettled.charges", "f7", "charges", msg("Payments"),
       msg("Money asked of the gateway that is neither a sale's nor given back.")),
    # Devices
    row("devices.read_card", "f2", "read_card", msg("Read card"),
       msg("Says what is on the card that lies on the reader, masked; nothing is done with it."), letter="e"),
    row("devices.loop", "f3", "loop", msg("Loop test"),
       msg("Asks the marked device again and again and counts the answers: a loose plug shows itself.")),
    row("devices.note", "f4", "note", msg("Note care"),
       msg("Keeps what was done to the devices, with today's date.")),
    row("devices.check", "f5", "check", msg("Ask them"),
       msg("Asks every device how it stands."), letter="a"),
    row("devices.page", "f6", "page", msg("Encodings"),
       msg("Prints a line in each encoding, asks which one reads correctly, and keeps that.")),
    row("devices.report", "f7", "report", msg("Report"),
       msg("Writes a file for the vendor, without personal data.")),
    row("devices.show_test", "f8", "show_test", msg("Test display"),
       msg("Shows 888.88 to the customer.")),
    row("devices.scan_test", "f9", "scan_test", msg("Test scanner"),
       msg("Looks at the pace of a keyboard scanner and proposes its settings."), letter="c"),
    row("scan_test.keep", "f2", "keep", msg("Keep"),
       msg("Uses what is proposed from now on, after the next start, too.")),
    # Printer
    row("printer.enter", "enter", "", msg("Print"),
       msg("Tries the marked slip at once; one that may be on paper already comes as a copy.")),
    row("printer.confirm", "f3", "confirm", msg("It is on paper"),
       msg("Says that the marked slip was printed after all.")),
    row("printer.discard", "f4", "discard", msg("Give up"),
       msg("Takes the marked slip off the list, after a reason; the document stands.")),
    row("printer.check", "f5", "check", msg("Ask printer"),
       msg("Asks the printer how it stands."), letter="a"),
    row("printer.test", "f6", "test", msg("Test page"),
       msg("Prints a page that shows width, Chinese characters and height.")),
    row("printer.receipt", "f7", "receipt", msg("Copy"),
       msg("Prints any receipt of this store again, marked as a copy.")),
)  # fmt: skip
