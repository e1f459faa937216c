"""A list that is moved while a field over it has the focus."""

from __future__ import annotations

from typing import TypeVar

from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.widgets.rows import RowList

R = TypeVar("R")


class BesideField(ShopScreen[R]):
    """The arrows and the keys for pages are commands of the screen. Named behind the screen's own base."""

    def action_up(self) -> None:
        """The row above."""
        self.query_one(RowList).move(-1)

    def action_down(self) -> None:
        """The row below."""
        self.query_one(RowList).move(1)

    def action_page_up(self) -> None:
        """PgUp."""
        self.query_one(RowList).action_page(-1)

    def action_page_down(self) -> None:
        """PgDn."""
        self.query_one(RowList).action_page(1)
