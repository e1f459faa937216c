"""A sale over a slow line: round trips and bytes counted, milliseconds by delay, beside the naive way.

The naive way is the same sale as one statement a round trip in a transaction, as an application without a
door would do it. It is the control: its round trips must show, or the line counts nothing.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psycopg

from huiyuan.repositories.demo import STAFF
from huiyuan.repositories.embedded import ADMIN_ROLE
from tests.benchmarks.counter import seller
from tests.benchmarks.seats import HERE, enrol, prepare
from tests.cluster import Cluster
from tests.counters import open_counter, open_seat
from tests.faults.proxy import Proxy

PIN: Final = "246810"
DELAYS_MS: Final = (0, 20, 80, 200)
REPEATS: Final = 7


def timed(work: Callable[[], None], proxy: Proxy) -> tuple[float, int, int, int]:
    """Median milliseconds, and round trips and bytes up and down of the last time."""
    taken = []
    for _ in range(REPEATS):
        proxy.reset_count()
        begin = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken), proxy.count.round_trips, proxy.count.bytes_up, proxy.count.bytes_down


def naive(url: str) -> Callable[[], None]:
    """The statements of one sale, each a round trip, on tables of their own."""
    connection = psycopg.connect(url)
    statements = (HERE / "naive.sql").read_text().split(";\n")

    def work() -> None:
        with connection.transaction():
            for statement in filter(None, map(str.strip, statements)):
                connection.execute(statement.encode())

    return work


def show(name: str, work: Callable[[], None], proxy: Proxy) -> None:
    """One row of the table."""
    cells, trips, up, down = [], 0, 0, 0
    for delay in DELAYS_MS:
        proxy.delay_ms = delay / 2
        median, trips, up, down = timed(work, proxy)
        cells.append(f"{median:8.1f}")
    proxy.delay_ms = 0
    print(f"  {name:34} {trips:3} trips {up:6} B up {down:6} B down   {''.join(cells)} ms")


def main(cluster: Cluster) -> None:
    with cluster.copy() as shop, Proxy.before(shop) as proxy, tempfile.TemporaryDirectory() as folder:
        prepare(shop)
        role, _, _ = enrol(shop, 1)
        with shop.connect() as owner:
            owner.execute((HERE / "naive_tables.sql").read_bytes())
        print(f"\nmedian of {REPEATS}, at a line of {', '.join(map(str, DELAYS_MS))} ms")
        with psycopg.connect(proxy.url(ADMIN_ROLE), autocommit=True) as bare:
            show("select 1 (the line itself)", lambda: consume(bare), proxy)
        show("a connection of libpq", lambda: psycopg.connect(proxy.url(role)).close(), proxy)
        show("cold start up to signed in", lambda: cold_sign_in(proxy.url(role)), proxy)
        with seller(proxy.url(role), Path(folder), role) as one:
            show("a sale, the whole Python path", one.sell, proxy)
            one.counter.seat.set_card_pin(one.card, pin=PIN)
            show("a sale with a card PIN", lambda: one.sell(pin=PIN), proxy)
        show("a sale, one statement a round trip", naive(proxy.url(ADMIN_ROLE)), proxy)


def consume(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """The shortest question there is."""
    connection.execute("select 1").fetchone()


def cold_sign_in(url: str) -> None:
    """A fresh process's way: connect, ask who and where this is, drain the journal, sign in."""
    with tempfile.TemporaryDirectory() as folder, open_counter(url, Path(folder)) as counter:
        open_seat(counter.door, counter.seat)
        counter.seat.sign_in(staff_number=STAFF[0].number, pin=STAFF[0].pin)
