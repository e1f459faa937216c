"""Readers: logins that only read reports. Enrolled and blocked by a manager, kept in a folder of this host.

A folder holds `reader.toml` and the login's proof, as a seat's does: a password file, or a private key with
its certificate. There is no index key in it, because a reader finds no card. Always true: a password leaves
this host only as a SCRAM verifier, and every secret file is 0600 from its first byte on.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from huiyuan.repositories.enrol import (
    Login,
    SeatRefused,
    Server,
    plain_values,
    server_in,
    write_proof,
    write_values,
)
from huiyuan.repositories.sign_in import Connection, call

READER_FILE: Final = "reader.toml"
READER_PATTERN: Final = re.compile(r"r_[a-z0-9_]{1,40}")


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """An enrolled reader; `units` are codes, each stands for every store below it."""

    role: str
    units: tuple[str, ...]
    active: bool


def enrol_reader(
    connection: Connection, *, role: str, units: Sequence[str], verifier: str | None
) -> ReaderRow:
    """Make a reader and its login; the same role again: new credentials and these units.

    Args:
        verifier: SCRAM verifier of its password; None for a login by certificate only.

    Raises:
        Refused: role_taken, unknown_unit, malformed, not_signed_in, not_permitted.
    """
    row = call(connection, "select api.reader_enrol(%s, %s, %s)", (role, list(units), verifier))
    return ReaderRow(row["role"], tuple(row["units"]), row["active"])


def block_reader(connection: Connection, *, role: str) -> int:
    """Shut out a reader at once; answers how many connections were ended.

    It is called twice, because a connection may begin between the first call's last step and its commit.

    Raises:
        Refused: unknown_role, not_signed_in, not_permitted.
    """
    return int(sum(call(connection, "select api.reader_block(%s)", (role,))["ended"] for _ in range(2)))


def listed_readers(connection: Connection) -> tuple[ReaderRow, ...]:
    """The readers of the manager's units, by role."""
    rows = call(connection, "select api.reader_list()")
    return tuple(ReaderRow(row["role"], tuple(row["units"]), row["active"]) for row in rows)


def write_reader(
    folder: Path,
    *,
    role: str,
    server: Server | None,
    password: str | None = None,
    authority: Path | None = None,
) -> Login:
    """Make the folder of a reader.

    Args:
        folder: Made 0700 if it is missing; it must hold no reader yet.
        server: None for the embedded server.
        authority: Certificate of the authority that signed the server's; copied.

    Raises:
        SeatRefused: seat_exists, seat_malformed.
        OSError: The folder cannot be made, or `authority` cannot be read.
    """
    if not READER_PATTERN.fullmatch(role):
        raise SeatRefused("seat_malformed", value=role)
    values = plain_values({"role": role}, server)
    write_proof(folder / READER_FILE, role=role, password=password, authority=authority)
    write_values(folder / READER_FILE, values)
    return Login(folder=folder, role=role, server=server)


def find_readers(readers: Path) -> tuple[Login, ...]:
    """Every reader below `readers`, in the order of their folders' names; empty if there is no such folder.

    Raises:
        SeatRefused: seat_damaged.
    """
    if not readers.is_dir():
        return ()
    return tuple(_read(path) for path in sorted(readers.glob(f"*/{READER_FILE}")))


def _read(path: Path) -> Login:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        role, server = str(found["role"]), server_in(found)
    except (OSError, ValueError, KeyError) as error:
        raise SeatRefused("seat_damaged", folder=str(path.parent), problem=type(error).__name__) from None
    if not READER_PATTERN.fullmatch(role):
        raise SeatRefused("seat_damaged", folder=str(path.parent), problem="role")
    return Login(folder=path.parent, role=role, server=server)
