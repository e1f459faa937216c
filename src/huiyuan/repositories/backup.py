"""Backup and restore with the server's own tools, and the proof that both hold the same ledger.

A backup is two files: the archive of `pg_dump`, and beside it (`.json`) the digest of all chain heads at that
very snapshot. A restore goes into an empty database and computes the digest anew. Always true: a backup that
was broken off leaves no file under its final name; no password stands on a command line.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from huiyuan.repositories.embedded_binaries import candidates
from huiyuan.repositories.migrate import ATTEMPTS_MAX, OTHER_DATABASE
from huiyuan.repositories.sql import read

Connection = psycopg.Connection[Any]
_ENVIRONMENT: Final = {
    "host": "PGHOST",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "channel_binding": "PGCHANNELBINDING",
    "require_auth": "PGREQUIREAUTH",
}


class BackupRefused(Exception):
    """A backup or restore did not come about; `code` and `facts` say why.

    Codes: no_tool (tool, major), not_migrated, file_exists (file), file_damaged (file), no_digest (file),
    not_empty, tool_failed (tool, problem).
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database held at one snapshot. `digest` covers the head of every terminal's chain."""

    digest: str
    schema: int
    documents: int
    entries: int


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup: `file` and its size, and what it holds."""

    file: Path
    bytes: int
    contents: Contents


@dataclass(frozen=True, slots=True)
class Restored:
    """What the archive should hold and what the restored database does hold."""

    expected: Contents
    found: Contents

    @property
    def same(self) -> bool:
        """True if the restored ledger is the one that was backed up."""
        return self.expected == self.found


def back_up(owner_url: str, file: Path) -> Backup:
    """Write a backup of the database, and record it there for the home screen.

    Tills may post meanwhile: archive and digest see one snapshot.

    Raises:
        BackupRefused: no_tool, not_migrated, file_exists, tool_failed.
        OSError: The folder cannot be written.
        psycopg.OperationalError: The database cannot be reached.
    """
    if file.exists() or _digest_file(file).exists():
        raise BackupRefused("file_exists", file=str(file))
    part = file.with_name(file.name + ".part")
    with psycopg.connect(owner_url, connect_timeout=10) as connection:
        tool = _find_tool("pg_dump", connection.info.server_version // 10_000)
        if not _is_migrated(connection):
            raise BackupRefused("not_migrated")
        connection.rollback()
        connection.execute("set transaction isolation level repeatable read, read only")
        snapshot = connection.execute("select pg_catalog.pg_export_snapshot()").fetchone()
        assert snapshot is not None
        contents = _contents(connection)
        try:
            part.touch(mode=0o600)
            words = ["--format=custom", f"--snapshot={snapshot[0]}", f"--file={part}"]
            _run(tool, words, owner_url)
            size = part.stat().st_size
            about = {"sha256": _sha256(part), **asdict(contents)}
            _write(_digest_file(file), json.dumps(about, indent=1).encode() + b"\n")
            part.replace(file)
            _sync_folder(file.parent)
        finally:
            part.unlink(missing_ok=True)
    with psycopg.connect(owner_url, connect_timeout=10) as connection:
        connection.execute(
            "insert into sec.backup(digest, bytes, entries) values (decode(%s, 'hex'), %s, %s)",
            (contents.digest, size, contents.entries),
        )
    return Backup(file=file, bytes=size, contents=contents)


def restore(owner_url: str, file: Path) -> Restored:
    """Put a backup into an empty database, and compare what is there then with what was backed up.

    Terminals whose login this server does not know get one without a credential: enrol them again.

    Raises:
        BackupRefused: no_tool, no_digest, file_damaged, not_empty, tool_failed (then drop the database).
        psycopg.OperationalError: The database cannot be reached.
    """
    expected = _read_digest(file)
    with psycopg.connect(owner_url, connect_timeout=10, autocommit=True) as connection:
        tool = _find_tool("pg_restore", connection.info.server_version // 10_000)
        if _has_rooms(connection):
            raise BackupRefused("not_empty")
        _patiently(connection, read("tables/roles.sql"))
        with _table_of_contents(tool, file) as chosen:
            words = ["--exit-on-error", "--single-transaction", f"--use-list={chosen}"]
            database = connection.info.dbname
            _run(tool, [*words, f"--dbname={database}", str(file)], owner_url)
        _make_missing_logins(connection)
        connection.execute("analyze")
        return Restored(expected=expected, found=_contents(connection))


def _contents(connection: Connection) -> Contents:
    row = connection.execute(
        "select coalesce((select h.digest from ledger.heads() h), ''),"
        " (select max(v.version) from sec.schema_version v),"
        " (select count(*) from ledger.document), (select count(*) from ledger.entry)"
    ).fetchone()
    assert row is not None
    return Contents(digest=row[0], schema=row[1], documents=row[2], entries=row[3])


def _is_migrated(connection: Connection) -> bool:
    row = connection.execute("select pg_catalog.to_regclass('sec.schema_version') is not null").fetchone()
    return row == (True,)


def _has_rooms(connection: Connection) -> bool:
    asked = "select from pg_catalog.pg_namespace where nspname in ('sec', 'shop', 'ledger', 'guard', 'api')"
    return connection.execute(asked).rowcount > 0


def _patiently(connection: Connection, statement: str) -> None:
    """Change roles although a migration of another database of the cluster may do so this instant."""
    for attempt in range(ATTEMPTS_MAX):
        try:
            connection.execute(statement.encode())
            return
        except psycopg.Error as error:
            if error.sqlstate not in OTHER_DATABASE or attempt == ATTEMPTS_MAX - 1:
                raise
            time.sleep(0.2 * (attempt + 1))


def _make_missing_logins(connection: Connection) -> None:
    _patiently(
        connection,
        "select sec.make_login(t.role::text, null) from sec.terminal t where t.active and t.role ~ '^t_'"
        " and not exists (select from pg_catalog.pg_roles r where r.rolname = t.role)",
    )


@contextlib.contextmanager
def _table_of_contents(tool: str, file: Path) -> Iterator[Path]:
    """The archive's list without default privileges: those name who migrated, and `roles.sql` set them."""
    listed = _run(tool, ["--list", str(file)], None)
    kept = [line for line in listed.splitlines() if " DEFAULT ACL " not in line]
    with tempfile.TemporaryDirectory(prefix="huiyuan-") as folder:
        path = Path(folder) / "contents"
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")
        yield path


