"""The only way in for tests that need a database.

`shop`, `shared_shop`, `own_shop`, `till(n)` and `proxy` are of the demo chain; `chain` and `seat` prove
the door.

tests/attacks has a cluster of its own, because roles belong to a cluster and only there they change.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import inspect
import os
import time
import uuid
from collections.abc import Callable, Iterator

import pytest

from huiyuan.repositories import secrets
from tests.cluster import Cluster, Shop
from tests.faults.proxy import Proxy
from tests.kept_between_apps import keep_between_apps
from tests.run_folders import disk_folder, quick_folder, remove_run, sweep_killed_runs
from tests.small_chain import Seat, SmallChain, open_chain
from tests.tills import Till, open_till

_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid():x}-{uuid.uuid4().hex}")[:12]
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "one")
_clusters: dict[str, Cluster] = {}
_chains: dict[Cluster, SmallChain] = {}
_open = contextlib.ExitStack()


# A worker takes the next test when it is free: those that mostly wait go first, many small ones fill the end.
_FIRST = ("faults/test_under_load.py", "days/", "faults/", "tui/", "screens/", "races/", "properties/")
_LAST = ("repositories/", "attacks/", "devices/", "config/", "domain/", "house/")


# A soak that has so many seconds begins no further test after them; each one left out says so (`-rs`).
_SOAK_ENDS = time.monotonic() + float(os.environ.get("SOAK_SECONDS", "inf"))

# A slow key is a pure function of PIN and salt, slow on purpose; a run asks for the same few all the time.
secrets._argon2id = functools.cache(secrets._argon2id)
keep_between_apps()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        sweep_killed_runs()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def turn(item: pytest.Item) -> int:
        path = item.path.as_posix()
        ranks = [*enumerate(_FIRST), *enumerate(_LAST, len(_FIRST) + 1)]
        return next((rank for rank, part in ranks if f"/tests/{part}" in path), len(_FIRST))

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """What was imported stays to the end: nobody has to look through it for garbage or copy it in a fork."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("soak") and time.monotonic() > _SOAK_ENDS:
        pytest.skip("not begun: the soak's time is up")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """A test that is a coroutine, as those that drive the app are, runs in a loop of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


def pytest_sessionfinish(session: pytest.Session) -> None:
    _open.close()
    for cluster in _clusters.values():
        cluster.leave()
    if not hasattr(session.config, "workerinput"):
        run = getattr(session.config, "_huiyuan_run", _RUN)
        for folder in (quick_folder(run), disk_folder(run)):
            remove_run(folder)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """The controller learns the name of the run that its workers are given."""
    config = node.config  # type: ignore[attr-defined]
    config._huiyuan_run = node.workerinput["testrunuid"][:12]  # type: ignore[attr-defined]


def _cluster_of(name: str) -> Cluster:
    if name not in _clusters:
        run = quick_folder(_RUN)
        cluster = Cluster(run / f"{name}-{_WORKER}", made=run, keep_limits=name == "attacks")
        cluster.start()
        _clusters[name] = cluster
    return _clusters[name]


@pytest.fixture(scope="module")
def cluster(request: pytest.FixtureRequest) -> Cluster:
    """The worker's cluster, or for tests/attacks theirs."""
    return _cluster_of("attacks" if "attacks" in request.path.parts else "main")


@pytest.fixture
def shop(cluster: Cluster) -> Iterator[Shop]:
    """A copy of the demo chain that this test may change."""
    with cluster.copy() as copy:
        yield copy


@pytest.fixture
def shared_shop(cluster: Cluster) -> Shop:
    """The demo chain for tests that only read; the server refuses a write."""
    return cluster.shared()


@pytest.fixture
def own_shop() -> Iterator[Shop]:
    """The demo chain on a server of its own with fsync on: for tests that kill backends and servers."""
    own = Cluster(disk_folder(_RUN) / uuid.uuid4().hex[:8], made=quick_folder(_RUN), fsync=True)
    own.start()
    try:
        yield own.whole()
    finally:
        own.leave()
        remove_run(own.root)


@pytest.fixture
def chain(cluster: Cluster) -> SmallChain:
    """The small chain, for proving the door: one database a worker, fresh seats and members for each test."""
    if cluster not in _chains:
        _chains[cluster] = open_chain(_open.enter_context(cluster.small()))
    _chains[cluster].begin_test()
    return _chains[cluster]


@pytest.fixture(scope="module")
def quiet_chain(cluster: Cluster) -> Iterator[SmallChain]:
    """The small chain for one module alone: where the cost grows with everything that was posted before."""
    with cluster.small() as shop:
        yield open_chain(shop)


@pytest.fixture
def seat(chain: SmallChain) -> Seat:
    """A till of the small chain with its shift open and the cashier signed in."""
    return chain.open_seat()


@pytest.fixture
def till(shop: Shop) -> Iterator[Callable[[int], Till]]:
    """`till(n)`: the n-th terminal of the demo chain (from 1), connected and with its staff signed in."""
    opened: list[Till] = []

    def open_one(seat: int) -> Till:
        opened.append(open_till(shop, seat))
        return opened[-1]

    yield open_one
    for one in opened:
        one.connection.close()


@pytest.fixture
def proxy(shop: Shop) -> Iterator[Proxy]:
    """A line to the database of `shop` that can be slow, be cut and be counted: `proxy.url(role)`."""
    with Proxy.before(shop) as line:
        yield line
