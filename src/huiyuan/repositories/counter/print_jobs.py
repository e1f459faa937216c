"""Slips of one seat on their way to paper: kept on the counter's disk until they are printed.

On the disk, and not in the database, because a slip must be kept while the line is down, costs no round trip,
and is of use only to the counter whose printer has begun it; the document itself is safe at the server.

Always true: a slip is on disk as `sending` before its first byte leaves, so after a crash or a power cut it
is known that some of it may be on paper; a job moves only along `JOB_MOVES`; the order is that of putting;
a document that was answered and has no job owes its slip, also if the counter died between the two.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.printing import JOB_MOVES, READY_TO_SEND, WAITING, JobState, PrintJob
from huiyuan.domain.model.receipt import Receipt, as_copy
from huiyuan.domain.ports import OnJob
from huiyuan.repositories.counter.store_file import open_file

PRINT_JOBS_FILE: Final = "print_jobs.db"
KEEP_DAYS: Final = 7
OWED_DAYS: Final = 3
"""Younger than `KEEP_DAYS`, so that a job at its end is still known. Older slips nobody waits for."""
Answered = Callable[[datetime], Sequence[tuple[UUID, str]]]
DRAWER_WITHIN: Final = timedelta(seconds=15)
INTERRUPTED: Final = "interrupted"

_TABLES: Final = """
create table if not exists job(
  place integer primary key autoincrement, id text not null unique, receipt text not null,
  state text not null, put_at text not null, tries integer not null default 0, fault text not null default '',
  moved_at text not null, decided_by text, note text);
