"""Where the servers of a test run lie: in memory where the machine allows it, never for longer than the run.

A database is some six hundred small files, so making one costs ten times as much on a disk. Folders are
short (a socket path is) and open to every account (under root the server is `nobody`). What a killed run left
behind is swept up by the next.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from huiyuan.repositories.embedded import EmbeddedServer

PREFIX = "hy-"
STALE_AFTER_S = 900
MEMORY = Path("/dev/shm")
MEMORY_FREE_MIN = 2 * 10**9


def disk_folder(run: str) -> Path:
    """The folder of the run named `run` for servers whose subject is what a disk holds."""
    return Path(tempfile.gettempdir()) / f"{PREFIX}{run}"


def quick_folder(run: str) -> Path:
    """The folder of the run for all other servers."""
    return _quick() / f"{PREFIX}{run}"


@contextlib.contextmanager
def passing_folder(name: str) -> Iterator[Path]:
    """A short folder that every account may pass; servers below it are stopped at the end."""
    path = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{name}-", dir=_quick()))
    path.chmod(0o755)
    try:
        yield path
    finally:
        remove_run(path)


def remove_run(folder: Path) -> None:
    """Stop what still runs below `folder` and remove it."""
    for root in (path.parent for path in folder.glob("*/users.lock")):
        server = EmbeddedServer(root)
        if server.server_pid() is not None:
            server.start()
            server.leave()
    shutil.rmtree(folder, ignore_errors=True)


def sweep_killed_runs() -> None:
    """Remove folders of runs that were killed: old, and nobody holds the lock of a server there."""
    for base in {_quick(), Path(tempfile.gettempdir())}:
        for folder in base.glob(f"{PREFIX}*"):
            with contextlib.suppress(OSError):
                old = time.time() - folder.stat().st_mtime > STALE_AFTER_S
                if old and not any(_held(lock) for lock in folder.glob("*/users.lock")):
                    remove_run(folder)


@functools.cache
def _quick() -> Path:
    """Memory that acts as a disk, with room, from which programs may be run; otherwise the disk."""
    with contextlib.suppress(OSError):
        there = os.statvfs(MEMORY)
        roomy = there.f_bavail * there.f_frsize >= MEMORY_FREE_MIN
        if roomy and not there.f_flag & os.ST_NOEXEC and os.access(MEMORY, os.W_OK | os.X_OK):
            return MEMORY
    return Path(tempfile.gettempdir())


def _held(lock: Path) -> bool:
    with lock.open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
