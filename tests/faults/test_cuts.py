"""The line is cut before the request, during the commit, before the answer, or the request comes late.

Nothing is lost and nothing is doubled, and the counter says `checking`, never anything like failed. The
controls are a naive client, which rings up anew after a cut, and a line without its fence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import OutcomeUnknown, Refused, Unreachable
from huiyuan.domain.model.journal import JournalState
from huiyuan.repositories import door
from huiyuan.repositories.connection import Line
from huiyuan.repositories.counter.journal import CounterJournal
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter
from tests.faults.proxy import FaultKind, Proxy

CUTS: tuple[FaultKind, ...] = ("cut_before_request", "cut_during", "cut_before_answer", "deliver_late")

# Runs at commit: whoever is cut off while it sleeps does not know how the commit ended.
SLOW_COMMIT = """
create function public.slow_commit() returns trigger language plpgsql as
$$ begin perform pg_sleep(0.4); return null; end $$;
create constraint trigger slow_commit after insert on ledger.document deferrable initially deferred
  for each row execute function public.slow_commit();
"""


@pytest.fixture
def counter(shop: Shop, proxy: Proxy, tmp_path: Path) -> Iterator[Counter]:
    with open_counter(proxy.url(facts.TILL_1), tmp_path) as one:
        one.start()
        one.open_shift()
        yield one


def on_the_wire(document: Document) -> bytes:
    """How the driver writes the document's id."""
    return document.id.bytes


def times_posted(shop: Shop, document: UUID) -> int:
    ((count,),) = shop.rows("select count(*) from ledger.document where id = %s", document)
    assert isinstance(count, int)
    return count


def stored(shop: Shop, card: facts.DemoCard) -> int:
    wallet = facts.wallet_id(card)
    ((held,),) = shop.rows(
        "select sum(balance)::bigint from ledger.account"
        " where wallet = %s and kind in ('principal', 'bonus')",
        wallet,
    )
    assert isinstance(held, int)
    return held


def state_of(counter: Counter, document: UUID) -> JournalState | None:
    assert isinstance(counter.journal, CounterJournal)
    return counter.journal.state_of(document)


@pytest.mark.parametrize("slow", [False, True], ids=["quick", "slow commit"])
def test_a_cut_sale_and_a_cut_top_up_happen_once(
    counter: Counter, shop: Shop, proxy: Proxy, slow: bool
) -> None:
    if slow:
        with shop.connect() as admin:
            admin.execute(SLOW_COMMIT.encode())
    for cut in CUTS:
        before = stored(shop, facts.PLAIN_CARD)
        sale = counter.sale(facts.WATER, card=facts.PLAIN_CARD)
        proxy.arm(cut, match=on_the_wire(sale), late_s=0.3)
        posted = counter.door.post(sale)
        top_up = counter.top_up(facts.PLAIN_CARD, 5_000)
        proxy.arm(cut, match=on_the_wire(top_up), late_s=0.3)
        counter.door.post(top_up)
        proxy.wait_for_late()

        assert posted.id == sale.id
        assert [times_posted(shop, each.id) for each in (sale, top_up)] == [1, 1]
        assert stored(shop, facts.PLAIN_CARD) == before - sale.total_minor + 5_000
        for document in (sale, top_up):
            told = counter.told(document.id)
            assert (told[0], told[-1]) == ("sending", "answered")
            assert set(told[1:-1]) == {"checking"}
            assert state_of(counter, document.id) is JournalState.ANSWERED
    assert [fault.kind for fault in proxy.happened] == [cut for cut in CUTS for _ in range(2)]
    assert counter.door.unsettled() == ()


