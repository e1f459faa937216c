"""A second person, here or elsewhere."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, refresh, row

APPROVING: Final[tuple[Command, ...]] = (
    row("second_person.enter", "enter", "", msg("Sign"), msg("Signs with the number and PIN typed.")),
    row("second_person.elsewhere", "f3", "elsewhere", msg("Ask elsewhere"),
       msg("Asks whoever may sign at another counter or in another store; the answer comes by itself.")),
    row("approvals.enter", "enter", "", msg("Open"), msg("Shows what it is about; then F2 signs it.")),
    refresh("approvals"),
    row("proposal.approve", "f2", "approve", msg("Approve"), msg("Signs exactly what is shown."),
       needs="approve"),
    row("proposal.decline", "f4", "decline", msg("Decline"), msg("Says no; nothing is booked."),
       needs="approve"),
)  # fmt: skip
