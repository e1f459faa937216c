"""Fills the Outbox port over the line that asks; a member's number is opened here and nowhere else.

Always true: a number that this counter cannot open keeps nobody else from sending: what was taken is given
back before the refusal goes on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from huiyuan.domain.model.errors import Refused, Unreachable
from huiyuan.domain.model.message import MessageState, OutboxRow, TakenMessage
from huiyuan.repositories.reads import Ask, Row
from huiyuan.repositories.sealing import Sealer
from huiyuan.repositories.sign_in import accepted

PHONE: Final = "phone"
UNREADABLE: Final = "unreadable"


class DatabaseOutbox:
    """See the port for what each may refuse."""

    def __init__(self, ask: Ask, *, sealer: Sealer) -> None:
        self._ask = ask
        self._sealer = sealer

    def _call(self, statement: str, *parameters: object) -> Any:
        return accepted(self._ask(statement, parameters))

    def rows(self, most: int) -> Sequence[OutboxRow]:
        return tuple(_row(row) for row in self._call("select api.outbox(%s::int)", most))

    def take(self, most: int, document: UUID | None = None) -> Sequence[TakenMessage]:
        found: Sequence[Row] = self._call("select api.outbox_take(%s::int, %s::uuid)", most, document)
        try:
            return tuple(self._opened(row) for row in found)
        except Refused:
            for row in found:
                state = MessageState.UNKNOWN if row["doubt"] else MessageState.QUEUED
                with contextlib.suppress(Refused, Unreachable):
                    self.told(UUID(row["document"]), state, UNREADABLE)
            raise

    def _opened(self, row: Row) -> TakenMessage:
        sealed = row["phone"]
        phone = None if sealed is None else self._sealer.unseal(sealed, member=row["member"], field=PHONE)
        return TakenMessage(UUID(row["document"]), row["copies"], row["doubt"], phone)

    def told(self, document: UUID, state: MessageState, fault: str) -> None:
        self._call("select api.outbox_told(%s::uuid, %s, %s::text)", document, str(state), fault or None)

    def decide(self, document: UUID, *, again: bool) -> OutboxRow:
        return _row(self._call("select api.outbox_decide(%s::uuid, %s::boolean)", document, again))

    def wish(self, member: int, *, given: bool) -> None:
        self._call("select api.slip_wish_put(%s::bigint, %s::boolean)", member, given)


def _row(row: Row) -> OutboxRow:
    return OutboxRow(
        document=UUID(row["document"]),
        receipt=row["receipt"],
        kind=row["kind"],
        total_minor=row["total_minor"],
        number=row["number"],
        name=row["name"],
        state=MessageState(row["state"]),
        queued_at=datetime.fromisoformat(row["queued_at"]),
        tries=row["tries"],
        copies=row["copies"],
        fault=row["fault"] or "",
    )
