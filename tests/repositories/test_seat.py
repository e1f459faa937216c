"""Seats by file lock, and the ids and times a seat makes."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from huiyuan.repositories.counter.clock import CounterClock, CounterIds
from huiyuan.repositories.counter.seat import take_seat


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    made = [tmp_path / name for name in ("t_1", "t_2")]
    for folder in made:
        folder.mkdir()
    return made


def test_the_first_free_seat_is_taken_and_with_none_free_there_is_none(folders: list[Path]) -> None:
    first, second = take_seat(folders), take_seat(folders)
    assert first is not None
    assert second is not None
    assert [first.folder.name, second.folder.name] == ["t_1", "t_2"]
    assert take_seat(folders) is None
    first.leave()
    first.leave()
    again = take_seat(folders)
    assert again is not None
    assert again.folder.name == "t_1"
    again.leave()
    second.leave()


def test_a_killed_process_leaves_its_seat(folders: list[Path]) -> None:
    read, write = os.pipe()
    holder = os.fork()
    if holder == 0:  # pragma: no cover  (the child is killed)
        taken = take_seat(folders)
        os.write(write, b"1" if taken else b"0")
        signal.pause()
    assert os.read(read, 1) == b"1"
    second = take_seat(folders)
    assert second is not None
    assert second.folder.name == "t_2"
    os.kill(holder, signal.SIGKILL)
    os.waitpid(holder, 0)
    first = take_seat(folders)
    assert first is not None
    assert first.folder.name == "t_1"
    for taken in (first, second):
        taken.leave()
    os.close(read)
    os.close(write)


def test_a_seat_without_a_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        take_seat([tmp_path / "gone"])


def test_ids_are_uuid_7_sort_by_time_and_never_repeat_also_when_the_clock_goes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = CounterIds()
    moments = iter([2_000_000_000_000_000_000, 1_999_000_000_000_000_000, *[2 * 10**18] * 10_000])
    monkeypatch.setattr("time.time_ns", lambda: next(moments))
    made = [ids.new() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {each.version for each in made} == {7}
    assert {each.variant for each in made} == {"specified in RFC 4122"}
    assert made[0].int >> 80 == 2_000_000_000_000


def test_threads_share_the_ids_without_a_double() -> None:
    ids = CounterIds()
    made: list[object] = []
    threads = [threading.Thread(target=lambda: made.extend(ids.new() for _ in range(2000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8000


def test_the_clock_is_aware_and_utc() -> None:
    offset = CounterClock().now().utcoffset()
    assert offset is not None
    assert offset.total_seconds() == 0
