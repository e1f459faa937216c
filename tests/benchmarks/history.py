"""Past sales a second through the history entry, beside COPY of the same lines into a plain table.

Rounds are interleaved and the ratio is the median over rounds. COPY is what the server and the disk can do
when nobody asks anything; the entry asks once-only and conservation, writes postings and discounts, and
chains.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from huiyuan.repositories.importers.history import BATCH_SALES, HistoryEntry, batches, history_entry
from huiyuan.repositories.importers.retail import past_document
from huiyuan.repositories.importers.retail_rows import Basket, BasketLine
from tests import facts
from tests.cluster import Cluster, Connection, Shop

DOCUMENTS: Final = 2_000
LINES: Final = 9
ROUNDS: Final = 3
PRODUCTS: Final = 30
KEYS: Final = ("n", "product", "qty_milli", "price_minor", "value_minor", "total_minor")


def documents(seed: int) -> list[dict[str, Any]]:
    """Baskets as the retail folder has them: nine lines, a discount on every third."""
    chance = random.Random(seed)
    products = {str(n): n for n in range(1, PRODUCTS + 1)}
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    found = []
    for number in range(1, DOCUMENTS + 1):
        lines = []
        for _ in range(LINES):
            quantity, value = chance.randint(1, 3), chance.randint(50, 2_000)
            off = value // 10 if chance.randint(1, 3) == 1 else 0
            lines.append(BasketLine(str(chance.randint(1, PRODUCTS)), quantity, value - off, off, 0, 0))
        at = begin + timedelta(minutes=number)
        basket = Basket(1_000_000 + number, "S01", "1", at, number, lines)
        found.append(past_document(basket, {"S01": facts.STORE_1}, products, {"1": 1}))
    return found


def through_the_entry(entry: HistoryEntry, sales: Sequence[dict[str, Any]]) -> float:
    begin = time.perf_counter()
    posted = sum(entry.sales(batch).posted for batch in batches(sales, BATCH_SALES))
    assert posted == len(sales)
    return time.perf_counter() - begin


def by_copy(owner: Connection, sales: Sequence[dict[str, Any]]) -> float:
    owner.execute(
        "create table if not exists public.plain_line(document uuid, store int,"
        " n int, product int, qty_milli bigint, price_minor bigint, value_minor bigint, total_minor bigint)"
    )
    begin = time.perf_counter()
    with owner.cursor().copy("copy public.plain_line from stdin") as copy:
        for sale in sales:
            for line in sale["body"]["lines"]:
                copy.write_row((sale["id"], sale["body"]["store"], *(line[key] for key in KEYS)))
    return time.perf_counter() - begin


def one_round(shop: Shop, sales: Sequence[dict[str, Any]]) -> tuple[float, float, float]:
    """Seconds for new documents, for the same again, and for COPY."""
    with shop.connect() as owner, history_entry(shop.admin_url) as entry:
        new = through_the_entry(entry, sales)
        begin = time.perf_counter()
        known = sum(entry.sales(batch).known for batch in batches(sales, BATCH_SALES))
        again = time.perf_counter() - begin
        assert known == len(sales)
        return new, again, by_copy(owner, sales)


def main(cluster: Cluster) -> None:
    rounds = []
    for seed in range(ROUNDS):
        with cluster.copy() as shop:
            rounds.append(one_round(shop, documents(seed)))
            assert shop.rows("select * from ledger.verify()") == []
    lines = DOCUMENTS * LINES
    new, again, copied = (statistics.median(lines / each[place] for each in rounds) for place in range(3))
    ratio = statistics.median(each[2] / each[0] for each in rounds)
    print(
        f"\nPast sales: lines a second ({DOCUMENTS} documents of {LINES} lines, {BATCH_SALES} a transaction)"
    )
    print(f"  through the history entry     {new:9,.0f}   x {ratio:.3f} of COPY")
    print(f"  the same again (nothing new)  {again:9,.0f}")
    print(f"  COPY into a plain table       {copied:9,.0f}")
