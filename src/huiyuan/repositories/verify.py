"""Asks the ledger whether anything was tampered with; the work is `ledger.verify()` in the database."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding: `what` was touched (document, entry, account, lot ...), which one, and how it shows."""

    what: str
    id: str
    fault: str


def verify(url: str) -> tuple[Fault, ...]:
    """Everything that does not follow from what was posted; empty if all is well.

    Args:
        url: libpq URL of the owner or of a reader.

    Raises:
        psycopg.Error: The database cannot be reached, or this login may not ask.
    """
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        rows = connection.execute("select what, id, fault from ledger.verify()").fetchall()
    return tuple(Fault(str(what), str(name), str(fault)) for what, name, fault in rows)
