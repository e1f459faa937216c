"""Slips as messages: queued with the posting, taken by one sender, sent once unasked, nothing in clear."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from huiyuan.devices.messages.http_messages import HttpMessages, MessageSettings
from huiyuan.devices.simulators.message_gateway import KEY, SENDER, MessageFaults, MessageSimulator
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.message import MessageState, OutboxRow, SentCount
from huiyuan.domain.model.receipt import Receipt
from huiyuan.domain.usecases.sending import send_waiting
from huiyuan.repositories.outbox import DatabaseOutbox
from huiyuan.repositories.sealing import Sealer
from huiyuan.repositories.secrets import DataKey
from tests.races.barrier import race
from tests.refusals import refuse
from tests.small_chain import BREAD_LINE, SOUTH, Card, Seat, SmallChain, cash

PHONE = "13812348823"
SEALER = Sealer(lambda: DataKey(b"k" * 32))


def outbox_of(seat: Seat, sealer: Sealer = SEALER) -> DatabaseOutbox:
    def ask(statement: str, parameters: Sequence[object]) -> Any:
        return seat.call(statement, *parameters)

    return DatabaseOutbox(ask, sealer=sealer)


def reached(chain: SmallChain, seat: Seat, phone: str | None = PHONE) -> Card:
    """A card whose member has a telephone."""
    card = chain.card(seat)
    member = int(chain.value("select member from shop.wallet where id = %s", card.wallet))
    if phone is not None:
        sealed = bytes.fromhex(SEALER.seal(phone, member=member, field="phone"))
        chain.run("insert into shop.personal(member, phone) values (%s, %s)", member, sealed)
    return card


def sold(seat: Seat, card: Card, **parts: Any) -> UUID:
    """A loaf of bread whose slip is to be sent."""
    body = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350, "message": "instead"}
    return UUID(seat.done("sale", wallet=card.wallet, **body | parts)["id"])


def slip(document: UUID) -> Receipt:
    return Receipt(f"R {document.hex[:4]}", 32, ("huiyuan", "3.50"))


def row_of(outbox: DatabaseOutbox, document: UUID) -> OutboxRow:
    return next(each for each in outbox.rows(200) if each.document == document)


def at_once(chain: SmallChain, document: UUID) -> None:
    """The next try need not wait."""
    chain.run("update shop.outbox set not_before = now() where document = %s", document)


def sent_by(
    simulator: MessageSimulator, outbox: DatabaseOutbox, document: UUID, *, key: str = KEY
) -> SentCount:
    gateway = HttpMessages(MessageSettings(simulator.url, SENDER, key, connect_s=1, answer_s=2))
    return send_waiting(outbox, gateway, slip, most=5, document=document)


def test_a_slip_waits_with_its_document_and_goes_out_once(seat: Seat, chain: SmallChain) -> None:
    card, outbox = reached(chain, seat), outbox_of(seat)
    document = sold(seat, card)
    assert row_of(outbox, document).state is MessageState.QUEUED
    body = seat.document("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    quiet = seat.post(body)
    assert UUID(quiet["id"]) not in {each.document for each in outbox.rows(200)}

    with MessageSimulator() as simulator:
        assert sent_by(simulator, outbox, document) == SentCount(sent=1)
        assert sent_by(simulator, outbox, document) == SentCount()  # nothing waits any more
        (went,) = simulator.sent
    assert (went["to"], went["copy"], went["text"]) == (PHONE, False, "huiyuan\n3.50")
    assert row_of(outbox, document).state is MessageState.SENT


def test_nothing_personal_stands_in_the_outbox_or_in_the_audit(seat: Seat, chain: SmallChain) -> None:
    outbox = outbox_of(seat)
    document = sold(seat, reached(chain, seat))
    outbox.take(1, document)
    for table in ("shop.outbox", "sec.audit", "ledger.document"):
        assert chain.value(f"select count(*) from {table} x where x::text like %s", f"%{PHONE}%") == 0
    audit = "select count(*) from sec.audit where what = 'outbox_taken' and facts::text like %s"
    assert chain.value(audit, f"%{document}%") == 1


@pytest.mark.parametrize(
    ("faults", "first", "arrived"),
    [
        (MessageFaults(reset_after=1), SentCount(unknown=1), 1),
        (MessageFaults(reset_before=1), SentCount(unknown=1), 1),
        (MessageFaults(broken=1), SentCount(unknown=1), 1),
        (MessageFaults(refused="blocked"), SentCount(failed=1), 0),
    ],
)
def test_what_may_have_gone_out_is_asked_about_and_never_sent_twice(
    seat: Seat, chain: SmallChain, faults: MessageFaults, first: SentCount, arrived: int
) -> None:
    outbox, document = outbox_of(seat), sold(seat, reached(chain, seat))
    with MessageSimulator(faults) as simulator:
        assert sent_by(simulator, outbox, document) == first
        sent_by(simulator, outbox, document)
        assert len(simulator.sent) == arrived
        assert simulator.heard[1:2] == (["query"] if first.unknown else [])
        if first.unknown:
            assert row_of(outbox, document).state is MessageState.SENT


def test_a_forged_answer_is_none(seat: Seat, chain: SmallChain) -> None:
    for faults in (MessageFaults(forged=True), MessageFaults(other_number=True)):
        outbox, document = outbox_of(seat), sold(seat, reached(chain, seat))
        with MessageSimulator(faults) as simulator:
            assert sent_by(simulator, outbox, document) == SentCount(unknown=1)


def test_a_gateway_that_is_away_leaves_everything_waiting(seat: Seat, chain: SmallChain) -> None:
    outbox, card = outbox_of(seat), reached(chain, seat)
    document = sold(seat, card)
    with MessageSimulator() as simulator:
        url = simulator.url
    gateway = HttpMessages(MessageSettings(url, SENDER, KEY, connect_s=1, answer_s=1))
    assert send_waiting(outbox, gateway, slip, most=5, document=document) == SentCount(waiting=1)
    row = row_of(outbox, document)
    assert (row.state, row.fault, row.tries) == (MessageState.QUEUED, "away", 1)


def test_a_sender_that_died_leaves_a_doubt_that_the_gateway_settles(seat: Seat, chain: SmallChain) -> None:
    outbox, document = outbox_of(seat), sold(seat, reached(chain, seat))
    with MessageSimulator() as simulator:
        (taken,) = outbox.take(1, document)  # and nothing more of this sender is heard
        simulator.send({"number": taken.number, "nonce": "", "to": taken.phone})
        assert outbox.take(1, document) == ()
        chain.run(
            "update shop.outbox set taken_at = now() - interval '3 minutes' where document = %s", document
        )
        assert sent_by(simulator, outbox, document) == SentCount(sent=1)
        assert (simulator.heard, len(simulator.sent)) == (["query"], 1)


def test_once_more_is_a_copy_where_it_went_out_and_none_where_it_did_not(
    seat: Seat, chain: SmallChain
) -> None:
    outbox, document = outbox_of(seat), sold(seat, reached(chain, seat))
    with MessageSimulator() as simulator:
        sent_by(simulator, outbox, document)
        assert outbox.decide(document, again=True).copies == 1
        sent_by(simulator, outbox, document)
        first, copy = simulator.sent
    assert first["number"] != copy["number"]
    assert (copy["copy"], copy["text"].startswith("huiyuan")) == (True, False)

    nobody = sold(seat, reached(chain, seat, phone=None))
    with MessageSimulator() as simulator:
        assert sent_by(simulator, outbox, nobody) == SentCount(failed=1)
    assert row_of(outbox, nobody).fault == "no_phone"
    assert outbox.decide(nobody, again=True).copies == 0
    assert outbox.decide(nobody, again=False).state is MessageState.DROPPED
    with pytest.raises(Refused, match="outbox_moved"):
        outbox.decide(nobody, again=False)


def test_what_was_taken_back_or_is_old_is_not_sent(seat: Seat, chain: SmallChain) -> None:
    outbox, card = outbox_of(seat), reached(chain, seat)
    void, old = sold(seat, card), sold(seat, card)
    seat.done("reversal", of=str(void), reason="mistake", total_minor=350)
    chain.run("update shop.outbox set queued_at = now() - interval '49 hours' where document = %s", old)
    with MessageSimulator() as simulator:
        for each in (void, old):
            assert sent_by(simulator, outbox, each) == SentCount()
        assert simulator.sent == []
    found = {each: row_of(outbox, each) for each in (void, old)}
    assert (found[void].state, found[void].fault) == (MessageState.DROPPED, "void")
    assert (found[old].state, found[old].fault) == (MessageState.FAILED, "late")


def test_two_senders_never_have_the_same_one(seat: Seat, chain: SmallChain) -> None:
    other = chain.open_seat()
    document = sold(seat, reached(chain, seat))
    first, second = (partial(outbox_of(each).take, 20, document) for each in (seat, other))
    ended = race([first, second])
    assert sorted(len(each.answer) for each in ended) == [0, 1]


def test_only_who_took_it_may_tell_and_no_other_store_sees_it(seat: Seat, chain: SmallChain) -> None:
    document = sold(seat, reached(chain, seat))
    beside, far = chain.open_seat(), chain.open_seat(SOUTH)
    outbox_of(seat).take(1, document)
    for other in (beside, far):
        with pytest.raises(Refused, match="outbox_moved"):
            outbox_of(other).told(document, MessageState.SENT, "")
    assert outbox_of(far).take(20, document) == ()
    assert document not in {each.document for each in outbox_of(far).rows(200)}
    with pytest.raises(Refused, match="outbox_moved"):
        outbox_of(far).decide(document, again=False)


def test_a_counter_without_the_key_gives_back_what_it_took(seat: Seat, chain: SmallChain) -> None:
    document = sold(seat, reached(chain, seat))
    with pytest.raises(Refused, match="seal_broken"):
        outbox_of(seat, Sealer(lambda: DataKey(b"x" * 32))).take(1, document)
    assert row_of(outbox_of(seat), document).fault == "unreadable"
    assert [each.phone for each in outbox_of(seat).take(1, document)] == [PHONE]


def test_a_wish_holds_from_the_next_card_on(seat: Seat, chain: SmallChain) -> None:
    card = reached(chain, seat)
    member = int(chain.value("select member from shop.wallet where id = %s", card.wallet))
    with pytest.raises(Refused, match="not_permitted"):
        outbox_of(seat).wish(member, given=True)
    chain.run(
        "insert into sec.permission(duty, permission) values ('manager', 'members') on conflict do nothing"
    )
    seat.sign_in(chain.managers[0])
    for given in (True, False):
        outbox_of(seat).wish(member, given=given)
        opened = seat.ask("open_card", "number", bytes.fromhex(card.token))
        assert (opened["member"]["slips"], opened["member"]["phone"]) == (given, True)


def test_a_message_needs_a_member_and_a_way(seat: Seat, chain: SmallChain) -> None:
    card = reached(chain, seat)
    body = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350}
    refuse(seat, seat.document("sale", message="instead", **body), "message_refused")
    refuse(seat, seat.document("sale", message="pigeon", wallet=card.wallet, **body), "message_refused")
    refuse(seat, seat.document("no_sale", message="instead", reason="x"), "unknown_key")
    assert "refused" not in seat.post(seat.document("sale", message="beside", wallet=card.wallet, **body))
