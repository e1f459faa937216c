"""The command line: light help, sentences instead of tracebacks, and the sub-commands on a real database."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from huiyuan import __version__
from huiyuan.repositories import demo, demo_chain
from huiyuan.repositories.embedded import EmbeddedServer
from huiyuan.repositories.migrate import SCHEMA_VERSION
from huiyuan.tui import cli, terminal_gate
from huiyuan.tui.context import CommandContext
from huiyuan.tui.sentences import SENTENCES
from huiyuan.tui.starting import FindSeats
from tests.cluster import Cluster, Shop
from tests.repositories.test_embedded import server_processes
from tests.run_folders import passing_folder

HEAVY = ("textual", "sqlalchemy", "alembic", "psycopg", "pydantic", "argon2", "cryptography")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own, in English unless a test asks otherwise; the run's log handlers stay."""
    import logging

    with passing_folder("c") as path:
        monkeypatch.setenv("HUIYUAN_HOME", str(path))
        monkeypatch.delenv("HUIYUAN_DATABASE_URL", raising=False)
        monkeypatch.delenv("HUIYUAN_TERMINAL", raising=False)
        monkeypatch.setenv("HUIYUAN_LANG", "en")
        before = list(logging.getLogger().handlers), logging.getLogger().level, logging.raiseExceptions
        yield path
        logging.getLogger().handlers[:] = before[0]
        logging.getLogger().setLevel(before[1])
        logging.raiseExceptions = before[2]


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["doctor", "--help"]])
def test_help_and_version_load_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys\nfrom huiyuan.tui.cli import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit:\n    pass\n"
        f"sys.stderr.write(' '.join(name for name in {HEAVY!r} if name in sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src")}
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert outcome.stdout != ""
    assert outcome.stderr == ""


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"huiyuan {__version__}\n"


def test_every_module_of_subcommands_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    shown = capsys.readouterr().out
    assert all(name in shown for name in ("migrate", "doctor", "run"))


