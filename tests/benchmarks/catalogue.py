"""The goods of a store with 200,000 products on the counter's disk: filling, start, memory, each lookup.

Beside each figure a yardstick of the same run: a bare primary key on the same disk, one question to the
server over a local socket, and the same goods loaded into memory.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg

from huiyuan.domain.model.barcode import check_digit
from huiyuan.repositories.connection import HeldSession, Line, LineSettings
from huiyuan.repositories.counter.catalogue import CounterCatalogue
from huiyuan.repositories.counter.catalogue_file import CATALOGUE_FILE
from huiyuan.repositories.search_words import product_tokens
from tests import facts
from tests.benchmarks.seats import HERE
from tests.cluster import Cluster, Shop
from tests.faults.proxy import Proxy

PRODUCTS: Final = 200_000
NAMES: Final = 20_000
TIMES: Final = 300
# A few words a line: maker, taste, kind and size make the name of a product.
WORDS: Final = (HERE / "goods_words.txt").read_text("utf-8").splitlines()
MAKERS, TASTES, GOODS, SIZES = (line.split() for line in WORDS)

# What one process of a counter pays: opened and looked up; or all of it loaded.
CHILD: Final = """
import json, sys, time
from datetime import UTC, datetime
from pathlib import Path
from huiyuan.repositories.counter.catalogue import CounterCatalogue
def memory_kb():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS"))
folder, loaded, codes, needles = sys.argv[1], sys.argv[2] == "loaded", *map(json.loads, sys.argv[3:5])
at, before, begin = datetime.now(UTC), memory_kb(), time.perf_counter()
if loaded:
    import sqlite3
    base = sqlite3.connect(Path(folder) / "catalogue.db")
    goods = {code: json.loads(row) for code, row in base.execute("select code, row from product")}
    assert goods[codes[0]]
else:
    goods = CounterCatalogue(Path(folder), lambda *_: None)
    assert goods.find(codes[0], at=at)
    assert goods.search(needles[0], at=at, most=20)
ready_ms = (time.perf_counter() - begin) * 1000
if not loaded:
    for code in codes:
        goods.find(code, at=at)
    for needle in needles:
        goods.search(needle, at=at, most=20)
