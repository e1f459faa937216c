"""PagedScreen: a list of which one page is in memory, read both ways by the row at which a page begins.

Always true: a page is one question; what was read before is not kept, only where each page begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from textual import on

from huiyuan.config.i18n import msg
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.rows import RowList

R = TypeVar("R")
T = TypeVar("T")

PAGE_ROWS: Final = 17
"""What 80x24 shows below a header."""
ASKED: Final = PAGE_ROWS + 1
"""One row more than is shown says whether there is another page."""
LAST: Final = 10**6


def page_of(rows: Sequence[T]) -> tuple[Sequence[T], bool]:
    """The rows of a page out of those that were read, and whether more follow."""
    return rows[:PAGE_ROWS], len(rows) > PAGE_ROWS


class PagedScreen(ShopScreen[R]):
    """A screen says how page `at` is read from `starts[at]`, and calls `turned` when it has it."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.starts: list[Any] = [None]
        self.at = 0
        self.told_at: int | None = None

    def read(self, at: int) -> None:
        """Ask for page `at`, which begins after `starts[at]`."""

    def anew(self) -> None:
        """Another question: from its first page."""
        self.starts, self.at, self.told_at = [None], 0, None
        self.read(0)

    def turned(self, at: int, following: object | None) -> int | None:
        """Page `at` is here and the next one begins after `following`; answers where the mark goes."""
        mark = None if at == self.at else LAST if at < self.at else 0
        self.at = at
        self.starts[at + 1 :] = [] if following is None else [following]
        if self.told_at != at and (at or following is not None):
            self.tell(self.say(msg("Page {page}. PgDn and PgUp turn the pages."), page=at + 1))
        self.told_at = at
        self.refresh_bindings()
        return mark

    def applies(self, action: str) -> bool:
        """Only pages that are there."""
        if action == "older":
            return len(self.starts) > self.at + 1
        if action == "newer":
            return self.at > 0
        return super().applies(action)

    def action_older(self) -> None:
        """The page after this one, where a key turns it; on a list from the newest an older one."""
        self.read(self.at + 1)

    def action_newer(self) -> None:
        """The page before this one."""
        self.read(self.at - 1)

    def is_gone(self, at: int, rows: Sequence[object]) -> bool:
        """Whether page `at` has nothing any more; then the one before it is read."""
        if rows or not at:
            return False
        self.read(at - 1)
        return True

    @on(RowList.PastEnd)
    def turn_page(self, message: RowList.PastEnd) -> None:
        """PgDn, PgUp and the arrows go on where the page ends."""
        message.stop()
        if message.by > 0 and self.applies("older"):
            self.action_older()
        elif message.by < 0 and self.applies("newer"):
            self.action_newer()


class WindowScreen(PagedScreen[R]):
    """A list that lies on this counter: a page of it is made into rows, `starts` are places in it."""

    def read(self, at: int) -> None:
        """Page `at`; no round trip."""
        self.show_page(at)

    def show_page(self, at: int) -> None:
        """Show page `at` by means of `window`."""

    def window(self, at: int, every: Sequence[T]) -> tuple[Sequence[T], int | None]:
        """Page `at` of `every`, or the last one there is, and where the mark goes."""
        start = min(at, max(0, len(every) - 1) // PAGE_ROWS) * PAGE_ROWS
        at = start // PAGE_ROWS
        more = len(every) > start + PAGE_ROWS
        self.starts[:] = [None, *range(PAGE_ROWS, start + 1, PAGE_ROWS)]
        return every[start : start + PAGE_ROWS], self.turned(at, start + PAGE_ROWS if more else None)
