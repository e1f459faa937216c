"""The fault driver: counters as processes that sell, top up and are killed, over a server that is killed too.

Each counter works through the product's own door, journal and sign-in. What it does it also tells a log of
the test's: `meant` and `written` around its journal's write, `checking` when no answer came, `answered` or
`replayed` (it had been committed before), `refused`, `parked`. In the end logs and ledger are compared.

Between two deeds of the driver a counter thinks as long as a person would; just before each deed all of them
rush, so that whatever is killed is killed in the middle of something.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg

from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import OutcomeUnknown, Refused, Unreachable
from huiyuan.domain.model.posted import Posted
from huiyuan.repositories.counter.clock import CounterClock
from huiyuan.repositories.counter.journal import CounterJournal
from huiyuan.repositories.embedded import EmbeddedServer
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter

RUSH_S = 0.12
HOT: tuple[facts.DemoCard, ...] = (facts.PLAIN_CARD, facts.POOR_CARD, facts.BEARER_CARD)

# In one statement, so that it sees one moment: accounts against entries, against lots, and against postings.
SUMS = """
with moved as (
  select kind, sum(amount)::bigint as amount from (
    select p.debit as kind, case k.normal when 'debit' then p.amount else -p.amount end as amount
      from ledger.posting p join ledger.account_kind k on k.kind = p.debit
    union all
    select p.credit, case k.normal when 'credit' then p.amount else -p.amount end
      from ledger.posting p join ledger.account_kind k on k.kind = p.credit) x group by kind)
select (select count(*) from ledger.account a
         where a.balance <> coalesce((select sum(e.delta) from ledger.entry e where e.account = a.id), 0)
            or a.balance < 0)
     + (select count(*) from ledger.account a join ledger.account_kind k on k.kind = a.kind and k.lots
         where a.balance <> coalesce((select sum(l.remaining) from ledger.lot l where l.account = a.id), 0))
     + (select count(*) from (select a.kind, sum(a.balance) as held from ledger.account a group by a.kind) h
          left join moved m on m.kind = h.kind where h.held <> coalesce(m.amount, 0))
     + (select count(*) from (select from ledger.entry group by document, account having count(*) > 1) d)
