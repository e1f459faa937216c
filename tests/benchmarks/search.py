"""The one box among a million members (HUIYUAN_BENCH_MEMBERS=5000000 for more): p50 and p95 of every shape.

The members are made by SQL once and kept in the user's cache (HUIYUAN_BENCH_CACHE), until a table changes.
Every figure is of `api.find_member` over the local socket, tally included, with needles drawn from the
members themselves; beside it the yardsticks of the same run: `select 1`, and one row by its key. What the
server process was at work for is what holds on a machine that does other things too: at most 20 ms.
"""

from __future__ import annotations

import hashlib
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg
from platformdirs import user_cache_path

from huiyuan.domain.model.needle import Needle, needle
from huiyuan.repositories import demo
from huiyuan.repositories.embedded import EmbeddedServer
from huiyuan.repositories.finder import DatabaseFinder
from huiyuan.repositories.migrate import migrate
from huiyuan.repositories.search_words import member_tokens
from huiyuan.repositories.sql import TABLES, read
from huiyuan.repositories.surnames import GIVEN as POLYPHONIC, SINGLE
from tests.benchmarks.people import GIVEN, NEVER_MEET, SURNAMES
from tests.benchmarks.seats import HERE
from tests.cluster import Cluster, Connection, Shop
from tests.tills import open_till

MEMBERS: Final = int(os.environ.get("HUIYUAN_BENCH_MEMBERS", "1000000"))
REPEATS: Final = 60
WARM_UP: Final = 30
RARE: Final = "龘"
SETTINGS: Final = {"shared_buffers": "1GB", "max_connections": "50", "max_wal_size": "8GB"}


def cache() -> Path:
    """Where the members are kept; root's server runs as nobody, who reaches no folder of root's."""
    usual = Path("/var/cache/huiyuan-bench") if os.geteuid() == 0 else user_cache_path("huiyuan-bench")
    return Path(os.environ.get("HUIYUAN_BENCH_CACHE") or usual)


def token_of(kind: str, text: str) -> bytes:
    """What SQL can compute too; as long as an HMAC."""
    return hashlib.sha256(f"{kind}:{text}".encode()).digest()


def kept_database() -> tuple[EmbeddedServer, Shop]:
    """The server of the cache and in it the database of `MEMBERS` members, made if it is not there."""
    server = EmbeddedServer(cache(), settings=SETTINGS)
    server.start()
    made_of = "\0".join([*map(read, TABLES), (HERE / "members.sql").read_text(), repr(GIVEN), repr(SURNAMES)])
    name = f"bench_{MEMBERS}_{hashlib.sha256(made_of.encode()).hexdigest()[:10]}"
    shop = Shop(server, name)
    with psycopg.connect(server.admin_url("postgres"), autocommit=True) as admin:
        there = [row[0] for row in admin.execute("select datname from pg_database where datname ~ '^bench_'")]
        for old in there:
            if str(old).startswith(f"bench_{MEMBERS}_") and old != name:
                admin.execute(f'drop database "{old}"'.encode())
        if name not in there:
            _make(admin, shop)
    migrate(shop.admin_url)  # the functions as they are now
    return server, shop


