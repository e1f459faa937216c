"""The PostgreSQL that a single machine brings along: started with the first app, stopped with the last.

Always true:
* every app holds a shared lock while it uses the server, so the kernel forgets a killed app by itself;
* start and stop happen under the gate lock, one at a time;
* "it runs" means that a connection was answered, never that a process number exists;
* a data folder appears by one rename after initdb succeeded: there is no half one;
* no TCP; the socket lies in a folder that only the server's account (and root) may enter.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self
from urllib.parse import quote, urlencode

import psycopg
from psycopg import errors

from huiyuan.repositories.embedded_binaries import (
    Account,
    Binaries,
    EmbeddedServerError,
    find_binaries,
    reachable_binaries,
    server_account,
)

ADMIN_ROLE: Final = "huiyuan_admin"
DATABASE: Final = "huiyuan"
PORT: Final = 5432
SOCKET_NAME: Final = f".s.PGSQL.{PORT}"
SOCKET_PATH_BYTES_MAX: Final = 106
GATE_TIMEOUT_S: Final = 180
START_TIMEOUT_S: Final = 120
REFUSE_TIMEOUT_S: Final = 30
STOP_TIMEOUT_S: Final = 60
LOG_BYTES_MAX: Final = 5_000_000

_SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    # A failing statement must not write a PIN key or a member's data into the log.
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "password_encryption": "scram-sha-256",
    # Postings are short: compiling them costs more than running them.
    "jit": "off",
}


class EmbeddedServer:
    """One data folder and its server, shared by all apps of this machine that name the same `root`.

    Args:
        root: Folder of the server; made if missing, never changed if it exists.
        fsync: False only for tests that may lose everything.
        settings: Further server settings, for tests.
        bindir: Programs to use instead of looking for them.
    """

    def __init__(
        self,
        root: Path,
        *,
        fsync: bool = True,
        settings: Mapping[str, str] | None = None,
        bindir: Path | None = None,
    ) -> None:
        self.root = Path(os.path.abspath(root))  # noqa: PTH100 (a link may keep it short)
        self.data = self.root / "data"
        self.run = self.root / "run"
        self.log = self.root / "server.log"
        self._fsync = fsync
        self._settings = dict(settings or {})
        self._bindir = bindir
        self._binaries: Binaries | None = None
        self._account: Account | None = None
        self._users: IO[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def url(self, role: str, dbname: str = DATABASE) -> str:
        """The libpq URL of `dbname` for `role` over the socket."""
        where = urlencode({"host": str(self.run), "port": str(PORT)}, quote_via=quote, safe="")
        return f"postgresql://{quote(role, safe='')}@/{quote(dbname, safe='')}?{where}"

    def admin_url(self, dbname: str = DATABASE) -> str:
        """The libpq URL of the superuser, for migration and for tests."""
        return self.url(ADMIN_ROLE, dbname)

    def start(self) -> None:
        """Take part in the server: make its data and start it where needed, and hold it until `leave`.

        Raises:
            EmbeddedServerError: It cannot run; see the codes there.
        """
        if self._users is not None:
            return
        self._check_socket_path()
        self._make_root()
        with self._gate():
            self._account = server_account(self.data)
            self._check_reach(self._account)
            self._binaries = reachable_binaries(
                find_binaries(self._data_version(), folder=self._bindir), self._account, self.root
            )
            self._make_own_folder(self.run)
            for abandoned in self.root.glob("data.new-*"):  # of apps that were killed during their initdb
                shutil.rmtree(abandoned, ignore_errors=True)
            if not (self.data / "PG_VERSION").exists():
                self._make_data()
            if not self._answers():
                self._start_server()
            self._make_database()
            self._users = (self.root / "users.lock").open("a")
            fcntl.flock(self._users, fcntl.LOCK_SH)
        atexit.register(self.leave)

    def revive(self) -> None:
        """Start the server again if it died while we take part in it; from any thread.

        Raises:
            EmbeddedServerError: It does not come up.
        """
        if self._users is None:
            return
        with self._gate():
            if not self._answers():
                self._start_server()

    def leave(self) -> None:
        """Stop taking part; whoever leaves last stops the server. A second call does nothing."""
        if self._users is None:
            return
        users, self._users = self._users, None
        atexit.unregister(self.leave)
        try:
            with self._gate():
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return  # somebody else still works
                self._stop_server()
        finally:
            users.close()

    def server_pid(self) -> int | None:
        """Process number of our running server, or None: a recycled number is not ours."""
        pid = _first_number(self.data / "postmaster.pid")
        return pid if pid is not None and self._serves(pid) else None

    def _serves(self, pid: int) -> bool:
        """Whether the process `pid` is a server on our data: it works in that folder."""
        process = Path(f"/proc/{pid}")
        try:
            return (process / "cwd").readlink() == self.data.resolve()
        except PermissionError:  # root of a container may not look there; the name and the owner are for all
            with contextlib.suppress(OSError):
                same_owner = process.stat().st_uid == self.data.stat().st_uid
                return same_owner and (process / "comm").read_text().strip() == "postgres"
            return False
        except OSError:
            return False

    # -- checks and folders ----------------------------------------------------------------------------

    def _check_socket_path(self) -> None:
        path = self.run / SOCKET_NAME
        length = len(os.fsencode(path))
        if length > SOCKET_PATH_BYTES_MAX:
            raise EmbeddedServerError(
                "socket_path_too_long", path=str(path), bytes=length, most=SOCKET_PATH_BYTES_MAX
            )

    def _make_root(self) -> None:
        try:
            if not self.root.is_dir():
                self.root.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            (self.root / "gate.lock").touch(mode=0o600)
        except OSError as error:
            raise EmbeddedServerError(
                "unreachable_folder", folder=str(self.root), account="", problem=error.strerror
            ) from None

    def _check_reach(self, account: Account) -> None:
        if not account.ours and not account.reaches(self.root.resolve()):
            raise EmbeddedServerError(
                "unreachable_folder", folder=str(self.root), account=account.name, problem=""
            )

    def _make_own_folder(self, folder: Path) -> None:
        """Make `folder` for the server's account, private; one that exists was made here before."""
        assert self._account is not None
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        if folder.stat().st_uid != self._account.uid:
            os.chown(folder, self._account.uid, self._account.gid)

    def _data_version(self) -> int | None:
        """Major version that the data folder was made by, or None where there is none yet."""
        try:
            return int((self.data / "PG_VERSION").read_text().strip())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise EmbeddedServerError(
                "unreachable_folder", folder=str(self.data), account="", problem=error.strerror
            ) from None

    @contextlib.contextmanager
    def _gate(self) -> Iterator[None]:
        """Hold the lock under which servers start and stop; somebody else's first start takes seconds."""
        with (self.root / "gate.lock").open("a") as gate:
            deadline = time.monotonic() + GATE_TIMEOUT_S
            while True:
                try:
                    fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise EmbeddedServerError("busy", folder=str(self.root)) from None
                    time.sleep(0.02)
            yield

    # -- the server's own programs ---------------------------------------------------------------------

    def _program(self, tool: str, *arguments: str, timeout_s: int) -> int:
        """Run one of PostgreSQL's programs as the server's account and return its exit code.

        Its output goes to a file: a pipe would be inherited by the server and never end.
        """
        assert self._binaries is not None
        assert self._account is not None
        environment = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
        environment |= {"LC_ALL": "C.UTF-8", "HOME": str(self.root), "PGDATA": str(self.data)}
        with self.log.open("ab") as output:
            try:
                return subprocess.run(
                    [self._binaries.tool(tool), *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    env=environment,
                    cwd=self.root,
                    timeout=timeout_s,
                    check=False,
                    start_new_session=True,  # Ctrl-C at the counter is not meant for the server
                    **self._account.process_options(),
                ).returncode
            except subprocess.TimeoutExpired:
                return -1

    def _make_data(self) -> None:
        assert self._binaries is not None
        # A name of its own: the initdb of a killed app may still be writing into the last one.
        half = self.root / f"data.new-{secrets.token_hex(4)}"
        self._make_own_folder(half)
        options = ["--username", ADMIN_ROLE, "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"]
        options += ["--locale=C.UTF-8", "--data-checksums", "--no-instructions"]
        if self._binaries.major >= 17:  # earlier ones take the locale from the system
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self._fsync:
            options.append("--no-sync")
        if self._program("initdb", "--pgdata", str(half), *options, timeout_s=START_TIMEOUT_S) != 0:
            shutil.rmtree(half, ignore_errors=True)
            raise EmbeddedServerError("initdb_failed", log=str(self.log))
        with (half / "postgresql.conf").open("a") as conf:
            conf.write("\ninclude = 'huiyuan.conf'\n")
        half.rename(self.data)

    def _write_settings(self) -> None:
        assert self._account is not None
        settings = {
            **_SETTINGS,
            "unix_socket_directories": str(self.run),
            "fsync": "on" if self._fsync else "off",
        }
        if not self._fsync:
            settings |= {"synchronous_commit": "off", "full_page_writes": "off"}
        settings |= self._settings
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
        new = self.data / "huiyuan.conf.new"
        new.write_text("# Written at every start by huiyuan: change nothing here.\n" + "".join(lines))
        new.chmod(0o600)
        if not self._account.ours:
            os.chown(new, self._account.uid, self._account.gid)
        new.replace(self.data / "huiyuan.conf")

    def _start_server(self) -> None:
        """Start the server and wait until it answers.

        It is tried again for a while: after a crash the old backends hold the shared memory for a moment, and
        a server that recovers does not answer yet.
        """
        self._write_settings()
        self._keep_log_short()
        begun = time.monotonic()
        while True:
            if self.server_pid() is None:
                self._forget_recycled_pid()
                started = self._program("pg_ctl", "start", "--wait", "--timeout=60", "--silent", timeout_s=90)
            else:
                started = 0
            if self._answers():
                return
            waited_s = time.monotonic() - begun
            if started != 0 and waited_s > REFUSE_TIMEOUT_S:
                raise EmbeddedServerError("no_start", log=str(self.log))
            if waited_s > START_TIMEOUT_S:
                raise EmbeddedServerError("no_answer", log=str(self.log))
            time.sleep(0.2)

    def _forget_recycled_pid(self) -> None:
        """Remove a dead server's number that another process bears since a reboot: postgres would believe it.

        A number that nobody bears is left to postgres, which removes it itself and without a race.
        """
        for lock in (self.data / "postmaster.pid", self.run / f"{SOCKET_NAME}.lock"):
            pid = _first_number(lock)
            if pid is not None and Path(f"/proc/{pid}").exists() and not self._serves(pid):
                lock.unlink(missing_ok=True)

    def _keep_log_short(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))

    def _stop_server(self) -> None:
        if self.server_pid() is None:
            return
        for mode in ("fast", "immediate"):
            timeout = f"--timeout={STOP_TIMEOUT_S}"
            code = self._program(
                "pg_ctl", "stop", "--wait", f"--mode={mode}", timeout, timeout_s=STOP_TIMEOUT_S + 10
            )
            if code == 0 or self.server_pid() is None:
                return

    # -- connections -----------------------------------------------------------------------------------

    def _connect(self, dbname: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.admin_url(dbname), connect_timeout=5, autocommit=True)

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _make_database(self) -> None:
        with self._connect("postgres") as connection:
            asked = "select from pg_catalog.pg_database where datname = %s"
            if connection.execute(asked, (DATABASE,)).rowcount == 0:
                # A start that was killed a moment ago may have its own still under way, and ends it first.
                with contextlib.suppress(errors.DuplicateDatabase, errors.UniqueViolation):
                    connection.execute(f'create database "{DATABASE}"')


def _first_number(file: Path) -> int | None:
    """The number in the first line of a lock file of postgres, or None."""
    try:
        return abs(int(file.read_text().split("\n", 1)[0]))
    except (OSError, ValueError):
        return None
