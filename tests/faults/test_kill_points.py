"""kill -9 at every port call of a sale, a top-up and a shift close, each time followed by a fresh start.

The control moves the journal's write behind the send, and the same kills must then lose or double something.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from huiyuan.domain.model.document import Document
from huiyuan.domain.model.journal import JournalState
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.slip import SlipFacts, render_slip
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.usecases.printing import print_next
from huiyuan.domain.usecases.shift import shift_close_document
from huiyuan.repositories.connection import Line
from huiyuan.repositories.counter.baskets import CounterBaskets
from huiyuan.repositories.counter.clock import CounterClock, CounterIds
from huiyuan.repositories.counter.journal import CounterJournal
from huiyuan.repositories.counter.print_jobs import CounterPrintJobs
from huiyuan.repositories.demo import DEMO_INDEX_KEY
from huiyuan.repositories.door import PostingDoor
from huiyuan.repositories.reads import DatabaseReads
from huiyuan.repositories.staff_book import DatabaseStaffBook
from huiyuan.repositories.staff_session import StaffSession
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter
from tests.faults.basket_trail import IN_BASKET, PARTS, basket_faults, put_in_basket
from tests.faults.bench import Bench, sit_down
from tests.faults.kill_points import (
    NOT_OF_THESE_VERBS,
    Moment,
    Points,
    all_ports,
    in_a_child,
    methods_of,
    outside_calls,
)
from tests.faults.paper_trail import PaperTrail, late_jobs, slip_faults

FILLED_BY: Final[dict[type, str]] = {
    PostingDoor: "Door",
    StaffSession: "SignIn",
    DatabaseReads: "Reads",
    DatabaseStaffBook: "StaffBook",
    CounterJournal: "Journal",
    CounterPrintJobs: "PrintJobs",
    CounterBaskets: "Baskets",
    CounterClock: "Clock",
    CounterIds: "Ids",
    Line: "Wire",
}
# Ports through which no document of these verbs passes.
ASKING_ONLY: Final = frozenset(
    {
        "Catalogue",
        "MemberBook",
        "MemberFinder",
        "Reports",
        "ReportFiles",
        "SalesDesk",
        "Promotions",
        "Removals",
        "SeatBaskets",
        *("CardReader", "Scanner", "Scale", "CustomerDisplay", "DeviceDesk"),
        *("Approvals", "CardBook", "CardDesk", "Law", "Settings", "ValueBook", "ValueBooks"),
        *("GroupOrders", "Invoices"),
        *("Outbox", "MessageGateway"),  # sent behind the document: tests/repositories/test_outbox.py
    }
)
# Money asked of a payment gateway has kill points of its own: tests/faults/test_charge_kills.py.
CHARGING: Final = frozenset({"ChargeBook", "PaymentGateway"})
FLOAT_MINOR: Final = 20_000
VERBS: Final = ("sale", "top-up", "shift close")


class LateJournalDoor(PostingDoor):
    """The control: sends first and writes its journal afterwards."""

    def post(self, document: Document) -> Posted:
        self._line.open()
        answer = self._send(document, uncertain=False)
        self._journal.write(document)
        return self._conclude(document, answer)


@pytest.fixture(scope="module")
def verdicts() -> dict[str, int]:
    return {}


@pytest.fixture
def bench(shop: Shop, tmp_path: Path) -> Bench:
    return sit_down(shop, tmp_path)


def work_once(
    bench: Bench,
    verb: str,
    points: Points,
    *,
    late_journal: bool = False,
    naked_journal: bool = False,
    late_slip: bool = False,
    nameless_basket: bool = False,
) -> None:
    """One verb on a fresh counter, everything through wrapped ports."""
    clock = points.wrap("Clock", CounterClock())
    counter = open_counter(
        bench.shop.url(facts.TILL_1),
        bench.folder,
        journal=lambda folder, _: CounterJournal(folder, now=clock.now),
    )
    bench.sit(counter)
    wire = points.wrap("Wire", counter.post_line)
    journal = counter.journal if naked_journal else points.wrap("Journal", counter.journal)
    door_type = LateJournalDoor if late_journal else PostingDoor
    assert isinstance(counter.journal, CounterJournal)
    shelf = CounterBaskets(bench.folder, state_of=counter.journal.state_of, now=clock.now)
    baskets = points.wrap("Baskets", shelf)
    counter.door = points.wrap(
        "Door", door_type(wire, journal, counter.held, drain_s=3, baskets=None if late_journal else baskets)
    )
    if not naked_journal:
        counter.journal = journal
    asked = points.wrap("Wire", counter.read_line)
    counter.reads = points.wrap("Reads", DatabaseReads(asked.ask, token_of=DEMO_INDEX_KEY.token))
    counter.clock, counter.ids = clock, points.wrap("Ids", counter.ids)
    printer = points.wrap("ReceiptPrinter", PaperTrail(bench.folder))
    kept = CounterPrintJobs(bench.folder, now=clock.now)
    jobs = points.wrap("PrintJobs", late_jobs(kept) if late_slip else kept)
    told = counter.seat.hello()
    counter.shift = bench.shift
    counter.rules = counter.reads.rules()

    put_in_basket(bench.folder, shelf)

    points.armed = True
    document = DOCUMENT_OF[verb](counter, bench)
    (bench.folder / "intent.json").write_text(json.dumps({"id": str(document.id)}))
    topping = points.wrap("Baskets", shelf.topping)
    of_verb = {"sale": [(baskets, IN_BASKET)], "top-up": [(topping, PARTS)]}.get(verb, [])
    for place, kept_here in of_verb:
        place.keep(replace(kept_here, document=None if nameless_basket else document.id))
    posted = counter.door.post(document)
    for place, _ in of_verb:
        place.clear()
    slip = render_slip(document, posted, SlipFacts(hello=told, staff_name="Li", language="en"))
    jobs.put(document.id, slip)
    print_next(jobs, printer)
    if verb == "shift close":
        counter.reads.shift_report(bench.shift)
    points.armed = False
    kept.close()
    shelf.close()
    counter.close_all()


def _close(counter: Counter, bench: Bench) -> Document:
    stamp = Stamp(
        counter.ids.new(), counter.door.next_number(), counter.clock.now(), bench.session, bench.shift
    )
    return shift_close_document(
        stamp,
        counted_minor=FLOAT_MINOR,
    )


DOCUMENT_OF: Final[dict[str, Callable[[Counter, Bench], Document]]] = {
    "sale": lambda counter, _: counter.sale(facts.WATER, card=facts.GOLD_CARD),
    "top-up": lambda counter, _: counter.top_up(facts.PLAIN_CARD, 100),
    "shift close": _close,
}


def calls_of(bench: Bench, verb: str, **variant: bool) -> tuple[list[str], list[str]]:
    """The port calls of one whole run: as the wrappers count them, and as an outsider sees them."""
    counted, seen = bench.folder / "counted.json", bench.folder / "seen.json"

    def work() -> None:
        points, outside = Points(), list[str]()
        with outside_calls(FILLED_BY, points, outside):
            work_once(bench, verb, points, **variant)
        counted.write_text(json.dumps(points.trace))
        seen.write_text(json.dumps(outside))

    assert not in_a_child(work)
    recover(bench, verb)
    return json.loads(counted.read_text()), json.loads(seen.read_text())


def recover(bench: Bench, verb: str, *, owing: bool = True) -> list[str]:
    """Start anew with nobody signed in, and name whatever is not as it has to be."""
    intent, paper = bench.folder / "intent.json", bench.folder / "paper.txt"
    with open_counter(bench.shop.url(facts.TILL_1), bench.folder) as counter:
        counter.start(None)
        faults = []
        if intent.exists():
            document = UUID(json.loads(intent.read_text())["id"])
            printed = paper.read_text().count("\n") if paper.exists() else 0
            faults += faults_of(bench, counter, document, printed=bool(printed))
            ((sold,),) = bench.shop.rows("select count(*) from ledger.document where id = %s", document)
            faults += slip_faults(bench.folder, document, counter=counter, stands=bool(sold), owing=owing)
            faults += basket_faults(bench.folder, counter, document, verb, sold=bool(sold))
        if counter.door.unsettled() or counter.door.parked():
            faults.append("the journal is not empty")
    for file in (intent, paper):
        file.unlink(missing_ok=True)
    if verb == "shift close":
        _open_anew(bench)
    return faults


def faults_of(bench: Bench, counter: Counter, document: UUID, *, printed: bool) -> list[str]:
    """Compare what stands in the ledger with what the counter knows and the customer holds."""
    assert isinstance(counter.journal, CounterJournal)
    ((stands,),) = bench.shop.rows("select count(*) from ledger.document where id = %s", document)
    known = counter.journal.state_of(document)
    ((off,),) = bench.shop.rows(
        "select count(*) from ledger.account a where a.balance <> coalesce((select sum(e.delta)"
        " from ledger.entry e where e.account = a.id), 0)"
    )
    return [
        *(["stands, and the counter does not know it"] if stands and known is None else []),
        *(["known as answered, and it does not stand"] if known and not stands else []),
        *([f"left as {known}"] if known not in (None, JournalState.ANSWERED) else []),
        *(["on paper, and it does not stand"] if printed and not stands else []),
        *(["doubled"] if int(str(stands)) > 1 else []),
        *(["balances are not their entries"] if off else []),
    ]


def _open_anew(bench: Bench) -> None:
    """Have an open shift for the next kill."""
    with open_counter(bench.shop.url(facts.TILL_1), bench.folder) as counter:
        bench.sit(counter)
        told = counter.seat.hello()
        bench.shift = told.shift.id if told.shift else counter.open_shift(float_minor=FLOAT_MINOR).id


def kill_everywhere(
    bench: Bench, verb: str, *, only: str = "", owing: bool = True, **variant: bool
) -> tuple[int, list[str]]:
    """Kill at every port call, or at `only` one, before and after: how many points, and what went wrong."""
    trace, _ = calls_of(bench, verb, **variant)
    moments: tuple[Moment, ...] = ("before", "after")
    faults: list[str] = []
    for at, call in enumerate(trace, start=1):
        for moment in moments if only in {"", call} else ():
            points = Points(at=at, moment=moment)
            if not in_a_child(partial(work_once, bench, verb, points, **variant)):
                faults.append(f"{moment} {call}: not killed")
            faults += [f"{moment} {call}: {fault}" for fault in recover(bench, verb, owing=owing)]
    return 2 * len(trace), faults


@pytest.mark.parametrize("verb", VERBS)
def test_kill_9_at_every_port_call_loses_and_doubles_nothing(
    bench: Bench, verb: str, verdicts: dict[str, int]
) -> None:
    points, faults = kill_everywhere(bench, verb)
    assert faults == []
    assert points >= 16
    verdicts[verb] = points


def test_every_port_call_of_the_three_verbs_has_its_kill_points(bench: Bench) -> None:
    moving = {name: port for name, port in all_ports().items() if name not in ASKING_ONLY | CHARGING}
    assert set(FILLED_BY.values()) | {"ReceiptPrinter"} == set(moving)
    reached: set[str] = set()
    for verb in reversed(VERBS):  # the drawer is counted before a sale puts cash into it
        counted, seen = calls_of(bench, verb)
        outside = [call for call in counted if not call.startswith("ReceiptPrinter.")]
        assert sorted(seen) == sorted(outside), f"a port call of {verb} goes round the wrappers"
        assert counted.index("Journal.write") < counted.index("Wire.run")
        reached |= set(counted)
    declared = {f"{name}.{method}" for name, port in moving.items() for method in methods_of(port)}
    assert sorted(declared - reached - set(NOT_OF_THESE_VERBS)) == []
    assert sorted(set(NOT_OF_THESE_VERBS) - (declared - reached)) == []


def test_control_a_port_call_round_the_wrappers_is_found(bench: Bench) -> None:
    counted, seen = calls_of(bench, "sale", naked_journal=True)
    assert "Journal.write" in seen
    assert "Journal.write" not in counted


def test_control_with_the_journal_behind_the_send_a_sale_is_lost_to_the_counter(bench: Bench) -> None:
    _, faults = kill_everywhere(bench, "sale", late_journal=True, only="Wire.run")
    assert "after Wire.run: stands, and the counter does not know it" in faults


@pytest.mark.parametrize(("verb", "place"), [("sale", "basket"), ("top-up", "topping")])
def test_control_a_basket_that_does_not_name_its_document_comes_back_sold(
    bench: Bench, verb: str, place: str
) -> None:
    _, faults = kill_everywhere(bench, verb, nameless_basket=True, only="Journal.answer")
    assert f"before Journal.answer: a {place} that was sold came back" in faults


def test_control_a_slip_that_waits_until_it_is_printed_is_doubled(bench: Bench) -> None:
    _, faults = kill_everywhere(bench, "sale", late_slip=True, only="ReceiptPrinter.print_receipt")
    assert "after ReceiptPrinter.print_receipt: printed twice, and nobody was asked" in faults


def test_control_without_what_is_owed_a_slip_is_lost(bench: Bench) -> None:
    _, faults = kill_everywhere(bench, "sale", owing=False, only="Door.post")
    assert faults == ["after Door.post: no slip, and nobody was asked"]


def test_killed_while_the_server_works_the_sale_stands_once(bench: Bench) -> None:
    """The server is held at the terminal's row; the counter dies; the server then finishes and commits."""

    def work() -> None:
        def die() -> None:
            waits = (
                "select from pg_stat_activity where datname = current_database()"
                " and usename = %s and wait_event_type = 'Lock'"
            )
            until = time.monotonic() + 20
            while not bench.shop.rows(waits, facts.TILL_1) and time.monotonic() < until:
                time.sleep(0.02)
            os.kill(os.getpid(), signal.SIGKILL)

        points = Points()
        counter_dies = threading.Thread(target=die, daemon=True)
        counter_dies.start()
        work_once(bench, "sale", points)

    with bench.shop.connect() as other:
        other.execute("begin")
        other.execute("select from sec.terminal where role = %s for update", (facts.TILL_1,))
        assert in_a_child(work)
        other.execute("rollback")
    for _ in range(100):
        if bench.shop.rows("select from ledger.document where kind = 'sale'"):
            break
        time.sleep(0.02)
    assert bench.shop.rows("select count(*) from ledger.document where kind = 'sale'") == [(1,)]
    assert recover(bench, "sale") == []
    assert bench.shop.rows("select count(*) from ledger.document where kind = 'sale'") == [(1,)]


@pytest.fixture(autouse=True, scope="module")
def _figures(verdicts: dict[str, int]) -> Iterator[None]:
    yield
    if verdicts:
        told = ", ".join(f"{verb} {points}" for verb, points in verdicts.items())
        os.write(2, f"\nkill points, 0 violations: {told}\n".encode())
