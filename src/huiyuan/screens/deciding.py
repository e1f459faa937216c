"""DecidingScreen: a desk where one person proposes and another one decides.

Always true: who proposes does not approve; nothing is decided or ended before somebody is sure; after every
change the list is read anew, and only then it is said what was done.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from textual import on
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.proposals import Desk, Place
from huiyuan.domain.ports import Law, Promotions
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.paged import ASKED, PagedScreen, page_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.rows import RowList

Row = TypeVar("Row")


@dataclass(eq=False, repr=False)
class DeskRead(Message):
    """A page of the desk; `at` is its place among the pages read."""

    desk: Desk[Any]
    at: int


@dataclass(eq=False, repr=False)
class DeskChanged(Message):
    """Something was proposed, decided or ended; `done` says so."""

    done: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal. `own`: of who looks at it; `facts`: what the questions about it name beside its name."""

    proposal: int
    name: str
    own: bool
    facts: Mapping[str, str] = field(default_factory=dict)


class DecidingScreen(PagedScreen[None], Generic[Row]):
    """One list; a desk says how it is read, what its rows are and which of them wait."""

    APPROVING: ClassVar[str] = msg("{name} holds from now on, or from its first day. Approve it?")
    DECLINING: ClassVar[str] = msg("{name} will not hold. Decline it?")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.desk: Desk[Row] | None = None
        self.listed: Sequence[Row] = ()
        self.done = ""

    @property
    @abstractmethod
    def book(self) -> Promotions | Law:
        """Where proposals are approved and declined."""

    @abstractmethod
    def read_desk(self, after: Place | None, most: int) -> Desk[Row]:
        """In a worker: one question."""

    @abstractmethod
    def place_of(self, row: Row, desk: Desk[Row]) -> Place:
        """Where a row stands; the next page begins behind the last one."""

    @abstractmethod
    def cells_of(self, row: Row, desk: Desk[Row]) -> tuple[str, ...]:
        """A row of the list."""

    @abstractmethod
    def waiting(self, row: Row) -> Waiting | None:
        """The proposal that a row is; None: it holds, held or will hold."""

    def on_mount(self) -> None:
        """Read it."""
        self.query_one(RowList).focus()
        self.action_refresh()

    def action_refresh(self) -> None:
        """F5."""
        self.read(self.at)

    def read(self, at: int) -> None:
        """Page `at`: one question."""
        after = self.starts[at]
        ask(self, lambda: self.read_desk(after, ASKED), then=lambda desk: DeskRead(desk, at), subject="desk")

    @on(DeskRead)
    def take_desk(self, message: DeskRead) -> None:
        """The rows of a page, and what was done before it was read."""
        desk, (rows, more) = message.desk, page_of(message.desk.rows)
        if self.is_gone(message.at, rows):
            return
        self.desk, self.listed = desk, rows
        mark = self.turned(message.at, self.place_of(rows[-1], desk) if more else None)
        self.query_one(RowList).show_rows([self.cells_of(each, desk) for each in rows], mark=mark)
        self.aside(self.beside(desk))
        self.show_marked()
        if self.done:
            self.tell(self.done, "good")
            self.done = ""

    def beside(self, desk: Desk[Row]) -> str:  # noqa: ARG002
        """What stands beside the title."""
        return ""

    def marked(self) -> Row | None:
        """What the mark stands on."""
        index = self.query_one(RowList).marked if self.is_mounted and self.listed else None
        return None if index is None else self.listed[index]

    @on(RowList.Marked)
    def other_marked(self) -> None:
        """Another row, other keys."""
        self.show_marked()

    def show_marked(self) -> None:
        """The keys depend on what is marked."""
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """A proposal is decided, and approved by another person."""
        if action in {"approve", "decline"}:
            found = self.proposed()
            return found is not None and not (found.own and action == "approve")
        return super().applies(action)

    def proposed(self) -> Waiting | None:
        """The proposal under the mark."""
        found = self.marked()
        return None if found is None else self.waiting(found)

    # Changing

    def change(self, work: Callable[[], object], done: str) -> None:
        """Have it done, then read the list anew."""

        def run() -> str:
            work()
            return done

        ask(self, run, then=DeskChanged, subject=WRITE)

    @on(DeskChanged)
    def read_again(self, message: DeskChanged) -> None:
        """The list as it is now."""
        self.done = message.done
        self.action_refresh()

    @on(messages.Refused)
    def not_done(self) -> None:
        """Nothing was changed."""
        self.done = ""

    def action_approve(self) -> None:
        """F3."""
        self.decide(self.APPROVING, self.book.approve, msg("{name} is approved."))

    def action_decline(self) -> None:
        """F4."""
        self.decide(self.DECLINING, self.book.decline, msg("{name} is declined."))

    def decide(self, question: str, work: Callable[[int], None], done: str) -> None:
        """About the proposal under the mark."""
        found = self.proposed()
        if found is not None:
            self.when_sure(found.name, question, lambda: work(found.proposal), done, **found.facts)

    def when_sure(
        self, name: str, question: str, work: Callable[[], object], done: str, **facts: str
    ) -> None:
        """`work` is done once somebody is sure."""
        say = self.say

        def go(sure: bool | None) -> None:
            if sure:
                self.change(work, say(done, name=name))

        self.app.push_screen(Confirm(self.shop, name, say(question, name=name, **facts)), go)

    def wait_for_second(self, name: str, work: Callable[[], object]) -> None:
        """Propose it, then say that another person decides."""
        self.change(work, self.say(msg("{name} waits for a second person."), name=name))
