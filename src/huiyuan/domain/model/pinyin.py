"""Pinyin as it is typed without spaces, taken apart into syllables: kuangquanshui as kuang, quan, shui."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

LETTERS_MAX: Final = 32
_INITIAL: Final = r"(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])"
_FINAL: Final = (
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve"
    r"|[aeiouv])"
)
_ALONE: Final = r"(?:ang|eng|ai|an|ao|ei|en|er|ou|[aeo])"
_SYLLABLE: Final = re.compile(rf"{_INITIAL}{_FINAL}|{_ALONE}")
_BEGUN: Final = re.compile(rf"{_INITIAL}(?:i?[aeo]?n?g?|u[ao]?n?g?)?")


@lru_cache(maxsize=256)
def syllables(typed: str) -> tuple[str, ...]:
    """The syllables of `typed` (a-z), the longest first, the last perhaps only begun; empty for no pinyin.

    One syllable alone is none to be taken apart: empty as well.
    """
    if not 2 < len(typed) <= LETTERS_MAX or not typed.isascii() or not typed.isalpha():
        return ()
    found = _split(typed)
    return found if found is not None and len(found) > 1 else ()


@lru_cache(maxsize=1024)
def _split(rest: str) -> tuple[str, ...] | None:
    """Remembered, because what cannot be split at its end would else be tried in every way."""
    whole = _SYLLABLE.match(rest)
    for end in range(whole.end() if whole else 0, 0, -1):
        if _SYLLABLE.fullmatch(rest, 0, end):
            after = _split(rest[end:]) if end < len(rest) else ()
            if after is not None:
                return (rest[:end], *after)
    return (rest,) if _BEGUN.fullmatch(rest) else None
