"""What was taken off baskets at one seat, until a document has carried it to the server.

Always true: a row is on disk when `note` returns; it is forgotten only when a document that carried it has an
answer, and the server counts each row once, by its id, however often it comes.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import UUID

from huiyuan.domain.model.document import Removed
from huiyuan.domain.model.errors import Refused
from huiyuan.repositories.counter.store_file import open_file

REMOVALS_FILE: Final = "removed.db"
MOST: Final = 200
"""Rows that one document carries; the rest waits for the next."""

_TABLE: Final = """
create table if not exists removed(
  place integer primary key autoincrement, id text not null unique, session integer not null,
  at text not null, product integer not null, qty_milli integer not null,
  value_minor integer not null, why text not null);
"""


class CounterRemovals:
    """Fills the Removals port over one sqlite3 file in the seat's folder, or in memory without a seat.

    Raises:
        Refused: `journal_unwritable`.
    """

    def __init__(self, folder: Path | None) -> None:
        self._lock = threading.Lock()
        try:
            self._base = open_file(
                folder / REMOVALS_FILE if folder else None, _TABLE, journal="delete", sync="full"
            )
        except (OSError, sqlite3.Error) as error:
            raise Refused("journal_unwritable", {"why": type(error).__name__}) from None

    def note(self, rows: Iterable[Removed]) -> None:
        """Have them on disk. Raises Refused `journal_unwritable`."""
        values = [
            (str(row.id), row.session, row.at, row.product, row.qty_milli, row.value_minor, row.why)
            for row in rows
        ]
        with self._lock:
            try:
                self._base.execute("begin")
                self._base.executemany(
                    "insert or ignore into removed(id, session, at, product, qty_milli, value_minor, why)"
                    " values (?, ?, ?, ?, ?, ?, ?)",
                    values,
                )
                self._base.execute("commit")
            except sqlite3.Error as error:
                if self._base.in_transaction:
                    self._base.execute("rollback")
                raise Refused("journal_unwritable", {"why": type(error).__name__}) from None

    def waiting(self) -> tuple[Removed, ...]:
        """The oldest ones, as many as one document carries."""
        with (
            self._lock,
            closing(
                self._base.execute(
                    "select id, session, at, product, qty_milli, value_minor, why from removed"
                    " order by place limit ?",
                    (MOST,),
                )
            ) as cursor,
        ):
            return tuple(Removed(UUID(row[0]), *row[1:]) for row in cursor.fetchall())

    def forget(self, rows: Sequence[Removed]) -> None:
        """The server has them. A disk that does not take this sends them once more, which changes nothing."""
        if not rows:
            return
        with self._lock:
            try:
                self._base.executemany("delete from removed where id = ?", [(str(row.id),) for row in rows])
            except sqlite3.Error:
                return

    def close(self) -> None:
        """Close the file; a second time changes nothing."""
        with self._lock:
            self._base.close()
