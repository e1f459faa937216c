"""PaperNotice: the printer's trouble is said between two customers, never while one is served."""

from __future__ import annotations

from typing import TypeVar

from textual import on

from huiyuan.screens import messages
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.paper import paper_trouble

R = TypeVar("R")


class PaperNotice(AskingScreen[R]):
    """A screen on which customers follow each other."""

    troubled = False

    def between_customers(self) -> bool:
        """Whether nobody is served now."""
        return True

    @on(messages.PrinterStands)
    def show_paper(self) -> None:
        """What to do before the next sale; taken back when it was done."""
        trouble, before = paper_trouble(self.shop), self.troubled
        self.troubled = bool(trouble)
        if self.between_customers() and (trouble or before):
            self.tell(trouble, "warn")
