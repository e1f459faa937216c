"""The words under which a member or a product is found: characters, pairs, pinyin in its forms, Latin words.

Always true: whatever is typed from the front of a name in one of its forms is a token itself, so that a
search is a look-up and never a pattern: for 张三 that is z, zs, zha, zhang, zhangs, zhangsan, zsan. Tokens
are folded as the one box folds what is typed (`domain.model.needle.fold`); pypinyin is imported only here
and only when something is written, because it costs 0.3 s and a counter that searches does not need it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from huiyuan.domain.model.needle import fold, is_han, pairs
from huiyuan.repositories.surnames import COMPOUND, GIVEN, SINGLE

TOKENS_MAX: Final = 160
TOKEN_LENGTH_MAX: Final = 32
_READINGS_MAX: Final = 8  # ways to read one name: two polyphonic characters of two or three readings
_NAME_MAX: Final = 5  # more characters than this is a firm, or a name that nobody types in pinyin to its end
_WORD_PREFIX_MAX: Final = 16
_WINDOW: Final = 6
_WORD: Final = re.compile(r"[^\W_]+")


def member_tokens(name: str) -> list[str]:
    """Every token of a member's name, the shortest first; at most `TOKENS_MAX`."""
    folded = fold(name)
    han = "".join(char for char in folded if is_han(char))
    tokens = [*_characters(folded), *_latin(folded)]
    if han and len(han) <= _NAME_MAX:
        tokens += _name_forms(han)
    elif han:
        tokens += _text_forms(folded)
    return _sorted(tokens)


def product_tokens(name: str, code: str) -> list[str]:
    """Every token of a product: of its name, and its code in lower case with the prefixes of the code."""
    folded = fold(name)
    number = fold(code)
    tokens = [number, *(number[:n] for n in range(2, len(number))), *_characters(folded), *_latin(folded)]
    return _sorted([*tokens, *_text_forms(folded)])


def _sorted(tokens: Iterable[str]) -> list[str]:
    short_first = sorted({t for t in tokens if 0 < len(t) <= TOKEN_LENGTH_MAX}, key=lambda t: (len(t), t))
    return short_first[:TOKENS_MAX]


def _runs(folded: str) -> list[str]:
    """The stretches of Chinese characters, in order."""
    groups = itertools.groupby(folded, is_han)
    return ["".join(chars) for chinese, chars in groups if chinese]


def _characters(folded: str) -> list[str]:
    runs = _runs(folded)
    return [*itertools.chain.from_iterable(runs), *(pair for run in runs for pair in pairs(run))]


def _latin(folded: str) -> list[str]:
    """Words that are not Chinese, with their beginnings: john as j, jo, joh, john."""
    spaced = "".join(" " if is_han(char) else char for char in folded.replace("'", "").replace("’", ""))
    tokens: list[str] = []
    for word in _WORD.findall(spaced):
        tokens += [word, *(word[:n] for n in range(1, min(len(word), _WORD_PREFIX_MAX) + 1))]
    return tokens


# Names: a surname in all its readings, then a given name


def _name_forms(han: str) -> list[str]:
    surname = next((n for n in (4, 2) if len(han) > n - 1 and han[:n] in COMPOUND), 1)
    places: list[tuple[str, ...]] = []
    for place, char in enumerate(han):
        if surname > 1 and place < surname:
            places.append(COMPOUND[han[:surname]][place])
        elif place == 0:
            places.append(_spelled(SINGLE.get(char) or _reading(char), every=True))
        else:
            places.append(_spelled(GIVEN.get(char) or _reading(char), every=False))
    known = [readings for readings in places if readings]
    tokens: list[str] = []
    for syllables in itertools.islice(itertools.product(*known), _READINGS_MAX):
        tokens += _forms(syllables, surname=surname)
        given = syllables[surname:]
        if len(given) > 1:
            tokens += _given_forms(given)
    return tokens


def _forms(syllables: Sequence[str], *, surname: int) -> list[str]:
    """Every beginning in which each syllable is whole or its first letter, and the last is cut anywhere."""
    tokens: list[str] = []
    for place, syllable in enumerate(syllables):
        before = syllables[:place]
        short, whole = "".join(s[0] for s in before), "".join(before)
        mixed = {"".join(before[:surname]) + "".join(s[0] for s in before[surname:])}
        if place < 3:
            mixed |= {"".join(way) for way in itertools.product(*((s[0], s) for s in before))}
        tokens += [head + syllable[:n] for head in (short, whole) for n in range(1, len(syllable) + 1)]
        tokens += [head + end for head in mixed for end in (syllable[0], syllable)]
    return tokens


def _given_forms(given: Sequence[str]) -> list[str]:
    """A given name alone, from its second syllable on: xm, xiaom, xiaomi, xiaoming."""
    first, second = given[0], given[1]
    initials = "".join(s[0] for s in given)
    return [initials, *(first + second[:n] for n in range(1, len(second) + 1)), "".join(given)]


# Texts: goods and firms, found from the front of any word


def _text_forms(folded: str) -> list[str]:
    tokens: list[str] = []
    for run in _runs(folded):
        syllables = _readings(run)
        initials = "".join(s[0] for s in syllables)
        for start in range(len(initials)):
            tokens += [initials[start:end] for end in range(start + 2, start + _WINDOW + 1)]
        tokens += [initials[:1], *syllables]
        whole = ""
        for syllable in syllables[:4]:
            tokens += [whole + syllable[:n] for n in range(1, len(syllable) + 1)]
            whole += syllable
    return tokens


@lru_cache(maxsize=4096)
def _reading(char: str) -> tuple[str, ...]:
    """The common reading of one character without its tone, nothing where there is none."""
    from pypinyin import Style, pinyin

    found = pinyin(char, style=Style.NORMAL, errors="ignore")
    return tuple(found[0]) if found else ()


def _readings(run: str) -> list[str]:
    """The syllables of a text, read by its words: 重 of 重庆 is chong."""
    from pypinyin import Style, lazy_pinyin

    return [syllable for syllable in lazy_pinyin(run, style=Style.NORMAL, errors="ignore") if syllable]


def _spelled(readings: tuple[str, ...], *, every: bool) -> tuple[str, ...]:
    """ü is typed as v, and by many as u; in a surname, where it must be found, also as yu (passports)."""
    out: list[str] = []
    for reading in readings:
        plain = reading.replace("ü", "v")
        out.append(plain)
        if "v" in plain:
            out.append(plain.replace("v", "u"))
            if every:
                out.append(plain.replace("v", "yu"))
    return tuple(dict.fromkeys(out))