"""
DOUBLED = (
    "select count(*)::int from (select from ledger.entry group by document, account having count(*) > 1) d"
)


@dataclass(slots=True)
class Tally:
    """What a run came to. Documents are counted by id."""

    seconds: int = 0
    counters_killed: int = 0
    servers_restarted: int = 0
    backends_ended: int = 0
    reads: int = 0
    bad_sums: int = 0
    written: int = 0
    acknowledged: int = 0
    refused: int = 0
    parked: int = 0
    unknown: int = 0
    unknown_but_committed: int = 0
    missing: set[UUID] = field(default_factory=set)
    strangers: set[UUID] = field(default_factory=set)
    doubled: int = 0
    unsettled: int = 0

    def told(self) -> str:
        """One line for the report."""
        return (
            f"{self.seconds} s, {self.counters_killed} counters killed,"
            f" {self.servers_restarted} server restarts, {self.backends_ended} backends ended:"
            f" {self.written} written, {self.acknowledged} acknowledged,"
            f" missing {len(self.missing)}, doubled {self.doubled}, refused {self.refused},"
            f" parked {self.parked}, unknown {self.unknown}, of them committed {self.unknown_but_committed},"
            f" bad sums {self.bad_sums}/{self.reads} reads"
        )


class ToldJournal(CounterJournal):
    """The product's journal, which also tells the test's log what it has on disk."""

    log: Path

    def write(self, document: Document) -> None:
        self._tell("meant", document.id)
        super().write(document)
        self._tell("written", document.id)

    def answer(self, posted: Posted) -> None:
        super().answer(posted)
        self._tell("replayed" if posted.replayed else "answered", posted.id)

    def refuse(self, document: UUID, refused: Refused) -> None:
        super().refuse(document, refused)
        self._tell("refused", document)

    def park(self, document: UUID, refused: Refused) -> None:
        super().park(document, refused)
        self._tell(f"parked:{refused.code}", document)

    def _tell(self, what: str, document: UUID) -> None:
        with self.log.open("ab", buffering=0) as log:
            log.write(f"{what} {document}\n".encode())


class Pace:
    """How long the counters think, in memory that they share with the driver."""

    def __init__(self, think_s: float) -> None:
        self._think_s = think_s
        self._rushing = mmap.mmap(-1, 1)

    def rush(self, on: bool) -> None:
        """Let all counters work without a pause, or no longer."""
        self._rushing[0] = on

    def think(self) -> None:
        """At a counter: the time between two documents."""
        until = time.monotonic() + self._think_s
        while not self._rushing[0] and time.monotonic() < until:
            time.sleep(0.01)


@dataclass(slots=True)
class Seat:
    """One counter of the run: its role, its person, its folder with the log."""

    role: str
    who: facts.DemoStaff
    folder: Path
    pace: Pace
    process: int = 0

    @property
    def log(self) -> Path:
        return self.folder / "told.log"

    def lines(self) -> list[tuple[str, UUID]]:
        """What the counter told, in order."""
        if not self.log.exists():
            return []
        pairs = (line.split(" ") for line in self.log.read_text().splitlines())
        return [(what, UUID(document)) for what, document in pairs]

    def open(self, shop: Shop) -> Counter:
        """The product's counter on this seat."""

        def journal(folder: Path, clock: CounterClock) -> CounterJournal:
            made = ToldJournal(folder, now=clock.now)
            made.log = self.log
            return made

        counter = open_counter(shop.url(self.role), self.folder, deadline_s=5, patience_s=60, journal=journal)
        counter.door.watch(self._checking)
        return counter

    def _checking(self, document: UUID, state: str) -> None:
        if state == "checking":
            with self.log.open("ab", buffering=0) as log:
                log.write(f"checking {document}\n".encode())

    def start(self, shop: Shop, seed: int) -> None:
        """Work in a process of its own until it is killed."""
        self.process = os.fork()
        if self.process == 0:  # pragma: no cover  (the child is killed)
            with contextlib.suppress(BaseException):
                self.work(shop, random.Random(seed))
            os._exit(1)

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)

    def work(self, shop: Shop, chance: random.Random) -> None:
        """Sign in and sell; after whatever goes wrong, again."""
        counter = self.open(shop)
        while True:
            try:
                counter.start(self.who)
                if counter.shift is None:
                    counter.open_shift()
                while True:
                    self.one_document(counter, chance)
                    self.pace.think()
            except (Unreachable, OutcomeUnknown, Refused):
                time.sleep(0.1)

    def one_document(self, counter: Counter, chance: random.Random) -> None:
        """A sale by stored value, a top-up or a cash sale; a refusal is an outcome like any other."""
        card = chance.choice(HOT)
        what = chance.randrange(10)
        try:
            if what < 5:
                document = counter.sale(facts.WATER, card=card)
            elif what < 8:
                document = counter.top_up(card, chance.randrange(1, 6) * 100)
            else:
                document = counter.sale(facts.WATER)
            counter.door.post(document)
        except Refused as refused:
            if refused.code not in {"insufficient", "card_not_presented"}:
                raise


def read_sums(shop: Shop, tally: Tally) -> None:
    """One read of all sums; a server that is not there answers nothing, which is no bad sum."""
    try:
        ((bad,),) = shop.rows(SUMS)
    except psycopg.OperationalError:
        return
    tally.reads += 1
    tally.bad_sums += bool(bad)


def restart(shop: Shop) -> EmbeddedServer:
    """Immediate stop, as when the power fails, and a start that has to recover."""
    pid = shop.server.server_pid()
    if pid is not None:
        os.kill(pid, signal.SIGQUIT)
    for _ in range(400):
        if shop.server.server_pid() is None:
            break
        time.sleep(0.05)
    again = EmbeddedServer(shop.server.root, settings={"max_connections": "300"})
    again.start()
    return again


