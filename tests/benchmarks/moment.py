"""A wallet of ten thousand entries as it stood at a moment: one question, at moments over its whole life."""

from __future__ import annotations

import random
import statistics
import time
from typing import Final

from tests.cluster import Cluster
from tests.small_chain import open_chain

ENTRIES: Final = 10_000
LOTS: Final = 400
MOMENTS: Final = 100

# Documents, entries and lot moves as the door would have written them over a year, put in at once.
_LIFE: Final = """
with o as (select d.* from ledger.document d where d.kind = 'top_up' order by d.id desc limit 1),
     a as (select x.id from ledger.account x
            where x.wallet = (select wallet from o) and x.kind = 'principal'),
     n as (select g, gen_random_uuid() as id, now() - make_interval(mins => 50 * (%(entries)s - g)) as at
             from generate_series(1, %(entries)s) g),
     d as (insert into ledger.document(id, kind, shape, store, terminal, number, chain_seq, wallet,
             total_minor, occurred_at, posted_at, business_date, fingerprint, body, result, head)
           select n.id, 'top_up', 1, o.store, o.terminal, 1000000 + g, 1000000 + g, o.wallet, 1, at, at,
                  at::date, '', '{}', '{}', '' from n, o returning id),
     l as (insert into ledger.lot(account, kind, document, store, amount, remaining)
           select a.id, 'principal', n.id, 2, 100, 100 from n, a where g <= %(lots)s returning id),
     k as (select id, row_number() over () as place from l),
     m as (insert into ledger.lot_move(document, n, lot, account, delta)
           select n.id, 1, k.id, a.id, 1 from n, a, k where k.place = g %% %(lots)s + 1)
insert into ledger.entry(account, seq, document, delta, balance, posted_at, business_date, hash)
select a.id, 1000000 + g, n.id, 1, g, at, at::date, '' from n, a
"""


def main(cluster: Cluster) -> None:
    """Print the median and the slowest of a hundred moments."""
    with cluster.small() as shop:
        chain = open_chain(shop)
        chain.begin_test()
        card = chain.card(chain.open_seat(), principal=100)
        chain.run(
            _LIFE.replace("%(entries)s", str(ENTRIES)).replace("%(lots)s", str(LOTS)).replace("%%", "%")
        )
        chain.run("analyze")
        chain.run(
            "insert into sec.permission(duty, permission) values ('manager', 'members')"
            " on conflict do nothing"
        )
        desk = chain.seat(staff=chain.managers[0])
        drawn, spent = random.Random(5), []
        for _ in range(MOMENTS):
            days = drawn.random() * ENTRIES * 50 / 1440
            begin = time.perf_counter()
            answer = desk.call(
                "select api.as_of(%s::bigint, now() - make_interval(secs => %s))", card.wallet, days * 86_400
            )
            spent.append((time.perf_counter() - begin) * 1000)
            assert "refused" not in answer, answer
        print(
            f"moment: {ENTRIES} entries, {MOMENTS} moments: median {statistics.median(spent):.0f} ms,"
            f" slowest {max(spent):.0f} ms"
        )
