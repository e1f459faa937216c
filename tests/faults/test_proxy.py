"""The proxy does what it says: each fault beside the same statement over an honest line."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest

from tests.cluster import Shop
from tests.faults.proxy import FaultKind, Proxy

ADMIN = "huiyuan_admin"
INSERT = b"insert into public.arrived(n) values (1)"


@pytest.fixture
def line(shop: Shop, proxy: Proxy) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection through the proxy, and a table that shows what reached the server."""
    with shop.connect() as direct:
        direct.execute("create table public.arrived(n int not null)")
    connection = psycopg.connect(proxy.url(ADMIN), autocommit=True)
    proxy.reset_count()
    yield connection
    connection.close()


def arrived(shop: Shop) -> int:
    return len(shop.rows("select n from public.arrived"))


def test_an_honest_line_delivers_and_answers(
    shop: Shop, proxy: Proxy, line: psycopg.Connection[tuple[object, ...]]
) -> None:
    line.execute(INSERT)
    assert arrived(shop) == 1
    assert proxy.happened == []


@pytest.mark.parametrize(
    ("kind", "reaches"), [("cut_before_request", 0), ("cut_before_answer", 1), ("cut_during", 1)]
)
def test_a_cut_fails_the_counter_and_leaves_what_it_says(
    shop: Shop, proxy: Proxy, line: psycopg.Connection[tuple[object, ...]], kind: FaultKind, reaches: int
) -> None:
    proxy.arm(kind, match=b"public.arrived")
    with pytest.raises(psycopg.OperationalError):
        line.execute(INSERT)
    deadline = time.monotonic() + 5
    while arrived(shop) < reaches and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)
    assert arrived(shop) == reaches
    assert [fault.kind for fault in proxy.happened] == [kind]


def test_a_late_request_arrives_after_the_counter_gave_up(
    shop: Shop, proxy: Proxy, line: psycopg.Connection[tuple[object, ...]]
) -> None:
    proxy.arm("deliver_late", match=b"public.arrived", late_s=0.5)
    with pytest.raises(psycopg.OperationalError):
        line.execute(INSERT)
    assert arrived(shop) == 0
    proxy.wait_for_late()
    assert arrived(shop) == 1


def test_a_fault_waits_for_its_request(proxy: Proxy, line: psycopg.Connection[tuple[object, ...]]) -> None:
    proxy.arm("cut_before_request", match=b"public.arrived")
    line.execute("select 1")
    assert proxy.happened == []


def test_round_trips_are_counted_one_a_statement_and_three_for_a_transaction(
    proxy: Proxy, line: psycopg.Connection[tuple[object, ...]]
) -> None:
    line.execute("select 1")
    assert proxy.count.round_trips == 1
    proxy.reset_count()
    line.autocommit = False
    line.execute("select 1")
    line.commit()
    assert proxy.count.round_trips == 3
    assert proxy.count.bytes_up > 0
    assert proxy.count.bytes_down > 0


def test_a_pipeline_is_one_round_trip(proxy: Proxy, line: psycopg.Connection[tuple[object, ...]]) -> None:
    with line.pipeline():
        for _ in range(5):
            line.execute("select 1")
    assert proxy.count.round_trips <= 2  # psycopg may ask for the end of the pipeline by itself


def test_the_delay_is_paid_each_way(proxy: Proxy, line: psycopg.Connection[tuple[object, ...]]) -> None:
    started = time.monotonic()
    line.execute("select 1")
    plain_s = time.monotonic() - started
    proxy.delay_ms = 60
    started = time.monotonic()
    line.execute("select 1")
    slow_s = time.monotonic() - started
    assert slow_s >= 0.12
    assert plain_s < 0.12


def test_a_narrow_line_carries_so_much_a_second_each_way(
    proxy: Proxy, line: psycopg.Connection[tuple[object, ...]]
) -> None:
    proxy.bytes_per_s = 20_000
    for statement in ("select repeat('x', 8000)", f"select length('{'x' * 8000}')"):
        started = time.monotonic()
        line.execute(statement)
        assert time.monotonic() - started >= 0.4
    proxy.bytes_per_s = 0
    started = time.monotonic()
    line.execute("select repeat('x', 200000)")
    assert time.monotonic() - started < 9  # it was ten seconds


def test_a_server_that_refuses_is_seen_as_a_dead_line(proxy: Proxy) -> None:
    proxy.refuse_connections = True
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(proxy.url(ADMIN), connect_timeout=3)
