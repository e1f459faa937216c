"""Slips as messages: the outbox of the store, and the gateway that sends them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.message import (
    MessageAnswer,
    MessageState,
    OutboxRow,
    OutMessage,
    TakenMessage,
)


class MessageGateway(Protocol):
    """Sends a message to a telephone. It raises nothing: `unsure` is an answer."""

    @property
    def configured(self) -> bool:
        """Whether this counter sends messages at all."""
        ...

    def send(self, message: OutMessage) -> MessageAnswer:
        """Send it, once for its number: `sent`, `refused`, `unsure` or `away`."""
        ...

    def query(self, number: str) -> MessageAnswer:
        """What became of it: `sent`, `refused`, `unknown_message`, `unsure` or `away`."""
        ...


class Outbox(Protocol):
    """One round trip a call. All may raise Refused `not_permitted`, `not_signed_in`."""

    def rows(self, most: int) -> Sequence[OutboxRow]:
        """What waits, the oldest first; then of what ended the newest."""
        ...

    def take(self, most: int, document: UUID | None = None) -> Sequence[TakenMessage]:
        """What this counter sends now; nobody else has it meanwhile.

        Raises Refused: `data_key_missing`, `seal_broken` and the like where a number cannot be opened.
        """
        ...

    def told(self, document: UUID, state: MessageState, fault: str) -> None:
        """What became of one that was taken. Raises Refused `outbox_moved`: somebody else has it."""
        ...

    def decide(self, document: UUID, *, again: bool) -> OutboxRow:
        """Once more, or not at all. Raises Refused `outbox_moved`: it stands otherwise by now."""
        ...

    def wish(self, member: int, *, given: bool) -> None:
        """Whether a member wants slips as messages. Raises Refused `unknown_member`."""
        ...
