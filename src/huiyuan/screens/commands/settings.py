"""The settings of the chain, and the goods behind one key."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, refresh, row, up_and_down

SETTINGS: Final[tuple[Command, ...]] = (
    row("settings.enter", "enter", "", msg("Edit"),
       msg("Changes the marked setting, for this store or the whole chain."), needs="settings"),
    row("settings.dealer", "f2", "dealer", msg("New dealer level"),
       msg("Adds a level of companies with a price list of its own."), needs="settings", letter="n"),
    row("holidays.enter", "enter", "", msg("Add"), msg("Adds a day, or names one anew.")),
    row("holidays.keep", "f2", "keep", msg("Keep"), msg("Keeps the year as it stands here.")),
    row("holidays.remove", "f4", "remove", msg("Remove"), msg("Takes the marked day off.")),
    *up_and_down("holidays", letters="ud"),
    refresh("settings"),
)  # fmt: skip