def _find_tool(name: str, server_major: int) -> str:
    """The program `name` of the server's version or a newer one; the oldest that fits, for exact archives.

    Raises:
        BackupRefused: no_tool.
    """
    found: list[tuple[int, str]] = []
    for folder in candidates():
        path = folder / name
        if os.access(path, os.X_OK):
            said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
            version = re.search(r"\) (\d+)", said)
            if version is not None and int(version.group(1)) >= server_major:
                found.append((int(version.group(1)), str(path)))
    if not found:
        raise BackupRefused("no_tool", tool=name, major=server_major)
    return min(found)[1]


def _run(tool: str, words: list[str], url: str | None) -> str:
    """Run a tool against the database of `url`, which it learns from its environment alone.

    Raises:
        BackupRefused: tool_failed, with the first line that it complained.
    """
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **({} if url is None else _environment(url))}
    done = subprocess.run(
        [tool, *(["--no-password"] if url else []), *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        problem = (done.stderr.strip().splitlines() or ["no message"])[0]
        raise BackupRefused("tool_failed", tool=Path(tool).name, problem=problem)
    return done.stdout


def _environment(url: str) -> dict[str, str]:
    found = conninfo_to_dict(url)
    return {_ENVIRONMENT[name]: str(value) for name, value in found.items() if name in _ENVIRONMENT and value}


def _digest_file(file: Path) -> Path:
    return file.with_name(file.name + ".json")


def _read_digest(file: Path) -> Contents:
    try:
        about: Mapping[str, Any] = json.loads(_digest_file(file).read_text(encoding="utf-8"))
        contents = Contents(
            digest=str(about["digest"]),
            schema=int(about["schema"]),
            documents=int(about["documents"]),
            entries=int(about["entries"]),
        )
        digest = str(about["sha256"])
    except (OSError, ValueError, KeyError):
        raise BackupRefused("no_digest", file=str(_digest_file(file))) from None
    if not file.is_file() or _sha256(file) != digest:
        raise BackupRefused("file_damaged", file=str(file))
    return contents


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _write(file: Path, content: bytes) -> None:
    with file.open("xb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
