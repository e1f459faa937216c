"""Language: English message ids, catalogues for zh_CN and en, chosen per process.

`msg("...")` marks a sentence where it is written (tables are built at import, before a language is known);
`translate(lang)` returns the function that turns a marked sentence into the language. Placeholders are named:
`tr(msg("{count} lines")).format(count=3)`.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

LOCALES: Final = Path(__file__).with_name("locale")
LANGUAGES: Final = ("zh_CN", "en")

Translator = Callable[[str], str]


def msg(text: str) -> str:
    """Mark `text` for both catalogues, and return it as it is."""
    return text


def choose_language(*candidates: str | None) -> str:
    """The first candidate that says anything decides; a language without a catalogue means English.

    Args:
        candidates: What was asked for, most important first, in any spelling (zh, zh-CN, zh_CN.UTF-8, en).
            After them LC_ALL, LC_MESSAGES and LANG of the environment are asked.
    """
    environment = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    for candidate in (*candidates, *environment):
        if candidate:
            return (
                "zh_CN" if candidate.lower().replace("-", "_").split(".")[0].split("_")[0] == "zh" else "en"
            )
    return "en"


@cache
def translate(lang: str) -> Translator:
    """The function that turns a marked sentence into `lang` (one of LANGUAGES).

    A sentence that its catalogue lacks comes back as it is, in English.
    """

    # An empty id would fetch the catalogue's own header.
    catalogue = gettext.translation("huiyuan", localedir=LOCALES, languages=[lang], fallback=True)
    return lambda text: catalogue.gettext(text) if text else ""
