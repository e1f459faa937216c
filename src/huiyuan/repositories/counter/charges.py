"""The charges of one seat: what was asked of a payment gateway survives kill -9 and power cuts.

A file of its own beside the journal, under the same rules: a charge is on disk before its request leaves, a
row moves only along `CHARGE_MOVES`, a disk that does not take a row refuses the charge. Whether a sale stands
is the journal's to say, so a taken charge is used from the moment on that its document is answered there.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from huiyuan.domain.model.charge import CHARGE_MOVES, OPEN_CHARGES, Charge, ChargeState
from huiyuan.domain.model.errors import Refused
from huiyuan.repositories.counter.store_file import open_file

CHARGES_FILE: Final = "charges.db"
KEEP_DAYS: Final = 35

_TABLES: Final = """
create table if not exists charge(
  id text primary key, place integer not null, document text not null, shift text not null,
  method text not null, amount_minor integer not null, masked text not null, state text not null,
  asked_at text not null, found_minor integer, told text not null default '', moved_at text not null,
  decided_by text, note text);
create index if not exists charge_state on charge(state, place);
"""
_COLUMNS: Final = "id, document, shift, method, amount_minor, asked_at, masked, state, found_minor, told"
_OPEN: Final = ", ".join(f"'{state}'" for state in OPEN_CHARGES)


class CounterCharges:
    """Fills the ChargeBook port over one sqlite3 file in the seat's folder, which this process owns.

    Args:
        folder: the seat's own folder; None keeps them in memory, where nothing is ever charged.
        now: the counter's clock.
        stands: whether a document was answered by the door, as the journal knows.

    Raises:
        Refused: `journal_unwritable`.
    """

    def __init__(
        self, folder: Path | None, *, now: Callable[[], datetime], stands: Callable[[UUID], bool]
    ) -> None:
        self._now = now
        self._stands = stands
        self._lock = threading.RLock()
        try:
            self._base = open_file(
                folder / CHARGES_FILE if folder else None, _TABLES, journal="delete", sync="extra"
            )
            self._base.row_factory = sqlite3.Row
            before = (now() - timedelta(days=KEEP_DAYS)).isoformat()
            self._base.execute(f"delete from charge where state not in ({_OPEN}) and moved_at < ?", (before,))
        except (OSError, sqlite3.Error) as error:
            raise Refused("journal_unwritable", {"why": type(error).__name__}) from None

    def close(self) -> None:
        """Close the file; a second time changes nothing."""
        with self._lock:
            self._base.close()

    def write(self, charge: Charge) -> None:
        """On disk when this returns. Raises Refused `journal_unwritable`, `id_reused`."""
        with self._lock:
            if self._read("where id = ?", str(charge.id)):
                raise Refused("id_reused", {"number": charge.number})
            self._execute(
                f"insert into charge({_COLUMNS}, moved_at, place)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (select coalesce(max(place), 0) + 1 from charge))",
                str(charge.id),
                str(charge.document),
                str(charge.shift),
                charge.method,
                charge.amount_minor,
                charge.asked_at.isoformat(),
                charge.masked,
                charge.state,
                charge.found_minor,
                charge.told,
                self._now().isoformat(),
            )

    def move(
        self, charge: UUID, state: ChargeState, *, told: str = "", found_minor: int | None = None
    ) -> Charge:
        """Move it, or leave it where it is. Raises Refused `journal_unwritable`, KeyError."""
        with self._lock:
            now = self.find(charge)
            if (now.state, state) not in CHARGE_MOVES:
                return now
            self._execute(
                "update charge set state = ?, told = case ? when '' then told else ? end,"
                " found_minor = coalesce(?, found_minor), moved_at = ? where id = ?",
                state,
                told,
                told,
                found_minor,
                self._now().isoformat(),
                str(charge),
            )
            return self.find(charge)

    def find(self, charge: UUID) -> Charge:
        """Raises KeyError, Refused `journal_unwritable`."""
        found = self._read("where id = ?", str(charge))
        if not found:
            raise KeyError(charge)
        return found[0]

    def pending(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[Charge]:
        """Open ones; a taken one whose sale stands is used now, a refund waits for its return.

        Raises Refused `journal_unwritable`."""
        behind = "place > coalesce((select place from charge where id = ?), 0)"
        with self._lock:
            for charge in self._read("where state = ? order by place", ChargeState.TAKEN):
                if self._stands(charge.document):
                    self.move(charge.id, ChargeState.USED)
            query = f"where state in ({_OPEN}) and {behind} order by place limit ?"
            found: list[Charge] = []
            while most is None or len(found) < most:
                read = self._read(query, str(after), -1 if most is None else most)
                found += [each for each in read if self._counts(each)]
                if most is None or len(read) < most:
                    break
                after = read[-1].id
            return tuple(found[:most])

    def open_count(self, *, by_hand: bool = True) -> int:
        """How many are open. Raises Refused `journal_unwritable`."""
        return sum(by_hand or not each.by_hand for each in self.pending())

    def _counts(self, charge: Charge) -> bool:
        """A refund is not open before its return stands."""
        return charge.state is not ChargeState.REFUNDING or self._stands(charge.document)

    def adopt(self, charge: UUID, document: UUID) -> Charge:
        """Raises KeyError: not taken, or its own sale stands; Refused `journal_unwritable`."""
        with self._lock:
            if not any(each.id == charge for each in self.pending() if each.state is ChargeState.TAKEN):
                raise KeyError(charge)
            self._execute("update charge set document = ? where id = ?", str(document), str(charge))
            return self.find(charge)

    def decide(self, charge: UUID, *, by: str, note: str) -> None:
        """Raises Refused `reason_missing`, `journal_unwritable`; KeyError: not open."""
        if not note.strip():
            raise Refused("reason_missing")
        with self._lock:
            if self.move(charge, ChargeState.DECIDED).state is not ChargeState.DECIDED:
                raise KeyError(charge)
            self._execute(
                "update charge set decided_by = ?, note = ? where id = ?", by, note.strip(), str(charge)
            )

    def _read(self, where: str, *values: object) -> list[Charge]:
        try:
            with (
                self._lock,
                closing(self._base.execute(f"select {_COLUMNS} from charge {where}", values)) as cursor,
            ):
                return [_charge(row) for row in cursor.fetchall()]
        except sqlite3.Error as error:
            raise Refused("journal_unwritable", {"why": type(error).__name__}) from None

    def _execute(self, statement: str, *values: object) -> None:
        """One statement is one transaction: it is on disk when this returns."""
        try:
            self._base.execute(statement, values)
        except sqlite3.Error as error:
            raise Refused("journal_unwritable", {"why": type(error).__name__}) from None


def _charge(row: sqlite3.Row) -> Charge:
    return Charge(
        id=UUID(row["id"]),
        document=UUID(row["document"]),
        shift=UUID(row["shift"]),
        method=row["method"],
        amount_minor=row["amount_minor"],
        asked_at=datetime.fromisoformat(row["asked_at"]),
        masked=row["masked"],
        state=ChargeState(row["state"]),
        found_minor=row["found_minor"],
        told=row["told"],
    )
