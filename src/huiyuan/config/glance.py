"""A glance at the environment: what the first frame needs of the settings, read without their machinery.

Always true: a value that `settings` would take is the same here; one that it would refuse is refused there,
a moment later, in words, and here counts as not set. The machinery takes longer to load than the frame to
be drawn.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

PREFIX: Final = "huiyuan_"
THEMES: Final = ("dark", "light", "contrast", "plain")
DRIVERS: Final = ("cells", "stock")


def glance(name: str) -> str | None:
    """What HUIYUAN_`name` holds, in any case of its letters; None if it is not set or empty."""
    wanted = PREFIX + name
    return next((text for key, text in os.environ.items() if text and key.lower() == wanted), None)


def home_asked_for() -> Path | None:
    """HUIYUAN_HOME."""
    text = glance("home")
    return None if text is None else Path(text)


def theme_asked_for() -> str | None:
    """HUIYUAN_THEME, or None if nobody asked for one."""
    return _one_of("theme", THEMES)


def colours_wanted() -> bool:
    """Whether nobody said NO_COLOR and the terminal's name is not one of those that have none."""
    kind = os.environ.get("TERM", "")
    without = kind.startswith("vt") or kind.endswith(("-m", "-mono", "-nc"))
    return not (without or os.environ.get("NO_COLOR"))


def driver_asked_for() -> str:
    """HUIYUAN_DRIVER, or the usual one."""
    return _one_of("driver", DRIVERS) or DRIVERS[0]


def _one_of(name: str, known: Sequence[str]) -> str | None:
    text = glance(name)
    return text if text in known else None
