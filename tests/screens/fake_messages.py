"""An outbox and a gateway of messages in memory, for screens: what stands and wants a message waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.message import (
    Delivery,
    MessageAnswer,
    MessageState,
    OutboxRow,
    OutMessage,
    TakenMessage,
)
from tests.screens.fake_ledger import HOSTILE, FakeLedger


@dataclass
class FakeMessages:
    """Answers `answer`; `sent` is what went out."""

    configured: bool = False
    answer: MessageAnswer = field(default_factory=lambda: MessageAnswer(Delivery.SENT))
    sent: list[OutMessage] = field(default_factory=list)

    def send(self, message: OutMessage) -> MessageAnswer:
        if self.answer.outcome is Delivery.SENT:
            self.sent.append(message)
        return self.answer

    def query(self, number: str) -> MessageAnswer:
        went = number in {each.number for each in self.sent}
        return MessageAnswer(Delivery.SENT if went else Delivery.UNKNOWN_MESSAGE)


class FakeOutbox:
    """Fills the Outbox port."""

    def __init__(self, ledger: FakeLedger) -> None:
        self.ledger = ledger
        self.known: dict[UUID, OutboxRow] = {}
        self.wishes: list[tuple[int, bool]] = []

    def rows(self, most: int) -> Sequence[OutboxRow]:
        for id, entry in self.ledger.entries.items():
            if entry.document.message and id not in self.known:
                self.known[id] = OutboxRow(
                    id, entry.posted.receipt, entry.document.kind, entry.posted.total_minor, "M0002",
                    HOSTILE, MessageState.QUEUED, entry.posted.posted_at,
                )  # fmt: skip
        return list(self.known.values())[:most]

    def take(self, most: int, document: UUID | None = None) -> Sequence[TakenMessage]:
        taken = [
            each
            for each in self.rows(most)
            if each.state in {MessageState.QUEUED, MessageState.UNKNOWN} and document in {None, each.document}
        ]
        for each in taken:
            self.known[each.document] = replace(each, state=MessageState.SENDING, tries=each.tries + 1)
        return [
            TakenMessage(each.document, each.copies, each.state is MessageState.UNKNOWN, "13800138000")
            for each in taken
        ]

    def told(self, document: UUID, state: MessageState, fault: str) -> None:
        self.known[document] = replace(self.known[document], state=state, fault=fault)

    def decide(self, document: UUID, *, again: bool) -> OutboxRow:
        row = self.known[document]
        if row.state is MessageState.SENDING:
            raise Refused("outbox_moved")
        copies = row.copies + (again and row.state in {MessageState.SENT, MessageState.UNKNOWN})
        state = MessageState.QUEUED if again else MessageState.DROPPED
        self.known[document] = replace(row, state=state, fault="", copies=copies)
        return self.known[document]

    def wish(self, member: int, *, given: bool) -> None:
        self.wishes.append((member, given))
