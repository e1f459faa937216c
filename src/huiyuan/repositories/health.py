"""Is this database the right one, in reach, of the right version, and does its clock agree with ours?"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import errors

from huiyuan.repositories.migrate import schema_version

CONNECT_TIMEOUT_S: Final = 10

_FAILURES: Final = (
    (errors.InvalidPassword, "login_refused"),
    (errors.InvalidAuthorizationSpecification, "login_refused"),
    (errors.InvalidCatalogName, "no_database"),
    (errors.TooManyConnections, "too_many_connections"),
    (errors.InsufficientPrivilege, "not_permitted"),
    (errors.UndefinedFunction, "schema_missing"),
    (errors.InvalidSchemaName, "schema_missing"),
    (errors.UndefinedTable, "schema_missing"),
)


@dataclass(frozen=True, slots=True)
class Health:
    """What one look at a database showed.

    Attributes:
        server: Its version, as it says it.
        schema: Version of our schema, None if it was never migrated.
        answer_ms: One round trip.
        clock_ahead_ms: The server's clock minus ours, as exact as half a round trip.
    """

    server: str
    schema: int | None
    answer_ms: int
    clock_ahead_ms: int


def look(url: str) -> Health:
    """Connect once and look; a terminal's login sees as much as the owner's.

    Raises:
        psycopg.Error: see `database_failure`.
    """
    with psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        before = time.time_ns()
        row = connection.execute(
            "select (extract(epoch from pg_catalog.clock_timestamp()) * 1000)::bigint"
        ).fetchone()
        after = time.time_ns()
        assert row is not None
        return Health(
            server=connection.info.parameter_status("server_version") or "?",
            schema=_schema(connection),
            answer_ms=(after - before) // 1_000_000,
            clock_ahead_ms=int(row[0]) - (before + after) // 2_000_000,
        )


def _schema(connection: psycopg.Connection[Any]) -> int | None:
    try:
        return schema_version(connection)
    except errors.InsufficientPrivilege:
        row = connection.execute("select api.hello()").fetchone()
        found = None if row is None else row[0].get("schema")
        return None if found is None else int(found)


def enrolled_roles(admin_url: str) -> list[str]:
    """Login roles of the active seats, in the order they were enrolled. For the machine's own server only."""
    with psycopg.connect(admin_url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S) as connection:
        return [
            str(role)
            for (role,) in connection.execute(
                "select role from sec.terminal where active and role ~ '^t_' order by id"
            )
        ]


def database_failure(error: BaseException) -> tuple[str, dict[str, object]] | None:
    """Code and facts of an error of the driver, or None for any other.

    Codes: login_refused, no_database, too_many_connections, not_permitted, schema_missing, bad_url (all with
    problem), unreachable (problem), database_error (sqlstate, problem). `problem` is one line of the server's
    or libpq's own words.
    """
    if not isinstance(error, psycopg.Error):
        return None
    facts: dict[str, object] = {"problem": str(error).strip().split("\n", 1)[0]}
    for kind, code in _FAILURES:
        if isinstance(error, kind):
            return code, facts
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return "unreachable", facts
    if error.sqlstate is None:
        return "bad_url", facts
    return "database_error", facts | {"sqlstate": error.sqlstate}
