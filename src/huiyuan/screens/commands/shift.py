"""The shift of a drawer."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import AGAIN, Command, row

SHIFT: Final[tuple[Command, ...]] = (
    # Shift
    row("shift.enter", "enter", "", msg("Open shift"),
       msg("Opens the shift with the float typed."), bar=False),
    row("shift.refresh", "f5", "refresh", msg("Read again"), msg("Reads the shift anew (X report).")),
    row("shift.print", "f6", "print", msg("Print X"), msg("Prints the X report.")),
    row("shift.close", "f4", "close_shift", msg("Close shift"),
       msg("Asks for the counted cash and closes the shift (Z report)."), needs="shift", writes=True),
    row("shift.again", "f7", "again", msg("Check again"),
       AGAIN),
)  # fmt: skip
