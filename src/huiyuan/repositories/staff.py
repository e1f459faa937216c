"""Staff and terminals as a manager edits them: the calls of docs/LEDGER.md section 9.

Functions on a psycopg connection in autocommit on which a manager has signed in, one round trip each. Every
one of them may raise Refused `not_signed_in` or `not_permitted`; further codes are listed with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from huiyuan.domain.model.identity import Limits
from huiyuan.domain.model.pin import check_new_pin
from huiyuan.repositories.secrets import staff_key
from huiyuan.repositories.sign_in import Connection, call


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A person who works or worked here; `units` are codes of stores, regions or headquarters."""

    number: str
    name: str
    duty: str
    units: tuple[str, ...]
    active: bool
    pin_changed_at: datetime


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty and what it allows."""

    code: str
    name: str
    permissions: Mapping[str, Limits]


@dataclass(frozen=True, slots=True)
class StaffList:
    """The staff of the manager's units, by number, and every duty there is."""

    staff: tuple[StaffRow, ...]
    duties: tuple[DutyRow, ...]


@dataclass(frozen=True, slots=True)
class TerminalRow:
    """An enrolled seat; `drawer` is None where it has none."""

    id: int
    role: str
    store: str
    code: str
    drawer: int | None
    active: bool


def add(
    connection: Connection,
    *,
    chain: UUID,
    number: str,
    name: str,
    duty: str,
    units: Sequence[str],
    pin: str,
) -> None:
    """Let somebody work here.

    Raises:
        Refused: number_taken, unknown_duty, above_own_duty (duty, permission), unknown_unit (unit),
            unclean_text (field), malformed, pin_format, pin_too_simple.
    """
    check_new_pin(pin)
    key = staff_key(pin, chain=chain, number=number)
    call(connection, "select api.staff_add(%s, %s, %s, %s, %s)", (number, name, duty, list(units), key))


def give_pin(connection: Connection, *, chain: UUID, number: str, pin: str) -> None:
    """A new PIN for somebody else, whose sessions end.

    Raises:
        Refused: unknown_staff, own_account, above_own_duty, unknown_unit, pin_format, pin_too_simple.
    """
    check_new_pin(pin)
    key = staff_key(pin, chain=chain, number=number)
    call(connection, "select api.staff_pin(%s, %s)", (number, key))


def give_duty(connection: Connection, *, number: str, duty: str, units: Sequence[str] | None = None) -> None:
    """Another duty, and with `units` other units; it holds from the next call of that person on.

    Raises:
        Refused: unknown_staff, own_account, unknown_duty, above_own_duty, unknown_unit.
    """
    wanted = None if units is None else list(units)
    call(connection, "select api.staff_duty(%s, %s, %s)", (number, duty, wanted))


def leave(connection: Connection, *, number: str) -> None:
    """Somebody does not work here any more. Raises Refused: as `give_pin`."""
    call(connection, "select api.staff_leave(%s)", (number,))


def listed(connection: Connection, *, after: str | None = None, most: int | None = None) -> StaffList:
    """Who works here by number, after the number `after`, and the duties."""
    found = call(connection, "select api.staff_list(%s::text, %s::int)", (after, most))
    people = tuple(
        StaffRow(
            number=row["number"],
            name=row["name"],
            duty=row["duty"],
            units=tuple(row["units"]),
            active=row["active"],
            pin_changed_at=datetime.fromisoformat(row["pin_changed_at"]),
        )
        for row in found["staff"]
    )
    duties = tuple(
        DutyRow(row["code"], row["name"], {name: Limits(**each) for name, each in row["permissions"].items()})
        for row in found["duties"]
    )
    return StaffList(staff=people, duties=duties)


def enrol_terminal(
    connection: Connection, *, role: str, store: str, code: str, drawer: int | None, verifier: str | None
) -> TerminalRow:
    """Make a seat and its login; the same role, store and code again: new credentials.

    Args:
        drawer: None for a new drawer of its own.
        verifier: SCRAM verifier of its password; None for a login by certificate only.

    Raises:
        Refused: role_taken, seat_taken, unknown_unit, unknown_drawer, malformed.
    """
    values = (role, store, code, drawer, verifier)
    return _terminal(call(connection, "select api.terminal_enrol(%s, %s, %s, %s, %s)", values))


def block_terminal(connection: Connection, *, role: str) -> int:
    """Shut out a stolen terminal at once; answers how many connections were ended.

    It is called twice, because a connection may begin between the first call's last step and its commit.

    Raises:
        Refused: own_terminal, unknown_role.
    """
    ended = [call(connection, "select api.terminal_block(%s)", (role,))["ended"] for _ in range(2)]
    return int(sum(ended))


def listed_terminals(connection: Connection) -> tuple[TerminalRow, ...]:
    """The seats of the manager's stores, by role."""
    return tuple(_terminal(row) for row in call(connection, "select api.terminal_list()"))


def _terminal(row: Mapping[str, Any]) -> TerminalRow:
    return TerminalRow(
        id=row["id"],
        role=row["role"],
        store=row["store"]["code"],
        code=row["code"],
        drawer=row["drawer"],
        active=row["active"],
    )
