"""Backup and restore: the restored ledger is the one that was backed up, or it is said that it is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from huiyuan.repositories import backup
from huiyuan.repositories.backup import BackupRefused, back_up, restore
from huiyuan.repositories.migrate import migrate
from tests import facts
from tests.cluster import Cluster, Shop
from tests.posting import line, open_shift, sell
from tests.repositories.test_sign_in import signed_in
from tests.tills import Till

Tills = Callable[[int], Till]

OWNERS_AND_GRANTS = r"""
    with ours(room) as (values ('sec'), ('shop'), ('ledger'), ('guard'), ('api'), ('public'))
    select p.oid::regprocedure::text, p.proowner::regrole::text, p.proacl::text from pg_proc p
     where p.pronamespace::regnamespace::text in (select room from ours) or p.proname like 'lo\_%'
    union all
    select c.oid::regclass::text, c.relowner::regrole::text, c.relacl::text || c.relrowsecurity
      from pg_class c
     where c.relnamespace::regnamespace::text in (select room from ours)
    union all
    select 'database', '', datacl::text from pg_database where datname = current_database()
    union all
    select 'defaults', defaclrole::regrole::text, defaclacl::text from pg_default_acl order by 1, 2, 3
"""


@pytest.fixture
def archive(shop: Shop, till: Tills, tmp_path: Path) -> Path:
    """A backup of a chain that has sold something."""
    counter = till(1)
    shift = open_shift(counter)
    for _ in range(3):
        sell(counter, shift, [line(1, facts.MILK)])
    file = tmp_path / "chain.backup"
    back_up(shop.admin_url, file)
    return file


def test_a_restored_chain_is_the_same_and_works(shop: Shop, cluster: Cluster, archive: Path) -> None:
    verify = "select count(*) from ledger.verify()"
    assert archive.stat().st_mode & 0o777 == 0o600
    with cluster.empty() as other:
        done = restore(other.admin_url, archive)

        assert done.same
        assert done.found.documents == int(str(shop.rows("select count(*) from ledger.document")[0][0]))
        assert done.found.documents > 3
        assert other.rows(verify) == shop.rows(verify) == [(0,)]
        with other.connect(facts.TILL_1) as connection:
            assert signed_in(connection, facts.CASHIER).may("sale")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("select * from sec.staff")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("create temp table t(x int)")
        triggers = (
            "select tgname, tgenabled, tgrelid::regclass::text from pg_trigger"
            " where not tgisinternal order by 3, 1"
        )
        assert other.rows(triggers) == shop.rows(triggers)
        assert other.rows(OWNERS_AND_GRANTS) == shop.rows(OWNERS_AND_GRANTS)
        migrate(other.admin_url)  # the next update finds all that it replaces


def test_the_backup_is_recorded_for_the_home_screen(shop: Shop, archive: Path) -> None:
    said = json.loads(archive.with_name("chain.backup.json").read_text())
    row = shop.rows("select encode(digest, 'hex'), bytes, entries from sec.backup")
    assert row == [(said["digest"], archive.stat().st_size, said["entries"])]
    with shop.connect(facts.TILL_1) as connection:
        found = connection.execute("select api.hello()->>'backup_at' is not null").fetchone()
        assert found == (True,)


def test_a_ledger_that_differs_after_the_restore_is_said_to_differ(cluster: Cluster, archive: Path) -> None:
    said = archive.with_name("chain.backup.json")
    about = json.loads(said.read_text())
    said.write_text(json.dumps(about | {"digest": "00" * 32}))
    with cluster.empty() as other:
        assert not restore(other.admin_url, archive).same


def test_a_restore_touches_no_database_that_holds_something(shop: Shop, archive: Path) -> None:
    before = shop.rows("select count(*) from ledger.document")
    with pytest.raises(BackupRefused, match="not_empty"):
        restore(shop.admin_url, archive)
    assert shop.rows("select count(*) from ledger.document") == before


def test_a_damaged_archive_and_a_missing_digest_are_refused(cluster: Cluster, archive: Path) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole[:-100] + bytes(100))
    with cluster.empty() as other:
        with pytest.raises(BackupRefused, match="file_damaged"):
            restore(other.admin_url, archive)
        archive.write_bytes(whole)
        archive.with_name("chain.backup.json").unlink()
        with pytest.raises(BackupRefused, match="no_digest"):
            restore(other.admin_url, archive)
        assert other.rows("select count(*) from pg_namespace where nspname = 'sec'") == [(0,)]


def test_a_backup_that_was_broken_off_leaves_no_file(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_find_tool", lambda name, major: "/bin/false")  # noqa: ARG005
    with pytest.raises(BackupRefused, match="tool_failed"):
        back_up(shop.admin_url, tmp_path / "chain.backup")
    assert list(tmp_path.iterdir()) == []
    assert shop.rows("select count(*) from sec.backup") == [(0,)]


def test_a_backup_overwrites_nothing(shop: Shop, archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(BackupRefused, match="file_exists"):
        back_up(shop.admin_url, archive)
    assert archive.read_bytes() == before
