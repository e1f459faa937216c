"""Bring a database to the schema of this program: all of it in one transaction, or nothing.

Always true: a counter never migrates, only the owner's URL does; two migrations at once both end well; one
that would wait behind a running report gives up instead of stopping the tills that queue behind it.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg import errors

from huiyuan.repositories.sql import FUNCTIONS, TABLES, read

SCHEMA_VERSION: Final = 5
"""The schema that this program was written for: one more than before with every new revision."""

PEPPER_BYTES: Final = 32
_AS_SUPERUSER: Final = "-- as superuser"
_MIGRATION_LOCK: Final = 0x6875_6979  # "huiy": one number for all migrations of a database
OTHER_DATABASE: Final = frozenset({"XX000", "23505", "42710"})
"""Roles belong to the cluster: a migration of another database there may touch the same one this instant."""
ATTEMPTS_MAX: Final = 6
_WAIT_FOR_OTHER_MS: Final = 120_000
_WAIT_FOR_TABLE_MS: Final = 2_000
_ROLES: Final = "tables/roles.sql"
"""Waits for no counter, only for another database's migration, which holds the same roles to its end."""


class MigrationRefused(Exception):
    """The schema cannot be brought to this program's version; `code` and `facts` say why.

    Codes: schema_newer (found, known), schema_locked (file), sql_failed (file, sqlstate, problem).
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class MigrationResult:
    """What a migration found and left; `was` is None for an empty database."""

    was: int | None
    now: int


def migrate(admin_url: str) -> MigrationResult:
    """Run what is missing of the revisions, then all replaceable files, then make the pepper once.

    One at a time in a process: alembic keeps its context in a module.

    Args:
        admin_url: libpq URL of a role that may create roles and schemas.

    Raises:
        MigrationRefused: see its codes; nothing was changed.
        psycopg.OperationalError: The database cannot be reached.
    """
    for attempt in range(ATTEMPTS_MAX):
        try:
            return _migrate_once(admin_url)
        except MigrationRefused as refused:
            if refused.facts.get("sqlstate") not in OTHER_DATABASE or attempt == ATTEMPTS_MAX - 1:
                raise
            time.sleep(0.2 * (attempt + 1))
    raise AssertionError("unreachable")


def _migrate_once(admin_url: str) -> MigrationResult:
    # Alembic and its engine cost a tenth of a second that no counter has to pay.
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    url = "postgresql+psycopg://" + admin_url.split("://", 1)[1]
    with psycopg.connect(admin_url, connect_timeout=10):
        pass  # an unreachable database is the driver's own error, not one wrapped by the engine
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection, connection.begin():
        raw = connection.connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        _take_migration_lock(raw)
        was = schema_version(raw)
        if was is not None and was > SCHEMA_VERSION:
            raise MigrationRefused("schema_newer", found=was, known=SCHEMA_VERSION)
        config = Config()
        config.set_main_option("script_location", "huiyuan.repositories:migrations")
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        config.attributes["execute_file"] = lambda name: _execute_file(raw, name, as_owner=False)
        command.upgrade(config, "head")
        # Nothing in the database belongs to who migrates: that name may not exist where a backup is restored.
        raw.execute("alter table public.huiyuan_revision owner to huiyuan_owner")
        for name in FUNCTIONS:
            _execute_file(raw, name, as_owner=True)
        raw.execute(
            "insert into sec.schema_version(version) values (%s) on conflict do nothing", (SCHEMA_VERSION,)
        )
        pepper = secrets.token_bytes(PEPPER_BYTES)
        raw.execute(
            "insert into sec.pepper(k) select %s where not exists (select from sec.pepper)", (pepper,)
        )
    return MigrationResult(was=was, now=SCHEMA_VERSION)


def sql_fingerprint() -> str:
    """What tells one state of all SQL files from another; the functions of a database follow the files."""
    digest = hashlib.sha256(str(SCHEMA_VERSION).encode())
    for name in (*TABLES, *FUNCTIONS):
        digest.update(f"\0{name}\0{read(name)}".encode())
    return digest.hexdigest()


def _take_migration_lock(raw: psycopg.Connection[tuple[object, ...]]) -> None:
    try:
        raw.execute(f"set local lock_timeout = {_WAIT_FOR_OTHER_MS}")
        raw.execute("select pg_catalog.pg_advisory_xact_lock(%s)", (_MIGRATION_LOCK,))
    except errors.LockNotAvailable:
        raise MigrationRefused("schema_locked", file="") from None
    raw.execute(f"set local lock_timeout = {_WAIT_FOR_TABLE_MS}")


def _execute_file(raw: psycopg.Connection[tuple[object, ...]], name: str, *, as_owner: bool) -> None:
    """Execute a file as it stands; `as_owner` unless its first line says `-- as superuser`.

    Tables are read as the administrator, because the first of their files makes the owner.
    It goes without parameters, so a % in it is a %, and several statements are one message.

    Raises:
        MigrationRefused: schema_locked, sql_failed.
    """
    text = read(name)
    wait_ms = _WAIT_FOR_OTHER_MS if name == _ROLES else _WAIT_FOR_TABLE_MS
    try:
        raw.execute(f"set local lock_timeout = {wait_ms}")
        if as_owner and not text.startswith(_AS_SUPERUSER):
            raw.execute("set local role huiyuan_owner")
        raw.execute(text.encode())
        raw.execute("reset role")
    except errors.LockNotAvailable:
        raise MigrationRefused("schema_locked", file=name) from None
    except psycopg.Error as error:
        if isinstance(error, psycopg.OperationalError) and raw.closed:
            raise
        facts = {"file": name, "sqlstate": error.sqlstate, "problem": str(error)}
        raise MigrationRefused("sql_failed", **facts) from error


def schema_version(connection: psycopg.Connection[tuple[object, ...]]) -> int | None:
    """The schema version that a database has, or None for one that was never migrated.

    Raises:
        psycopg.errors.InsufficientPrivilege: The role may not look; a terminal asks `api.hello()`.
    """
    if connection.execute("select pg_catalog.to_regclass('sec.schema_version')").fetchone() == (None,):
        return None
    row = connection.execute("select max(version) from sec.schema_version").fetchone()
    return None if row is None or row[0] is None else int(str(row[0]))


class SchemaRefused(Exception):
    """This program does not fit the database's schema; `code` and `facts` say which of them has to move.

    Codes: schema_missing (known), schema_old (found, known), schema_newer (found, known).
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


def check_version(found: int | None, known: int = SCHEMA_VERSION) -> None:
    """Accept a schema of this program's version or exactly one ahead, so that tills are updated one by one.

    Raises:
        SchemaRefused: Any other.
    """
    if found is None:
        raise SchemaRefused("schema_missing", known=known)
    if found < known:
        raise SchemaRefused("schema_old", found=found, known=known)
    if found > known + 1:
        raise SchemaRefused("schema_newer", found=found, known=known)
