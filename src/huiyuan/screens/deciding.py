"""DecidingScreen: a desk where one person proposes and another one decides.

Always true: who proposes does not approve; nothing is decided or ended before somebody is sure; after every
change the list is read anew, and only then it is said what was done.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from huiyuan.config.i18n import msg
from huiyuan.domain.model.proposals import Desk, Place
from huiyuan.domain.ports import Law, Promotions
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.paged import ASKED
from huiyuan.screens.proposal_form import ProposalForm, Proposing
from huiyuan.screens.row_pages import RowPages
from huiyuan.screens.shop import Shop

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal. `own`: of who looks at it; `facts`: what the questions about it name beside its name."""

    proposal: int
    name: str
    own: bool
    facts: Mapping[str, str] = field(default_factory=dict)


class DecidingScreen(RowPages[None, Row], Generic[Row]):
    """One list; a desk says how it is read, what its rows are and which of them wait."""

    APPROVING: ClassVar[str] = msg("{name} holds from now on, or from its first day. Approve it?")
    DECLINING: ClassVar[str] = msg("{name} will not hold. Decline it?")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.desk: Desk[Row] | None = None
        self.laid: int | None = None
        """What was proposed just now: the mark goes there, not where another rule happens to stand."""

    @property
    @abstractmethod
    def book(self) -> Promotions | Law:
        """Where proposals are approved and declined."""

    @abstractmethod
    def read_desk(self, after: Place | None, most: int) -> Desk[Row]:
        """In a worker: one question."""

    @abstractmethod
    def waiting(self, row: Row) -> Waiting | None:
        """The proposal that a row is; None: it holds, held or will hold."""

    def reading(self, after: Place | None) -> Callable[[], Desk[Row]]:
        """The desk behind a place."""
        return lambda: self.read_desk(after, ASKED)

    def unpack(self, found: Desk[Row]) -> Sequence[Row]:
        """With the server's clock, and what stands beside the title."""
        self.desk = found
        self.aside(self.beside(found))
        return found.rows

    @property
    def now(self) -> datetime:
        """The server's, when the rows were read."""
        assert self.desk is not None
        return self.desk.now

    def beside(self, desk: Desk[Row]) -> str:  # noqa: ARG002
        """What stands beside the title."""
        return ""

    def mark_for(self, mark: int | None) -> int | None:
        """On what was proposed here just now."""
        laid, self.laid = self.laid, None
        waits = [self.waiting(each) for each in self.rows]
        found = (n for n, each in enumerate(waits) if each is not None and each.proposal == laid)
        return next(found, mark)

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

    def open_proposal(self, form: ProposalForm, proposing: Proposing, *, name: str = "") -> None:
        """The form, which stays until it was proposed; then the list anew, and that another person decides.

        Args:
            name: of what is proposed, where the form's answer is none.
        """

        def lay(name: str, terms: dict[str, Any]) -> int:
            self.laid = proposing(name, terms)
            return self.laid

        form.proposing = lay

        def proposed(answer: str | None) -> None:
            if answer is not None:
                self.done = self.say(msg("{name} waits for a second person."), name=name or answer)
                self.action_refresh()

        self.app.push_screen(form, proposed)