def test_a_line_that_only_says_nothing_is_told_soon_and_the_sale_happens_once(
    shop: Shop, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five minutes of patience are for a server that refuses; where nobody answers a person hears of it."""
    monkeypatch.setattr(door, "SILENCE_S", 1.0)
    with open_counter(proxy.url(facts.TILL_1), tmp_path, deadline_s=1, patience_s=300) as counter:
        counter.start()
        counter.open_shift()
        sale, later = counter.sale(facts.WATER), counter.sale(facts.WATER)
        proxy.delay_ms = 1e9
        with pytest.raises(OutcomeUnknown):
            counter.door.post(sale)
        assert counter.told(sale.id) == ["sending", "checking"]
        with pytest.raises(Unreachable):
            counter.door.post(later)
        assert counter.told(later.id) == [], "never sent, so it may be sold without the line"
        assert state_of(counter, later.id) is None
        proxy.delay_ms = 0
        assert counter.door.drain().settled == 1
        assert [times_posted(shop, each.id) for each in (sale, later)] == [1, 0]


def post_naively(url: str, document: Document, again: Document) -> None:
    """What a till does that takes a cut for a failure: it rings the basket up anew."""
    for each in (document, again):
        with psycopg.connect(url, autocommit=True) as connection:
            try:
                connection.execute(
                    "select api.resend(%s, 1, %s)", (each.id, Jsonb(each.to_body()))
                ).fetchone()
            except psycopg.OperationalError:
                continue
            return


@pytest.mark.parametrize("cut", ["cut_during", "cut_before_answer", "deliver_late"])
def test_control_a_naive_client_charges_twice(
    counter: Counter, shop: Shop, proxy: Proxy, cut: FaultKind
) -> None:
    before = stored(shop, facts.PLAIN_CARD)
    sale = counter.sale(facts.WATER, card=facts.PLAIN_CARD)
    anew = replace(sale, id=counter.ids.new(), number=sale.number + 1)
    proxy.arm(cut, match=on_the_wire(sale), late_s=0.3)
    post_naively(proxy.url(facts.TILL_1), sale, anew)
    proxy.wait_for_late()
    for _ in range(50):
        if times_posted(shop, sale.id) + times_posted(shop, anew.id) == 2:
            break
    assert before - stored(shop, facts.PLAIN_CARD) == 2 * sale.total_minor


def refused_then_late(counter: Counter, shop: Shop, proxy: Proxy) -> int:
    """The request is held up, its second copy is refused meanwhile; how often does it stand in the end?"""
    sale = counter.sale(facts.WATER)
    proxy.arm("deliver_late", match=on_the_wire(sale), late_s=1.0)
    shop.rows("update shop.product set active = false where code = %s returning 1", facts.WATER)
    with pytest.raises(Refused) as refused:
        counter.door.post(sale)
    assert refused.value.code == "unknown_product"
    shop.rows("update shop.product set active = true where code = %s returning 1", facts.WATER)
    proxy.wait_for_late()
    return times_posted(shop, sale.id)


def test_what_was_refused_after_a_cut_does_not_happen_later(
    counter: Counter, shop: Shop, proxy: Proxy
) -> None:
    assert refused_then_late(counter, shop, proxy) == 0


def test_control_without_the_fence_a_refused_sale_happens_later(
    counter: Counter, shop: Shop, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Line, "_fence", lambda *_: None)
    assert refused_then_late(counter, shop, proxy) == 1


def test_with_the_line_down_the_outcome_stays_unknown_and_is_settled_later(
    shop: Shop, proxy: Proxy, tmp_path: Path
) -> None:
    with open_counter(proxy.url(facts.TILL_1), tmp_path, patience_s=1) as counter:
        counter.start()
        counter.open_shift()
        sale = counter.sale()
        proxy.arm("cut_before_answer", match=on_the_wire(sale))
        proxy.refuse_connections = True
        with pytest.raises(OutcomeUnknown) as unknown:
            counter.door.post(sale)
        assert unknown.value.document == sale.id
        assert set(counter.told(sale.id)) == {"sending", "checking"}
        assert [each.to_body() for each in counter.door.unsettled()] == [sale.to_body()]
        assert counter.door.next_number() == sale.number + 1
        assert counter.door.drain().left == 1
        with pytest.raises(OutcomeUnknown):
            counter.door.settle(sale.id)

        proxy.refuse_connections = False
        assert counter.door.settle(sale.id).replayed
        assert counter.door.unsettled() == ()
        with pytest.raises(KeyError):
            counter.door.settle(sale.id)
    assert times_posted(shop, sale.id) == 1


def test_the_session_may_end_while_the_outcome_is_unknown(
    counter: Counter, shop: Shop, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = counter.sale()
    proxy.arm("cut_before_request", match=on_the_wire(sale))

    def end_sessions(document: UUID, state: str) -> None:
        if state == "checking":
            shop.rows("update sec.session set closed_at = clock_timestamp() returning 1")

    counter.door.watch(end_sessions)
    assert counter.door.post(sale).id == sale.id
    assert times_posted(shop, sale.id) == 1


def test_enter_thirty_times_a_second_is_one_sale(counter: Counter, shop: Shop, proxy: Proxy) -> None:
    sale = counter.sale(facts.WATER, card=facts.PLAIN_CARD)
    before = stored(shop, facts.PLAIN_CARD)
    proxy.arm("cut_before_answer", match=on_the_wire(sale))
    answers = {counter.door.post(sale).head for _ in range(30)}
    assert len(answers) == 1
    assert before - stored(shop, facts.PLAIN_CARD) == sale.total_minor
