"""A day at the counter: after ten thousand keys the running app holds no more than after the first ones.

The program as it is shipped, in a terminal of its own, over a real database. Counted from outside: resident
memory, threads, open files.
"""

from __future__ import annotations

import os
import select
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from huiyuan.repositories.demo_data import TERMINALS
from tests.benchmarks.start import MINIMAL
from tests.cluster import Shop
from tests.terminal import Terminal
from tests.terminals import BYTES_OF

KEYS: Final = 10_000
WARM_KEYS: Final = 2_500
KIB_MORE: Final = 8_000
"""What caches of fixed size may still add after the first keys; a screen that stayed would cost 200 KiB."""
THREADS_MORE: Final = 1
FILES_MORE: Final = 2
OWN_KIB_MORE: Final = 45_000_000 // 1024
"""45 MB beyond the smallest app of the toolkit, in memory that each counter of a machine has for itself."""

SCREENS: Final = (
    ("ctrl+g",), ("escape",), ("ctrl+l",), tuple("stock"), ("escape",), ("f7",), tuple("zhang"), ("escape",),
    ("f3",), ("2",), ("enter",), ("up",), ("down",), ("f4",),
)  # fmt: skip
"""Help, palette and member picker opened and left, a line changed and taken off."""
LINE: Final = (tuple("MILK-1L"), ("enter",))
TYPING: Final = tuple((key,) for key in ("R", "I", "C", "E", *"\x7f" * 4)) * 16


ESCAPE_WITHIN_S: Final = 2.0


@dataclass(frozen=True)
class Held:
    """What a process holds."""

    kib: int
    threads: int
    files: int
    own_kib: int = 0
    """Of `kib` what no other process shares: without the pages of programs and libraries."""


def held(process: int) -> Held:
    status = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    files = sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())
    kib, own_kib = (int(status[name].split()[0]) for name in ("VmRSS", "RssAnon"))
    return Held(kib, int(status["Threads"]), files, own_kib)


def of_the_smallest_app() -> Held:
    """The smallest app of the same toolkit, at rest, on the same machine in the same minute."""
    terminal = Terminal([], {}, program=MINIMAL)
    try:
        terminal.wait_for("ready to begin")
        terminal.read(1)
        return held(terminal.process.pid)
    finally:
        terminal.process.kill()
        terminal.close()


def growth(before: Held, after: Held) -> list[str]:
    """What there is more of than caches explain."""
    most = {"kib": KIB_MORE, "threads": THREADS_MORE, "files": FILES_MORE}
    return [
        f"{name}: {getattr(before, name)} -> {getattr(after, name)}"
        for name, more in most.items()
        if getattr(after, name) > getattr(before, name) + more
    ]


class Day(Terminal):
    """A terminal in which one key follows the other as soon as the app has drawn."""

    def press(self, steps: Sequence[tuple[str, ...]]) -> int:
        for step in steps:
            self.send(b"".join(BYTES_OF.get(key, key.encode()) for key in step))
            if step == ("escape",):  # together with the next key it would be another one
                select.select([self.master], [], [], ESCAPE_WITHIN_S)
            quiet_s = 0.004 if len(step[-1]) == 1 else 0.04  # a key that opens or closes something
            while select.select([self.master], [], [], quiet_s)[0]:
                self.stream.feed(os.read(self.master, 65536))
        return sum(len(step) for step in steps)

    def work(self, keys: int) -> None:
        """Rounds of a till's work until `keys` keys were pressed."""
        done = 0
        while done < keys:
            done += self.press((*LINE, *SCREENS, *TYPING))
            self.send("\x1b[A")  # the screen is read to its end
            self.read(0.05)
            assert "Qty" in self.text, self.text


@pytest.fixture
def day(shop: Shop, tmp_path: Path) -> Iterator[Day]:
    settings = {"HUIYUAN_DATABASE_URL": shop.url(TERMINALS[0].role), "HUIYUAN_HOME": str(tmp_path)}
    terminal = Day(["run"], {**settings, "HUIYUAN_LANG": "en", "ESCDELAY": "20"})
    try:
        terminal.wait_for("Staff number", "online")
        for typed in ("9001\r", "9001\r"):
            terminal.send(typed)
            terminal.read(1)
        terminal.wait_for("Find a member")
        terminal.send("\x1bOS")
        terminal.wait_for("Float")
        terminal.send("200\r")
        terminal.wait_for("Shift opened")
        terminal.read(0.7)
        terminal.send("\r")
        terminal.wait_for("Rings up goods")
        terminal.send("\x1bOQ")
        terminal.wait_for("Scan goods")
        yield terminal
    finally:
        terminal.close()


@pytest.mark.soak
def test_a_day_of_ten_thousand_keys_leaves_nothing_behind(day: Day) -> None:
    day.work(WARM_KEYS)
    before = held(day.process.pid)
    day.work(KEYS - WARM_KEYS)
    after = held(day.process.pid)
    assert growth(before, after) == [], (before, after)
    smallest = of_the_smallest_app()
    told = f"a day: {after}; the smallest app: {smallest}"
    os.write(2, f"\n{told}\n".encode())
    assert after.own_kib - smallest.own_kib < OWN_KIB_MORE, told
    day.read(1)
    assert "Sale" in day.text


def test_more_of_anything_is_named() -> None:
    """Control: what a leak of one screen in a hundred keys, of a thread or of files would look like."""
    before = Held(kib=90_000, threads=9, files=30)
    assert growth(before, before) == []
    assert growth(before, Held(kib=105_000, threads=11, files=33)) == [
        "kib: 90000 -> 105000",
        "threads: 9 -> 11",
        "files: 30 -> 33",
    ]
