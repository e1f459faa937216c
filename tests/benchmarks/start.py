"""From nothing to the first full screen, and its memory, beside the smallest app of the same toolkit.

The database is there and has been migrated; the counter's own server is not started here. Medians.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from huiyuan.repositories.demo_data import TERMINALS
from tests.cluster import Cluster, Shop
from tests.terminal import Terminal

REPEATS: Final = 7
QUIET_S: Final = 1.0
MINIMAL: Final = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("ready to begin")
Minimal().run(mouse=False)
"""


@dataclass(frozen=True)
class Start:
    """One start: milliseconds to the first full screen, processor milliseconds, resident KiB when at rest."""

    ms: float
    cpu_ms: float
    kib: int


def started(make: Callable[[], Terminal], *parts: str) -> Start:
    """Start it, wait until `parts` stand there, let it come to rest, end it."""
    begin = time.monotonic()
    terminal = make()
    try:
        terminal.wait_for(*parts)
        ms = (time.monotonic() - begin) * 1000
        terminal.read(QUIET_S)
        process = Path("/proc") / str(terminal.process.pid)
        fields = (process / "stat").read_text().rpartition(")")[2].split()
        status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        return Start(ms, (int(fields[11]) + int(fields[12])) * 10, int(status["VmRSS"].split()[0]))
    finally:
        terminal.process.kill()
        terminal.close()


def middle(starts: list[Start]) -> Start:
    """Medians of each."""
    return Start(
        statistics.median(each.ms for each in starts),
        statistics.median(each.cpu_ms for each in starts),
        int(statistics.median(each.kib for each in starts)),
    )


def counter(shop: Shop, home: str) -> Terminal:
    """`huiyuan run` on a database that is there."""
    environment = {
        "HUIYUAN_DATABASE_URL": shop.url(TERMINALS[0].role),
        "HUIYUAN_HOME": home,
        "HUIYUAN_LANG": "en",
    }
    return Terminal(["run"], environment)


def main(cluster: Cluster) -> None:
    with cluster.copy() as shop, tempfile.TemporaryDirectory() as home:
        pairs = []
        for _ in range(REPEATS):  # by turns, so that both meet the same noise
            smallest = started(lambda: Terminal([], {}, program=MINIMAL), "ready to begin")
            pairs.append((smallest, started(lambda: counter(shop, home), "Staff number")))
    minimal, ours = middle([pair[0] for pair in pairs]), middle([pair[1] for pair in pairs])
    print(f"\nfrom nothing to the first full screen, medians of {REPEATS} by turns")
    for name, each in (("a minimal Textual app", minimal), ("the counter, at its sign-in", ours)):
        print(f"  {name:28} {each.ms:6.0f} ms {each.cpu_ms:6.0f} ms of processor {each.kib / 1024:6.1f} MiB")
    print(
        f"  ratio {ours.ms / minimal.ms:.2f}, of processor {ours.cpu_ms / minimal.cpu_ms:.2f};"
        f" {(ours.kib - minimal.kib) / 1024:.1f} MiB more"
    )
