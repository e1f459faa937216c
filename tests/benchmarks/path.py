"""The whole Python path of a sale beside the same function driven by pgbench, at 1 and 8 counters.

Each counter is a process with its own seat, journal (synchronous on disk) and connection. The budget: at
8 counters at least half of what pgbench gets out of the bare function in the same run.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.benchmarks.door import run_pgbench, script
from tests.benchmarks.seats import enrol, open_seat, prepare
from tests.cluster import Cluster, Shop

SECONDS: Final = 6
ROUNDS: Final = 3


def by_python(shop: Shop, clients: int) -> float:
    """Sales a second of that many counter processes."""
    with tempfile.TemporaryDirectory() as folder:
        running = []
        for n in range(1, clients + 1):
            role, _, _ = enrol(shop, n)
            own = Path(folder) / role
            own.mkdir()
            command = [sys.executable, "-m", "tests.benchmarks.counter", shop.url(role), str(own), role]
            running.append(
                subprocess.Popen(
                    [*command, str(SECONDS)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in running:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        return sum(int(process.communicate()[0]) for process in running) / SECONDS


def by_pgbench(shop: Shop, clients: int) -> float:
    """Sales a second of the bare function."""
    seats = [open_seat(shop, n) for n in range(1, clients + 1)]
    chooser = random.Random(1)
    return run_pgbench(shop, [(seat.till.role, script(seat, chooser)) for seat in seats], SECONDS)


def main(cluster: Cluster) -> None:
    for clients in (1, 8):
        ratios, rates = [], []
        for _ in range(ROUNDS):
            found = []
            for way in (by_pgbench, by_python):
                with cluster.copy() as shop:
                    prepare(shop)
                    found.append(way(shop, clients))
            rates.append(found)
            ratios.append(found[1] / found[0])
        bare, whole = (statistics.median(column) for column in zip(*rates, strict=True))
        print(f"\n{clients} counter(s): the function by pgbench {bare:.0f}/s, the whole path {whole:.0f}/s,")
        print(f"  ratio {statistics.median(ratios):.2f}, rounds {min(ratios):.2f} to {max(ratios):.2f}")
