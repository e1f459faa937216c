"""Themes: readable, told apart without colour, changed by a command and kept for the next start."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.theme import Theme

from huiyuan.tui import themes
from tests.screens.walk import Walk, walking

READABLE = 4.5
STRONG = 7.0
"""Contrast of text and ground by WCAG, for a usual eye and a tired one."""


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    lights = sorted(luminance(Color.parse(each)) for each in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(color: Color) -> float:
    parts = (each / 255 for each in (color.r, color.g, color.b))
    red, green, blue = (
        each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def pairs(theme: Theme) -> list[tuple[str | None, str | None]]:
    """Text and ground, wherever a screen puts one on the other."""
    more = theme.variables
    grounds = (
        theme.background,
        theme.surface,
        theme.panel,
        more["field"],
        more["primary-muted"],
        more["paper"],
    )
    found: list[tuple[str | None, str | None]] = [(theme.foreground, ground) for ground in grounds]
    found.append((more["text-bar"], theme.primary))
    signals = ("text-muted", "text-error", "text-warning", "text-success")
    return [*found, *((more[name], theme.background) for name in signals)]


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: theme.name)
def test_text_stands_out_from_its_ground(theme: Theme) -> None:
    least = STRONG if theme in (themes.CONTRAST, themes.PLAIN) else READABLE
    weak = [pair for pair in pairs(theme) if contrast(str(pair[0]), str(pair[1])) < least]
    assert weak == []


def test_a_weak_pair_would_be_found() -> None:
    """Control."""
    assert contrast("#555555", "#262626") < READABLE < contrast("#878787", "#000000")


def test_every_theme_has_every_name() -> None:
    for theme in themes.THEMES:
        assert set(theme.variables) == set(themes.DARK.variables)
    assert list(themes.NAMES) == [theme.name for theme in themes.THEMES]


def segments(walk: Walk) -> list[Segment]:
    return [segment for strip in walk.app.screen._compositor.render_strips() for segment in strip]


def reversed_text(walk: Walk) -> str:
    """What stands reversed on the screen."""
    return "|".join(each.text for each in segments(walk) if each.style and each.style.reverse)


async def test_without_colours_bars_the_marked_row_and_the_cursor_are_seen() -> None:
    async with walking() as walk:
        walk.app.theme = themes.PLAIN.name
        await walk.settle()
        shown = reversed_text(walk)
        assert "未登录" in shown
        assert " " in shown.split("|"), "the cell where one types"
        await walk.sign_in()
        assert "销售" in reversed_text(walk)
        assert "充值" not in reversed_text(walk)
        await walk.press("down")
        assert "充值" in reversed_text(walk)
        colors = {each.style.color for each in segments(walk) if each.style}
        assert len(colors) <= 3, "white, black, and what is suggested in an empty field"


async def test_the_field_in_focus_says_so_in_every_theme() -> None:
    async with walking() as walk:
        bold = "".join(each.text for each in segments(walk) if each.style and each.style.bold)
        assert "工号" in bold
        assert "密码" not in bold
        await walk.type("1001")
        bold = "".join(each.text for each in segments(walk) if each.style and each.style.bold)
        assert "密码" in bold


async def test_the_command_changes_the_colours_and_they_are_kept(tmp_path: Path) -> None:
    async with walking() as walk:
        walk.app.keep_theme = lambda name: themes.keep_theme(tmp_path, name)
        seen = [walk.app.theme]
        await walk.sign_in()
        for _ in themes.THEMES:
            await walk.press("ctrl+l")
            await walk.type("配色")
            seen.append(walk.app.theme)
            assert themes.chosen_theme(tmp_path) == walk.app.theme
            assert walk.shows("配色：")
            assert walk.name == "HomeScreen"
        assert seen == [*[each.name for each in themes.THEMES], themes.DARK.name]


@pytest.mark.parametrize(
    ("asked", "kept", "terminal", "no_color", "expected"),
    [
        ("", "", "xterm-256color", "", "dark"),
        ("", "light", "xterm-256color", "", "light"),
        ("contrast", "light", "xterm-256color", "", "contrast"),
        ("", "", "vt220", "", "plain"),
        ("", "", "xterm-mono", "", "plain"),
        ("", "", "xterm", "1", "plain"),
        ("", "dark", "vt220", "", "dark"),
        ("", "../../etc", "linux", "", "dark"),
    ],
)
def test_who_asks_first_is_heard(
    asked: str, kept: str, terminal: str, no_color: str, expected: str,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for name, text in (("HUIYUAN_THEME", asked), ("TERM", terminal), ("NO_COLOR", no_color)):
        monkeypatch.setenv(name, text)
    if kept:
        (tmp_path / themes.THEME_FILE).write_text(kept)
    assert themes.chosen_theme(tmp_path) == f"huiyuan-{expected}"


def test_a_home_that_cannot_be_written_keeps_nobody_from_changing_colours(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    themes.keep_theme(tmp_path / "file", "huiyuan-light")
    assert themes.chosen_theme(tmp_path / "file") in themes.NAMES
