"""A migration is all or nothing, may run twice at once, and takes up no till's time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from huiyuan.repositories import migrate as migration
from huiyuan.repositories.migrate import (
    MigrationRefused,
    SchemaRefused,
    check_version,
    migrate,
    schema_version,
)
from huiyuan.repositories.sql import FUNCTIONS, ROOT, TABLES
from tests.cluster import Cluster, Shop


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[Shop]:
    """A database that was never migrated; roles are the cluster's, so one such test runs at a time."""
    with cluster.alone(), cluster.empty() as shop:
        yield shop


def add_file(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Let the migration read one file more, after all others."""
    monkeypatch.setattr(migration, "FUNCTIONS", (*FUNCTIONS, str(path)))


def test_every_sql_file_is_read_once() -> None:
    on_disk = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*.sql")]
    assert sorted([*TABLES, *FUNCTIONS]) == sorted(on_disk)


def test_an_empty_database_reaches_the_version_and_again_changes_nothing(empty: Shop) -> None:
    first = migrate(empty.admin_url)
    pepper = empty.rows("select k from sec.pepper")
    second = migrate(empty.admin_url)
    assert (first.was, first.now) == (None, migration.SCHEMA_VERSION)
    assert (second.was, second.now) == (migration.SCHEMA_VERSION, migration.SCHEMA_VERSION)
    assert [len(bytes(row[0])) for row in pepper if isinstance(row[0], bytes)] == [migration.PEPPER_BYTES]
    assert empty.rows("select k from sec.pepper") == pepper
    with empty.connect() as connection:
        assert schema_version(connection) == migration.SCHEMA_VERSION


def test_a_database_never_migrated_has_no_version(empty: Shop) -> None:
    with empty.connect() as connection:
        assert schema_version(connection) is None


def test_two_migrations_at_once_both_end_well(empty: Shop) -> None:
    barrier = threading.Barrier(2)
    ended: list[object] = []

    def run() -> None:
        barrier.wait()
        try:
            ended.append(migrate(empty.admin_url).now)
        except (psycopg.Error, MigrationRefused) as error:
            ended.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert ended == [migration.SCHEMA_VERSION] * 2


def test_two_databases_of_one_cluster_are_migrated_at_once(cluster: Cluster) -> None:
    with cluster.alone(), cluster.empty() as one, cluster.empty() as other:
        code = "import sys; from huiyuan.repositories.migrate import migrate; migrate(sys.argv[1])"
        environment = {**os.environ, "PYTHONPATH": str(ROOT.parents[2])}
        both = [
            subprocess.Popen([sys.executable, "-c", code, shop.admin_url], env=environment)
            for shop in (one, other)
        ]
        assert [process.wait(120) for process in both] == [0, 0]


def test_a_file_that_fails_leaves_nothing_behind(
    empty: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.sql"
    broken.write_text("-- as superuser\ncreate table public.half(n int);\nselect 100 % 0;\n")
    add_file(monkeypatch, broken)
    with pytest.raises(MigrationRefused) as refused:
        migrate(empty.admin_url)
    assert refused.value.code == "sql_failed"
    assert refused.value.facts["file"] == str(broken)
    assert empty.rows("select to_regclass('public.half'), to_regnamespace('ledger')") == [(None, None)]


def test_a_percent_sign_and_several_statements_are_read_as_they_stand(
    empty: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "percent.sql"
    file.write_text(
        "-- as superuser\ncreate table public.p(t text);\ninsert into public.p values ('100%s %% %(x)s');\n"
    )
    add_file(monkeypatch, file)
    migrate(empty.admin_url)
    assert empty.rows("select t from public.p") == [("100%s %% %(x)s",)]


def test_a_newer_schema_is_left_alone(empty: Shop) -> None:
    newer = migration.SCHEMA_VERSION + 1
    migrate(empty.admin_url)
    with empty.connect() as connection:
        connection.execute("insert into sec.schema_version(version) values (%s)", (newer,))
    with pytest.raises(MigrationRefused) as refused:
        migrate(empty.admin_url)
    assert refused.value.code == "schema_newer"


def test_behind_a_long_report_it_gives_up_so_that_tills_do_not_queue(
    empty: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    migrate(empty.admin_url)
    alter = tmp_path / "alter.sql"
    alter.write_text("alter table shop.chain add column if not exists extra int;\n")
    add_file(monkeypatch, alter)
    monkeypatch.setattr(migration, "_WAIT_FOR_TABLE_MS", 200)
    with empty.connect() as report:
        report.autocommit = False
        report.execute("select count(*) from shop.chain")
        with pytest.raises(MigrationRefused) as refused:
            migrate(empty.admin_url)
        assert refused.value.code == "schema_locked"
        report.rollback()
    migrate(empty.admin_url)
    assert empty.rows("select count(*) from information_schema.columns where column_name = 'extra'") == [(1,)]


@pytest.mark.parametrize("ahead", [0, 1])
def test_a_schema_of_the_same_version_or_one_ahead_is_served(ahead: int) -> None:
    check_version(5 + ahead, 5)


@pytest.mark.parametrize(
    ("found", "code"),
    [(None, "schema_missing"), (4, "schema_old"), (7, "schema_newer"), (99, "schema_newer")],
)
def test_any_other_schema_is_refused_by_name(found: int | None, code: str) -> None:
    with pytest.raises(SchemaRefused) as refused:
        check_version(found, 5)
    assert refused.value.code == code


def test_a_copy_keeps_the_grants_of_the_template(shop: Shop) -> None:
    granted = shop.rows(
        "select has_database_privilege('huiyuan_terminal', current_database(), 'connect'),"
        " exists (select from pg_database d, aclexplode(d.datacl) a"
        "         where d.datname = current_database() and a.grantee = 0)"
    )
    assert granted == [(True, False)]


def test_the_shared_copy_refuses_a_write(shared_shop: Shop) -> None:
    with shared_shop.connect() as connection, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        connection.execute("create table public.x(n int)")