@pytest.mark.parametrize(("lang", "word"), [("zh_CN", "无法理解"), ("en", "Not understood")])
def test_nonsense_is_one_sentence_in_the_language_and_code_2(
    capsys: pytest.CaptureFixture[str], lang: str, word: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--lang", lang, "frobnicate"])
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith(word)
    assert len(error.splitlines()) == 1


def test_the_same_sub_command_speaks_the_language_asked_for(
    capsys: pytest.CaptureFixture[str], shared_shop: Shop
) -> None:
    assert cli.main(["doctor", "--database", shared_shop.admin_url, "--lang", "zh"]) == 0
    chinese = capsys.readouterr().out
    assert cli.main(["--database", shared_shop.admin_url, "doctor", "--lang=en"]) == 0
    english = capsys.readouterr().out
    assert "数据库" in chinese
    assert english.startswith("Database: PostgreSQL")
    assert len(english.splitlines()) == len(chinese.splitlines()) == 3


def test_doctor_sees_as_much_with_a_terminals_login(capsys: pytest.CaptureFixture[str], shop: Shop) -> None:
    role = str(shop.rows("select role from sec.terminal order by id limit 1")[0][0])
    assert cli.main(["doctor", "--database", shop.url(role)]) == 0
    assert f"Schema: version {SCHEMA_VERSION};" in capsys.readouterr().out


def test_doctor_names_a_clock_that_is_off(
    capsys: pytest.CaptureFixture[str], shared_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + 172_800 * 10**9)
    assert cli.main(["doctor", "--database", shared_shop.admin_url]) == 1
    out = capsys.readouterr().out
    assert "172800." in out or "172799." in out


def test_doctor_and_a_database_that_was_never_migrated(
    capsys: pytest.CaptureFixture[str], cluster: Cluster
) -> None:
    with cluster.empty() as empty:
        assert cli.main(["doctor", "--database", empty.admin_url]) == 1
    assert "no ledger yet" in capsys.readouterr().out


def test_doctor_makes_no_database(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert cli.main(["doctor"]) == 1
    assert "huiyuan run" in capsys.readouterr().out
    assert not (home / "postgres").exists()


def test_migrate_says_from_where_to_where(capsys: pytest.CaptureFixture[str], cluster: Cluster) -> None:
    with cluster.alone(), cluster.empty() as empty:
        assert cli.main(["migrate", "--database", empty.admin_url]) == 0
        assert cli.main(["migrate", "--database", empty.admin_url]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"The database was empty and is now at version {SCHEMA_VERSION}."
    assert second == f"The database is at version {SCHEMA_VERSION}; its functions were renewed."


def test_a_terminal_may_not_migrate_and_is_told_so(capsys: pytest.CaptureFixture[str], shop: Shop) -> None:
    role = str(shop.rows("select role from sec.terminal order by id limit 1")[0][0])
    assert cli.main(["migrate", "--database", shop.url(role)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert "owner" in captured.err


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("postgresql://x:geheim@127.0.0.1:1/huiyuan", "cannot be reached"),
        ("postgresql://x:geheim@127.0.0.1:notaport/huiyuan", "cannot"),
        ("nonsense", "cannot"),
    ],
)
def test_a_database_out_of_reach_is_a_sentence_without_the_password(
    capsys: pytest.CaptureFixture[str], home: Path, url: str, word: str
) -> None:
    assert cli.main(["doctor", "--database", url]) == 2
    error = capsys.readouterr().err
    assert word in error
    assert "geheim" not in error
    assert "Traceback" not in error
    log = (home / "log" / "huiyuan.log").read_text("utf-8")
    assert "geheim" not in log
    assert "Traceback" in log


def test_a_setting_that_cannot_be_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYUAN_DATABASE_URL", "mysql://x")
    assert cli.main(["doctor"]) == 2
    assert "HUIYUAN_DATABASE_URL" in capsys.readouterr().err


def test_a_home_that_cannot_be_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    (home / "file").write_text("in the way")
    monkeypatch.setenv("HUIYUAN_HOME", str(home / "file" / "below"))
    assert cli.main(["doctor"]) == 2
    assert "HUIYUAN_HOME" in capsys.readouterr().err


def test_a_socket_path_too_long_says_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("HUIYUAN_HOME", str(home / ("x" * 90)))
    assert cli.main(["migrate"]) == 2
    assert "shorter" in capsys.readouterr().err


def test_every_code_of_the_embedded_server_has_its_sentence() -> None:
    import inspect
    import re

    from huiyuan.repositories import embedded, embedded_binaries, migrate

    sources = "".join(inspect.getsource(module) for module in (embedded, embedded_binaries, migrate))
    pattern = r'(?:EmbeddedServerError|MigrationRefused|SchemaRefused)\(\s*"(\w+)"'
    codes = set(re.findall(pattern, sources))
    assert len(codes) > 10
    assert codes - set(SENTENCES) == set()


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """In place of the app: the roles of the seats that each start was offered."""
    started: list[list[str]] = []
    wiring = ModuleType("huiyuan.tui.wiring")

    def run_counter(context: CommandContext, find_seats: FindSeats) -> int:
        context.start_logs()
        with contextlib.ExitStack() as opened:
            started.append([seat.role for seat in find_seats(opened, context.say)])
        return 0

    wiring.run_counter = run_counter  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "huiyuan.tui.wiring", wiring)
    monkeypatch.setattr(terminal_gate, "need_terminal", lambda _context: None)
    return started


def test_the_first_run_sets_up_and_the_second_does_nothing(
    capsys: pytest.CaptureFixture[str], home: Path, counter: list[list[str]]
) -> None:
    assert cli.main(["run"]) == 0
    first = capsys.readouterr().out
    assert cli.main(["run"]) == 0
    second = capsys.readouterr().out
    assert "Setting up the database" in first
    assert "Setting up" not in second
    assert len(counter) == 2
    assert len(counter[0]) >= 2
    assert counter[0] == counter[1]
    with EmbeddedServer(home / "postgres") as server, psycopg.connect(server.admin_url()) as owner:
        members = owner.execute("select count(*) from shop.member").fetchone()
    assert members == (demo_chain.MEMBERS_WANTED,)  # the whole demo chain
    assert server_processes(home) == []


def test_a_first_run_that_was_cut_after_the_migration_is_completed_by_the_next(
    home: Path, counter: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = demo.seed
    monkeypatch.setattr(demo, "seed", lambda url, **_: small(url))
    assert cli.main(["migrate"]) == 0
    assert cli.main(["run"]) == 0
    assert len(counter[0]) >= 2


def test_with_an_address_nothing_is_started_or_migrated(
    home: Path, counter: list[list[str]], cluster: Cluster
) -> None:
    with cluster.empty() as empty:
        assert cli.main(["run", "--database", empty.url("t_x")]) == 0
        assert empty.rows("select to_regnamespace('ledger')") == [(None,)]
    assert counter == [["t_x"]]
    assert not (home / "postgres").exists()
