"""Themes: dark, light and high contrast, in colours that 256- and 16-colour terminals have as well.

Always true: every name that a screen's style uses is defined by every theme; what matters is never told by
colour alone (reverse, bold and words carry it too).
"""

from __future__ import annotations

from typing import Final

from textual.theme import Theme


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
            "input-cursor-background": ink,
            "input-cursor-foreground": ground,
            "input-cursor-text-style": "none",
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

THEMES: Final = (DARK, LIGHT, CONTRAST)
