"""Approvals across counters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.approval import ProposalNews, Proposed


class Approvals(Protocol):
    """What waits for a second person, live. Every question may raise Refused `not_signed_in`."""

    def watch(self, on_news: Callable[[], None]) -> Callable[[], None]:
        """Call `on_news` from a thread of its own whenever something moved; what is answered ends it."""
        ...

    def look(self, asked: Proposed) -> None:
        """This person has it open. Raises Refused `unknown_proposal`, `not_permitted`."""
        ...

    def news(self, asked: Proposed) -> ProposalNews:
        """What became of an own proposal. Raises Refused `unknown_proposal`."""
        ...

    def withdraw(self, document: UUID) -> None:
        """Nobody waits for it any more."""
        ...
