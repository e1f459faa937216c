"""RowPages: a list that is read page by page, and what is done with the row under its mark.

Always true: a page is one question; what was done is said once the list as it is now is shown, not before.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from textual import on
from textual.message import Message

from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.paged import PagedScreen, page_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.rows import RowList

R = TypeVar("R")
Row = TypeVar("Row")


@dataclass(eq=False, repr=False)
class RowsRead(Message):
    """What a page's question brought; `at` is its place among the pages read."""

    found: Any
    at: int


@dataclass(eq=False, repr=False)
class RowChanged(Message):
    """Something was changed; `done` says what."""

    done: str


class RowPages(PagedScreen[R], Generic[R, Row]):
    """One list. A screen says how a page is read, where a row stands, what its cells are, what Enter does."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.rows: Sequence[Row] = ()
        self.done = ""

    @abstractmethod
    def reading(self, after: Any) -> Callable[[], Any]:
        """What reads `ASKED` rows behind a place, in a thread: one question."""

    def unpack(self, found: Any) -> Sequence[Row]:
        """The rows of what was read; what came beside them is kept here."""
        rows: Sequence[Row] = found
        return rows

    @abstractmethod
    def place_of(self, row: Row) -> object:
        """Where a row stands; the next page begins behind the last one."""

    @abstractmethod
    def cells_of(self, row: Row) -> tuple[str, ...]:
        """A row of the list."""

    def on_mount(self) -> None:
        """The list has the focus."""
        self.query_one(RowList).focus()
        self.begin()

    def begin(self) -> None:
        """What is read first."""
        self.action_refresh()

    def action_refresh(self) -> None:
        """The page that is shown, as it is now."""
        self.read(self.at)

    def read(self, at: int) -> None:
        """Page `at`."""
        ask(self, self.reading(self.starts[at]), then=lambda found: RowsRead(found, at), subject="rows")

    @on(RowsRead)
    def take_page(self, message: RowsRead) -> None:
        """As it stands now."""
        self.show_page(message.at, message.found)

    def show_page(self, at: int, found: Any) -> None:
        """The rows of page `at`, and what was done before they were read."""
        rows = self.unpack(found)
        if self.is_gone(at, rows):
            return
        self.rows, more = page_of(rows)
        mark = self.mark_for(self.turned(at, self.place_of(self.rows[-1]) if more else None))
        self.query_one(RowList).show_rows([self.cells_of(each) for each in self.rows], mark=mark)
        self.show_marked()
        if self.done:
            self.tell(self.done, "good")
            self.done = ""

    def mark_for(self, mark: int | None) -> int | None:
        """Where the mark goes on a page that was just read; None: where it is."""
        return mark

    # The marked row

    def marked(self) -> Row | None:
        """What the mark stands on."""
        index = self.query_one(RowList).marked if self.rows else None
        return self.rows[index] if index is not None and index < len(self.rows) else None

    @on(RowList.Marked)
    def other_marked(self) -> None:
        """Another row, other keys."""
        self.show_marked()

    def show_marked(self) -> None:
        """The keys depend on what is marked."""
        self.refresh_bindings()

    @on(RowList.Chosen)
    def choose_row(self, message: RowList.Chosen) -> None:
        """Enter."""
        message.stop()
        if message.index < len(self.rows):
            self.open_row(self.rows[message.index])

    def open_row(self, row: Row) -> None:
        """What Enter does with a row."""

    # Changing

    def change(self, work: Callable[[], object], done: str = "") -> None:
        """Have it done, then read the list anew and say what was done."""

        def run() -> str:
            work()
            return done

        ask(self, run, then=RowChanged, subject=WRITE)

    @on(RowChanged)
    def read_again(self, message: RowChanged) -> None:
        """The list as it is now."""
        self.done = message.done
        self.action_refresh()

    @on(messages.Refused)
    def not_done(self) -> None:
        """Nothing was changed."""
        self.done = ""


class RowsHere(RowPages[R, Row]):
    """A list that lies on this counter's disk: read at once, no round trip."""

    def read(self, at: int) -> None:
        """Page `at`."""
        self.show_page(at, self.reading(self.starts[at])())
