"""A sqlite file of this counter: how each of them is opened.

Always true: it is made for its owner alone and never through a link.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Literal


def open_file(
    path: Path | None,
    tables: str,
    *,
    journal: Literal["delete", "wal"],
    sync: Literal["normal", "full", "extra"],
    timeout_s: float = 0,
) -> sqlite3.Connection:
    """Open it and make its `tables` where they are missing; None: in memory.

    Args:
        sync: `full` syncs at every commit. `extra` with the journal `delete` also syncs the folder after the
            rollback journal is gone: with `full` alone, power that fails right after a commit can bring that
            journal back, and with it the time before the commit. `normal` may lose the last commits.
        timeout_s: For a lock of somebody else's; a seat has one app, so that most files wait for nobody.

    Raises:
        OSError: The file cannot be made.
        sqlite3.Error: It is locked or damaged.
    """
    if path is not None:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    base = sqlite3.connect(
        path or ":memory:", isolation_level=None, check_same_thread=False, timeout=timeout_s
    )
    base.execute(f"pragma journal_mode = {journal}")
    base.execute(f"pragma synchronous = {sync}")
    base.executescript(tables)
    return base
