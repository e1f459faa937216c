"""Themes: dark, light, high contrast and plain, in colours that 256- and 16-colour terminals have as well.

Always true: every name that a screen's style uses is defined by every theme; what matters is never told by
colour alone (reverse, bold and words carry it too). In the plain theme colour tells nothing at all: bars, the
marked row and the cell where one types are reversed, so that a terminal without colours shows the same.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

from textual.theme import Theme

from huiyuan.config.glance import colours_wanted, theme_asked_for
from huiyuan.config.i18n import msg

PREFIX: Final = "huiyuan-"
THEME_FILE: Final = "theme"


def _theme(
    name: str,
    *,
    dark: bool,
    ground: str,
    ink: str,
    muted: str,
    bar: str,
    on_bar: str,
    soft: str,
    panel: str,
    surface: str,
    field: str,
    good: str,
    warn: str,
    bad: str,
    paper: str,
    bar_style: str = "none",
    mark_style: str = "bold",
) -> Theme:
    return Theme(
        name=name,
        primary=bar,
        secondary=bar,
        accent=bar,
        foreground=ink,
        background=ground,
        surface=surface,
        panel=panel,
        success=good,
        warning=warn,
        error=bad,
        dark=dark,
        text_alpha=1.0,
        variables={
            "text-bar": on_bar,
            "text-muted": muted,
            "primary-muted": soft,
            "field": field,
            "field-focus": field,
            "paper": paper,
            "on-paper": ink,
            "text-error": bad,
            "text-warning": warn,
            "text-success": good,
            "bar-style": bar_style,
            "mark-style": mark_style,
            # Reversed rather than coloured: a terminal without colours shows where one types, too.
            "input-cursor-background": field,
            "input-cursor-foreground": ink,
            "input-cursor-text-style": "reverse",
            "input-selection-background": bar,
            "input-selection-foreground": on_bar,
            "block-cursor-text-style": "none",
        },
    )


DARK: Final = _theme(
    "huiyuan-dark",
    dark=True,
    ground="#000000",
    ink="#d7d7d7",
    muted="#878787",
    bar="#005f87",
    on_bar="#ffffff",
    soft="#303030",
    panel="#262626",
    surface="#1c1c1c",
    field="#303030",
    good="#5faf5f",
    warn="#ffaf00",
    bad="#ff5f5f",
    paper="#1c1c1c",
)
LIGHT: Final = _theme(
    "huiyuan-light",
    dark=False,
    ground="#ffffff",
    ink="#1c1c1c",
    muted="#6c6c6c",
    bar="#005faf",
    on_bar="#ffffff",
    soft="#d7d7ff",
    panel="#e4e4e4",
    surface="#eeeeee",
    field="#e4e4e4",
    good="#005f00",
    warn="#875f00",
    bad="#af0000",
    paper="#eeeeee",
)
CONTRAST: Final = _theme(
    "huiyuan-contrast",
    dark=True,
    ground="#000000",
    ink="#ffffff",
    muted="#ffffff",
    bar="#ffff00",
    on_bar="#000000",
    soft="#444444",
    panel="#000000",
    surface="#000000",
    field="#444444",
    good="#00ff00",
    warn="#ffff00",
    bad="#ff8787",
    paper="#000000",
)

PLAIN: Final = _theme(
    "huiyuan-plain",
    dark=True,
    ground="#000000",
    ink="#ffffff",
    muted="#ffffff",
    bar="#000000",
    on_bar="#ffffff",
    soft="#000000",
    panel="#000000",
    surface="#000000",
    field="#000000",
    good="#ffffff",
    warn="#ffffff",
    bad="#ffffff",
    paper="#000000",
    bar_style="reverse",
    mark_style="bold reverse",
)

THEMES: Final = (DARK, LIGHT, CONTRAST, PLAIN)
NAMES: Final = {
    DARK.name: msg("dark"),
    LIGHT.name: msg("light"),
    CONTRAST.name: msg("high contrast"),
    PLAIN.name: msg("without colours"),
}


def theme_after(name: str) -> str:
    """The theme that follows `name` in the table; after the last the first."""
    names = list(NAMES)
    return names[(names.index(name) + 1) % len(names)]


def chosen_theme(home: Path) -> str:
    """The theme of HUIYUAN_THEME, else the one chosen on this installation, else one for this terminal."""
    asked = theme_asked_for()
    if asked is not None:
        return PREFIX + asked
    with contextlib.suppress(OSError, ValueError):
        kept = (home / THEME_FILE).read_text("ascii").strip()
        if PREFIX + kept in NAMES:
            return PREFIX + kept
    return DARK.name if colours_wanted() else PLAIN.name


def keep_theme(home: Path, name: str) -> None:
    """For the next start; where nothing can be written it holds until this one ends."""
    with contextlib.suppress(OSError):
        (home / THEME_FILE).write_text(name.removeprefix(PREFIX) + "\n", "ascii")
