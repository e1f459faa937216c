"""The private PostgreSQL of one worker of a test run: one template, a copy for each test that writes.

The cluster lies in a short folder of its own (a socket path is short, and under root `nobody` must pass)
and is removed when the run ends; what a killed run left behind is swept up by the next. Roles belong to a
cluster, so each worker has its own, and a copy begins with the roles as the template had them.
"""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from huiyuan.repositories import demo
from huiyuan.repositories.embedded import EmbeddedServer
from huiyuan.repositories.migrate import migrate

PREFIX = "hy-"
TEMPLATE = "huiyuan_template"
STALE_AFTER_S = 3600

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Shop:
    """One database of the demo chain."""

    server: EmbeddedServer
    dbname: str

    @property
    def admin_url(self) -> str:
        return self.server.admin_url(self.dbname)

    def url(self, role: str) -> str:
        """The libpq URL of this database for `role`."""
        return self.server.url(role, self.dbname)

    def connect(self, role: str | None = None) -> Connection:
        """A connection in autocommit, as the superuser or as `role`; the caller closes it."""
        return psycopg.connect(self.url(role) if role else self.admin_url, autocommit=True)

    def rows(self, query: str, *parameters: object) -> list[tuple[object, ...]]:
        """What the superuser reads: for looking at what stands after a test acted."""
        with self.connect() as connection:
            return connection.execute(query.encode(), parameters or None).fetchall()


class Cluster:
    """A server with the template of the demo chain; `fsync` is on only where crashes are the subject."""

    def __init__(self, root: Path, *, fsync: bool = False, keep_limits: bool = False) -> None:
        root.mkdir(mode=0o711, parents=True, exist_ok=True)
        self.root = root
        many = {"max_connections": "300"}
        self.server = EmbeddedServer(root, fsync=fsync, settings=many)
        self._bare = EmbeddedServer(root.with_name(f"{root.name}-bare"), fsync=fsync, settings=many)
        self._keep_limits = keep_limits
        self._shared_made = False
        self._roles: dict[str, tuple[bool, int]] = {}

    def start(self) -> None:
        """Start the server and make the template."""
        self.server.start()
        self._make_template()

    def leave(self) -> None:
        self._bare.leave()
        self.server.leave()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes that use this cluster from changing what belongs to all of it."""
        with (self.root / "cluster.lock").open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def copy(self) -> Iterator[Shop]:
        """A writable copy of the template, dropped afterwards with whatever still holds a connection."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        self._copy_template(name)
        with _dropped(self.server, name):
            yield Shop(self.server, name)

    @contextlib.contextmanager
    def empty(self) -> Iterator[Shop]:
        """A database that was never migrated, on a server beside: migrating and seeding change its roles."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        self._bare.start()
        with _admin(self._bare) as connection:
            connection.execute(_create(name))
        with _dropped(self._bare, name):
            yield Shop(self._bare, name)

    def shared(self) -> Shop:
        """The copy that all reading tests of the worker share; the server refuses to write in it."""
        if not self._shared_made:
            self._copy_template("shared")
            with _admin(self.server) as connection:
                connection.execute("alter database shared set default_transaction_read_only = on")
            self._shared_made = True
        return Shop(self.server, "shared")

    def _make_template(self) -> None:
        with _admin(self.server) as connection:
            connection.execute(_create(TEMPLATE))
        admin_url = self.server.admin_url(TEMPLATE)
        migrate(admin_url)
        demo.seed(admin_url)
        with _admin(self.server) as connection:
            if not self._keep_limits:
                _lift_connection_limits(connection)
            self._roles = _logins(connection)

    def _copy_template(self, dbname: str) -> None:
        """CREATE DATABASE leaves grants and settings of the database behind: they are copied as well."""
        with _admin(self.server) as connection:
            _restore_logins(connection, self._roles)
            create = sql.SQL("create database {} template {} strategy wal_log")
            connection.execute(create.format(sql.Identifier(dbname), sql.Identifier(TEMPLATE)))
            connection.execute(
                "update pg_database new set datacl = old.datacl from pg_database old"
                " where old.datname = %s and new.datname = %s",
                (TEMPLATE, dbname),
            )
            connection.execute(
                "insert into pg_db_role_setting select new.oid, s.setrole, s.setconfig"
                " from pg_db_role_setting s"
                " join pg_database old on old.oid = s.setdatabase, pg_database new"
                " where old.datname = %s and new.datname = %s",
                (TEMPLATE, dbname),
            )


def _admin(server: EmbeddedServer) -> Connection:
    return psycopg.connect(server.admin_url("postgres"), autocommit=True)


@contextlib.contextmanager
def _dropped(server: EmbeddedServer, dbname: str) -> Iterator[None]:
    try:
        yield
    finally:
        with _admin(server) as connection:
            connection.execute(_drop(dbname))


def _create(dbname: str) -> sql.Composed:
    return sql.SQL("create database {}").format(sql.Identifier(dbname))


def _drop(dbname: str) -> sql.Composed:
    return sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(dbname))


def _lift_connection_limits(connection: Connection) -> None:
    """A role's limit counts over all databases, and tests share roles; tests/attacks keeps it."""
    for (role,) in connection.execute("select rolname from pg_roles where rolconnlimit > 0").fetchall():
        connection.execute(sql.SQL("alter role {} connection limit -1").format(sql.Identifier(str(role))))


def _logins(connection: Connection) -> dict[str, tuple[bool, int]]:
    """Every terminal's role: whether it may log in, and how often."""
    asked = "select rolname, rolcanlogin, rolconnlimit from pg_roles where rolname like 't\\_%'"
    return {
        str(name): (bool(can), int(str(limit))) for name, can, limit in connection.execute(asked.encode())
    }


def _restore_logins(connection: Connection, wanted: dict[str, tuple[bool, int]]) -> None:
    """Undo what the test before did to roles: blocked, limited or enrolled ones."""
    found = _logins(connection)
    for name, (can_login, limit) in wanted.items():
        if found.get(name) != (can_login, limit):
            change = "alter role {} " + ("login" if can_login else "nologin") + f" connection limit {limit}"
            connection.execute(sql.SQL(change).format(sql.Identifier(name)))
    for name in found.keys() - wanted.keys():
        with contextlib.suppress(psycopg.Error):  # somebody else's grant may still hold it
            connection.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))


def run_folder(run: str) -> Path:
    """The folder of the run named `run`, below the system's folder for temporary files."""
    return Path(tempfile.gettempdir()) / f"{PREFIX}{run}"


def remove_run(folder: Path) -> None:
    """Stop what still runs below `folder` and remove it."""
    for root in (path.parent for path in folder.glob("*/users.lock")):
        server = EmbeddedServer(root)
        if server.server_pid() is not None:
            server.start()
            server.leave()
    shutil.rmtree(folder, ignore_errors=True)


def sweep_killed_runs() -> None:
    """Remove folders of runs that were killed: old, and nobody holds the lock of a server there."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            old = time.time() - folder.stat().st_mtime > STALE_AFTER_S
            if old and not any(_held(lock) for lock in folder.glob("*/users.lock")):
                remove_run(folder)


def _held(lock: Path) -> bool:
    with lock.open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
