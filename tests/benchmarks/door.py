"""What the door costs: api.post driven by pgbench at 1 and 8 clients, and without lots, chains, guards, generic plan.

Rounds are interleaved and ratios are medians over rounds, since the machine's speed swings; read the ratios.
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
from tests.benchmarks.seats import Seat, open_seat, prepare
from tests.cluster import Cluster, Shop

SECONDS = 4
ROUNDS = 3
_NOTHING = "language plpgsql set search_path = pg_catalog, pg_temp as $$ begin end $$"
VARIANTS: Final[dict[str, tuple[str, ...]]] = {
    "full": (),
    "without lots": (
        f"create or replace function ledger.take_from_lots(d ledger.draft, account bigint, amount bigint) returns void {_NOTHING}",
        f"create or replace function ledger.put_into_lots(d ledger.draft, p ledger.posting_row) returns void {_NOTHING}",
    ),
    "without chains": (
        "create or replace function ledger.entry_hash(prev bytea, account bigint, seq bigint, delta bigint, balance bigint, at timestamptz,"
        " document uuid, fingerprint bytea) returns bytea language plpgsql as $$ begin return '\\x00'; end $$",
        "create or replace function ledger.terminal_hash(prev bytea, chain_seq bigint, fingerprint bytea, result jsonb) returns bytea"
        " language plpgsql as $$ begin return '\\x00'; end $$",
        "create or replace function ledger.content_digest(document uuid) returns text language plpgsql as $$ begin return ''; end $$",
    ),
    "without guards": (f"create or replace function ledger.run_guards(d ledger.draft) returns void {_NOTHING}",),
    "without the generic plan": ("alter function api.post(uuid, int, jsonb) reset plan_cache_mode",),
}


def script(seat: Seat, chooser: random.Random) -> str:
    """A pgbench script that posts one basket again and again, each time with a new id and the next number."""
    seat.till.connection.close()
    token = seat.till.session["token"]
    body = json.dumps(seat.basket(chooser)).replace("'", "''")
    return (
        "\\if :n = 1\nselect api.resume(decode('" + token + "', 'hex'));\n\\endif\n\\set n :n + 1\n"
        "select api.post(gen_random_uuid(), 1, jsonb_build_object('number', :n, 'occurred_at', clock_timestamp()) || '" + body + "'::jsonb);\n"
    )


def run_pgbench(shop: Shop, scripts: list[tuple[str, str]], seconds: int) -> float:
    """Posts a second of one pgbench process a seat, all at the same time: a seat is a login role of its own."""
    program = find_binaries().folder / "pgbench"
    with tempfile.TemporaryDirectory() as folder:
        running = []
        for role, text in scripts:
            path = Path(folder) / f"{role}.sql"
            path.write_text(text)
            running.append(subprocess.Popen(
                [str(program), "-n", "-c", "1", "-T", str(seconds), "-D", "n=1", "-M", "prepared", "-f", str(path),
                 "-h", str(shop.server.run), "-U", role, shop.dbname],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        answers = [process.communicate() for process in running]
    rates = [re.search(r"tps = ([0-9.]+)", out) for out, _ in answers]
    assert all(rates), answers[0][1][-500:]
    return sum(float(rate.group(1)) for rate in rates if rate)


def measure(cluster: Cluster, clients: int, variants: list[str], seconds: int = SECONDS) -> dict[str, list[float]]:
    """Posts a second by variant, one figure a round; each run has a fresh copy and fresh seats."""
    rates: dict[str, list[float]] = {name: [] for name in variants}
    for round_number in range(ROUNDS):
        for name in variants:
            with cluster.copy() as shop:
                prepare(shop)
                seats = [open_seat(shop, n) for n in range(1, clients + 1)]
                with shop.connect() as owner:
                    for statement in VARIANTS[name]:
                        owner.execute(statement.encode())
                    owner.execute("analyze")
                chooser = random.Random(round_number)
                scripts = [(seat.till.role, script(seat, chooser)) for seat in seats]
                rates[name].append(run_pgbench(shop, scripts, seconds))
                posted = shop.rows("select count(*) from ledger.document where kind = 'sale'")[0][0]
                assert int(str(posted)) > 0, "nothing was posted: every answer was a refusal"
    return rates


def main(cluster: Cluster) -> None:
    for clients in (1, 8):
        rates = measure(cluster, clients, list(VARIANTS))
        full = rates["full"]
        print(f"\n{clients} client(s): sales posted a second (5 lines, 2 tenders, points), ratio to full = median of rounds")
        for name, found in rates.items():
            ratio = statistics.median(one / base for one, base in zip(found, full, strict=True))
            print(f"  {name:26} {statistics.median(found):8.0f}/s   {ratio:5.2f}")
