"""Are you sure: what would happen, Enter for yes, Esc for no."""

from __future__ import annotations

from textual.app import ComposeResult

from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose


class Confirm(Sheet[bool]):
    """Answers True for Enter; False or None otherwise. What a scanner types is no answer."""

    SCOPE = "question"
    EVERY_KEY_MOVES = True

    def __init__(self, shop: Shop, title: str, question: str) -> None:
        super().__init__(shop, title)
        self.question = question

    def body(self) -> ComposeResult:
        """The question in a sentence."""
        yield Prose(self.question)

    def action_yes(self) -> None:
        """Enter."""
        self.dismiss(True)
