"""The shift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

SHIFT: Final[Mapping[str, str]] = {
    # Shift
    "shift_missing": msg("No shift is open on this drawer. Nothing was booked. Open one first (home, F4)."),
    "shift_closed": msg(
        "This shift was closed meanwhile. Nothing was booked. Go home (Esc) and open a new one."
    ),
    "shift_already_open": msg("A shift is open on this drawer already. Nothing was booked. Go back (Esc)."),
    "cash_short": msg(
        "There is not that much cash in the drawer. Nothing was booked. Count what lies in it."
    ),
    "count_wrong": msg("The pieces ({tender}) do not make the sum. Nothing was booked. Count again."),
    "count_missing": msg("The slips of {tender} are counted at the close. Nothing was booked. Count them."),
    "variance_unexplained": msg(
        "The count is not what was booked. The shift stays open. Count again, or say why (F4)."
    ),
    "removed_wrong": msg(
        "A line taken off earlier cannot be noted ({row}). Nothing was booked. Call support."
    ),
    "unsettled": msg(
        "{count} documents of this shift have no answer yet. The shift stays open."
        " Home (Esc), open items (^O), send them again (F5)."
    ),
}
