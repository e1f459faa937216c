"""Slips as messages: what waits in the outbox, what a message is, and what a gateway says about one.

Always true: a message has a number of its own, and a copy another one; whether one went out is a definite
answer or stays unknown; a telephone number shows in no repr.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

PAPER: Final = "paper"
BESIDE: Final = "beside"
INSTEAD: Final = "instead"
WAYS: Final = (PAPER, BESIDE, INSTEAD)
"""How the customer gets the slip: on paper, on paper and as a message, as a message alone."""


class MessageState(StrEnum):
    """Where a message stands. `unknown`: it may have gone out; `dropped`: nobody sends it any more."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


class Delivery(StrEnum):
    """What a gateway says. `unsure`: no answer that can be believed; `away`: certainly nothing was sent."""

    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN_MESSAGE = "unknown_message"
    UNSURE = "unsure"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class MessageAnswer:
    """`reason` is a plain word of the gateway's where it refused."""

    outcome: Delivery
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OutMessage:
    """One message. `number` is sent once at most, whatever is repeated; `to` is a telephone number."""

    number: str
    to: str = field(repr=False)
    title: str
    text: str = field(repr=False)
    copy: bool = False


@dataclass(frozen=True, slots=True)
class TakenMessage:
    """One that this counter sends now. `phone` is None for a member without one; `doubt`: ask first."""

    document: UUID
    copies: int
    doubt: bool
    phone: str | None = field(repr=False)

    @property
    def number(self) -> str:
        """Its own; each copy has another."""
        return f"{self.document.hex}-{self.copies}"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A slip that was to be sent. `total_minor` is the document's; `fault` a word, empty for none."""

    document: UUID
    receipt: str
    kind: str
    total_minor: int
    number: str
    name: str
    state: MessageState
    queued_at: datetime
    tries: int = 0
    copies: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SentCount:
    """What a turn of sending came to."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    unknown: int = 0


def after_answer(answer: MessageAnswer) -> tuple[MessageState, str]:
    """Where a message stands after this answer, and the word for what went wrong."""
    if answer.outcome is Delivery.SENT:
        return MessageState.SENT, ""
    if answer.outcome is Delivery.REFUSED:
        return MessageState.FAILED, answer.reason or "refused"
    if answer.outcome in {Delivery.AWAY, Delivery.UNKNOWN_MESSAGE}:
        return MessageState.QUEUED, "away"
    return MessageState.UNKNOWN, "unsure"
