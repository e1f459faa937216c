"""The journal of one seat: what was sent, or was about to be, survives kill -9 and power cuts.

Always true: a document is on disk before its first byte leaves; a row moves only along `JOURNAL_MOVES`; one
process owns the file; a disk that does not take a row refuses the document instead of losing it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from huiyuan.domain.model.document import SHAPE, Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.journal import JOURNAL_MOVES, JournalState, ParkedDocument
from huiyuan.domain.model.posted import Posted
from huiyuan.repositories.counter.seat import lock_file
from huiyuan.repositories.counter.store_file import open_file

JOURNAL_FILE: Final = "journal.db"
LOCK_FILE: Final = "journal.lock"
KEEP_DAYS: Final = 35

_TABLES: Final = """
create table if not exists document(
  id text primary key, place integer not null, number integer not null, shape integer not null,
  body text not null, state text not null, written_at text not null, settled_at text,
  receipt text, head text, code text, facts text, decided_by text, note text);
create index if not exists document_state on document(state, place);
create index if not exists document_number on document(number);
"""


class CounterJournal:
    """Fills the Journal port over one sqlite3 file in the seat's folder.

    Args:
        folder: the seat's own folder.
        now: the counter's clock.

    Raises:
        Refused: `journal_taken` (another process owns it), `journal_unwritable`.
    """

    def __init__(self, folder: Path, *, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        try:
            owned = lock_file(folder / LOCK_FILE)
            if owned is None:
                raise Refused("journal_taken")
            self._owned: int | None = owned
            self._base = open_file(folder / JOURNAL_FILE, _TABLES, journal="delete", sync="extra")
            self._base.row_factory = sqlite3.Row
            self._forget_old()
        except (OSError, sqlite3.Error) as error:
            raise Refused("journal_unwritable", {"why": _why(error)}) from None

    def close(self) -> None:
        """Close the file and give it free; a second time changes nothing."""
        with self._lock:
            self._base.close()
            if self._owned is not None:
                os.close(self._owned)
                self._owned = None

    def write(self, document: Document) -> None:
        """Have `document` on disk before its first byte leaves.

        Raises:
            Refused: `journal_unwritable`; `id_reused` if the id stands here with another content; `parked`
                if a person has to decide about it, or did.
        """
        self._put(document, JournalState.WRITTEN)

    def propose(self, document: Document) -> None:
        """Waits for an approver; keeps its number. Raises Refused as `write`."""
        self._put(document, JournalState.PROPOSED)

    def answer(self, posted: Posted) -> None:
        """The door took it. Raises Refused `journal_unwritable`, KeyError."""
        told = {"receipt": posted.receipt, "head": posted.head}
        self._move(posted.id, JournalState.ANSWERED, told)

    def refuse(self, document: UUID, refused: Refused) -> None:
        """A definite no; its number is free again. Raises Refused `journal_unwritable`, KeyError."""
        self._move(document, JournalState.REFUSED, _refusal(refused))

    def park(self, document: UUID, refused: Refused) -> None:
        """A definite no at resending; keeps its number. Raises Refused `journal_unwritable`, KeyError."""
        self._move(document, JournalState.PARKED, _refusal(refused))

    def decide(self, document: UUID, *, by: str, note: str) -> None:
        """A person says what was done. Raises Refused `journal_unwritable`, `reason_missing`, KeyError."""
        if not note.strip():
            raise Refused("reason_missing")
        self._move(document, JournalState.DECIDED, {"decided_by": by, "note": note.strip()})

    def unsent(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[Document]:
        """Written and without an answer, in the order they were written."""
        return tuple(_document(row) for row in self._page(JournalState.WRITTEN, after, most))

    def rung_offline(self) -> Sequence[Document]:
        """What was sold without the line in the last day, answered or not."""
        rows = self._rows(
            "select id, body from document where written_at > ? and state not in ('refused', 'proposed')"
            """ and body like '%"offline_at"%' order by place""",
            (self._now() - timedelta(days=1)).isoformat(),
        )
        return tuple(_document(row) for row in rows)

    def parked(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[ParkedDocument]:
        """Oldest first."""
        return tuple(
            ParkedDocument(
                document=_document(row),
                code=row["code"],
                facts=json.loads(row["facts"]),
                parked_at=datetime.fromisoformat(row["settled_at"]),
            )
            for row in self._page(JournalState.PARKED, after, most)
        )

    def _page(self, state: JournalState, after: UUID | None, most: int | None) -> list[sqlite3.Row]:
        return self._rows(
            "select id, body, code, facts, settled_at from document where state = ?"
            " and place > coalesce((select place from document where id = ?), 0) order by place limit ?",
            *(state, str(after), -1 if most is None else most),
        )

    def open_counts(self) -> tuple[int, int]:
        """How many are without an answer, how many are parked."""
        rows = self._rows(
            "select state, count(*) as n from document where state in ('written', 'parked') group by state"
        )
        counts = {row["state"]: int(row["n"]) for row in rows}
        return counts.get(JournalState.WRITTEN, 0), counts.get(JournalState.PARKED, 0)

    def highest_number(self) -> int:
        """The highest receipt sequence that is taken here; 0 if none."""
        (row,) = self._rows("select max(number) as most from document where state <> 'refused'")
        return int(row["most"] or 0)

    def state_of(self, document: UUID) -> JournalState | None:
        """Where a document stands here, None if it never did."""
        rows = self._rows("select state from document where id = ?", str(document))
        return JournalState(rows[0]["state"]) if rows else None

    def receipt_of(self, document: UUID) -> str:
        """The receipt of a document that was answered; empty for any other."""
        rows = self._rows("select receipt from document where id = ?", str(document))
        return str(rows[0]["receipt"] or "") if rows else ""

    def answered_since(self, moment: datetime) -> Sequence[tuple[UUID, str]]:
        """Id and receipt of what was answered at `moment` or later, in the order it was written."""
        rows = self._rows(
            "select id, receipt from document where state = 'answered' and settled_at >= ? order by place",
            moment.isoformat(),
        )
        return tuple((UUID(row["id"]), str(row["receipt"])) for row in rows)

    def _put(self, document: Document, state: JournalState) -> None:
        """A row, new or again; what has an answer already keeps its row and is only sent again."""
        body = json.dumps(document.to_body(), ensure_ascii=False, separators=(",", ":"))
        with self._lock:
            old = self._read("select state, body from document where id = ?", str(document.id))
            was = JournalState(old[0]["state"]) if old else JournalState.REFUSED
            if was in (JournalState.PARKED, JournalState.DECIDED):
                raise Refused("parked", {"number": document.number})
            if was in (JournalState.WRITTEN, JournalState.ANSWERED):
                if json.loads(old[0]["body"]) != json.loads(body):
                    raise Refused("id_reused", {"number": document.number})
                return
            self._execute(
                "insert into document(id, place, number, shape, body, state, written_at)"
                " values (?, (select coalesce(max(place), 0) + 1 from document), ?, ?, ?, ?, ?)"
                " on conflict (id) do update set place = excluded.place, number = excluded.number,"
                " body = excluded.body, state = excluded.state, written_at = excluded.written_at,"
                " settled_at = null, code = null, facts = null",
                str(document.id),
                document.number,
                SHAPE,
                body,
                state,
                self._now().isoformat(),
            )

    def _move(self, document: UUID, state: JournalState, told: dict[str, Any]) -> None:
        """Move a row along the allowed pairs. A row that is there already stays as it is."""
        with self._lock:
            found = self._read("select state from document where id = ?", str(document))
            if not found:
                raise KeyError(document)
            was = JournalState(found[0]["state"])
            if was is state:
                return
            if (was, state) not in JOURNAL_MOVES:
                raise KeyError(document)
            names = "".join(f", {name} = ?" for name in told)
            self._execute(
                f"update document set state = ?, settled_at = ?{names} where id = ?",
                state,
                self._now().isoformat(),
                *told.values(),
                str(document),
            )

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        with self._lock:
            return self._read(query, *values)

    def _read(self, query: str, *values: object) -> list[sqlite3.Row]:
        try:
            with closing(self._base.execute(query, values)) as cursor:
                return cursor.fetchall()
        except sqlite3.Error as error:
            raise Refused("journal_unwritable", {"why": _why(error)}) from None

    def _execute(self, statement: str, *values: object) -> None:
        """One statement is one transaction: it is on disk when this returns."""
        try:
            self._base.execute(statement, values)
        except sqlite3.Error as error:
            raise Refused("journal_unwritable", {"why": _why(error)}) from None

    def _forget_old(self) -> None:
        """Old rows that need nobody go, so that the file stays small; the last number always stays."""
        before = (self._now() - timedelta(days=KEEP_DAYS)).isoformat()
        self._base.execute(
            "delete from document where state in ('answered', 'refused', 'decided') and settled_at < ?"
            " and number < (select max(number) from document)",
            (before,),
        )


def unsent_in(folder: Path) -> int:
    """How many documents of a seat have no answer yet; asks the file alone, whoever has the seat.

    A file that is no journal counts as one: nobody knows what it holds.
    """
    path = folder / JOURNAL_FILE
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            (count,) = base.execute("select count(*) from document where state = 'written'").fetchone()
            return int(count)
    except sqlite3.Error:
        return 1


def _document(row: sqlite3.Row) -> Document:
    return Document.from_body(UUID(row["id"]), json.loads(row["body"]))


def _refusal(refused: Refused) -> dict[str, Any]:
    facts = json.dumps(dict(refused.facts), ensure_ascii=False, default=str)
    return {"code": refused.code, "facts": facts}


def _why(error: Exception) -> str:
    """A name, never a path: it may stand on a screen."""
    if isinstance(error, OSError):
        return type(error).__name__
    return str(getattr(error, "sqlite_errorname", type(error).__name__))
