"""A day at the counter: after ten thousand keys there are as many screens, widgets, threads and files as before.

The app runs over the shop in memory; keys are handed to it as the driver would, as fast as it takes them.
"""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.screen import Screen
from textual.widget import Widget

from tests.screens.walk import Walk, walking

KEYS: int = 10_000
WARM_KEYS: int = 1_000
WIDGETS_MORE = 20
THREADS_MORE = 3
FILES_MORE = 3
KIB_MORE = 6_000
"""What the allocator and caches of fixed size may add between the first thousand keys and the last."""

ROUND = (
    "f2", *"MILK", "enter", *"3*COLA", "enter", "up", "down", "f4", "ctrl+l", *"kucun", "escape", "ctrl+g",
    "down", "escape", "f3", "2", "enter", "escape", "enter",
)  # fmt: skip
"""A sale begun, its lines changed, help and palette opened and closed, and the sale left."""
CHEAP = (*"RICE", *["backspace"] * 4, "up", "down") * 6
"""What most keys of a day are: characters and rows."""


@dataclass(frozen=True)
class Alive:
    """What lives in this process."""

    screens: int
    widgets: int
    threads: int
    files: int
    kib: int


def alive() -> Alive:
    gc.collect()
    widgets = [each for each in gc.get_objects() if isinstance(each, Widget)]
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return Alive(
        sum(isinstance(each, Screen) for each in widgets),
        len(widgets),
        threading.active_count(),
        len(os.listdir("/proc/self/fd")),  # noqa: PTH208  (names only)
        int(status["VmRSS"].split()[0]),
    )


def growth(before: Alive, after: Alive) -> list[str]:
    """What there is more of than chance explains."""
    most = {
        "screens": 0,
        "widgets": WIDGETS_MORE,
        "threads": THREADS_MORE,
        "files": FILES_MORE,
        "kib": KIB_MORE,
    }
    return [
        f"{name}: {getattr(before, name)} -> {getattr(after, name)}"
        for name, more in most.items()
        if getattr(after, name) > getattr(before, name) + more
    ]


async def press(walk: Walk, *keys: str) -> None:
    """Hand `keys` over and wait until they are dealt with, not until every answer is in."""
    for key in keys:
        walk.send(key)
        await asyncio.sleep(0)
        while walk.app.moving:
            await asyncio.sleep(0.001)


async def to_home(walk: Walk) -> None:
    """Out of whatever is open, discarding it."""
    for _ in range(20):
        await walk.settle()
        if walk.name == "HomeScreen":
            return
        await walk.press("enter" if walk.name == "Confirm" else "escape")
    raise AssertionError(walk.name)


Leak = Callable[[Walk], Awaitable[None]]


async def nothing(_walk: Walk) -> None:
    """No leak."""


async def day(walk: Walk, keys: int, leak: Leak = nothing) -> AsyncIterator[int]:
    """Press `keys` keys; yields how many are done whenever home is reached."""
    done = 0
    while done < keys:
        await press(walk, *ROUND)
        await to_home(walk)
        await press(walk, "f2")
        for _ in range(3):
            await press(walk, *CHEAP)
        await to_home(walk)
        await leak(walk)
        done += len(ROUND) + 1 + 3 * len(CHEAP)
        yield done


async def grown(keys: int, warm: int, leak: Leak = nothing) -> list[str]:
    async with walking() as walk:
        await walk.sign_in()
        async for _ in day(walk, warm, leak):
            pass
        before = alive()
        async for _ in day(walk, keys - warm, leak):
            pass
        after = alive()
        print(f"\n{keys} keys: {before} -> {after}")
        return growth(before, after)


@pytest.mark.soak
async def test_a_day_of_ten_thousand_keys_leaves_nothing_behind() -> None:
    assert await grown(KEYS, WARM_KEYS) == []


async def test_a_screen_that_is_kept_would_be_found() -> None:
    """Control: with one help page kept a round, and one thread, the same judge says so."""
    kept: list[Screen[object]] = []
    end = threading.Event()

    async def keep(walk: Walk) -> None:
        await walk.press("ctrl+g")
        kept.append(walk.app.screen)
        await walk.press("escape")
        for _ in range(2):
            threading.Thread(target=end.wait, daemon=True).start()

    try:
        found = await grown(800, 200, keep)
    finally:
        end.set()
    assert [each.split(":")[0] for each in found][:3] == ["screens", "widgets", "threads"]
