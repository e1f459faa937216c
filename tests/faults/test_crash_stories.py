"""A counter crashed with a document on its disk. Who sits there next, and what became of it."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from uuid import UUID

import pytest

from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused, Unreachable
from huiyuan.repositories.counter.journal import CounterJournal
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter
from tests.faults.proxy import Proxy


@pytest.fixture
def crashed(shop: Shop, tmp_path: Path) -> Document:
    """A (the cashier) rang up a sale; the counter died between its journal and the line."""
    with open_counter(shop.url(facts.TILL_1), tmp_path) as counter:
        counter.start(facts.CASHIER)
        counter.open_shift()
        sale = counter.sale(facts.WATER, card=facts.PLAIN_CARD)
    child = os.fork()
    if child == 0:  # pragma: no cover  (the child is killed)
        again = open_counter(shop.url(facts.TILL_1), tmp_path)
        again.journal.write(sale)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    return sale


def posted_by(shop: Shop, document: UUID) -> list[tuple[object, ...]]:
    return shop.rows(
        "select r.number, p.number from ledger.document d join sec.staff r on r.id = d.rung_by"
        " left join sec.staff p on p.id = d.posted_by where d.id = %s",
        document,
    )


def start(shop: Shop, folder: Path, who: facts.DemoStaff | None) -> Counter:
    counter = open_counter(shop.url(facts.TILL_1), folder)
    counter.start(who)
    return counter


def test_with_nobody_signed_in_it_is_posted_as_a_rang_it_up(
    shop: Shop, crashed: Document, tmp_path: Path
) -> None:
    with open_counter(shop.url(facts.TILL_1), tmp_path) as counter:
        opened = counter.start(None)
        assert (opened.drained.settled, opened.drained.parked, opened.parked) == (1, 0, ())
        assert counter.door.unsettled() == ()
    assert posted_by(shop, crashed.id) == [(facts.CASHIER.number, None)]


def test_with_b_signing_in_it_is_still_a_s_sale(shop: Shop, crashed: Document, tmp_path: Path) -> None:
    with start(shop, tmp_path, facts.CASHIER_S01) as counter:
        assert posted_by(shop, crashed.id) == [(facts.CASHIER.number, None)]
        own = counter.sale()
        assert own.number == crashed.number + 1
        counter.door.post(own)
    assert posted_by(shop, own.id) == [(facts.CASHIER_S01.number, facts.CASHIER_S01.number)]


def blocked(shop: Shop) -> None:
    shop.rows("update sec.staff set active = false where number = %s returning 1", facts.CASHIER.number)


def too_late(shop: Shop) -> None:
    shop.rows(
        "update sec.session set opened_at = opened_at - interval '2 days',"
        " closed_at = clock_timestamp() - interval '25 hours' returning 1"
    )


def spent(shop: Shop) -> None:
    with shop.connect() as admin:
        admin.execute("alter table ledger.account disable trigger all")
        admin.execute(
            "update ledger.lot set remaining = 0 where account in"
            " (select id from ledger.account where wallet = %s)",
            (facts.wallet_id(facts.PLAIN_CARD),),
        )


@pytest.mark.parametrize(
    ("meanwhile", "code"),
    [(blocked, "staff_blocked"), (too_late, "wrong_session"), (spent, "insufficient")],
    ids=["A blocked", "too late", "spent meanwhile"],
)
def test_what_is_refused_now_is_parked_shown_and_kept_until_a_person_decides(
    shop: Shop, crashed: Document, tmp_path: Path, meanwhile: object, code: str
) -> None:
    assert callable(meanwhile)
    meanwhile(shop)
    with start(shop, tmp_path, None) as counter:
        (parked,) = counter.door.parked()
        assert (parked.document.id, parked.code) == (crashed.id, code)
        assert parked.document.to_body() == crashed.to_body()
        assert counter.door.next_number() == crashed.number + 1
        assert counter.door.unsettled() == ()
    with start(shop, tmp_path, facts.CASHIER_S01) as later:
        assert [each.document.id for each in later.door.parked()] == [crashed.id]
        later.door.decide(crashed.id, by=facts.CASHIER_S01.number, note="customer called back, paid in cash")
        assert later.door.parked() == ()
        sale = later.sale()
        assert sale.number == crashed.number + 1
        later.door.post(sale)
    assert posted_by(shop, crashed.id) == []


def test_the_shift_was_closed_by_another_till_of_the_drawer(
    shop: Shop, crashed: Document, tmp_path: Path
) -> None:
    shop.rows("update sec.terminal set drawer = 1 where role = %s returning 1", facts.TILL_2)
    other_folder = tmp_path / "other"
    other_folder.mkdir()
    with open_counter(shop.url(facts.TILL_2), other_folder) as other:
        other.start(facts.CASHIER_S01)
        assert other.shift == crashed.shift
        other.close_shift(counted_minor=20_000)
    with start(shop, tmp_path, None) as counter:
        assert [each.code for each in counter.door.parked()] == ["shift_closed"]


def test_two_processes_never_drain_one_journal(shop: Shop, crashed: Document, tmp_path: Path) -> None:
    with open_counter(shop.url(facts.TILL_1), tmp_path) as first:
        with pytest.raises(Refused) as refused:
            open_counter(shop.url(facts.TILL_1), tmp_path)
        assert refused.value.code == "journal_taken"
        first.start(None)
    assert len(posted_by(shop, crashed.id)) == 1


def test_with_the_line_down_it_waits_and_nothing_new_overtakes_it(
    shop: Shop, proxy: Proxy, crashed: Document, tmp_path: Path
) -> None:
    proxy.refuse_connections = True
    with open_counter(proxy.url(facts.TILL_1), tmp_path) as counter:
        with pytest.raises(Unreachable):
            counter.start(None)
        assert counter.door.drain().left == 1
        proxy.refuse_connections = False
        assert counter.door.drain().settled == 1
        assert counter.door.drain().settled == 0
        assert isinstance(counter.journal, CounterJournal)
    assert len(posted_by(shop, crashed.id)) == 1


def test_several_are_sent_in_the_order_they_were_rung_up(shop: Shop, tmp_path: Path) -> None:
    with open_counter(shop.url(facts.TILL_1), tmp_path) as counter:
        counter.start()
        counter.open_shift()
        sales = []
        for _ in range(3):
            sales.append(counter.sale())
            counter.journal.write(sales[-1])
        assert [sale.number for sale in sales] == [2, 3, 4]
    with start(shop, tmp_path, None) as again:
        assert again.door.unsettled() == ()
    assert shop.rows("select id from ledger.document where kind = 'sale' order by chain_seq") == [
        (sale.id,) for sale in sales
    ]
