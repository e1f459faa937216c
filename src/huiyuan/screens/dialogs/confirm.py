"""Are you sure: what would happen, Enter for yes, Esc for no."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult

from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose


class Confirm(Sheet[bool]):
    """Answers True for Enter; False or None otherwise. What a scanner types is no answer.

    Args:
        typed: takes the character of whoever goes on typing instead of answering; the question is gone then.
    """

    SCOPE = "question"
    EVERY_KEY_MOVES = True

    def __init__(
        self, shop: Shop, title: str, question: str, *, typed: Callable[[str], None] | None = None
    ) -> None:
        super().__init__(shop, title)
        self.question = question
        self.typed = typed

    def body(self) -> ComposeResult:
        """The question in a sentence."""
        yield Prose(self.question)

    def on_key(self, event: events.Key) -> None:
        """Any character but the one that asks for help."""
        if self.typed is not None and event.is_printable and event.character and event.character != "?":
            event.stop()
            event.prevent_default()
            self.dismiss(False)
            self.typed(event.character)

    def action_yes(self) -> None:
        """Enter."""
        self.dismiss(True)
