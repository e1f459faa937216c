"""Two counters sell while counters, backends and the server are killed: nothing acknowledged is missing.

The figures are printed; `unknown but committed` is how many customers a client would have charged twice that
takes "no answer" for "did not happen".
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from huiyuan.repositories.verify import verify
from tests.cluster import Shop
from tests.faults.driver import Tally, torment, two_counters

SEED = int(os.environ.get("FAULT_SEED", "20260701"))


def judge(shop: Shop, tally: Tally, *, least_reads: int) -> None:
    os.write(2, f"\nseed {SEED}: {tally.told()}\n".encode())
    assert tally.missing == set()
    assert tally.strangers == set()
    assert tally.doubled == 0
    assert tally.unsettled == 0
    assert tally.bad_sums == 0
    assert tally.reads > least_reads
    assert tally.acknowledged > 0
    assert verify(shop.admin_url) == ()


def test_sums_are_right_and_nothing_is_lost_or_doubled_while_everything_is_killed(
    own_shop: Shop, tmp_path: Path
) -> None:
    with two_counters(own_shop, tmp_path, think_s=0.15) as seats:
        tally = torment(own_shop, seats, seconds=60, restarts=6, seed=SEED)
    judge(own_shop, tally, least_reads=10)
    assert tally.servers_restarted == 6
    assert tally.unknown > 0


@pytest.mark.soak
def test_the_same_for_minutes(own_shop: Shop, tmp_path: Path) -> None:
    with two_counters(own_shop, tmp_path, think_s=0) as seats:
        tally = torment(own_shop, seats, seconds=240, restarts=12, seed=SEED + 1)
    judge(own_shop, tally, least_reads=120)
    assert tally.unknown_but_committed > 0