def _make(admin: Connection, shop: Shop) -> None:
    begin = time.perf_counter()
    half = Shop(shop.server, f"half_{MEMBERS}")
    admin.execute(f'drop database if exists "{half.dbname}"'.encode())
    admin.execute(f'create database "{half.dbname}"'.encode())
    migrate(half.admin_url)
    demo.seed(half.admin_url)
    with half.connect() as owner:
        for table, weights in (("bench_surname", SURNAMES), ("bench_given", GIVEN)):
            owner.execute(
                f"create temp table {table}(char text, whole text, short text, prefixes text,"
                " from_weight float8, to_weight float8)".encode()
            )
            total, at = sum(weights.values()), 0
            for char, weight in weights.items():
                whole = reading(char)
                prefixes = "|".join(whole[:n] for n in range(1, len(whole) + 1))
                row = (char, whole, whole[0], prefixes, at / total, (at + weight) / total)
                owner.execute(f"insert into {table} values (%s, %s, %s, %s, %s, %s)".encode(), row)
                at += weight
        with_indexes = _without_indexes(owner)
        owner.execute((HERE / "members.sql").read_text().replace("{members}", str(MEMBERS)).encode())
        loaded = time.perf_counter()
        for index in with_indexes:
            owner.execute("set maintenance_work_mem = '1GB'")
            owner.execute(index.encode())
        for table in ("member_search", "member", "card", "card_token", "wallet"):
            owner.execute(f"vacuum (analyze) shop.{table}".encode())
    admin.execute(f'alter database "{half.dbname}" rename to "{shop.dbname}"'.encode())
    print(
        f"{MEMBERS:,} members made in {loaded - begin:.0f} s, indexed in {time.perf_counter() - loaded:.0f} s"
    )


def _without_indexes(owner: Connection) -> list[str]:
    """Drop the plain indexes of the search table, and say how they are made again."""
    rows = owner.execute(
        "select indexname, indexdef from pg_indexes where schemaname = 'shop' and tablename = 'member_search'"
        " and indexname <> 'member_search_pkey'"
    ).fetchall()
    for name, _ in rows:
        owner.execute(f"drop index shop.{name}".encode())
    return [str(definition) for _, definition in rows]


def reading(char: str) -> str:
    """The pinyin of one character."""
    return max((t for t in member_tokens(char) if t.isascii()), key=len)


class Needles:
    """What people type, drawn from members that are there."""

    def __init__(self, owner: Connection) -> None:
        self.chooser = random.Random(7)
        rows = owner.execute(
            "select m.name, m.number from shop.member m where m.id = any (%s)",
            ([1_000_000 + self.chooser.randrange(1, MEMBERS) for _ in range(400)],),
        ).fetchall()
        self.people = [(str(name), str(number)) for name, number in rows if len(str(name)) == 3]

    def check_tokens(self, owner: Connection) -> None:
        """The tokens that SQL made are those that the app makes, or the bench measures something else."""
        for name, number in self.people[:100]:
            row = owner.execute(
                "select s.tokens from shop.member_search s join shop.member m on m.id = s.member"
                " where m.number = %s",
                (number,),
            ).fetchone()
            assert row is not None
            own, made = set(member_tokens(name)), set(row[0])  # type: ignore[call-overload]
            assert own >= made, f"{name}: {made - own} is no token"
            one_reading = name[0] not in SINGLE and not set(name[1:]) & set(POLYPHONIC)
            assert own == made or not one_reading, f"{name}: {own - made} is missing"

    def phone_of(self, number: str) -> str:
        """Telephone numbers are not kept in clear, not even here: one that nobody has."""
        return f"199{int(number[1:]):08}"

    def shapes(self) -> dict[str, Callable[[], str]]:
        """Name of the shape -> a needle of it."""

        def who() -> tuple[str, list[str], str]:
            name, number = self.chooser.choice(self.people)
            return name, [reading(char) for char in name], number

        def spelled(make: Callable[[list[str]], str]) -> Callable[[], str]:
            return lambda: make(who()[1])

        def digits() -> str:
            return f"{self.chooser.randrange(10_000):04}"

        return {
            "z, any letter": lambda: self.chooser.choice("abcdefghjklmnpqrstwxyz"),
            "zs, two initials": spelled(lambda s: s[0][0] + s[1][0]),
            "zsf, three initials": spelled(lambda s: "".join(each[0] for each in s)),
            "zhang, a surname": spelled(lambda s: s[0]),
            "zhangs": spelled(lambda s: s[0] + s[1][0]),
            "zhang san": spelled(lambda s: s[0] + " " + s[1]),
            "zhangsanfeng": spelled("".join),
            "王, the commonest surname": lambda: "王",
            "张, any surname": lambda: who()[0][0],
            "丰, any given character": lambda: who()[0][2],
            "三丰, a given name": lambda: who()[0][1:],
            "张三丰": lambda: who()[0],
            "8823, last four": digits,
            "z8823": lambda: who()[1][0][0] + digits(),
            "zs8823": lambda: "".join(each[0] for each in who()[1][:2]) + digits(),
            "张8823": lambda: who()[0][0] + digits(),
            "a whole phone": lambda: self.phone_of(who()[2]),
            "a card": lambda: f"BC{self.chooser.randrange(1, MEMBERS) // 5 * 5:010}",
            "a member number": lambda: who()[2],
            "two common characters that never meet": lambda: " ".join(NEVER_MEET),
            "two common words that never meet": lambda: "liu chen",
            "miss: a rare character": lambda: RARE,
            "miss: letters": lambda: "".join(self.chooser.choices("iuv", k=4)),
            "miss: a name": lambda: self.chooser.choice("王李张刘") + RARE,
        }


