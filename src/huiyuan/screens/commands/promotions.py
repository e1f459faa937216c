"""The promotion desk."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, refresh, row

PROMOTIONS: Final[tuple[Command, ...]] = (
    row("promotions.add", "f2", "add", msg("New promotion"),
       msg("Proposes a promotion by its kind; another person approves it."), needs="rules", writes=True),
    row("promotions.approve", "f3", "approve", msg("Approve"),
       msg("The marked proposal holds, if somebody else made it."), needs="rules", writes=True, letter="p"),
    row("promotions.decline", "f4", "decline", msg("Decline"), msg("The marked proposal will not hold."),
       needs="rules", writes=True),
    refresh("promotions", msg("Reads the promotions anew."), bar=False),
    row("promotions.end", "f6", "end", msg("End"), msg("The marked promotion ends at once."), needs="rules",
       writes=True),
    row("promotions.change", "f7", "change", msg("Edit"),
       msg("Proposes another version of the marked promotion; what was sold stands."), needs="rules",
       writes=True),
)  # fmt: skip
