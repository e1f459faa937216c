"""The door's client over a real database: one trip, numbers, refusals, sessions, approvals, PINs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from huiyuan.domain.model.document import Correction, Document, Kind
from huiyuan.domain.model.errors import Refused, Unreachable
from huiyuan.domain.model.journal import JournalState
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases import checkout
from huiyuan.repositories.connection import ServerSaidNo
from huiyuan.repositories.counter.journal import CounterJournal
from huiyuan.repositories.door import PostingDoor
from huiyuan.repositories.read_only_door import ReadOnlyDoor
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter
from tests.domain.builders import uid
from tests.faults.proxy import Proxy
from tests.tills import open_till


@pytest.fixture
def counter(shop: Shop, tmp_path: Path) -> Iterator[Counter]:
    with open_counter(shop.url(facts.TILL_1), tmp_path) as one:
        one.start()
        one.open_shift()
        yield one


def state(counter: Counter, document: object) -> JournalState | None:
    assert isinstance(counter.journal, CounterJournal)
    return counter.journal.state_of(document)  # type: ignore[arg-type]


def test_a_sale_is_posted_in_one_round_trip_and_its_answer_is_journalled(
    shop: Shop, proxy: Proxy, tmp_path: Path
) -> None:
    with open_counter(proxy.url(facts.TILL_1), tmp_path) as counter:
        counter.start()
        counter.open_shift()
        document = counter.sale(facts.MILK, facts.WATER)
        proxy.reset_count()
        posted = counter.door.post(document)
        assert proxy.count.round_trips == 1
        assert posted.receipt == f"S01-01-{document.number:06d}"
        assert state(counter, document.id) is JournalState.ANSWERED
        assert counter.told(document.id) == ["sending", "answered"]
        assert counter.door.next_number() == document.number + 1


def test_the_same_document_twice_is_one_sale(counter: Counter, shop: Shop) -> None:
    document = counter.sale()
    first, again = counter.door.post(document), counter.door.post(document)
    assert again.replayed
    assert replace(again, replayed=False) == first
    assert shop.rows("select count(*) from ledger.document where kind = 'sale'") == [(1,)]


def test_the_preview_of_a_member_sale_equals_what_the_door_booked(counter: Counter) -> None:
    document = counter.sale(facts.MILK, facts.COFFEE, card=facts.PLAIN_CARD)
    posted = counter.door.post(document)
    assert posted.total_minor == document.total_minor
    (held,) = (row.balances for row in posted.balances if row.wallet == facts.wallet_id(facts.PLAIN_CARD))
    assert held.stored_minor == facts.PLAIN_CARD.principal_minor - document.total_minor
    assert held.points == facts.PLAIN_CARD.points + document.grants[0].amount


def test_a_refused_document_gives_its_number_back_and_moves_nothing(counter: Counter, shop: Shop) -> None:
    document = counter.sale(facts.MILK, card=facts.POOR_CARD)
    dear = replace(document, lines=(replace(document.lines[0], price_minor=1),))  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        counter.door.post(dear)
    assert refused.value.code == "arithmetic"
    assert state(counter, dear.id) is JournalState.REFUSED
    assert counter.door.next_number() == document.number
    assert shop.rows("select count(*) from ledger.document where id = %s", dear.id) == [(0,)]
    assert counter.told(dear.id) == ["sending", "refused"]


def test_a_number_that_is_taken_teaches_the_next_one(counter: Counter) -> None:
    taken = replace(counter.sale(), number=1)
    with pytest.raises(Refused) as refused:
        counter.door.post(taken)
    assert refused.value.code == "number_used"
    assert counter.door.next_number() == refused.value.facts["next"]
    counter.door.post(replace(taken, number=counter.door.next_number()))


def test_without_a_server_nothing_is_journalled_and_nothing_is_pending(tmp_path: Path) -> None:
    with open_counter("postgresql://nobody@/none?host=/nonexistent", tmp_path) as counter:
        document = replace(_any_document(), number=7)
        with pytest.raises(Unreachable):
            counter.door.post(document)
        assert state(counter, document.id) is None
        assert counter.door.unsettled() == ()
        assert counter.states == []


def _any_document() -> Document:
    from tests.domain.test_document import SALE

    return SALE


def test_a_sale_above_the_floor_takes_two_trips_with_the_pin(
    shop: Shop, proxy: Proxy, tmp_path: Path
) -> None:
    shop.rows("update shop.chain set pin_floor_minor = 100 returning 1")
    with open_counter(proxy.url(facts.TILL_1), tmp_path) as counter:
        counter.start()
        counter.open_shift()
        opened = counter.card(facts.GOLD_CARD)
        priced = counter.priced(facts.MILK, card=opened)
        payment = Payment(priced.total_minor).with_stored(
            priced.total_minor,
            wallet=facts.wallet_id(facts.GOLD_CARD),
            balance_minor=opened.balances.stored_minor,
        )

        def sell(pin: str | None) -> str:
            attempt = counter.ids.new() if pin else None
            document = checkout.sale_document(
                counter.stamp(), priced=priced, payment=payment, pin_attempt=attempt
            )
            try:
                if attempt is not None and pin is not None:
                    wallet = facts.wallet_id(facts.GOLD_CARD)
                    counter.door.guess_pin(attempt=attempt, document=document.id, wallet=wallet, pin=pin)
                counter.door.post(document)
            except Refused as refused:
                return refused.code
            return "sold"

        assert sell(None) == "pin_needed"
        assert sell("000000") == "pin_wrong"
        proxy.reset_count()
        assert sell(facts.CARD_PIN) == "sold"
        assert proxy.count.round_trips == 2


def adjustment(counter: Counter, by: Correction) -> Document:
    """A wallet put right by hand: it always needs a second person."""
    document = counter.stamp().document(Kind.ADJUSTMENT, by.amount)
    wallet = facts.wallet_id(facts.PLAIN_CARD)
    return replace(document, wallet=wallet, reason="counted twice", corrections=(by,))


def test_a_second_person_approves_here_and_the_first_stays_signed_in(counter: Counter) -> None:
    document = adjustment(counter, Correction("principal", 500))
    with pytest.raises(Refused) as refused:
        counter.door.post(document)
    assert refused.value.code in {"approval_needed", "not_permitted"}
    asked = counter.door.propose(document)
    assert counter.door.next_number() == document.number + 1
    with pytest.raises(Refused) as own:
        counter.seat.approve(asked)
    assert own.value.code == "not_permitted"
    counter.seat.approve_here(asked, staff_number=facts.MANAGER.number, pin=facts.MANAGER.pin)
    posted = counter.door.post(document)
    assert posted.approved_by is not None
    assert [each.own for each in counter.seat.proposals()] == [True]
    counter.door.post(counter.sale())


def test_posting_before_the_approver_answered_keeps_the_number(counter: Counter) -> None:
    document = adjustment(counter, Correction("points", 5))
    counter.door.propose(document)
    with pytest.raises(Refused):
        counter.door.post(document)
    assert counter.door.next_number() in (document.number, document.number + 1)
    counter.door.withdraw(document.id)
    assert counter.door.next_number() == document.number
    assert counter.door.unsettled() == ()


def test_a_session_that_ended_refuses_before_anything_is_sent(counter: Counter) -> None:
    document = counter.sale()
    counter.seat.sign_out()
    with pytest.raises(Refused) as refused:
        counter.door.post(document)
    assert refused.value.code == "not_signed_in"
    assert counter.door.next_number() == document.number


def test_the_read_line_joins_the_session_by_its_token(counter: Counter) -> None:
    counter.read_line.close()
    assert counter.reads.find_product(facts.MILK).price_minor == 1250
    counter.seat.lock()
    with pytest.raises(Refused) as refused:
        counter.reads.find_product(facts.MILK)
    assert refused.value.code == "not_signed_in"
    with pytest.raises(Refused) as nobody:
        counter.seat.resume()
    assert nobody.value.code == "not_signed_in"


def test_a_wrong_pin_and_a_changed_pin(counter: Counter) -> None:
    with pytest.raises(Refused) as refused:
        counter.seat.change_pin(old_pin="0000", new_pin="4711")
    assert refused.value.code == "wrong_pin"
    counter.seat.change_pin(old_pin=facts.CASHIER.pin, new_pin="4711")
    counter.seat.sign_out()
    with pytest.raises(Refused) as old:
        counter.seat.sign_in(staff_number=facts.CASHIER.number, pin=facts.CASHIER.pin)
    assert old.value.code == "wrong_pin"
    assert counter.seat.sign_in(staff_number=facts.CASHIER.number, pin="4711").staff.number == "1001"


def test_a_locked_row_is_waited_for_with_the_same_id(counter: Counter, shop: Shop) -> None:
    document = counter.sale()
    with shop.connect() as other:
        other.execute("begin")
        other.execute("select from sec.terminal where role = %s for update", (facts.TILL_1,))
        free = threading.Timer(3.5, lambda: other.execute("rollback"))
        free.start()
        posted = counter.door.post(document)
        free.join()
    assert posted.id == document.id
    assert shop.rows("select count(*) from ledger.document where id = %s", document.id) == [(1,)]
    assert "checking" not in counter.told(document.id)


def test_a_reason_that_passes_is_tried_again_with_the_same_id(counter: Counter) -> None:
    document = counter.sale()
    line, reasons = counter.post_line, ["40P01", "40001", "55P03", "57014"]
    run = line.run

    def fails_four_times(work: object, **options: object) -> object:
        if reasons:
            raise ServerSaidNo(reasons.pop())
        return run(work, **options)  # type: ignore[arg-type]

    line.run = fails_four_times  # type: ignore[method-assign,assignment]
    assert counter.door.post(document).id == document.id
    assert reasons == []


def test_a_bug_of_the_server_is_a_definite_no(counter: Counter) -> None:
    document = counter.sale()

    def breaks(work: object, **options: object) -> object:
        raise ServerSaidNo("XX000")

    counter.post_line.run = breaks  # type: ignore[method-assign,assignment]
    with pytest.raises(Refused) as refused:
        counter.door.post(document)
    assert (refused.value.code, refused.value.facts) == ("server_error", {"sqlstate": "XX000"})
    assert state(counter, document.id) is JournalState.REFUSED


def test_a_watcher_that_fails_stops_no_document(counter: Counter) -> None:
    def fails(document: object, state: str) -> None:
        raise RuntimeError(state)

    counter.door.watch(fails)
    assert counter.door.post(counter.sale()).kind == "sale"


def test_a_journal_that_cannot_be_written_sells_nothing(
    counter: Counter, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(document: object) -> None:
        raise Refused("journal_unwritable", {"why": "SQLITE_FULL"})

    monkeypatch.setattr(counter.journal, "write", full)
    with pytest.raises(Refused) as refused:
        counter.door.post(counter.sale())
    assert refused.value.code == "journal_unwritable"
    assert shop.rows("select count(*) from ledger.document where kind = 'sale'") == [(0,)]


def test_an_answer_that_cannot_be_journalled_stands_and_is_replayed_later(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(posted: object) -> None:
        raise Refused("journal_unwritable", {"why": "SQLITE_FULL"})

    with monkeypatch.context() as patched:
        patched.setattr(counter.journal, "answer", full)
        posted = counter.door.post(counter.sale())
    assert [each.id for each in counter.door.unsettled()] == [posted.id]
    assert counter.door.drain().settled == 1
    assert counter.door.unsettled() == ()


def test_a_stopped_door_begins_nothing(counter: Counter) -> None:
    document = counter.sale()
    assert isinstance(counter.door, PostingDoor)
    counter.door.stop()
    with pytest.raises(Unreachable):
        counter.door.post(document)
    assert state(counter, document.id) is None


def test_a_process_without_a_seat_only_looks() -> None:
    door = ReadOnlyDoor()
    with pytest.raises(Refused) as refused:
        door.post(_any_document())
    assert refused.value.code == "read_only"
    assert (door.drain().settled, door.parked(), door.unsettled()) == (0, (), ())
    with pytest.raises(KeyError):
        door.settle(uid(1))


def test_another_terminal_of_the_shop_is_not_disturbed(counter: Counter, shop: Shop) -> None:
    till = open_till(shop, 2)
    counter.door.post(counter.sale())
    assert till.call("hello")["next_number"] == 1
    till.connection.close()
