"""Kill -9 of apps and of the server, eight starts at once, a recycled process number: it works afterwards.

Every app here is a process of its own; the control shows what a start does that trusts a process number.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from huiyuan.repositories.embedded import EmbeddedServer
from tests.repositories.test_embedded import server_processes
from tests.run_folders import passing_folder

_APP = """
import sys
from pathlib import Path
import psycopg
from huiyuan.repositories.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
server.start()
with psycopg.connect(server.admin_url(), autocommit=True) as connection:
    connection.execute("select pg_advisory_lock(1)")
    connection.execute("create table if not exists public.seen(n int)")
    connection.execute("insert into public.seen values (1)")
print("ready", server.server_pid(), flush=True)
sys.stdin.readline()
server.leave()
print("left", flush=True)
"""

App = subprocess.Popen[str]


@pytest.fixture
def folder() -> Iterator[Path]:
    with passing_folder("k") as path:
        yield path


@pytest.fixture
def start_app(folder: Path) -> Iterator[Callable[[], App]]:
    apps: list[App] = []

    def start() -> App:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")}
        apps.append(
            subprocess.Popen(
                [sys.executable, "-c", _APP, str(folder / "server")],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
            )
        )
        return apps[-1]

    yield start
    for app in apps:
        app.kill()
        app.wait()
        for pipe in (app.stdin, app.stdout):
            if pipe is not None:
                pipe.close()


def ready(app: App) -> int:
    """Wait until the app uses the server, and return the server's process number."""
    assert app.stdout is not None
    word, pid = app.stdout.readline().split()
    assert word == "ready"
    return int(pid)


def leave(app: App) -> None:
    assert app.stdin is not None
    app.stdin.write("\n")
    app.stdin.close()
    assert app.wait(60) == 0


def rows(server: EmbeddedServer) -> int:
    with psycopg.connect(server.admin_url()) as connection:
        row = connection.execute("select count(*)::int from public.seen").fetchone()
    assert row is not None
    return int(str(row[0]))


def test_a_killed_app_is_forgotten_and_the_next_ones_leave_stops_the_server(
    folder: Path, start_app: Callable[[], App]
) -> None:
    killed = start_app()
    pid = ready(killed)
    killed.kill()
    killed.wait()
    assert server_processes(folder), "the server outlives a killed app"
    survivor = start_app()
    assert ready(survivor) == pid
    leave(survivor)
    assert server_processes(folder) == []


def test_after_a_killed_server_the_next_start_recovers_every_row(
    folder: Path, start_app: Callable[[], App]
) -> None:
    app = start_app()
    os.kill(ready(app), signal.SIGKILL)
    server = EmbeddedServer(folder / "server")
    server.start()
    assert rows(server) == 1
    server.leave()
    leave(app)
    assert server_processes(folder) == []


def test_after_app_and_server_were_killed_together_a_start_works(
    folder: Path, start_app: Callable[[], App]
) -> None:
    app = start_app()
    pid = ready(app)
    app.kill()
    os.kill(pid, signal.SIGKILL)
    app.wait()
    with EmbeddedServer(folder / "server") as server:
        assert rows(server) == 1
    assert server_processes(folder) == []


def test_eight_first_starts_at_once_make_one_server(folder: Path, start_app: Callable[[], App]) -> None:
    apps = [start_app() for _ in range(8)]
    assert len({ready(app) for app in apps}) == 1
    with EmbeddedServer(folder / "server") as server:
        assert rows(server) == 8
    assert server_processes(folder), "eight still use it"
    for app in apps:
        leave(app)
    assert server_processes(folder) == []


def test_an_app_killed_during_the_very_first_start_leaves_no_half_data(
    folder: Path, start_app: Callable[[], App]
) -> None:
    for wait_s in (0.3, 0.6, 1.0):
        app = start_app()
        time.sleep(wait_s)
        app.kill()
        app.wait()
        data = folder / "server" / "data"
        assert not data.exists() or (data / "PG_VERSION").exists()
    with EmbeddedServer(folder / "server") as server, psycopg.connect(server.admin_url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    wait_until_gone(folder)  # an initdb whose app was killed ends by itself
    with EmbeddedServer(folder / "server"):
        assert list((folder / "server").glob("data.new-*")) == []
    assert server_processes(folder) == []


def test_a_recycled_process_number_does_not_keep_the_shop_closed(folder: Path) -> None:
    server = EmbeddedServer(folder / "server")
    with server:
        pidfile = (server.data / "postmaster.pid").read_text()
        pid = server.server_pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        wait_until_gone(folder)
    # Another process of the server's account bears the number now, as after a reboot.
    with stranger_process() as stranger:
        recycled = pidfile.replace(str(pid), str(stranger.pid), 1)
        (server.data / "postmaster.pid").write_text(recycled)
        again = EmbeddedServer(folder / "server")
        with again:
            assert again.server_pid() not in {None, stranger.pid}
        assert stranger.poll() is None
        stranger.kill()
    assert server_processes(folder) == []


def test_control_postgres_itself_trusts_the_recycled_number_and_stays_closed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = EmbeddedServer(folder / "server")
    with server:
        pidfile = (server.data / "postmaster.pid").read_text()
        pid = server.server_pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        wait_until_gone(folder)
    monkeypatch.setattr(EmbeddedServer, "_forget_recycled_pid", lambda _server: None)
    monkeypatch.setattr("huiyuan.repositories.embedded.REFUSE_TIMEOUT_S", 1)
    with stranger_process() as stranger:
        (server.data / "postmaster.pid").write_text(pidfile.replace(str(pid), str(stranger.pid), 1))
        with pytest.raises(Exception, match="no_start"):
            EmbeddedServer(folder / "server").start()
        stranger.kill()


def stranger_process() -> subprocess.Popen[bytes]:
    """A process of the server's account that is no server."""
    account: dict[str, Any] = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
    return subprocess.Popen(["/bin/sleep", "60"], cwd="/", **account)


def wait_until_gone(folder: Path) -> None:
    """A killed server's backends notice within a moment."""
    deadline = time.monotonic() + 20
    while server_processes(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server_processes(folder) == []
