"""What a few scans of one label tell of a scanner."""

from __future__ import annotations

import pytest

from huiyuan.domain.model.scan_timing import KeySeen, ScannerHabits, judge_scans

CODE = "6901234567892"


def scans(
    *codes: str, gap_ms: int = 2, pause_ms: int = 1000, before: str = "", end: str = "enter"
) -> list[KeySeen]:
    """Each code typed at `gap_ms` a key, `pause_ms` between two."""
    seen, at = [], 0
    for code in codes:
        keys = [(before, "")] if before else []
        keys += [(char, char) for char in code] + ([(end, "")] if end else [])
        for key, char in keys:
            seen.append(KeySeen(key, char, at))
            at += gap_ms
        at += pause_ms
    return seen


@pytest.mark.parametrize(
    ("keys", "trouble"),
    [
        (scans(CODE, CODE, CODE), "none"),
        ([], "no_scan"),
        (scans("12", "3"), "no_scan"),
        (scans(CODE, CODE, end=""), "no_suffix"),
        (scans(CODE, CODE, gap_ms=70), "too_slow"),
        (scans(CODE, CODE, gap_ms=70, before="f12"), "none"),
        (scans(CODE, CODE, pause_ms=20), "doubled"),
        (scans("~" + CODE, "~" + CODE, CODE), "lost_prefix"),
        (scans(CODE, CODE[:-1]), "differ"),
        (scans(CODE, CODE, end="tab"), "none"),
    ],
)
def test_the_cause_is_named(keys: list[KeySeen], trouble: str) -> None:
    assert judge_scans(keys).trouble == trouble


def test_settings_are_proposed_that_fit() -> None:
    assert judge_scans(scans(CODE, CODE)).proposed == ScannerHabits()
    assert judge_scans(scans(CODE, CODE, gap_ms=30)).proposed.gap_ms == 45
    assert judge_scans(scans("100234", "100234")).proposed.shortest == 6
    keyed = judge_scans(scans(CODE, CODE, before="f12", end="tab")).proposed
    assert (keyed.prefix, keyed.suffix) == ("<f12>", "tab")
    assert judge_scans(scans("~]" + CODE, "~]" + CODE)).proposed.prefix == "~]"
    assert judge_scans(scans(CODE, CODE, pause_ms=10)).proposed.repeat_ms == 400
    assert judge_scans(scans(CODE, gap_ms=300)).proposed.gap_ms == 60
