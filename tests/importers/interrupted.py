"""A process that imports and is ended in the middle of a batch: `python -m tests.importers.interrupted`.

Arguments: URL, folder, the number of a signal, after how many documents. The signal comes while the next
batch is in the database, so that a statement is cut and not only the time between two; however fast the
machine is, no batch begins after it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from huiyuan.repositories.importers import history, retail
from huiyuan.tui import cli

BATCH = 40
SIGNAL_WITHIN_S = 30


def main(url: str, folder: str, number: int, after: int) -> int:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background inherits it ignored
    retail.BATCH_SALES = BATCH  # type: ignore[attr-defined]
    post = history.HistoryEntry.sales
    begun = 0
    struck = threading.Event()

    def strike() -> None:
        os.kill(os.getpid(), number)
        struck.set()

    def posted(entry: history.HistoryEntry, documents: history.Rows) -> history.Accepted:
        nonlocal begun
        if begun == after:
            threading.Timer(0.02, strike).start()
        elif begun > after:
            struck.wait(SIGNAL_WITHIN_S)
        begun += len(documents)
        return post(entry, documents)

    history.HistoryEntry.sales = posted  # type: ignore[assignment,method-assign]
    words = ["--database", url, "import", "retail", str(Path(folder)), "--timezone", "America/New_York"]
    return cli.main([*words, "--currency", "USD"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