create index if not exists job_state on job(state, place);
create table if not exists begun(at text not null);
"""
_COLUMNS: Final = "id, receipt, state, put_at, tries, fault"


class CounterPrintJobs:
    """Fills the PrintJobs port over one sqlite3 file in the seat's folder, or in memory without a seat.

    Args:
        folder: the seat's own folder, owned by this process; None keeps the jobs in memory only.
        now: the counter's clock.
        answered: id and receipt of what the seat's journal has as answered since a moment.

    Raises:
        Refused: `print_jobs_unwritable`.
    """

    def __init__(
        self, folder: Path | None, *, now: Callable[[], datetime], answered: Answered | None = None
    ) -> None:
        self._now = now
        self._answered = answered
        self._lock = threading.Lock()
        self._watchers: list[OnJob] = []
        try:
            # Synced at every commit: what is `sending` on disk was not sent a moment before power failed.
            self._base = open_file(
                folder / PRINT_JOBS_FILE if folder else None, _TABLES, journal="wal", sync="full"
            )
            self._base.row_factory = sqlite3.Row
            before = (now() - timedelta(days=KEEP_DAYS)).isoformat()
            self._base.execute(
                "delete from job where state in ('sent', 'printed', 'discarded') and moved_at < ?", (before,)
            )
            self._base.execute(
                "update job set state = 'unknown', fault = ? where state = 'sending'", (INTERRUPTED,)
            )
            self._base.execute(
                "insert into begun select ? where not exists (select 1 from begun)", (now().isoformat(),)
            )
        except (OSError, sqlite3.Error) as error:
            raise _unwritable(error) from None

    def close(self) -> None:
        """Close the file; a second time changes nothing."""
        with self._lock:
            self._base.close()

    def watch(self, on_job: OnJob) -> None:
        """Tell `on_job` of every job that was put or moved."""
        self._watchers.append(on_job)

    def put(self, job: UUID, receipt: Receipt, *, on_paper: bool = True) -> PrintJob:
        """Keep a slip; one that is there already stays as it is. Raises Refused `print_jobs_unwritable`."""
        now, state = self._now().isoformat(), JobState.QUEUED if on_paper else JobState.DISCARDED
        with self._lock:
            self._execute(
                "insert into job(id, receipt, state, put_at, moved_at) values (?, ?, ?, ?, ?)"
                " on conflict (id) do nothing",
                str(job), json.dumps(asdict(receipt), ensure_ascii=False), str(state), now, now,
            )  # fmt: skip
            kept = self._read(job)
        return self._tell(kept)

    def begin(self) -> PrintJob | None:
        """The oldest job that may be sent is `sending` from here on. Raises Refused as `put`."""
        with self._lock:
            found = self._rows(
                f"select {_COLUMNS} from job where state in (?, ?) order by place limit 1", *READY_TO_SEND
            )
            if not found:
                return None
            waited = _job(found[0])
            self._move(waited, JobState.SENDING, tries=waited.tries + 1)
            begun = self._read(waited.id)
        fresh = begun.tries == 1 and self._now() - begun.put_at <= DRAWER_WITHIN
        if begun.receipt.opens_drawer and not fresh:
            begun = replace(begun, receipt=replace(begun.receipt, opens_drawer=False))
        return self._tell(begun)

    def finish(self, job: UUID, state: JobState, fault: str = "") -> None:
        """How sending ended. Raises Refused as `put`; KeyError if it is not being sent."""
        self._change(job, state, fault=fault)

    def again(self, job: UUID) -> None:
        """Print it once more: an unknown one as a copy, a failed one as it is. Raises Refused, KeyError."""
        with self._lock:
            was = self._read(job)
            if was.state is JobState.UNKNOWN:
                copy = json.dumps(asdict(as_copy(was.receipt)), ensure_ascii=False)
                self._move(was, JobState.QUEUED, receipt=copy)
                was = self._read(job)
            elif was.state not in READY_TO_SEND:
                raise KeyError(job)
        self._tell(was)

    def confirm(self, job: UUID, *, by: str) -> None:
        """A person says that an unknown one is on paper. Raises Refused as `put`; KeyError."""
        self._change(job, JobState.PRINTED, decided_by=by, only=JobState.UNKNOWN)

    def discard(self, job: UUID, *, by: str, note: str) -> None:
        """A person gives it up. Raises Refused `reason_missing` and as `put`; KeyError."""
        if not note.strip():
            raise Refused("reason_missing")
        self._change(job, JobState.DISCARDED, decided_by=by, note=note.strip())

    def waiting(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[PrintJob]:
        """What is not at its end, oldest first."""
        marks = ", ".join("?" * len(WAITING))
        with self._lock:
            rows = self._rows(
                f"select {_COLUMNS} from job where state in ({marks})"
                " and place > coalesce((select place from job where id = ?), 0) order by place limit ?",
                *(*WAITING, str(after), -1 if most is None else most),
            )
        return tuple(_job(row) for row in rows)

    def waiting_counts(self) -> tuple[int, int]:
        """How many are not at their end, and how many of them ask a person."""
        with self._lock:
            rows = self._rows("select state, count(*) as n from job group by state")
        counts = {JobState(row["state"]): int(row["n"]) for row in rows}
        return sum(counts.get(state, 0) for state in WAITING), counts.get(JobState.UNKNOWN, 0)

    def state_of(self, job: UUID) -> JobState | None:
        """Where a job stands, None if it never was here."""
        with self._lock:
            rows = self._rows("select state from job where id = ?", str(job))
        return JobState(rows[0]["state"]) if rows else None

    def owed(self) -> Sequence[str]:
        """Receipts whose slip was never put, because the counter died or the answer came later."""
        if self._answered is None:
            return ()
        with self._lock:
            (begun,) = self._rows("select at from begun")
        since = max(self._now() - timedelta(days=OWED_DAYS), datetime.fromisoformat(begun["at"]))
        answered = self._answered(since)
        with self._lock:
            known = {row["id"] for row in self._rows("select id from job")} if answered else set()
        return tuple(receipt for document, receipt in answered if str(document) not in known)

    def _change(self, job: UUID, state: JobState, *, only: JobState | None = None, **told: object) -> None:
        with self._lock:
            was = self._read(job)
            if only is not None and was.state is not only:
                raise KeyError(job)
            self._move(was, state, **told)
            moved = self._read(job)
        self._tell(moved)

    def _move(self, job: PrintJob, state: JobState, **told: object) -> None:
        """Along the allowed pairs only. Raises KeyError."""
        if (job.state, state) not in JOB_MOVES:
            raise KeyError(job.id)
        names = "".join(f", {name} = ?" for name in told)
        self._execute(
            f"update job set state = ?, moved_at = ?{names} where id = ?",
            state, self._now().isoformat(), *told.values(), str(job.id),
        )  # fmt: skip

    def _tell(self, job: PrintJob) -> PrintJob:
        for on_job in self._watchers:
            on_job(job)
        return job

    def _read(self, job: UUID) -> PrintJob:
        rows = self._rows(f"select {_COLUMNS} from job where id = ?", str(job))
        if not rows:
            raise KeyError(job)
        return _job(rows[0])

    def _rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        try:
            with closing(self._base.execute(query, values)) as cursor:
                return cursor.fetchall()
        except sqlite3.Error as error:
            raise _unwritable(error) from None

    def _execute(self, statement: str, *values: object) -> None:
        """One statement is one transaction: it is on disk when this returns."""
        try:
            self._base.execute(statement, values)
        except sqlite3.Error as error:
            raise _unwritable(error) from None


def _job(row: sqlite3.Row) -> PrintJob:
    return PrintJob(
        id=UUID(row["id"]),
        receipt=_receipt(json.loads(row["receipt"])),
        state=JobState(row["state"]),
        put_at=datetime.fromisoformat(row["put_at"]),
        tries=row["tries"],
        fault=row["fault"],
    )


def _receipt(kept: dict[str, Any]) -> Receipt:
    return Receipt(**{**kept, "lines": tuple(kept["lines"]), "tall": tuple(kept["tall"])})


def _unwritable(error: Exception) -> Refused:
    """With a name, never a path: it may stand on a screen."""
    why = getattr(error, "sqlite_errorname", type(error).__name__)
    return Refused("print_jobs_unwritable", {"why": str(why)})
