"""Notes that pop up: what somebody wanted everybody to read before anything else."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.members import MemberNote
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose


class PoppedNotes(Sheet[None]):
    """What somebody wanted everybody to read first."""

    SCOPE = "popped"

    def __init__(self, shop: Shop, name: str, notes: Sequence[MemberNote]) -> None:
        super().__init__(shop, shop.say(msg("Please note")), name)
        self.notes = notes

    def body(self) -> ComposeResult:
        """Each note with who wrote it."""
        for note in self.notes:
            yield Prose(f"{note.text}  ({note.by}, {self.say.date(note.at)})")

    def action_read(self) -> None:
        """Enter."""
        self.dismiss(None)
