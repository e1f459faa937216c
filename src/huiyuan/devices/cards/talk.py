"""Talks with a card, each with a deadline.

Always true: a call that another program blocks cannot be ended, so it is left behind in its thread; while one
is left behind no other talk begins, so there is never more than one such thread.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Final, Generic, TypeVar

from huiyuan.devices.cards.formats import Transmit
from huiyuan.devices.cards.pcsc import Pcsc, PcscFault
from huiyuan.devices.ring import ByteRing, masked_answer, masked_command

T = TypeVar("T")
DEADLINE_S: Final = 3.0


class Held(Exception):
    """Another program has the card or the reader."""


class _Talk(threading.Thread, Generic[T]):
    def __init__(self, work: Callable[[], T]) -> None:
        super().__init__(name="card-talk", daemon=True)
        self._work = work
        self.answer: list[T] = []
        self.fault: Exception | None = None

    def run(self) -> None:
        try:
            self.answer.append(self._work())
        except Exception as fault:  # noqa: BLE001  (raised again in the thread that waits)
            self.fault = fault


class Talks:
    """One talk at a time."""

    def __init__(self, deadline_s: float = DEADLINE_S) -> None:
        self._deadline_s = deadline_s
        self._turn = threading.Lock()
        self._left_behind: threading.Thread | None = None

    @property
    def blocked(self) -> bool:
        """One that was left behind has not ended yet."""
        return self._left_behind is not None and self._left_behind.is_alive()

    def hold(self, work: Callable[[], T]) -> T:
        """What `work` answers or raises. Raises Held after the deadline, or at once while one is blocked."""
        with self._turn:
            if self.blocked:
                raise Held
            talk = _Talk(work)
            talk.start()
            talk.join(self._deadline_s)
            if talk.is_alive():
                self._left_behind = talk
                raise Held
        if talk.fault is not None:
            raise talk.fault
        return talk.answer[0]


@contextlib.contextmanager
def connected(pcsc: Pcsc, reader: str, ring: ByteRing) -> Iterator[Transmit]:
    """A connection of its own to the card on `reader`; what is said goes masked into `ring`.

    Raises PcscFault.
    """

    def said(command: bytes) -> bytes:
        ring.went(masked_command(command))
        answer = _whole(pcsc.transmit(link, command))
        ring.came(masked_answer(answer, command))
        return answer

    context = pcsc.establish()
    try:
        link = pcsc.connect(context, reader)
        try:
            yield said
        finally:
            with contextlib.suppress(PcscFault):
                pcsc.disconnect(link)
    finally:
        with contextlib.suppress(PcscFault):
            pcsc.release(context)


def _whole(answer: bytes) -> bytes:
    """A card taken away in the middle of a command answers nothing, and some readers call that good."""
    if len(answer) < 2:
        raise PcscFault(0)
    return answer
