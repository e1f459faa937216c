"""Without the line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

OFFLINE: Final[Mapping[str, str]] = {
    "offline_refused": msg(
        "Without the line this is not possible. Nothing was booked. Wait until the line is back."
    ),
    "offline_unknown": msg(
        "Without the line only who signed in at this counter within the last {hours} hours may sign in."
        " Nobody was signed in. Wait until the line is back."
    ),
    "offline_locked": msg(
        "Five wrong PINs: this number stays locked here until the server has let it in again. Somebody else"
        " may sign in, or wait until the line is back."
    ),
    "unknown_review": msg("This was decided already. Nothing was changed."),
}

OFFLINE_WHY: Final[Mapping[str, str]] = {
    "coupon": msg("Without the line no coupon is taken. Nothing was booked. Go back (Esc) and take it off."),
    "tender": msg("Without the line only cash and bank card are taken. Nothing was booked. Choose another."),
    "hours": msg("The line is away for too long. Nothing was booked. Wait until the line is back."),
    "sales": msg("No more sales without the line. Nothing was booked. Wait until the line is back."),
    "cash": msg("No more cash without the line. Nothing was booked. Wait until the line is back."),
}
