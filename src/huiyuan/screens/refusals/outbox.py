"""Slips as messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

OUTBOX: Final[Mapping[str, str]] = {
    "message_refused": msg(
        "A slip goes as a message to a member only. Nothing was booked."
        " Attach the member, or choose paper (^Y l)."
    ),
    "outbox_moved": msg("That slip stands otherwise by now. Nothing was changed. Read the list again (F5)."),
}
