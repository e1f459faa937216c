"""Sending what waits in the outbox: taken, asked about where there is a doubt, sent, told.

Always true: one that may have gone out is asked about before it is sent again; while the gateway is away
nothing else is tried; what became of a message is written down before the next one is begun.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from uuid import UUID

from huiyuan.domain.model.message import (
    Delivery,
    MessageState,
    OutMessage,
    SentCount,
    TakenMessage,
    after_answer,
)
from huiyuan.domain.model.receipt import Receipt, as_copy
from huiyuan.domain.ports import MessageGateway, Outbox

NO_PHONE = "no_phone"
AWAY = "away"


def send_waiting(
    outbox: Outbox,
    gateway: MessageGateway,
    slip_of: Callable[[UUID], Receipt],
    *,
    most: int,
    document: UUID | None = None,
) -> SentCount:
    """Send what may be tried now, or one; how many came to what.

    Args:
        slip_of: the slip of a document that stands, as the server has it.

    Raises:
        Refused, Unreachable: as the outbox and `slip_of`; what was taken and not told is asked about later.
    """
    counted: Counter[MessageState] = Counter()
    away = False
    for each in outbox.take(most, document):
        state, fault = (MessageState.QUEUED, AWAY) if away else _tried(each, gateway, slip_of)
        away = away or fault == AWAY
        if away and each.doubt:
            state = MessageState.UNKNOWN
        outbox.told(each.document, state, fault)
        counted[state] += 1
    return SentCount(
        sent=counted[MessageState.SENT],
        waiting=counted[MessageState.QUEUED],
        failed=counted[MessageState.FAILED],
        unknown=counted[MessageState.UNKNOWN],
    )


def _tried(
    taken: TakenMessage, gateway: MessageGateway, slip_of: Callable[[UUID], Receipt]
) -> tuple[MessageState, str]:
    if taken.phone is None:
        return MessageState.FAILED, NO_PHONE
    if taken.doubt:
        known = gateway.query(taken.number)
        if known.outcome is not Delivery.UNKNOWN_MESSAGE:
            return after_answer(known)
    slip = slip_of(taken.document)
    if taken.copies:
        slip = as_copy(slip)
    message = OutMessage(taken.number, taken.phone, slip.number, "\n".join(slip.lines), taken.copies > 0)
    return after_answer(gateway.send(message))