@contextlib.contextmanager
def two_counters(shop: Shop, folder: Path, *, think_s: float) -> Iterator[list[Seat]]:
    """Two seats, each with its folder; whatever still works at the end is killed.

    Args:
        shop: Where they sell.
        folder: Room for their folders.
        think_s: Seconds between two documents of a counter.
    """
    shop.rows("update shop.chain set pin_floor_minor = 1e9, pin_floor_day_minor = 1e12 returning 1")
    pace = Pace(think_s)
    seats = [
        Seat(facts.TILL_1, facts.CASHIER, folder / "1", pace),
        Seat(facts.TILL_2, facts.CASHIER_S01, folder / "2", pace),
    ]
    for seat in seats:
        seat.folder.mkdir()
    try:
        yield seats
    finally:
        for seat in seats:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                seat.kill()


def torment(shop: Shop, seats: list[Seat], *, seconds: int, restarts: int, seed: int) -> Tally:
    """Kill counters, backends and the server for `seconds`, reading the sums after each deed."""
    chance, tally, pace = random.Random(seed), Tally(seconds=seconds), seats[0].pace
    servers: list[EmbeddedServer] = []
    began = time.monotonic()
    for number, seat in enumerate(seats):
        seat.start(shop, seed + number)
    try:
        while (passed := time.monotonic() - began) < seconds:
            time.sleep(chance.uniform(0.25, 0.7) - RUSH_S)
            pace.rush(True)
            time.sleep(RUSH_S)
            if passed > seconds * (tally.servers_restarted + 1) / (restarts + 1):
                servers.append(restart(shop))
                tally.servers_restarted += 1
            elif chance.random() < 0.5:
                seat = chance.choice(seats)
                seat.kill()
                tally.counters_killed += 1
                seat.start(shop, chance.randrange(10**9))
            else:
                tally.backends_ended += end_one_backend(shop)
            read_sums(shop, tally)
            pace.rush(False)
        for seat in seats:
            seat.kill()
        settle(shop, seats, tally)
    finally:
        for server in servers:
            server.leave()
    return tally


def end_one_backend(shop: Shop) -> int:
    """End the backend of one of the counters."""
    with contextlib.suppress(psycopg.OperationalError):
        return len(
            shop.rows(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where usename in (%s, %s) and application_name like '%% post' order by random() limit 1",
                facts.TILL_1,
                facts.TILL_2,
            )
        )
    return 0


def settle(shop: Shop, seats: list[Seat], tally: Tally) -> None:
    """Start each seat once more with nobody signed in, then compare the logs with the ledger."""
    for seat in seats:
        with seat.open(shop) as counter:
            counter.start(None)
            tally.unsettled += len(counter.door.unsettled())
            tally.parked += len(counter.door.parked())
    stands = {
        UUID(str(row[0])) for row in shop.rows("select id from ledger.document where session is not null")
    }
    told = [line for seat in seats for line in seat.lines()]
    of = {
        what: {document for each, document in told if each.startswith(what)}
        for what in ("meant", "written", "checking", "answered", "replayed", "refused", "parked")
    }
    acknowledged = of["answered"] | of["replayed"]
    first_answer = {document for what, document in told if what == "answered"}
    unknown = of["checking"] | of["replayed"] | of["parked"]
    tally.written = len(of["written"])
    tally.acknowledged = len(acknowledged)
    tally.refused = len(of["refused"])
    tally.missing = acknowledged - stands
    tally.strangers = stands - of["meant"]
    tally.unknown = len(unknown)
    tally.unknown_but_committed = len(of["replayed"] - first_answer)
    ((doubled,),) = shop.rows(DOUBLED)
    tally.doubled = int(str(doubled))
    read_sums(shop, tally)
