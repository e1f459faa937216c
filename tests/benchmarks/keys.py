"""The table of the commonest tasks: keys, typed figures, bytes to an 80x24 terminal, round trips."""

from __future__ import annotations

import asyncio

from tests.cluster import Cluster
from tests.keystrokes import measured, table


def main(cluster: Cluster) -> None:
    del cluster  # the shop is the one in memory: what is counted does not depend on a server
    print("\n".join(table(asyncio.run(measured()))))
