"""What a key costs on the line: bytes to the terminal and milliseconds to the last, beside other programs.

The same walk in a terminal of 80x24, in English, with our driver and with Textual's own; what comes nearest
to it in mc, posting and harlequin, where they are installed (on the PATH, or where HUIYUAN_BENCH_POSTING and
HUIYUAN_BENCH_HARLEQUIN say); then over a real ssh through a line of 100 ms and 64 kbit/s, with and without
compression. Bytes are exact; times are of one run.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from huiyuan.repositories.demo_data import TERMINALS
from tests.cluster import Cluster, Shop
from tests.ssh import branch, missing
from tests.terminal import Terminal

QUIET_S: Final = 0.35
ENTER, ESCAPE, DOWN, PAGE_DOWN, F2, F3, F4 = "\r", "\x1b", "\x1b[B", "\x1b[6~", "\x1bOQ", "\x1bOR", "\x1bOS"
APPLICATION_DOWN: Final = "\x1bOB"
"""The same arrow as a program that asked for application keys gets it."""
NEVER_QUIET_S: Final = 8.0
"""A cursor that blinks is not waited for."""
ROUND_TRIP_S: Final = 0.1
BYTES_PER_S: Final = 8000


Walk = Callable[[Terminal], Iterator[tuple[str, "Cost"]]]


@dataclass(frozen=True)
class Cost:
    """What one step brought: bytes of the terminal, and milliseconds until the last of them."""

    bytes: int
    ms: float


def step(terminal: Terminal, keys: str, *, quiet_s: float = QUIET_S) -> Cost:
    """Send `keys` at once and take what comes until nothing comes for a while."""
    before, begin, last = len(terminal.received), time.monotonic(), time.monotonic()
    terminal.send(keys)
    length = before
    while time.monotonic() - last < quiet_s and time.monotonic() - begin < NEVER_QUIET_S:
        terminal.read(0.02)
        if len(terminal.received) != length:
            length, last = len(terminal.received), time.monotonic()
    return Cost(length - before, (last - begin) * 1000)


def idle(terminal: Terminal) -> Cost:
    """Five seconds in which nobody does anything."""
    before, end = len(terminal.received), time.monotonic() + 5
    while (left := end - time.monotonic()) > 0:
        terminal.read(left)
    return Cost(len(terminal.received) - before, 5000)


def until_full(terminal: Terminal, *parts: str) -> Cost:
    """The first screen, from the start of the process."""
    begin = time.monotonic()
    terminal.wait_for(*parts)
    ms = (time.monotonic() - begin) * 1000
    terminal.read(QUIET_S)
    return Cost(len(terminal.received), ms)


def counter_walk(terminal: Terminal, *, quiet_s: float = QUIET_S) -> Iterator[tuple[str, Cost]]:
    """The reference walk: sign in, open a shift, ring up a line, look at its quantity, go home."""

    def at(keys: str) -> Cost:
        return step(terminal, keys, quiet_s=quiet_s)

    yield "first frame", until_full(terminal, "Staff number")
    terminal.wait_for("online")
    at("1001" + ENTER)
    at("1001" + ENTER)
    terminal.wait_for("No shift is open")
    at(F4)
    at("200" + ENTER)
    time.sleep(0.8)
    at(ENTER)
    terminal.wait_for("Rings up goods")
    yield "row down", middle([at(DOWN) for _ in range(5)])
    yield "another screen", at(F2)
    yield "character", middle([at(each) for each in "COLA-"])
    at("330")
    yield "a line rung up", at(ENTER)
    yield "a scan", middle([at(each + ENTER) for each in ("MILK-1L", "COLA-330", "TEA-LJ", "SOY-500")])
    yield "dialog", at(F3)
    yield "closing it", at(ESCAPE)
    yield "idle, 5 s", idle(terminal)


def file_manager_walk(terminal: Terminal) -> Iterator[tuple[str, Cost]]:
    """What comes nearest to it in a file manager written in C."""
    time.sleep(0.5)
    yield "first frame", step(terminal, "")
    yield "row down", middle([step(terminal, APPLICATION_DOWN) for _ in range(5)])
    yield "page", step(terminal, PAGE_DOWN)
    yield "character", middle([step(terminal, each) for each in "abcde"])
    yield "dialog", step(terminal, "\x1b[18~")
    yield "closing it", step(terminal, ESCAPE + ESCAPE)
    yield "idle, 5 s", idle(terminal)


def request_walk(terminal: Terminal) -> Iterator[tuple[str, Cost]]:
    """What comes nearest to it in posting, a client for HTTP: its address, its commands, its help."""
    yield from _toolkit_walk(terminal, ready="Posting", screen="\x1bOP")


def query_walk(terminal: Terminal) -> Iterator[tuple[str, Cost]]:
    """What comes nearest to it in harlequin, a client for SQL: the editor, the list of commands, the help."""
    yield from _toolkit_walk(terminal, ready="Query", screen="\x1bOP")


def _toolkit_walk(terminal: Terminal, *, ready: str, screen: str) -> Iterator[tuple[str, Cost]]:
    """Two programs of the same toolkit as ours."""
    terminal.wait_for(ready, within_s=30)
    time.sleep(3)
    terminal.read(0.5)
    yield "first frame", Cost(len(terminal.received), 0)
    yield "character", middle([step(terminal, each) for each in "abcde"])
    yield "dialog", step(terminal, "\x10")
    yield "row down", middle([step(terminal, DOWN) for _ in range(3)])
    yield "closing it", step(terminal, ESCAPE)
    yield "another screen", step(terminal, screen)
    yield "idle, 5 s", idle(terminal)


YARDSTICKS: Final[tuple[tuple[str, tuple[str, ...], Walk], ...]] = (
    ("mc", ("-x", "/usr/bin", "/usr/lib"), file_manager_walk),
    ("posting", (), request_walk),
    ("harlequin", ("-a", "sqlite", ":memory:"), query_walk),
)


def beside_others() -> None:
    """Programs that are not ours, where they are installed."""
    for name, arguments, walk in YARDSTICKS:
        program = os.environ.get(f"HUIYUAN_BENCH_{name.upper()}") or shutil.which(name)
        if program is None:
            print(f"\n  {name} is not installed")
            continue
        with tempfile.TemporaryDirectory() as home:
            environment = {
                "HOME": home,
                "XDG_CONFIG_HOME": home,
                "XDG_DATA_HOME": home,
                "XDG_CACHE_HOME": home,
            }
            terminal = Terminal([], environment, command=[program, *arguments])
            try:
                show(name, walk(terminal))
            except AssertionError as broken:
                print(f"    did not go on: {str(broken).splitlines()[0]}")
            finally:
                terminal.hang_up()
                terminal.close()


def middle(costs: list[Cost]) -> Cost:
    """Medians of several like steps."""
    return Cost(
        int(statistics.median(cost.bytes for cost in costs)), statistics.median(cost.ms for cost in costs)
    )


@contextmanager
def counter(shop: Shop, driver: str) -> Iterator[Terminal]:
    """A counter in a terminal, drawn by `driver`."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"HUIYUAN_DRIVER": driver, **settings_of(shop, Path(home))}
        terminal = Terminal(["run"], environment)
        try:
            yield terminal
        finally:
            terminal.close()


