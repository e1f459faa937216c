"""ask: the only place that starts worker threads.

Always true: the UI thread never waits; a worker touches no widget, it brings one message; every question
has a deadline and a generation, and an answer that a newer question overtook is dropped, except that the
answer to a write is never dropped; a write is refused here while another of the same screen is under way,
because stopping a thread is not possible and two presses of a key must not be two documents.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol, TypeVar

from textual.message import Message
from textual.timer import Timer
from textual.worker import Worker

from huiyuan.domain.model import errors
from huiyuan.screens.messages import Answered, Broken, NoLine, Overdue, Refused, Ticket, Unknown

T = TypeVar("T")

WRITE: Final = "write"
READ_DEADLINE_S: Final = 4
WRITE_DEADLINE_S: Final = 4


class Asker(Protocol):
    """What `ask` needs of a screen."""

    generations: dict[str, int]

    @property
    def writing(self) -> bool: ...
    def begin_write(self) -> None: ...
    def post_message(self, message: Message) -> bool: ...
    def set_timer(self, delay: float, callback: Callable[[], object]) -> Timer: ...
    def run_worker(
        self,
        work: Callable[[], None],
        *,
        name: str,
        group: str,
        exit_on_error: bool,
        thread: bool,
    ) -> Worker[None]: ...


def ask(
    screen: Asker, work: Callable[[], T], *, then: Callable[[T], Message], subject: str = "read"
) -> Ticket | None:
    """Have `work` done in a thread; its value comes back as the message `then(value)`.

    Args:
        subject: Questions of one subject overtake each other; "write" is for everything that posts or
            changes something.

    Returns:
        The ticket of this question; None if it is a write and another write is under way.
    """
    if subject == WRITE:
        if screen.writing:
            return None
        screen.begin_write()
    ticket = Ticket(subject, screen.generations.get(subject, 0) + 1)
    screen.generations[subject] = ticket.generation
    screen.run_worker(
        partial(_run, screen, ticket, work, then),
        name=subject,
        group=subject,
        exit_on_error=False,
        thread=True,
    )
    deadline_s = WRITE_DEADLINE_S if subject == WRITE else READ_DEADLINE_S
    screen.set_timer(deadline_s, partial(screen.post_message, Overdue(ticket)))
    return ticket


def _run(screen: Asker, ticket: Ticket, work: Callable[[], T], then: Callable[[T], Message]) -> None:
    """In the thread: every way out is a message, so that no error is swallowed by a worker."""
    news: Message
    try:
        news = then(work())
    except errors.Refused as refused:
        news = Refused(refused, ticket.subject)
    except errors.OutcomeUnknown as unknown:
        news = Unknown(unknown.document, ticket.subject)
    except errors.Unreachable:
        news = NoLine(ticket.subject)
    except Exception as error:  # noqa: BLE001  (whatever it is, it is raised again on the UI thread)
        news = Broken(error)
    screen.post_message(Answered(ticket, news))
