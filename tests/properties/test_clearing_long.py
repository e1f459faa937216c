"""The three computations of `test_clearing` over very many operations, a hundred a statement."""

from __future__ import annotations

import os
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest

from tests.properties.bulk_walk import BulkWalk, allow_bulk
from tests.properties.test_clearing import agree
from tests.small_chain import NO_PIN, SmallChain

STEPS: Final = int(os.environ.get("HUIYUAN_CLEARING_STEPS", "4000"))
"""`make soak TESTS=tests/properties/test_clearing_long.py` with 100000 here is the whole of it."""


def walk(chain: SmallChain, steps: int, seed: int, batches: int = 4) -> tuple[int, int]:
    """Two walks side by side, each with tills and cards of its own; how much was booked, and refused."""
    allow_bulk(chain)
    with chain.policy(**NO_PIN):
        walks = [BulkWalk(chain, seed + n, steps // 2) for n in range(2)]
        for part in range(1, batches + 1):
            with ThreadPoolExecutor(2) as pool:
                upto = steps // 2 * part // batches
                for done in [pool.submit(each.run, upto) for each in walks]:
                    done.result()
            for each in walks:
                assert agree(chain, each.wallets), "the walk crossed stores"
    return sum(each.booked for each in walks), sum(each.refused for each in walks)


def test_what_is_posted_in_bulk_is_what_is_posted(quiet_chain: SmallChain) -> None:
    booked, refused = walk(quiet_chain, 400, 7, batches=1)

    assert booked > 200
    assert refused > 10, "the walk also tries what does not go"
    assert quiet_chain.rows("select * from ledger.verify()") == []


@pytest.mark.soak
def test_three_computations_agree_over_very_many(quiet_chain: SmallChain) -> None:
    booked, refused = walk(quiet_chain, STEPS, random.randrange(10**9))

    print(f"clearing: {booked} booked, {refused} refused, three computations agree to the fen")  # noqa: T201
    assert quiet_chain.rows("select * from ledger.verify()") == []
