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
    "unsettled": msg(
        "{count} documents of this shift have no answer yet. The shift stays open."
        " Home (Esc), open items (^O), send them again (F5)."
    ),
}
