"""Where reports are asked: on the counter's own line, or on a connection that the command line opens.

Always true: one statement and one round trip a report; a long one may be cancelled, and is given up by the
server then. SQLAlchemy is loaded with the first report, because a counter that only sells needs none of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import psycopg

from huiyuan.domain.model.stock import MovesAsked, StockAsked, StockMoves, StockOnHand
from huiyuan.domain.model.till_events import TillEvents
from huiyuan.domain.model.turnover import Turnover, TurnoverAsked
from huiyuan.domain.model.value_report import ValueAsked, ValueReport, ValueSlip
from huiyuan.repositories import sign_in
from huiyuan.repositories.connection import Line
from huiyuan.repositories.deadline import DeadlineConnection

if TYPE_CHECKING:
    from sqlalchemy import Select

PATIENCE_S: Final = 28  # the server itself gives up a terminal's statement after 30

Connection = psycopg.Connection[Any]


def ask(connection: Connection, question: Select[Any]) -> Any:
    """The only value that a report's statement answers."""
    from huiyuan.repositories.reports import compiled

    words, values = compiled(question)
    row = connection.execute(words.encode(), values).fetchone()
    return None if row is None else row[0]


@contextmanager
def reading_at(
    url: str, *, staff_number: str | None, read_pin: Callable[[], str], attempt: UUID
) -> Iterator[tuple[Connection, str | None]]:
    """A connection of its own, with staff signed in until the block ends, and that person's name.

    Args:
        url: libpq URL of a terminal or a reader.
        staff_number: Who asks; None where the login is a reader's, which needs nobody.
        read_pin: Asked for the PIN, only if somebody signs in.
        attempt: Names the guess.

    Raises:
        Refused: as `sign_in`.
    """
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        if staff_number is None:
            yield connection, None
            return
        chain = sign_in.hello(connection).chain.uid
        pin = read_pin()
        signed = sign_in.sign_in(connection, chain=chain, attempt=attempt, staff_number=staff_number, pin=pin)
        try:
            yield connection, signed.staff.name
        finally:
            with suppress(psycopg.Error):
                connection.execute("select api.sign_out()")


def turnover(connection: Connection, asked: TurnoverAsked, *, asked_by: str | None = None) -> Turnover:
    """One report over `connection`. Raises Refused: not_signed_in, store_out_of_reach (store)."""
    from huiyuan.repositories.reports import read_turnover, turnover_question

    return read_turnover(ask(connection, turnover_question(asked)), asked, asked_by=asked_by)


def on_hand(connection: Connection, asked: StockAsked, *, asked_by: str | None = None) -> StockOnHand:
    """A page of stock over `connection`. Raises Refused: as `turnover`."""
    from huiyuan.repositories.stock import on_hand_question, read_on_hand

    return read_on_hand(ask(connection, on_hand_question(asked)), asked, asked_by=asked_by)


def moves(connection: Connection, asked: MovesAsked, *, asked_by: str | None = None) -> StockMoves:
    """A page of movements over `connection`. Raises Refused: as `turnover`, unknown_product (product)."""
    from huiyuan.repositories.stock import moves_question, read_moves

    return read_moves(ask(connection, moves_question(asked)), asked, asked_by=asked_by)


def till_events(connection: Connection, asked: TurnoverAsked, *, asked_by: str | None = None) -> TillEvents:
    """What happened at the tills over `connection`. Raises Refused: as `turnover`."""
    from huiyuan.repositories.till_events import read_till_events, till_events_question

    return read_till_events(ask(connection, till_events_question(asked)), asked, asked_by=asked_by)


class DatabaseReports:
    """Fills the Reports port over the line that the counter reads on.

    Args:
        line: signed in as whoever asks.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._turn = 0

    def turnover(self, asked: TurnoverAsked, *, asked_by: str) -> Turnover:
        """See the port."""
        from huiyuan.repositories.reports import read_turnover, turnover_question

        return read_turnover(self._ask(turnover_question(asked)), asked, asked_by=asked_by)

    def on_hand(self, asked: StockAsked, *, asked_by: str) -> StockOnHand:
        """See the port."""
        from huiyuan.repositories.stock import on_hand_question, read_on_hand

        return read_on_hand(self._ask(on_hand_question(asked)), asked, asked_by=asked_by)

    def moves(self, asked: MovesAsked, *, asked_by: str) -> StockMoves:
        """See the port."""
        from huiyuan.repositories.stock import moves_question, read_moves

        return read_moves(self._ask(moves_question(asked)), asked, asked_by=asked_by)

    def till_events(self, asked: TurnoverAsked, *, asked_by: str) -> TillEvents:
        """See the port."""
        from huiyuan.repositories.till_events import read_till_events, till_events_question

        return read_till_events(self._ask(till_events_question(asked)), asked, asked_by=asked_by)

    def value(self, asked: ValueAsked, *, asked_by: str) -> ValueReport:
        """See the port."""
        from huiyuan.repositories.value_report import read_value, value_question

        return read_value(self._ask(value_question(asked)), asked, asked_by=asked_by)

    def value_slips(self, asked: ValueAsked, *, after: UUID | None, most: int) -> Sequence[ValueSlip]:
        """See the port."""
        from huiyuan.repositories.value_report import read_slips, slips_question

        return read_slips(self._ask(slips_question(asked, after=after, most=most)))

    def cancel(self) -> None:
        """See the port."""
        self._turn += 1
        self._line.cancel()

    def _ask(self, question: Select[Any]) -> Any:
        self._turn += 1
        turn = self._turn

        def work(connection: Connection) -> Any:
            if isinstance(connection, DeadlineConnection):
                connection.deadline = time.monotonic() + PATIENCE_S  # a year of a chain may take its time
            return ask(connection, question)

        return self._line.talk(work, wanted=lambda: turn == self._turn)
