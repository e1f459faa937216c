"""What the shop took for a basket then, our till takes for it now: each trap, a sample, and a thousand."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.cluster import Shop
from tests.importers.chains import SMALL, SMALL_BY_HAND
from tests.importers.rung_up import (
    RetailTill,
    Rung,
    baskets_of,
    by_store_and_day,
    draw,
    is_hard,
    net_of,
)

SHARED = Path(os.environ.get("HUIYUAN_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data"
MISSING = f"no real baskets in {SHARED} (HUIYUAN_SHARED names the folder)"
SEED = 20_261_122


def ring_up(shop: Shop, folder: Path, most: int, *, hard: int) -> list[Rung]:
    """Draw, ring up, compare each basket with what the shop took for it."""
    everything = baskets_of(SHARED / "retail")
    drawn = draw(everything, most, hard=hard, seed=SEED)
    assert (len(drawn), sum(map(is_hard, drawn)) >= hard) == (most, True)
    till = RetailTill(shop, folder, drawn)
    with till.counter:
        rung = till.ring_up(drawn)
    assert [each.total_minor for each in rung if each.total_minor != net_of(each.basket)] == []
    assert len(rung) == most
    return rung


def tell(rung: list[Rung]) -> None:
    """How many baskets and lines there were, and how many lines needed an open price."""
    lines, open_lines = sum(len(each.basket.lines) for each in rung), sum(each.open_lines for each in rung)
    hard = sum(is_hard(each.basket) for each in rung)
    words = f"{len(rung)} baskets ({hard} hard), {lines} lines, {open_lines} of them at an open price"
    sys.stdout.write(f"\n{words}\n")


def test_every_trap_of_the_small_folder_is_rung_up_to_the_cent(shop: Shop, tmp_path: Path) -> None:
    baskets = baskets_of(SMALL)
    till = RetailTill(shop, tmp_path, baskets)
    with till.counter:
        rung = till.ring_up(baskets)

    found = by_store_and_day(rung)
    assert [(store, day, *found[store, day]) for store, day in sorted(found)] == SMALL_BY_HAND
    # 89,638 and 12,345 pieces of fuel, two quantities of nothing, 1.00 for three, 10 for four, 6.01 for six.
    assert sum(each.open_lines for each in rung) == 7
    assert shop.rows("select * from ledger.verify()") == []
    named = shop.rows("select name, sum(amount_minor)::int from ledger.adjustment group by 1 order by 1")
    assert named == [("coupon match", 50), ("loyalty", 50 + 50 + 30 + 10 + 299 + 1 + 101)]
    paid = shop.rows("select sum(amount)::int from ledger.posting where method = 'coupon'")
    assert paid == [(275 + 100 + 50,)]


@pytest.mark.skipif(not SHARED.is_dir(), reason=MISSING)
def test_a_sample_of_real_baskets_is_rung_up_to_the_cent(shop: Shop, tmp_path: Path) -> None:
    rung = ring_up(shop, tmp_path, 60, hard=20)
    tell(rung)
    assert sum(each.open_lines for each in rung) < sum(len(each.basket.lines) for each in rung) // 4
    assert shop.rows("select * from ledger.verify()") == []


@pytest.mark.soak
@pytest.mark.skipif(not SHARED.is_dir(), reason=MISSING)
def test_a_thousand_real_baskets_are_rung_up_to_the_cent(shop: Shop, tmp_path: Path) -> None:
    rung = ring_up(shop, tmp_path, 1_000, hard=250)
    tell(rung)
    taken = shop.rows("select sum(total_minor)::bigint from ledger.document where kind = 'sale'")
    assert taken == [(sum(net_of(each.basket) for each in rung),)]
    assert shop.rows("select * from ledger.verify()") == []