def measured(work: Callable[[], object], backend: Connection) -> str:
    """p50 and p95 of `work`: as waited for, and as the server process itself was at work."""
    waited, worked = [], []
    for _ in range(REPEATS):
        begin, busy = time.perf_counter(), busy_ms(backend)
        work()
        waited.append((time.perf_counter() - begin) * 1000)
        worked.append(busy_ms(backend) - busy)
    return f"waited {spread(waited)}  at work {spread(worked)} ms"


def spread(taken: list[float]) -> str:
    """p50 and p95."""
    return f"p50 {statistics.median(taken):6.2f} p95 {percentile_95(taken):6.2f}"


def percentile_95(taken: list[float]) -> float:
    """The value that nineteen of twenty do not pass."""
    return statistics.quantiles(taken, n=20)[18]


def busy_ms(backend: Connection) -> float:
    """How long the server process of a connection has been on a processor; other work does not count."""
    path = Path(f"/proc/{backend.info.backend_pid}/schedstat")
    return int(path.read_text().split()[0]) / 1_000_000


def main(_cluster: Cluster | None = None) -> None:
    server, shop = kept_database()
    try:
        with shop.connect() as owner:
            needles = Needles(owner)
            needles.check_tokens(owner)
            sizes = owner.execute(
                "select pg_size_pretty(pg_table_size('shop.member_search')),"
                " pg_size_pretty(pg_relation_size('shop.member_search_tokens'))"
            ).fetchone()
            print(
                f"\n{MEMBERS:,} members, search table and its GIN index: {sizes}; {REPEATS} needles a shape"
            )
            till = open_till(shop, 1)
            show(owner, till.connection, needles)
            till.connection.close()
    finally:
        server.leave()


def show(owner: Connection, line: Connection, needles: Needles) -> None:
    """One row a shape."""

    def ask(statement: str, parameters: Sequence[object]) -> Any:
        row = line.execute(statement.encode(), parameters, prepare=False).fetchone()
        assert row is not None
        return row[0]

    one = DatabaseFinder(ask, token_of=token_of)
    for name, work in (
        ("yardstick: select 1", lambda: owner.execute("select 1").fetchone()),
        (
            "yardstick: one row by its key",
            lambda: owner.execute(
                "select name from shop.member where id = %s",
                (1_000_000 + needles.chooser.randrange(1, MEMBERS),),
            ).fetchone(),
        ),
    ):
        print(f"  {name:40} {measured(work, owner)}")
    for name, make in needles.shapes().items():
        hits: list[int] = []
        prepared = [needle(make()) for _ in range(REPEATS)]
        for _ in range(
            WARM_UP
        ):  # a server that has just started reads from the disk what a shop's has at hand
            one.find(needle(make()))
        figures = measured(partial(_next_hits, one, iter(prepared), hits), line)
        print(f"  {name:40} {figures}   rows {statistics.mean(hits):5.1f}")


def _next_hits(finder: DatabaseFinder, needles: Iterator[Needle], hits: list[int]) -> None:
    hits.append(len(finder.find(next(needles)).members))


if __name__ == "__main__":
    main()
