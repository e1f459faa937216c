"""`python -m tests.benchmarks [suite ...]`: ratios of one run, exact counts of round trips and bytes."""

from __future__ import annotations

import importlib
import sys
import uuid

from tests.cluster import Cluster
from tests.run_folders import disk_folder, remove_run

SUITES = (
    "door", "guards", "path", "line", "wire", "start", "catalogue", "history", "search", "pricing", "moment",
    "keys",
)  # fmt: skip


def main(names: list[str]) -> None:
    root = disk_folder(f"bench-{uuid.uuid4().hex[:6]}")
    cluster = Cluster(root / "main", made=root, fsync=True)
    cluster.start()
    try:
        for name in names or SUITES:
            importlib.import_module(f"tests.benchmarks.{name}").main(cluster)
    finally:
        cluster.leave()
        remove_run(root)


if __name__ == "__main__":
    main(sys.argv[1:])
