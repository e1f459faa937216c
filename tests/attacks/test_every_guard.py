"""Every guard of the door is attacked: by a test of this folder, or by one that is listed here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

import huiyuan.repositories

GUARDS: Final = sorted(
    path.stem for path in (Path(huiyuan.repositories.__file__).parent / "sql" / "guards").glob("*.sql")
)
HERE: Final = Path(__file__)
TESTS: Final = HERE.parents[1]
ELSEWHERE: Final = {
    "blind_return_refused": "repositories/test_post_blind_return.py",
    "cash_refused": "repositories/test_post_tenders.py",
    "count_wrong": "repositories/test_post_drawer.py",
    "credit_overpaid": "repositories/test_post_tenders.py",
    "given_too_little": "repositories/test_post_tenders.py",
    "message_refused": "repositories/test_outbox.py",
    "pair_not_allowed": "repositories/test_post_tenders.py",
    "removed_wrong": "repositories/test_post_drawer.py",
    "tax_wrong": "repositories/test_post_refusals.py",
    "variance_unexplained": "repositories/test_post_drawer.py",
    "wallet_differs": "repositories/test_post_blind_return.py",
}
"""Guards that a test of the postings attacks, where the good body stands beside the bad one."""

BY_OTHER_CODES: Final = {
    "pin_unproven": ("pin_not_set", "pin_not_locked", "approval_needed"),
    "gift_bound": ("approval_needed", "gift"),
}
"""Guards that refuse with finer codes alone, or with another one and a word for why."""


def expects(text: str, code: str) -> bool:
    """Whether a test expects this refusal: the code stands there as a text of its own."""
    return re.search(rf'"{code}"', text) is not None


def attacks() -> str:
    return "\n".join(path.read_text("utf-8") for path in HERE.parent.glob("*.py") if path != HERE)


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_is_attacked(guard: str) -> None:
    text = (TESTS / ELSEWHERE[guard]).read_text("utf-8") if guard in ELSEWHERE else attacks()
    assert all(expects(text, code) for code in BY_OTHER_CODES.get(guard, (guard,))), guard


def test_what_is_listed_is_needed() -> None:
    assert set(ELSEWHERE) | set(BY_OTHER_CODES) <= set(GUARDS)
    assert [guard for guard in ELSEWHERE if expects(attacks(), guard)] == []


def test_a_guard_that_nobody_attacks_is_found() -> None:
    """The control."""
    assert not expects(attacks(), "no_such_" + "guard")
    assert not expects('refuse(seat, body, "not_permitted_here")', "not_permitted")
