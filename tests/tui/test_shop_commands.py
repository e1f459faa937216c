"""A shop that is not the demo, from the command line: set up, staff, terminals, keys, backup, restore."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from huiyuan.repositories.embedded import EmbeddedServer
from huiyuan.repositories.enrol import find_seats
from huiyuan.tui import cli
from tests.cluster import Cluster
from tests.tui.test_cli import home

__all__ = ["home"]

Command = Callable[..., str]
PIN = "805193"
SET_UP: tuple[str, ...] = ("setup", "--chain", "好邻居", "--store", "a01", "--store-name", "一号店")
SET_UP += ("--manager", "9001", "--manager-name", "王建国")


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a sub-command with its PINs handed in, and return what it said; `code` is expected."""

    def call(*words: str, pin: str | None = PIN, new_pin: str | None = None, code: int = 0) -> str:
        with contextlib.ExitStack() as opened:
            handed = list(words)
            for option, secret in (("--pin-fd", pin), ("--new-pin-fd", new_pin)):
                if secret is not None:
                    handed += [option, str(opened.enter_context(readable(secret)))]
            assert cli.main(handed) == code, capsys.readouterr().err
        said = capsys.readouterr()
        assert (said.err == "") is (code != 2)
        return said.out + said.err

    return call


@contextlib.contextmanager
def readable(secret: str) -> Iterator[int]:
    reading, writing = os.pipe()
    os.write(writing, f"{secret}\n".encode())
    os.close(writing)
    try:
        yield reading
    finally:
        os.close(reading)


@pytest.fixture
def own_server(home: Path) -> Iterator[EmbeddedServer]:
    """This machine's own server, kept running between the sub-commands."""
    with EmbeddedServer(home / "postgres", fsync=False) as server:
        yield server


def test_a_chain_is_set_up_staffed_backed_up_and_restored(
    command: Command, home: Path, own_server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_manager = ("--staff", "9001")
    assert "9001 at t_a01_1" in command(*SET_UP)
    assert "好邻居" in command(*SET_UP, "--terminal", "t_other", code=2)
    assert "A01" in command("terminal", "list", *as_manager)

    given = ("--name", "陈小雨", "--duty", "cashier", "--units", "A01")
    command("staff", "add", "1001", *given, *as_manager, new_pin="771203")
    assert "pin" in command("staff", "pin", "1001", *as_manager, new_pin="1111", code=2).lower()
    command("staff", "role", "1001", "supervisor", *as_manager)
    command("staff", "leave", "1001", *as_manager)
    shown = command("staff", "list", *as_manager)
    assert "1001  陈小雨  supervisor  A01  has left" in shown
    assert "4 tries" in command("staff", "list", *as_manager, pin="4711", code=2)

    assert "t_a01_2" in command("terminal", "enrol", "t_a01_2", "--store", "A01", "--code", "2", *as_manager)
    command("terminal", "block", "t_a01_2", *as_manager)
    assert "blocked" in command("terminal", "list", *as_manager)

    ways = command("paying", "add", "mall_card", "--account", "prepaid", "--name", "商场卡", *as_manager)
    assert "mall_card  prepaid  商场卡" in ways
    assert "商场卡  not taken" in command("paying", "off", "mall_card", *as_manager)
    ways = command("paying", "cash", "--step", "10", "--rounding", "down", *as_manager)
    assert "least coin 10, down; a card keeps at most 10000" in ways
    command("paying", "off", "no_such", *as_manager, code=2)

    said = command("terminal", "reader", "r_office", "--units", "a01", *as_manager)
    assert "r_office may read the reports of A01" in said
    assert (home / "readers" / "r_office" / "reader.toml").exists()
    assert "asked by r_office" in command("report", "turnover", "--by", "store", pin=None)
    assert "r_office  A01" in command("terminal", "list", *as_manager)
    command("terminal", "block", "r_office", *as_manager)
    command("report", "turnover", pin=None, code=2)

    file, keys = tmp_path / "chain.backup", tmp_path / "keys"
    command("backup", str(file), pin=None)
    command("keys", "export", str(keys), pin=None)
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys.iterdir()} == {0o600}
    command("restore", str(file), pin=None, code=2)

    other = home / "other"
    monkeypatch.setenv("HUIYUAN_HOME", str(other))
    with EmbeddedServer(other / "postgres", fsync=False):
        said = command("restore", str(file), "--keys", str(keys), pin=None)
        assert "is the one backed up" in said
        assert command("staff", "list", *as_manager) == shown
    restored = (other / "keys" / "index.key").read_bytes()
    assert restored == (home / "counter" / "t_a01_1" / "index.key").read_bytes()


def test_a_host_that_was_enrolled_at_a_shared_server_needs_no_address_again(
    command: Command, home: Path, cluster: Cluster
) -> None:
    with cluster.empty() as shop:
        role = f"t_{shop.dbname[2:]}"
        try:
            command(*SET_UP, "--terminal", role, "--database", shop.admin_url)
            (seat,) = find_seats(home / "counter")
            assert seat.server is not None
            assert (seat.role, seat.server.dbname) == (role, shop.dbname)
            assert "9001  王建国" in command("staff", "list", "--staff", "9001")
            assert "PostgreSQL" in command("doctor", pin=None)
            asked = ("terminal", "enrol", f"{role}_2", "--store", "A01", "--code", "2", "--staff", "9001")
            folder = home / "for-another"
            said = command(*asked, "--folder", str(folder), "--host", "db.example", "--certificate")
            assert "client.csr" in said
            assert {path.name for path in folder.iterdir()} == {
                "terminal.toml",
                "index.key",
                "client.key",
                "client.csr",
            }
            assert str(folder / "root.crt") in said
            assert 'host = "db.example"' in (folder / "terminal.toml").read_text()
        finally:
            with shop.connect() as admin:
                for name in (role, f"{role}_2"):
                    admin.execute(f"drop role if exists {name}".encode())


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_where_nobody_sits_what_is_missing_is_named(command: Command, lang: str) -> None:
    assert "--chain" in command("setup", "--lang", lang, code=2)
    assert "--staff" not in command("staff", "list", "--lang", lang, code=2)
    assert "HUIYUAN_HOME" not in command("keys", "export", "/nowhere", "--lang", lang, pin=None, code=2)
