"""What a keyboard scanner does, told by the keys of a few scans of one label: how fast, with what around it.

Always true: nothing is proposed that a hand could be taken for; what the codes were is not kept beyond the
judgement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

ENDS: Final = ("enter", "tab")
PAUSE_MS: Final = 400
"""Longer than any scanner waits between two characters, shorter than a hand between two scans."""
GAP_MS_LEAST: Final = 25
GAP_MS_MOST: Final = 60
"""Beyond it fast fingers look like a scanner; then only a prefix tells them apart."""
DOUBLED_MS: Final = 400
CODE_LEAST: Final = 4


@dataclass(frozen=True, slots=True)
class KeySeen:
    """One key: its name, its character (empty if it has none), when it came in milliseconds."""

    key: str
    char: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class ScannerHabits:
    """How a keyboard scanner was programmed.

    Attributes:
        gap_ms: keys this close to each other are no fingers.
        prefix: what it sends before each code: characters, or a key such as `<f12>`; empty: nothing.
        suffix: the key behind each code, enter or tab.
        shortest: so many characters in a row at that pace are a code.
        repeat_ms: the same code within so many milliseconds is one scan; 0: never.
    """

    gap_ms: int = GAP_MS_LEAST
    prefix: str = ""
    suffix: str = "enter"
    shortest: int = 8
    repeat_ms: int = 0


@dataclass(frozen=True, slots=True)
class ScansJudged:
    """`trouble`: none, no_scan, no_suffix, too_slow, doubled, lost_prefix or differ; `slowest_ms` between two
    keys of one code; `scans` how many there were; `length` of the code."""

    trouble: str
    scans: int = 0
    slowest_ms: int = 0
    length: int = 0
    proposed: ScannerHabits = ScannerHabits()


def judge_scans(keys: Sequence[KeySeen]) -> ScansJudged:
    """What the scanner does, and the settings that fit it."""
    scans = [each for each in _split(keys) if sum(bool(key.char) for key in each) >= CODE_LEAST]
    if not scans:
        return ScansJudged("no_scan")
    prefix, lost = _prefix(scans)
    ends = [each[-1].key for each in scans]
    codes = [_code(each, prefix) for each in scans]
    slowest = max((b.at_ms - a.at_ms for each in scans for a, b in pairwise(each)), default=0)
    doubled = any(
        one == other and later[0].at_ms - earlier[-1].at_ms < DOUBLED_MS
        for (one, earlier), (other, later) in pairwise(zip(codes, scans, strict=True))
    )
    suffix = next((end for end in ends if end in ENDS), "")
    length = min(map(len, codes))
    habits = ScannerHabits(
        gap_ms=min(GAP_MS_MOST, max(GAP_MS_LEAST, -(-slowest * 3 // 2))),
        prefix=prefix,
        suffix=suffix or "enter",
        shortest=max(CODE_LEAST, min(8, length)),
        repeat_ms=DOUBLED_MS if doubled else 0,
    )
    if not suffix or any(end not in ENDS for end in ends):
        trouble = "no_suffix"
    elif doubled:
        trouble = "doubled"
    elif lost:
        trouble = "lost_prefix"
    elif len(set(codes)) > 1:
        trouble = "differ"
    elif slowest > GAP_MS_MOST and not prefix:
        trouble = "too_slow"
    else:
        trouble = "none"
    return ScansJudged(trouble, len(scans), slowest, length, habits)


def _split(keys: Sequence[KeySeen]) -> Iterator[list[KeySeen]]:
    """Scan by scan: one ends with a key that ends scans, or with a pause."""
    held: list[KeySeen] = []
    for key in keys:
        if held and key.at_ms - held[-1].at_ms > PAUSE_MS:
            yield held
            held = []
        held = [*held, key]
        if key.key in ENDS:
            yield held
            held = []
    if held:
        yield held


def _prefix(scans: Sequence[Sequence[KeySeen]]) -> tuple[str, int]:
    """What most of them begin with before the first letter or digit, and how many do not."""
    found = Counter(_begin(each) for each in scans)
    prefix, times = found.most_common(1)[0]
    return (prefix, len(scans) - times) if prefix else ("", 0)


def _begin(scan: Sequence[KeySeen]) -> str:
    if not scan[0].char and scan[0].key not in ENDS:
        return f"<{scan[0].key}>"
    begin = ""
    for key in scan:
        if not key.char or key.char.isalnum():
            break
        begin += key.char
    return begin[:4]


def _code(scan: Sequence[KeySeen], prefix: str) -> str:
    return "".join(key.char for key in scan).removeprefix(prefix)
