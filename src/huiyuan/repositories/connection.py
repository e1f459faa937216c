"""Lines to the server: at most four a process, each opened when it is needed and again after a cut.

Always true: autocommit, no ping before use, no statement waits for ever (the driver has no read time-out of
its own), one statement at a time a line; what goes wrong leaves as `Unreachable` (nothing was sent),
`LineCut` (sent, no answer) or `ServerSaidNo` (a definite error: the statement left nothing behind). One line
that heard nothing warns the others of this process: they connect anew before they send, so that what nobody
hears is not sent; and who waited behind an attempt that failed has failed with it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar
from uuid import UUID

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper

from huiyuan.domain.model.errors import Refused, Unreachable
from huiyuan.repositories.deadline import GIVEN_UP, DeadlineConnection

T = TypeVar("T")
_log = logging.getLogger(__name__)

# Rolled back for a reason that passes: lock not granted, deadlock, serialization, cancelled.
TRY_AGAIN: Final = frozenset({"55P03", "40P01", "40001", "57014"})
_FENCE_MS: Final = 3000
_END_BACKEND: Final = (
    b"select pg_terminate_backend(%s::int, %s) or not exists (select from pg_stat_get_activity(%s::int))"
)
_OLDER_QUESTION_S: Final = 0.3
_LAST_WORDS: Final = 8
"""Messages of a server that hangs up; more are left for whoever asks."""


class LineCut(Exception):
    """The line died after something was sent: it may have happened or not."""


class LineSilent(Unreachable):
    """Nobody refused and nobody answered: likely no server, or no way to it, for longer than a moment."""


class ServerSaidNo(Exception):
    """The server answered with an error and undid the statement; `sqlstate` is five characters or empty."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@dataclass(frozen=True, slots=True)
class LineSettings:
    """How to reach the server. `url` is a libpq URL: sslmode, certificates and the rest pass through."""

    url: str = field(repr=False)
    application_name: str = "huiyuan"
    connect_timeout_s: int = 3
    deadline_s: int = 10
    # What brings the server of this machine back after it died; a shared server is not ours to start.
    revive: Callable[[], None] | None = field(default=None, repr=False)


@dataclass(slots=True)
class HeldSession:
    """What this process holds of the person signed in, of the seat and of its line; in memory only.

    `silent_at` (monotonic seconds) is when a line of this process last waited in vain.
    """

    token: bytes | None = field(default=None, repr=False)
    chain: UUID | None = None
    next_number: int = 1
    silent_at: float = 0.0


