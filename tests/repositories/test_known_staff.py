"""Who may sit down without the line: whoever the server let in here lately, by the same PIN, five tries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import Limits, SignedIn, Staff
from huiyuan.repositories.counter.known_staff import KEY_FILE, STAFF_FILE, TRIES, KnownStaff
from huiyuan.repositories.secrets import TerminalKey

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
RIGHT, WRONG = b"\x01" * 32, b"\x02" * 32
WANG = SignedIn(
    session=7, token=b"t" * 32, ends_at=NOON + timedelta(hours=12),
    staff=Staff(1, "1001", "王芳", "cashier"), next_number=3, shift=None,
    permissions={"sale": Limits(), "discount": Limits(limit_bp=500)},
)  # fmt: skip


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(tmp_path: Path, clock: Clock) -> KnownStaff:
    seen = KnownStaff(tmp_path, now=clock.now)
    seen.saw(WANG, RIGHT)
    return seen


def refused(known: KnownStaff, key: bytes = RIGHT, number: str = "1001") -> str:
    with pytest.raises(Refused) as caught:
        known.judge(number, key, None)
    return caught.value.code


def test_whoever_signed_in_here_comes_in_again_with_the_same_limits(known: KnownStaff, clock: Clock) -> None:
    clock.at += timedelta(hours=11)
    signed = known.judge("1001", RIGHT, None)

    assert (signed.staff, signed.session, dict(signed.permissions)) == (WANG.staff, 7, dict(WANG.permissions))
    assert signed.offline_at == clock.at
    assert signed.token == b""


@pytest.mark.parametrize("hours", [-1, 13], ids=["by a clock that was turned back", "too long ago"])
def test_outside_the_twelve_hours_nobody_comes_in(known: KnownStaff, clock: Clock, hours: int) -> None:
    clock.at += timedelta(hours=hours)
    assert refused(known) == "offline_unknown"


def test_nobody_whom_the_server_never_let_in_here(known: KnownStaff, tmp_path: Path, clock: Clock) -> None:
    assert refused(known, number="2001") == "offline_unknown"
    (tmp_path / "other").mkdir()
    assert refused(KnownStaff(tmp_path / "other", now=clock.now)) == "offline_unknown"


def test_five_wrong_pins_close_the_way_over_a_restart_until_the_server_opens_it(
    known: KnownStaff, tmp_path: Path, clock: Clock
) -> None:
    for _ in range(TRIES - 1):
        assert refused(known, WRONG) == "wrong_pin"
    known = KnownStaff(tmp_path, now=clock.now)
    assert refused(known, WRONG) == "offline_locked"
    assert refused(known) == "offline_locked"

    known.saw(WANG, RIGHT)
    assert known.judge("1001", RIGHT, None).session == 7


def test_a_right_pin_forgives_wrong_ones(known: KnownStaff) -> None:
    for _ in range(2 * TRIES):
        assert refused(known, WRONG) == "wrong_pin"
        known.judge("1001", RIGHT, None)


def test_whoever_was_refused_by_the_server_is_forgotten(known: KnownStaff) -> None:
    known.forget("1001")
    assert refused(known) == "offline_unknown"


def test_the_file_tells_nobody_who_works_here_and_opens_under_no_other_key(
    known: KnownStaff, tmp_path: Path
) -> None:
    kept = (tmp_path / STAFF_FILE).read_bytes()
    assert not [each for each in (b"1001", "王芳".encode(), RIGHT.hex().encode()) if each in kept]
    assert (tmp_path / STAFF_FILE).stat().st_mode & 0o77 == 0
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o77 == 0

    (tmp_path / KEY_FILE).unlink()
    TerminalKey.fresh().save(tmp_path / KEY_FILE)
    assert refused(known) == "offline_unknown"


def test_a_try_that_cannot_be_counted_is_not_made(known: KnownStaff, tmp_path: Path) -> None:
    (tmp_path / f"{STAFF_FILE}.new").mkdir()
    assert refused(known, WRONG) == "journal_unwritable"
    known.saw(WANG, RIGHT)  # and a disk that takes nothing keeps nobody from the server's sign-in


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": "zz"}'])
def test_a_damaged_file_lets_nobody_in(known: KnownStaff, tmp_path: Path, content: bytes) -> None:
    (tmp_path / STAFF_FILE).write_bytes(content)
    assert refused(known) == "offline_unknown"
