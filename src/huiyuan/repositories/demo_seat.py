"""A seat of the demo chain at which its own staff work before anybody else does.

Always true: what they do goes through the same calls as a counter's, as the seat's login and under a session
of their own; nothing is written past the door; what stands already is not sent again.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection, sql

_SIT_DOWN: Final = """
insert into sec.session(staff, terminal, resume_hash)
select s.id, t.id, %s from sec.staff s, sec.terminal t
 where s.number = %s and t.role = %s returning id, terminal
"""


class DemoSeat:
    """One seat and who sits there: `staff` works, `second` signs what one person alone may not.

    Attributes:
        role: the seat's login.
        shift: the open shift, named by what moves its drawer; None: there is none.
    """

    def __init__(self, connection: Connection[Any], role: str, *, staff: str, second: str) -> None:
        self.shift: UUID | None = None
        self.role = role
        self._connection = connection
        self._sessions = [self._sit_down(number) for number in (staff, second)]

    def _sit_down(self, number: str) -> tuple[int, int]:
        given = (secrets.token_bytes(32), number, self.role)
        row = self._connection.execute(_SIT_DOWN, given).fetchone()
        assert row is not None
        return row[0], row[1]

    def stand_up(self) -> None:
        """End both sessions."""
        ended = [session for session, _ in self._sessions]
        self._connection.execute("select sec.end_sessions(%s::bigint[])", (ended,))

    def ask(self, statement: str, *parameters: object, second: bool = False) -> Any:
        """Call a function of `api` as a counter does; answers what it answers.

        Raises:
            RuntimeError: it refused, and what.
        """
        self._connection.execute("select sec.attach(%s, %s)", self._sessions[second])
        self._connection.execute(sql.SQL("set session authorization {}").format(sql.Identifier(self.role)))
        try:
            row = self._connection.execute(statement.encode(), parameters).fetchone()
        finally:
            self._connection.execute("reset session authorization")
        if row is None or (isinstance(row[0], dict) and "refused" in row[0]):
            raise RuntimeError(f"refused to the demo: {statement} {parameters}: {row and row[0]}")
        return row[0]

    def post(
        self, document: UUID, kind: str, total_minor: int, rest: Mapping[str, Any], *, signed: bool = False
    ) -> bool:
        """Post a document unless it stands; False if it did. `signed`: the second person approves it."""
        if stands(self._connection, document):
            return False
        session, terminal = self._sessions[0]
        query = "select number + 1 from sec.terminal where id = %s"
        number = self._connection.execute(query, (terminal,)).fetchone()
        assert number is not None
        header = {
            "kind": kind,
            "session": session,
            "number": number[0],
            "total_minor": total_minor,
            "occurred_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        if self.shift is not None:
            header["shift"] = str(self.shift)
        body = json.dumps({**header, **rest})
        if signed:
            proposal = self.ask("select api.propose(%s, 1, %s)", document, body)
            fingerprint = bytes.fromhex(proposal["fingerprint"])
            self.ask("select api.approve(%s, %s)", document, fingerprint, second=True)
        self.ask("select api.post(%s, 1, %s)", document, body)
        return True


def stands(connection: Connection[Any], document: UUID) -> bool:
    """Whether a document was posted."""
    return bool(connection.execute("select from ledger.document d where d.id = %s", (document,)).rowcount)


@contextmanager
def seated(connection: Connection[Any], role: str, *, staff: str, second: str) -> Iterator[DemoSeat]:
    """Both sit down at the seat of `role` and leave it at the end. The connection is a superuser's."""
    seat = DemoSeat(connection, role, staff=staff, second=second)
    try:
        yield seat
    finally:
        seat.stand_up()
