"""The shift of a drawer."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, again, refresh, row, up_and_down

SHIFT: Final[tuple[Command, ...]] = (
    # Shift
    row("shift.enter", "enter", "", msg("Open shift"),
       msg("Opens the shift with the float typed."), bar=False),
    row("shift.cash", "f2", "cash", msg("Cash"),
       msg("Puts cash into the drawer or takes it out: change, the safe, an expense."),
       writes=True, letter="m"),
    row("shift.no_sale", "f3", "no_sale", msg("Open drawer"),
       msg("Opens the drawer without a sale; it is written down with the reason."),
       needs="no_sale", writes=True),
    row("shift.close", "f4", "close_shift", msg("Close shift"),
       msg("Asks for the counted cash and closes the shift (Z report)."), needs="shift", writes=True),
    refresh("shift", msg("Reads the shift anew (X report).")),
    row("shift.print", "f6", "print", msg("Print X"), msg("Prints the X report.")),
    row("shift.old", "f8", "old", msg("Old Z"), msg("Finds a closed shift and prints its Z again.")),
    row("count.enter", "enter", "", msg("Take"),
       msg("Takes what is typed for the marked row, then the next.")),
    row("count.done", "f2", "done", msg("Done"), msg("The count is complete.")),
    row("count.sum", "f3", "one_sum", msg("One sum"), msg("Types the cash as one sum instead of pieces.")),
    *up_and_down("count"),
    row("old.find", "enter", "", msg("Find / print"),
       msg("By number or by day; nothing typed prints the marked one.")),
    *up_and_down("old"),
    row("old.page_up", "pageup", "page_up", msg("Page up"), msg("Goes up by a screen."), bar=False),
    row("old.page_down", "pagedown", "page_down", msg("Page down"), msg("Goes down by a screen."),
       bar=False, letter="n"),
    again("shift", "f7"),
    row("closing.enter", "enter", "", msg("Open items"), msg("Goes where they are settled.")),
)  # fmt: skip
