"""Waiting for an approval from elsewhere: who looks at it, and what became of it, as it happens.

Always true: it ends by itself when somebody signed or declined, or when ten minutes have passed; leaving it
withdraws what was asked, and nobody can sign it then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.approval import ProposalNews, Proposed
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose

R = TypeVar("R")

NEWS: Final = "news"
LASTS_S: Final = 600
"""Then the server lets nobody sign it any more; no one tells, so it is asked."""
AGAIN_S: Final = 5


@dataclass
class ProposalLaid(Message):
    """It waits for a second person."""

    asked: Proposed


class SomethingMoved(Message):
    """From the thread that listens."""


@dataclass
class NewsRead(Message):
    """What became of it so far."""

    news: ProposalNews


class HearsApprovals(AskingScreen[R]):
    """Reads anew whenever an approval moves anywhere. Named behind the screen's own base."""

    end: Callable[[], None] | None = None

    def on_mount(self) -> None:
        """Listen."""
        self.end = self.shop.approvals.watch(self.hear)

    def hear(self) -> None:
        """In the thread that listens."""
        self.post_message(SomethingMoved())

    def on_unmount(self) -> None:
        """Nobody listens any more."""
        if self.end is not None:
            self.end()

    @on(SomethingMoved)
    def moved(self) -> None:
        """Here, on the screen's own thread."""
        self.read_news()

    def read_news(self) -> None:
        """One question each time."""


class WaitingSheet(Sheet[str], HearsApprovals[str]):
    """Answers approved, declined or expired; None if nobody waits any more."""

    SCOPE = "waiting"

    def __init__(self, shop: Shop, asked: Proposed) -> None:
        super().__init__(shop, shop.say(msg("Asked elsewhere")))
        self.asked = asked

    def body(self) -> ComposeResult:
        """What is waited for, and who looks."""
        yield Prose(self.say(msg("It stands under approvals (^Y 1) at every counter of whoever may sign it."
                                 " Nothing is booked yet. Esc takes it back.")))  # fmt: skip
        yield Prose(self.say(msg("Nobody looks at it yet.")), id="looking")

    def on_mount(self) -> None:
        """Ask when its time is over."""
        self.set_timer(LASTS_S, self.ask_at_the_end)

    def ask_at_the_end(self) -> None:
        """Until the server says so, too: its clock counts."""
        self.read_news()
        self.set_timer(AGAIN_S, self.ask_at_the_end)

    def read_news(self) -> None:
        """One question each time."""
        approvals, asked = self.shop.approvals, self.asked
        ask(self, lambda: approvals.news(asked), then=NewsRead, subject=NEWS)

    @on(NewsRead)
    def show_news(self, message: NewsRead) -> None:
        """Who looks; or how it ended."""
        news = message.news
        if news.state != "open":
            self.dismiss(news.state)
        elif news.looking:
            names = ", ".join(news.looking)
            self.query_one("#looking", Prose).show(self.say(msg("Looked at by: {names}"), names=names))

    @on(messages.NoLine)
    def keep_waiting(self, message: messages.NoLine) -> None:
        """The line that listens tells when it is back."""
        message.prevent_default()
