"""Settings come from the environment, keep their secret, and refuse nonsense by the variable's name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from huiyuan.config import paths, settings


def test_without_variables_everything_is_left_to_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HUIYUAN_DATABASE_URL", "HUIYUAN_HOME", "HUIYUAN_LANG", "HUIYUAN_TERMINAL"):
        monkeypatch.delenv(name, raising=False)
    found = settings.read_settings()
    assert found.database.database_url is None
    assert found.home.home is None
    assert found.language.lang is None
    assert found.terminal.terminal is None


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYUAN_DATABASE_URL", "")
    monkeypatch.setenv("HUIYUAN_HOME", "")
    assert settings.read_settings().database.database_url is None
    assert settings.read_settings().home.home is None


def test_the_url_is_read_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYUAN_DATABASE_URL", "postgresql://t_s01:geheim@db/huiyuan")
    found = settings.read_settings()
    assert found.database.database_url is not None
    assert found.database.database_url.get_secret_value().endswith("@db/huiyuan")
    assert "geheim" not in repr(found)


def test_another_kind_of_database_is_refused_by_the_variables_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYUAN_DATABASE_URL", "mysql://u:geheim@db/x")
    with pytest.raises(settings.SettingRefused) as refused:
        settings.read_settings()
    assert refused.value.variable == "HUIYUAN_DATABASE_URL"
    assert "geheim" not in str(refused.value)


def test_the_home_of_root_is_where_nobody_can_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert paths.find_paths(None).home == Path("/var/lib/huiyuan")


def test_the_home_of_an_ordinary_user_is_the_users_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert paths.find_paths(None).home == tmp_path / "huiyuan"


def test_the_override_wins_and_a_link_in_it_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path)
    assert paths.find_paths(Path("link")).home == tmp_path / "link"


def test_a_folder_that_exists_keeps_its_mode(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    made = paths.Paths(home)
    paths.make_home(made)
    assert home.stat().st_mode & 0o777 == 0o755
    assert made.counter.stat().st_mode & 0o777 == 0o700
    assert made.log_file.parent.stat().st_mode & 0o777 == 0o700
