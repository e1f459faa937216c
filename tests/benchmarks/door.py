"""What the door costs: api.post by pgbench, then without lots, chains, guards, those of cards, generic plan.

1 and 8 clients. Rounds are interleaved, ratios are medians over rounds: the machine swings, read the ratios.
The last variant is the control: a bench that does not see the generic plan's gain sees nothing.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from huiyuan.repositories.embedded_binaries import find_binaries
from tests.benchmarks.seats import HERE, Seat, open_seat, prepare
from tests.cluster import Cluster, Shop

SECONDS: Final = 4
ROUNDS: Final = 3
VARIANTS: Final = (
    "full", "without_lots", "without_chains", "without_guards", "without_card_guards", "without_generic_plan"
)  # fmt: skip


def script(seat: Seat, chooser: random.Random) -> str:
    """A pgbench script that posts one basket again and again, each time with a new id and the next number."""
    seat.till.connection.close()
    token: str = seat.till.session["token"]
    body = json.dumps(seat.basket(chooser)).replace("'", "''")
    head = "jsonb_build_object('number', :n::bigint, 'occurred_at', clock_timestamp())"
    return (
        f"\\if :n = 1\nselect api.resume(decode('{token}', 'hex'));\n\\endif\n\\set n :n + 1\n"
        f"select api.post(gen_random_uuid(), 1, {head} || '{body}'::jsonb);\n"
    )


def run_pgbench(shop: Shop, scripts: list[tuple[str, str]], seconds: int) -> float:
    """Posts a second, one pgbench process a seat, all at the same time: a seat is a login role of its own."""
    program = str(find_binaries().folder / "pgbench")
    options = ["-n", "-c", "1", "-T", str(seconds), "-D", "n=1", "-M", "prepared", "-h", str(shop.server.run)]
    with tempfile.TemporaryDirectory() as folder:
        running = []
        for role, text in scripts:
            path = Path(folder) / f"{role}.sql"
            path.write_text(text)
            command = [program, *options, "-f", str(path), "-U", role, shop.dbname]
            running.append(
                subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            )
        answers = [process.communicate() for process in running]
    rates = [re.search(r"tps = ([0-9.]+)", out) for out, _ in answers]
    assert all(rates), answers[0][1][-500:]
    return sum(float(rate.group(1)) for rate in rates if rate)


def one_round(cluster: Cluster, clients: int, variant: str, seed: int) -> float:
    """Posts a second in a fresh copy with fresh seats."""
    with cluster.copy() as shop:
        prepare(shop)
        seats = [open_seat(shop, n) for n in range(1, clients + 1)]
        with shop.connect() as owner:
            if variant != "full":
                owner.execute((HERE / "variants" / f"{variant}.sql").read_bytes())
            owner.execute("analyze")
        chooser = random.Random(seed)
        rate = run_pgbench(shop, [(seat.till.role, script(seat, chooser)) for seat in seats], SECONDS)
        posted = shop.rows("select count(*) from ledger.document where kind = 'sale'")[0][0]
        assert int(str(posted)) > SECONDS, "hardly anything was posted: the answers were refusals"
        return rate


def main(cluster: Cluster) -> None:
    for clients in (1, 8):
        rates: dict[str, list[float]] = {name: [] for name in VARIANTS}
        for seed in range(ROUNDS):
            for name in VARIANTS:
                rates[name].append(one_round(cluster, clients, name, seed))
        print(
            f"\n{clients} client(s): sales a second (5 lines, 2 tenders, points); ratio: median over rounds"
        )
        for name, found in rates.items():
            ratio = statistics.median(one / base for one, base in zip(found, rates["full"], strict=True))
            print(f"  {name:22} {statistics.median(found):8.0f}/s   x {ratio:4.2f}")
