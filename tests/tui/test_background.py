"""Background work: one job after another, each once, a failing one stops nothing, and it ends when told."""

from __future__ import annotations

import threading
import time

from huiyuan.domain.model.errors import Refused
from huiyuan.tui.background import Background


def test_a_job_wanted_twice_before_it_begins_is_done_once() -> None:
    background, go_on, done = Background(), threading.Event(), list[str]()

    def first() -> None:
        go_on.wait(5)
        done.append("first")

    background.soon("first", first)
    time.sleep(0.05)
    for _ in range(5):
        background.soon("goods", lambda: done.append("goods"))
    go_on.set()
    until = time.monotonic() + 5
    while len(done) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    background.close()
    assert done == ["first", "goods"]


def test_a_job_that_fails_is_followed_by_the_next() -> None:
    background, done = Background(), threading.Event()

    def broken() -> None:
        raise ValueError

    def refused() -> None:
        raise Refused("unknown_terminal")

    background.soon("broken", broken)
    background.soon("refused", refused)
    background.soon("good", done.set)
    assert done.wait(5)
    background.close()


def test_after_the_end_nothing_is_begun() -> None:
    background, done = Background(), list[str]()
    background.close()
    background.soon("late", lambda: done.append("late"))
    time.sleep(0.05)
    assert done == []
