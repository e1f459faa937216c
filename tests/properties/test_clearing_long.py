"""The three computations of `test_clearing` over very many operations, a hundred a statement."""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Final

import pytest

from huiyuan.domain.model.clearing import nets
from tests.properties.bulk_walk import BulkWalk, allow_bulk
from tests.properties.test_clearing import agree, from_entries, from_takes
from tests.small_chain import NO_PIN, SmallChain

STEPS: Final = int(os.environ.get("HUIYUAN_CLEARING_STEPS", "4000"))
"""`make soak TESTS=tests/properties/test_clearing_long.py` with 100000 here is the whole of it."""


class Watch:
    """Looks on from a connection of its own while tills post: what it sees in one snapshot has to agree."""

    def __init__(self, chain: SmallChain, wallets: list[int]) -> None:
        self.chain = SmallChain(chain.shop, chain.shop.connect())
        self.wallets = wallets
        self.instants = 0
        self.over = threading.Event()

    def run(self) -> None:
        """One instant after the other; a look costs more the more there is, so it rests longer then."""
        while not self.over.is_set():
            began = time.monotonic()
            self.look()
            self.over.wait(5 * (time.monotonic() - began))

    def look(self) -> None:
        """Takes of lots against entries of accounts, and the sum over all pairs, of one instant."""
        self.chain.run("begin isolation level repeatable read read only")
        net = nets(from_takes(self.chain, self.wallets))
        entries = from_entries(self.chain, self.wallets)
        self.chain.run("commit")
        assert {store: amount for store, amount in net.items() if amount} == entries
        assert sum(entries.values()) == 0
        self.instants += 1


@dataclass
class Walked:
    """How much was booked and refused, and at how many instants in between it was looked at."""

    booked: int
    refused: int
    instants: int


def walk(chain: SmallChain, steps: int, seed: int, batches: int = 4) -> Walked:
    """Two walks side by side, each with tills and cards of its own, and somebody who looks on."""
    allow_bulk(chain)
    with chain.policy(**NO_PIN):
        walks = [BulkWalk(chain, seed + n, steps // 2) for n in range(2)]
        watch = Watch(chain, [wallet for each in walks for wallet in each.wallets])
        for part in range(1, batches + 1):
            watch.over.clear()
            with ThreadPoolExecutor(3) as pool:
                looking = pool.submit(watch.run)
                upto = steps // 2 * part // batches
                posting = [pool.submit(each.run, upto) for each in walks]
                wait(posting)
                watch.over.set()
                for done in (*posting, looking):
                    done.result()
            for each in walks:
                assert agree(chain, each.wallets), "the walk crossed stores"
    return Walked(sum(each.booked for each in walks), sum(each.refused for each in walks), watch.instants)


def test_what_is_posted_in_bulk_is_what_is_posted(quiet_chain: SmallChain) -> None:
    walked = walk(quiet_chain, 400, 7, batches=1)

    assert walked.booked > 200
    assert walked.refused > 10, "the walk also tries what does not go"
    assert walked.instants
    assert quiet_chain.rows("select * from ledger.verify()") == []


@pytest.mark.soak
def test_three_computations_agree_over_very_many(quiet_chain: SmallChain) -> None:
    walked = walk(quiet_chain, STEPS, random.randrange(10**9))

    # A worker of the runner has its standard output for itself; what it says beside is seen.
    print(f"clearing: {walked}, three computations agree to the fen", file=sys.stderr)  # noqa: T201
    assert quiet_chain.rows("select * from ledger.verify()") == []