class Line:
    """One connection of this process, under a name such as `post` or `read`."""

    def __init__(self, settings: LineSettings, session: HeldSession, *, name: str) -> None:
        self._settings = settings
        self._session = session
        self._name = name
        self._lock = threading.RLock()
        self._connection: DeadlineConnection | None = None
        self._attached: bytes | None = None
        self._cut_backends: list[int] = []
        self._counting = threading.Lock()
        self._newest = 0
        self._leaving = False
        self._heard_at = 0.0
        self._failed_at = 0.0
        self.connects = 0
        self.on_news: Callable[[str], None] = lambda _payload: None

    def open(self) -> None:
        """Have a connection. Raises Unreachable."""
        asked_at = time.monotonic()
        with self._lock:
            self._ready(asked_at)

    def run(
        self,
        work: Callable[[psycopg.Connection[Any]], T],
        *,
        signed_in: bool = True,
        keeps_session: bool = True,
    ) -> T:
        """Do `work`, one statement or one pipeline, within the deadline.

        Args:
            signed_in: attach this connection to the session held first, if it is not yet.
            keeps_session: False for work that leaves another session, or none, on this connection.

        Raises:
            Unreachable: no connection could be made; nothing was sent.
            LineCut: sent, no answer within the deadline.
            ServerSaidNo: an error; the statement left nothing behind.
            Refused: `not_signed_in` if the session held has ended.
        """
        asked_at = time.monotonic()
        with self._lock:
            connection = self._ready(asked_at)
            token = self._session.token
            if signed_in and token is not None and token != self._attached:
                self._guarded(connection, lambda c: _resume(c, token))
                self._attached = token
            if not keeps_session:
                self._attached = None
            return self._guarded(connection, work)

    def talk(
        self,
        work: Callable[[psycopg.Connection[Any]], T],
        *,
        signed_in: bool = True,
        keeps_session: bool = True,
        wanted: Callable[[], bool] = lambda: True,
    ) -> T:
        """As `run`, for what may be asked twice: once more after a cut or a passing reason.

        Args:
            wanted: asked before each try; False gives up.

        Raises:
            Unreachable: no answer, twice.
            Refused: `server_error` (sqlstate), `not_signed_in`, `superseded` (not wanted any more).
        """
        for last in (False, True):
            if not wanted():
                raise Refused("superseded")
            try:
                return self.run(work, signed_in=signed_in, keeps_session=keeps_session)
            except LineCut:
                if last:
                    raise Unreachable from None
            except ServerSaidNo as error:
                if last or error.sqlstate not in TRY_AGAIN:
                    raise Refused(code_of(error), {"sqlstate": error.sqlstate}) from None
        raise AssertionError("the second try returns or raises")

    def ask(self, statement: str, parameters: Sequence[object]) -> Any:
        """One statement, its only value. Raises as `talk`."""
        return self.talk(lambda connection: _value(connection, statement, parameters))

    def ask_by_login(self, statement: str, parameters: Sequence[object]) -> Any:
        """As `ask`, for what needs nobody signed in: the session held is not joined."""
        return self.talk(lambda connection: _value(connection, statement, parameters), signed_in=False)

    def ask_newest(self, statement: str, parameters: Sequence[object]) -> Any:
        """As `ask`, where only the newest of several questions wants an answer, such as a search box.

        An older one that takes long is cancelled at the server.

        Raises:
            Refused: `superseded` for a question that a newer one overtook; else as `talk`.
        """
        with self._counting:
            self._newest += 1
            mine = self._newest
        if not self._lock.acquire(timeout=_OLDER_QUESTION_S):
            self.cancel()
            self._lock.acquire()
        try:
            return self.talk(
                lambda connection: _value(connection, statement, parameters),
                wanted=lambda: mine == self._newest,
            )
        finally:
            self._lock.release()

    def attached_to(self, token: bytes | None) -> None:
        """This connection's session is known to be the one of `token`, or none."""
        self._attached = token

    def cancel(self) -> None:
        """Ask the server to give up the statement now running on this line; from any thread."""
        connection = self._connection
        if connection is not None:
            with contextlib.suppress(psycopg.Error):
                connection.cancel_safe(timeout=2.0)

    def let_go(self) -> None:
        """This process leaves: whoever waits for an answer on this line hears at once that none came.

        From any thread. The server goes on with the statement it has; no other connection is made, and an
        attempt to make one is given up.
        """
        self._leaving = True
        connection = self._connection
        if connection is not None:
            with (
                contextlib.suppress(psycopg.Error, OSError),
                socket.socket(fileno=os.dup(connection.fileno())) as end,
            ):
                end.shutdown(socket.SHUT_RDWR)

    def hear(self, within_s: float) -> bool:
        """Wait for news from the server while nobody asks on this line; `on_news` is told of each.

        False where there is no connection to wait on.
        """
        connection = self._connection
        try:
            if connection is None or connection.closed:
                return False
            readable = select.poll()
            readable.register(connection.fileno(), select.POLLIN)
            if readable.poll(within_s * 1000) and self._lock.acquire(timeout=_OLDER_QUESTION_S):
                try:
                    self._take_news(connection)
                finally:
                    self._lock.release()
        except (psycopg.Error, OSError, ValueError):  # cut meanwhile; whoever asks next notices
            return False
        return True

    def _take_news(self, connection: DeadlineConnection) -> None:
        """What came without a question; the answer to one is read by whoever asked."""
        if connection is not self._connection or connection.closed:
            return
        connection.pgconn.consume_input()
        while (note := connection.pgconn.notifies()) is not None:
            self.on_news(note.extra.decode())

    def close(self) -> None:
        """Close the connection after the statement in flight, if there is one."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _ready(self, asked_at: float) -> DeadlineConnection:
        """The connection, or a new one; `asked_at` (monotonic seconds) is when somebody wanted it."""
        if self._connection is not None and not self._doubtful(self._connection):
            return self._connection
        self._connection = None
        self._attached = None
        if self._leaving:
            raise Unreachable
        if asked_at < self._failed_at:
            raise LineSilent
        try:
            self._connection = self._connect()
        except psycopg.Error as error:
            _log.warning("line %s: no connection (%s)", self._name, type(error).__name__)
            if isinstance(error, psycopg.errors.ConnectionTimeout):
                self._session.silent_at = self._failed_at = time.monotonic()
                raise LineSilent from None
            raise Unreachable from None
        self._heard_at = time.monotonic()
        self.connects += 1
        self._connection.add_notify_handler(lambda note: self.on_news(note.payload))
        self._fence(self._connection)
        return self._connection

    def _doubtful(self, connection: DeadlineConnection) -> bool:
        """Whether the other end is gone, or another line here heard nothing since it last spoke."""
        if self._session.silent_at > self._heard_at and not connection.closed:
            _log.info("line %s: not heard since another one was silent", self._name)
            connection.close()
        return self._hung_up(connection)

    def _hung_up(self, connection: DeadlineConnection) -> bool:
        """Whether the other end is known to be gone before anything is sent; no round trip.

        What would be sent into a dead line has no known outcome; what was not sent can be sold for cash.
        """
        try:
            readable = select.poll()
            readable.register(connection.fileno(), select.POLLIN)
            for _ in range(_LAST_WORDS):
                if connection.closed or not readable.poll(0):
                    break
                self._take_news(connection)
        except (psycopg.Error, OSError, ValueError):
            _log.warning("line %s: hung up", self._name)
            connection.close()
        return connection.closed

    def _connect(self) -> DeadlineConnection:
        GIVEN_UP.set(lambda: self._leaving)
        try:
            return _connect(self._settings, self._name)
        except psycopg.OperationalError as error:
            silent = isinstance(error, psycopg.errors.ConnectionTimeout)  # it lives, so it is not started
            if self._settings.revive is None or self._leaving or silent:
                raise
            self._settings.revive()
            return _connect(self._settings, self._name)

    def _fence(self, connection: DeadlineConnection) -> None:
        """End the backends of lines that were cut, so that nothing they were sent can still happen.

        Without it a request that the network delivers late could be posted after the same id was refused.
        """
        while self._cut_backends:
            pid = self._cut_backends[0]
            try:
                ended = self._guarded(connection, partial(_end_backend, pid=pid))
            except LineCut:
                raise Unreachable from None
            except ServerSaidNo:  # the number belongs to another terminal by now
                ended = True
            if not ended:
                raise Unreachable
            self._cut_backends.remove(pid)

    def _guarded(self, connection: DeadlineConnection, work: Callable[[psycopg.Connection[Any]], T]) -> T:
        pid = connection.pgconn.backend_pid
        connection.deadline = time.monotonic() + self._settings.deadline_s
        try:
            answer = work(connection)
            self._heard_at = time.monotonic()
            return answer
        except psycopg.Error as error:
            if connection.overdue:
                self._session.silent_at = time.monotonic()
            if connection.pgconn.transaction_status != TransactionStatus.IDLE:
                connection.close()
                self._connection = None
                self._cut_backends.append(pid)
                _log.warning("line %s: cut (%s)", self._name, type(error).__name__)
                raise LineCut from None
            _log.warning("line %s: error %s", self._name, error.sqlstate)
            raise ServerSaidNo(error.sqlstate or "") from None
        finally:
            connection.deadline = None


def code_of(error: ServerSaidNo) -> str:
    """The refusal code of an error: a value the server could not read is malformed, the rest is a bug."""
    return "malformed" if error.sqlstate.startswith("22") or not error.sqlstate else "server_error"


def _connect(settings: LineSettings, name: str) -> DeadlineConnection:
    """Open one connection: dead peers are noticed in seconds, nothing is prepared, integers are one type."""
    connection = DeadlineConnection.connect(
        settings.url,
        autocommit=True,
        prepare_threshold=None,
        application_name=f"{settings.application_name} {name}",
        connect_timeout=settings.connect_timeout_s,
        keepalives=1,
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=3,
        tcp_user_timeout=8000,
    )
    # The driver picks int2, int4, int8 or numeric by value: four texts of one statement for the server.
    connection.adapters.register_dumper(int, Int8Dumper)
    return connection


def _end_backend(connection: psycopg.Connection[Any], *, pid: int) -> bool:
    row = connection.execute(_END_BACKEND, (pid, _FENCE_MS, pid)).fetchone()
    return bool(row and row[0])


def _value(connection: psycopg.Connection[Any], statement: str, parameters: Sequence[object]) -> Any:
    row = connection.execute(statement.encode(), parameters).fetchone()
    return None if row is None else row[0]


def _resume(connection: psycopg.Connection[Any], token: bytes) -> None:
    row = connection.execute("select api.resume(%s)", (token,)).fetchone()
    if row is not None and isinstance(row[0], dict) and "refused" in row[0]:
        raise Refused(row[0]["refused"], row[0].get("facts") or {})
