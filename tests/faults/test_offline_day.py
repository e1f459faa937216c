"""Days with outages through a real proxy: whatever is cut or killed, every slip is exactly one document.

The six regressions are what trusted tills got wrong at offline sync; each is named for what happened there.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from huiyuan.domain.model.document import Document, Proof
from huiyuan.domain.model.errors import OutcomeUnknown, Refused, Unreachable
from huiyuan.domain.model.offline import OfflineCaps
from huiyuan.domain.usecases import shift
from huiyuan.domain.usecases.sign_in import sign_in_here
from huiyuan.repositories.counter.journal import CounterJournal
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter
from tests.faults.proxy import Proxy

CAPS = OfflineCaps()
STAND = (
    "select count(*), coalesce(sum(total_minor), 0)::bigint, count(distinct number),"
    " coalesce(max(number) - min(number) + 1, 0) from ledger.document where kind = 'sale'"
)


@pytest.fixture
def counter(shop: Shop, proxy: Proxy, tmp_path: Path) -> Iterator[Counter]:
    with open_counter(proxy.url(facts.TILL_1), tmp_path, patience_s=0, deadline_s=2) as one:
        one.start()
        one.open_shift()
        yield one


def marked(counter: Counter, document: Document) -> Document:
    """The same sale, rung up without the line."""
    outage, now = counter.door.outage(), counter.clock.now()
    return replace(document, occurred_at=now, offline_at=outage.prices_since if outage else now)


def cut(proxy: Proxy, counter: Counter | None = None) -> None:
    """The line is gone; with `counter`, it has noticed."""
    proxy.refuse_connections = True
    proxy.cut_all()
    if counter is not None:
        counter.post_line.close()


def sell(counter: Counter, drawn_up: Document) -> Document:
    """As the payment screen does: by the line, else from the journal."""
    try:
        counter.door.post(drawn_up)
    except OutcomeUnknown:  # it stays the same document, and is sent again
        pass
    except Unreachable:
        drawn_up = marked(counter, drawn_up)
        counter.door.keep_offline(drawn_up, CAPS)
    return drawn_up


def ready(counter: Counter) -> Document:
    """A sale that the counter can draw up without the line; its number is made when it is sold."""
    return counter.sale(facts.WATER)


def next_of(counter: Counter, like: Document) -> Document:
    return replace(like, id=counter.ids.new(), number=counter.door.next_number())


def proven(shop: Shop, slips: list[Document]) -> None:
    """The oracle: as many documents as slips, the same money, numbers without a gap or a double."""
    ((count, total, numbers, span),) = shop.rows(STAND)
    assert (count, total) == (len(slips), sum(each.total_minor for each in slips))
    assert numbers == span == len(slips)
    assert shop.rows("select * from ledger.verify()") == []


def ids(shop: Shop) -> set[UUID]:
    return {UUID(str(id)) for (id,) in shop.rows("select id from ledger.document where kind = 'sale'")}


def test_a_card_noted_without_the_line_earns_for_its_member_and_a_lost_one_waits_for_a_person(
    counter: Counter, shop: Shop, proxy: Proxy
) -> None:
    like = ready(counter)
    before = counter.card(facts.GOLD_CARD).balances.points
    cut(proxy, counter)
    slips = []
    for card in (facts.GOLD_CARD, facts.LOST_CARD):
        (token,) = counter.reads.note_card([("number", card.number)])
        proof = Proof(token.kind, token.hmac, source="scanned")
        drawn_up = replace(marked(counter, next_of(counter, like)), proofs=(proof,))
        counter.door.keep_offline(drawn_up, CAPS)
        slips.append(drawn_up)
    proxy.refuse_connections = False
    assert counter.door.drain().settled == 2
    proven(shop, slips)
    opened = counter.card(facts.GOLD_CARD)
    assert opened.balances.points == before + like.total_minor // 100
    stand = (
        "select id, wallet, body->'proofs'->0->>'source' from ledger.document where id = any (%s)"
        " order by number"
    )
    assert shop.rows(stand, [each.id for each in slips]) == [
        (slips[0].id, opened.wallet, "scanned"),
        (slips[1].id, None, "scanned"),
    ]
    why = "select document, facts->>'why', facts->>'last' from sec.review where what = 'card'"
    assert shop.rows(why) == [(slips[1].id, "lost", facts.LOST_CARD.number[-4:])]


def test_retry_after_a_lost_answer_is_no_second_sale(counter: Counter, shop: Shop, proxy: Proxy) -> None:
    first = ready(counter)
    proxy.arm("cut_before_answer", match=first.id.bytes)
    proxy.refuse_connections = True
    with pytest.raises(OutcomeUnknown):
        counter.door.post(first)
    slips = [first, sell(counter, next_of(counter, first))]
    assert slips[1].number == first.number + 1
    proxy.refuse_connections = False
    assert counter.door.drain().settled == 2
    again = counter.door.drain()
    assert again.settled == 0
    proven(shop, slips)


def test_two_processes_never_drain_one_journal(
    counter: Counter, shop: Shop, proxy: Proxy, tmp_path: Path
) -> None:
    like = ready(counter)
    cut(proxy, counter)
    slips = [sell(counter, next_of(counter, like)) for _ in range(3)]
    with pytest.raises(Refused) as refused:
        CounterJournal(tmp_path, now=counter.clock.now)
    assert refused.value.code == "journal_taken"
    proxy.refuse_connections = False
    threads = [threading.Thread(target=counter.door.drain) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    proven(shop, slips)


def test_a_sync_cut_midway_loses_no_mark(counter: Counter, shop: Shop, proxy: Proxy) -> None:
    like = ready(counter)
    cut(proxy, counter)
    slips = [sell(counter, next_of(counter, like)) for _ in range(4)]
    proxy.refuse_connections = False
    proxy.arm("cut_before_answer", match=slips[2].id.bytes)
    first = counter.door.drain()
    while counter.door.outage() is not None:
        counter.door.drain()
    assert first.left in (0, 2)
    assert counter.door.unsettled() == ()
    proven(shop, slips)


def test_a_stale_open_state_never_beats_a_paid_one(counter: Counter, shop: Shop, proxy: Proxy) -> None:
    like = ready(counter)
    cut(proxy, counter)
    paid = sell(counter, next_of(counter, like))
    stale = replace(paid, lines=(replace(paid.lines[0], qty_milli=2_000),))  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        counter.door.keep_offline(stale, CAPS)
    assert refused.value.code == "id_reused"
    proxy.refuse_connections = False
    counter.door.drain()
    with pytest.raises(Refused):
        counter.door.post(stale)
    proven(shop, [paid])


def test_no_shift_is_closed_over_a_journal_that_is_not_empty(
    counter: Counter, shop: Shop, proxy: Proxy
) -> None:
    like = ready(counter)
    cut(proxy, counter)
    slips = [sell(counter, next_of(counter, like)) for _ in range(2)]
    counted = 20_000 + sum(each.total_minor for each in slips)
    assert counter.shift is not None
    assert len(shift.unsettled_of(counter.door, counter.shift)) == 2
    shift_close = shift.shift_close_document(
        counter.stamp(), counted_minor=counted,
    )  # fmt: skip
    with pytest.raises(Unreachable):
        counter.door.post(shift_close)  # also who goes round the check sends nothing before them
    proxy.refuse_connections = False
    counter.door.drain()
    assert counter.close_shift(counted_minor=counted).over_short_minor == 0
    proven(shop, slips)


def test_a_power_cut_between_receipt_and_sync_loses_no_sale(shop: Shop, proxy: Proxy, tmp_path: Path) -> None:
    with open_counter(proxy.url(facts.TILL_1), tmp_path, patience_s=1) as one:
        one.start()
        one.open_shift()
        like = ready(one)
        cut(proxy, one)
        slips = [sell(one, next_of(one, like)) for _ in range(2)]
    proxy.refuse_connections = False
    with open_counter(proxy.url(facts.TILL_1), tmp_path) as one:
        outage = one.door.outage()
        assert outage is not None
        assert (outage.sales, outage.total_minor) == (2, sum(each.total_minor for each in slips))
        one.start()
        one.door.drain()
        assert one.door.outage() is None
    proven(shop, slips)


def test_a_counter_that_starts_without_the_line_sells_on_and_hands_in(
    shop: Shop, proxy: Proxy, tmp_path: Path
) -> None:
    with open_counter(proxy.url(facts.TILL_1), tmp_path) as one:
        one.start()
        one.open_shift()
        one.seat.hello()
        like = ready(one)
        rules = len(one.rules)
        one.seat.sign_out()
    cut(proxy)
    with open_counter(proxy.url(facts.TILL_1), tmp_path, deadline_s=2) as one:
        who = {"staff_number": facts.CASHIER.number, "pin": facts.CASHIER.pin}
        with pytest.raises(Unreachable):
            one.seat.sign_in(**who)
        with pytest.raises(Refused) as wrong:
            one.seat.sign_in_offline(staff_number=facts.CASHIER.number, pin="9999")
        signed = sign_in_here(one.seat, **who)
        assert (wrong.value.code, signed.shift is not None) == ("wrong_pin", True)
        assert len(one.reads.rules()) == rules > 0
        slips = [
            sell(one, replace(next_of(one, like), session=signed.session, signed_at=signed.offline_at))
            for _ in range(2)
        ]
        proxy.refuse_connections = False
        assert one.door.drain().settled == 2
        with pytest.raises(Refused) as outside:
            one.door.post(next_of(one, like))  # the server has not judged the PIN yet
        assert outside.value.code == "not_signed_in"
        one.start()
        slips.append(sell(one, next_of(one, replace(like, session=one.session))))
    proven(shop, slips)


def test_a_day_with_three_outages_and_kills_between(shop: Shop, proxy: Proxy, tmp_path: Path) -> None:
    slips: list[Document] = []
    like: Document | None = None
    for outage in range(3):
        proxy.refuse_connections = False
        with open_counter(proxy.url(facts.TILL_1), tmp_path, patience_s=0, deadline_s=2) as one:
            one.start()
            if outage == 0:
                one.open_shift()
                like = ready(one)
                day = one.shift
            one.shift = day
            assert like is not None
            like = replace(like, session=one.session)
            slips += [sell(one, next_of(one, like)) for _ in range(3)]
            lost = next_of(one, like)
            proxy.arm("cut_before_answer" if outage % 2 else "cut_before_request", match=lost.id.bytes)
            proxy.refuse_connections = True
            with pytest.raises(OutcomeUnknown):
                one.door.post(lost)
            slips.append(lost)
            cut(proxy)
            slips += [sell(one, next_of(one, like)) for _ in range(4)]
    proxy.refuse_connections = False
    with open_counter(proxy.url(facts.TILL_1), tmp_path) as one:
        one.start()
        one.door.drain()
        assert (one.door.unsettled(), one.door.parked(), one.door.outage()) == ((), (), None)
    assert ids(shop) == {each.id for each in slips}
    proven(shop, slips)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_interleaving_of_outages_and_sales_ends_with_nothing_unsent(
    seed: int, counter: Counter, shop: Shop, proxy: Proxy
) -> None:
    chance, like, slips = random.Random(seed), ready(counter), []
    for _ in range(25):
        step = chance.choice(["sell", "sell", "sell", "cut", "back", "drain"])
        if step == "sell":
            slips.append(sell(counter, next_of(counter, like)))
        elif step == "cut":
            cut(proxy)
        elif step == "back":
            proxy.refuse_connections = False
        elif not proxy.refuse_connections:
            counter.door.drain()
    proxy.refuse_connections = False
    counter.door.drain()
    assert counter.door.unsettled() == ()
    proven(shop, slips)


def test_two_tills_of_one_stock_come_back_at_once(shop: Shop, tmp_path: Path) -> None:
    with ExitStack() as stack:
        tills = []
        for name in (facts.TILL_1, facts.TILL_2):
            (tmp_path / name).mkdir()
            one = stack.enter_context(open_counter(shop.url(name), tmp_path / name))
            one.start()
            one.open_shift()
            like = ready(one)
            for _ in range(5):
                one.door.keep_offline(marked(one, next_of(one, like)), CAPS)
            tills.append(one)
        threads = [threading.Thread(target=each.door.drain) for each in tills]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert [each.door.unsettled() for each in tills] == [(), ()]
    assert shop.rows("select count(*) from ledger.document where kind = 'sale'") == [(10,)]
    assert shop.rows("select * from ledger.verify()") == []


@pytest.mark.parametrize(
    ("caps", "why"),
    [(OfflineCaps(sales=2), "sales"), (OfflineCaps(cash_minor=500), "cash"), (OfflineCaps(hours=0), "hours")],
)
def test_beyond_its_caps_a_counter_says_no_before_anything_is_written(
    counter: Counter, caps: OfflineCaps, why: str
) -> None:
    like = ready(counter)
    kept = 0

    def until_refused() -> None:
        nonlocal kept
        for _ in range(4):
            sale = marked(counter, next_of(counter, like))
            sale = replace(sale, occurred_at=sale.occurred_at + timedelta(seconds=1))
            counter.door.keep_offline(sale, caps)
            kept += 1

    with pytest.raises(Refused) as refused:
        until_refused()
    assert (refused.value.code, refused.value.facts["why"]) == ("offline_refused", why)
    assert len(counter.door.unsettled()) == kept
