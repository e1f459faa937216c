"""The private PostgreSQL of a test run: migrated and seeded once, a database for each test that writes.

Whoever needs it first makes the data of the run: a server with the template of the demo chain, and one
beside with that of the small chain. Roles belong to a cluster, so each worker runs copies of that data, and a
copy of a template begins with the roles as the template had them.
"""

from __future__ import annotations

import contextlib
import fcntl
import subprocess
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from huiyuan.repositories import demo
from huiyuan.repositories.embedded import EmbeddedServer
from huiyuan.repositories.migrate import migrate
from tests import small_seed

TEMPLATE = "huiyuan_template"
SMALL_TEMPLATE = "huiyuan_small"
# Many tests share a server; what it writes ahead must not fill the memory that it may lie in.
SETTINGS = {"max_connections": "300", "max_wal_size": "128MB", "min_wal_size": "32MB"}

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
    """A server with the template of the demo chain; `fsync` is on only where crashes are the subject.

    Args:
        root: Folder of the server.
        made: Folder that keeps the data which the whole run starts from.
        fsync: As in production.
        keep_limits: Roles keep their limits of connections.
    """

    def __init__(self, root: Path, *, made: Path, fsync: bool = False, keep_limits: bool = False) -> None:
        root.mkdir(mode=0o711, parents=True, exist_ok=True)
        self.root = root
        self.server = EmbeddedServer(root, fsync=fsync, settings=SETTINGS)
        self._bare = EmbeddedServer(root.with_name(f"{root.name}-bare"), fsync=fsync, settings=SETTINGS)
        self._made = made
        self._keep_limits = keep_limits
        self._shared_made = False
        self._roles: dict[str, tuple[bool, int]] = {}

    def start(self) -> None:
        """Start the server on data of its own."""
        _begin_with(self.server, _made(self._made / "made-demo", _fill_demo))
        with _admin(self.server) as connection:
            if not self._keep_limits:
                _lift_connection_limits(connection)
            self._roles = _logins(connection)

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
        with _admin(self.server) as connection:
            _restore_logins(connection, self._roles)
        with _copied(self.server, TEMPLATE) as shop:
            yield shop

    def whole(self) -> Shop:
        """The template itself, where a test has the server for itself."""
        return Shop(self.server, TEMPLATE)

    @contextlib.contextmanager
    def small(self) -> Iterator[Shop]:
        """A database with the rows of the small chain, on the server beside."""
        with _copied(self._beside(), SMALL_TEMPLATE) as shop:
            yield shop

    @contextlib.contextmanager
    def empty(self) -> Iterator[Shop]:
        """A database that was never migrated, on the server beside: migrating and seeding change roles."""
        name = _new_name()
        with _admin(self._beside()) as connection:
            connection.execute(_create(name))
        with _dropped(self._bare, name):
            yield Shop(self._bare, name)

    def shared(self) -> Shop:
        """The copy that all reading tests of the worker share; the server refuses to write in it."""
        if not self._shared_made:
            _copy_template(self.server, TEMPLATE, "shared")
            with _admin(self.server) as connection:
                connection.execute("alter database shared set default_transaction_read_only = on")
            self._shared_made = True
        return Shop(self.server, "shared")

    def _beside(self) -> EmbeddedServer:
        if not self._bare.root.exists():
            _begin_with(self._bare, _made(self._made / "made-small", _fill_small))
        return self._bare


def _made(root: Path, fill: Callable[[EmbeddedServer], None]) -> Path:
    """The data below `root`: made by the first that asks, while the others of the run wait."""
    root.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    with root.with_suffix(".lock").open("a") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if not (root / "done").exists():
            with EmbeddedServer(root, fsync=False, settings=SETTINGS) as server:
                fill(server)
            (root / "done").touch()
    return root / "data"


def _begin_with(server: EmbeddedServer, data: Path) -> None:
    """Start `server` on a copy of `data`."""
    server.root.mkdir(mode=0o711, parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(data), str(server.data)], check=True)
    server.start()


def _fill_demo(server: EmbeddedServer) -> None:
    with _admin(server) as connection:
        connection.execute(_create(TEMPLATE))
    migrate(server.admin_url(TEMPLATE))
    demo.seed(server.admin_url(TEMPLATE))


def _fill_small(server: EmbeddedServer) -> None:
    with _admin(server) as connection:
        connection.execute(_create(SMALL_TEMPLATE))
    small_seed.fill(server.admin_url(SMALL_TEMPLATE))


def _copy_template(server: EmbeddedServer, template: str, dbname: str) -> None:
    """CREATE DATABASE leaves grants and settings of the database behind: they are copied as well."""
    with _admin(server) as connection:
        create = sql.SQL("create database {} template {} strategy wal_log")
        connection.execute(create.format(sql.Identifier(dbname), sql.Identifier(template)))
        connection.execute(
            "update pg_database new set datacl = old.datacl from pg_database old"
            " where old.datname = %s and new.datname = %s",
            (template, dbname),
        )
        connection.execute(
            "insert into pg_db_role_setting select new.oid, s.setrole, s.setconfig"
            " from pg_db_role_setting s"
            " join pg_database old on old.oid = s.setdatabase, pg_database new"
            " where old.datname = %s and new.datname = %s",
            (template, dbname),
        )


@contextlib.contextmanager
def _copied(server: EmbeddedServer, template: str) -> Iterator[Shop]:
    name = _new_name()
    _copy_template(server, template, name)
    with _dropped(server, name):
        yield Shop(server, name)


def _new_name() -> str:
    return f"t_{uuid.uuid4().hex[:12]}"


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
