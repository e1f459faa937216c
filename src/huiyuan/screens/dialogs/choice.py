"""One of a few: arrows and Enter, or the digit that stands before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList


class Choice(Sheet[int]):
    """Answers the index of the row chosen, or None if the person left."""

    SCOPE = "choice"
    EVERY_KEY_MOVES: ClassVar[bool] = True

    def __init__(
        self, shop: Shop, title: str, options: Sequence[str], *, mark: int = 0, about: str = ""
    ) -> None:
        super().__init__(shop, title)
        self.options = list(options)
        self.mark = mark
        self.about = about

    def body(self) -> ComposeResult:
        """A sentence if there is one, and one row an option."""
        if self.about:
            yield Prose(self.about)
        rows = RowList([Column("", 2, "right"), Column("")], id="options", header=False)
        rows.styles.height = len(self.options)
        rows.show_rows(
            [(str(n) if n < 10 else "", text) for n, text in enumerate(self.options, start=1)], mark=self.mark
        )
        yield rows

    def on_key(self, event: events.Key) -> None:
        """A digit chooses at once."""
        digit = event.character or ""
        if digit and digit in "123456789" and int(digit) <= len(self.options) and not self.unseen:
            event.stop()
            self.dismiss(int(digit) - 1)

    @on(RowList.Chosen)
    def choose(self, message: RowList.Chosen) -> None:
        """Enter on a row."""
        message.stop()
        self.dismiss(message.index)


EXPORT_FORMS = ("xlsx", "csv")
EXPORT_LABELS = (msg("Workbook (xlsx)"), msg("Rows with commas (csv)"))