print(json.dumps([ready_ms, (memory_kb() - before) / 1024]))
"""


def fill_server(shop: Shop, chooser: random.Random) -> None:
    """Products with a barcode and a price each; 20,000 names in ten sizes."""
    names = [chooser.choice(MAKERS) + chooser.choice(TASTES) + chooser.choice(GOODS) for _ in range(NAMES)]
    tokens = {name: product_tokens(name, "") for name in set(names)}
    with shop.connect() as owner, owner.cursor() as cursor:
        owner.execute(
            "create temporary table bench(n int, code text, name text, spec text, tokens text[], ean text)"
        )
        with cursor.copy("copy bench from stdin") as copy:
            for n in range(PRODUCTS):
                name, twelve = names[n % NAMES], f"69{n:010}"
                copy.write_row((n, f"B{n:06}", name, SIZES[n * len(SIZES) // PRODUCTS], tokens[name],
                                twelve + check_digit(twelve)))  # fmt: skip
        owner.execute(
            "insert into shop.product(code, name, spec, tax_code, tokens)"
            " select code, name, spec, 'vat13', tokens from bench order by n"
        )
        owner.execute(
            "insert into shop.barcode(code, product)"
            " select b.ean, p.id from bench b join shop.product p using (code)"
        )
        owner.execute(
            "insert into shop.price(product, amount_minor, valid_from)"
            " select p.id, 100 + b.n % 9900, now() - interval '1 day'"
            " from bench b join shop.product p using (code)"
        )
        for table in ("product", "barcode", "price", "product_change"):
            owner.execute(f"analyze shop.{table}".encode())


def spread(work: Callable[[int], object], times: int = TIMES) -> str:
    """Milliseconds: median and 95th of a hundred by the clock, and the 95th by this thread's processor time.

    The second tells what neighbours on the same cores do not.
    """
    taken, worked = [], []
    for n in range(times):
        begin, own = time.perf_counter(), time.thread_time()
        work(n)
        worked.append((time.thread_time() - own) * 1000)
        taken.append((time.perf_counter() - begin) * 1000)
    place = times * 95 // 100
    return f"{statistics.median(taken):8.2f} {sorted(taken)[place]:8.2f} {sorted(worked)[place]:8.2f}"


def in_child(folder: Path, how: str, codes: Sequence[str], needles: Sequence[str]) -> str:
    """Start and memory of a fresh process, median of five."""
    runs = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", CHILD, str(folder), how, json.dumps(codes), json.dumps(needles)],
                check=True, capture_output=True, text=True,
            ).stdout
        )
        for _ in range(5)
    ]  # fmt: skip
    ready, memory = (statistics.median(column) for column in zip(*runs, strict=True))
    return f"{ready:8.1f} ms to the first answers, {memory:6.1f} MB more memory"


def lookups(catalogue: CounterCatalogue, chooser: random.Random) -> None:
    """Median and p95 of every shape."""
    at = datetime.now(UTC)
    some = [chooser.randrange(PRODUCTS) for _ in range(TIMES)]
    eans = [f"69{n:010}" + check_digit(f"69{n:010}") for n in some]
    print(f"  {'milliseconds':34}   median      p95 processor's p95")
    print(f"  {'by barcode':34} {spread(lambda n: catalogue.find(eans[n], at=at))}")
    print(f"  {'by code':34} {spread(lambda n: catalogue.find(f'B{some[n]:06}', at=at))}")
    print(f"  {'a barcode nobody has':34} {spread(lambda n: catalogue.find('0' + eans[n][1:], at=at))}")
    for shape, needles in SHAPES.items():
        typed = needles * (TIMES // len(needles))
        spent = spread(lambda n: catalogue.search(typed[n], at=at, most=20), len(typed))  # noqa: B023
        counts = [len(catalogue.search(each, at=at, most=20)) for each in needles]
        print(f"  {shape + ': ' + ', '.join(needles[:2]):34} {spent}   {min(counts)} to {max(counts)} found")


SHAPES: Final = {
    "one letter": ("z", "h", "y", "s", "k"),
    "initials": ("nfsq", "hsnrm", "kqs", "cnn", "zs"),
    "pinyin": ("kuangquan", "kele", "niunai", "jiang", "tongyi"),
    "characters": ("矿泉水", "水", "牛奶", "红烧牛肉", "茅台"),
    "mixed": ("可乐 500", "niunai 1l", "nfsq250", "茶 2l", "b0000"),
    "two that seldom meet": ("茅台 牙膏", "y q", "y 500g", "z h", "x 茅台"),
    "nothing": ("xqzzk", "龘", "qqqq", "阿尔卑斯", "zzz"),
}


def main(cluster: Cluster) -> None:
    chooser = random.Random(7)
    with cluster.copy() as shop, Proxy.before(shop) as proxy, tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        fill_server(shop, chooser)
        line = Line(LineSettings(proxy.url(facts.TILL_1), deadline_s=60), HeldSession(), name="goods")
        catalogue = CounterCatalogue(folder, line.ask_by_login)
        begin = time.perf_counter()
        catalogue.refresh()
        taken, count = time.perf_counter() - begin, proxy.count
        size = (folder / CATALOGUE_FILE).stat().st_size / 1e6
        print(f"\nthe goods of a store on the counter: {catalogue.state().products:,} products")
        print(f"  filled in {taken:.0f} s, {count.round_trips} trips, {count.bytes_down / 1e6:.0f} MB down")
        print(f"  {size:.0f} MB on disk")
        proxy.reset_count()
        print(f"  {'refresh, nothing new':34} {spread(lambda _: catalogue.refresh(), 20)} ms, "
              f"{proxy.count.round_trips // 20} trip, {proxy.count.bytes_down // 20} B")  # fmt: skip
        with shop.connect() as owner:
            owner.execute("update shop.price set amount_minor = amount_minor + 1 where product % 200 = 0")
        proxy.reset_count()
        changed = spread(lambda _: catalogue.refresh(), 1)
        print(f"  {'refresh, 1,000 new prices':34} {changed}, {proxy.count.round_trips} trips")
        lookups(catalogue, chooser)
        yardsticks(shop, folder)
        catalogue.close()
        line.close()
        codes = [f"B{chooser.randrange(PRODUCTS):06}" for _ in range(2000)]
        needles = [each for typed in SHAPES.values() for each in typed]
        print(f"  {'a counter that opens it':34} {in_child(folder, 'opened', codes, needles)}")
        print(f"  {'one that would load it':34} {in_child(folder, 'loaded', codes, needles)}")


def yardsticks(shop: Shop, folder: Path) -> None:
    """A bare primary key on the same disk, and a question to the server beside it."""
    import sqlite3

    base = sqlite3.connect(folder / CATALOGUE_FILE)
    found = "select row from product where id = ?"
    taken = spread(lambda n: base.execute(found, (1 + n * 613,)).fetchone())
    print(f"  {'(a primary key of sqlite)':34} {taken}")
    base.close()
    with psycopg.connect(shop.url(facts.TILL_1), autocommit=True) as bare:
        asked = b"select api.find_product('B000001')"
        print(f"  {'(a question to a local server)':34} {spread(lambda _: bare.execute(asked).fetchone())}")