def settings_of(shop: Shop, home: Path) -> Mapping[str, str]:
    """Where the counter finds its database and puts its files."""
    return {
        "HUIYUAN_DATABASE_URL": shop.url(TERMINALS[0].role),
        "HUIYUAN_HOME": str(home),
        "HUIYUAN_LANG": "en",
    }


def show(name: str, rows: Iterator[tuple[str, Cost]]) -> None:
    """One program, one line a step."""
    print(f"\n  {name}")
    for label, cost in rows:
        print(f"    {label:18} {cost.bytes:7} B {cost.ms:8.0f} ms")


def main(cluster: Cluster) -> None:
    print("\nbytes to a terminal of 80x24 and milliseconds to the last of them, key by key")
    for driver in ("cells", "stock"):
        with cluster.copy() as shop, counter(shop, driver) as terminal:
            show(f"huiyuan, driver {driver}", counter_walk(terminal))
    beside_others()
    if missing():
        print(f"\n  no ssh: {missing()}")
        return
    for name, driver, options in (
        ("our driver", "cells", ()),
        ("our driver, ssh -C", "cells", ("-C",)),
        ("stock driver", "stock", ()),
        ("stock driver, ssh -C", "stock", ("-C",)),
    ):
        over_ssh(cluster, name, driver, options)


def over_ssh(cluster: Cluster, name: str, driver: str, options: tuple[str, ...]) -> None:
    """The walk again from another branch."""
    with tempfile.TemporaryDirectory() as folder, cluster.copy() as shop, branch(Path(folder) / "s") as far:
        home = Path(folder) / "home"
        home.mkdir()
        terminal = far.terminal({"HUIYUAN_DRIVER": driver, **settings_of(shop, home)}, *options)
        far.line.delay_s, far.line.bytes_per_s = ROUND_TRIP_S / 2, BYTES_PER_S
        try:
            show(f"over ssh, 100 ms and 64 kbit/s: {name}", counter_walk(terminal, quiet_s=0.9))
        finally:
            terminal.close()
