"""Use cases: facts become one document, posted once; nonsense is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from huiyuan.domain.model.approval import Proposed
from huiyuan.domain.model.card import CardState
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.document import Correction, Document, Kind, StockRow
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.journal import Drained, ParkedDocument
from huiyuan.domain.model.offline import OfflineCaps, Outage
from huiyuan.domain.model.posted import LineLeft, Posted, PostedDocument
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.rules import RuleFamily
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.ports import Door, OnState
from huiyuan.domain.usecases import cards, checkout, corrections, receiving, shift, top_up
from tests.domain.builders import AT, card, posted, product, rule, uid


class BookedDoor:
    """A door that takes everything and remembers what came, in order."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.waiting: list[Document] = []

    def post(self, document: Document) -> Posted:
        self.calls.append(("post", document))
        return posted(document.id, total_minor=document.total_minor)

    def guess_pin(self, *, attempt: UUID, document: UUID, wallet: int, pin: str) -> None:
        self.calls.append(("guess_pin", (attempt, document, wallet, pin)))

    def keep_offline(self, document: Document, caps: OfflineCaps) -> None:
        self.calls.append(("keep_offline", (document, caps)))

    def outage(self) -> Outage | None:
        return None

    def settle(self, document: UUID) -> Posted:
        raise KeyError(document)

    def propose(self, document: Document) -> Proposed:
        self.calls.append(("propose", document))
        return Proposed(document.id, "00")

    def withdraw(self, document: UUID) -> None:
        self.calls.append(("withdraw", document))

    def watch(self, on_state: OnState) -> None:
        self.calls.append(("watch", on_state))

    def next_number(self) -> int:
        return 1

    def drain(self) -> Drained:
        return Drained()

    def unsettled(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[Document]:
        assert (after, most) == (None, None)
        return self.waiting

    def parked(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[ParkedDocument]:
        assert (after, most) == (None, None)
        return ()

    def open_counts(self) -> tuple[int, int]:
        return len(self.waiting), 0

    def decide(self, document: UUID, *, by: str, note: str) -> None:
        raise KeyError(document, by, note)


COMMON: dict[str, Any] = {"id": uid(5), "number": 42, "at": AT, "session": 9}
EARN = rule(RuleFamily.POINTS, id=9, points_rate=100)
BONUS = rule(RuleFamily.BONUS, id=8, max_bp=1000)
FEE = rule(RuleFamily.FEE, id=7, amount_minor=500, body={"kind": "card_issue", "code": "card"})


@pytest.fixture
def door() -> BookedDoor:
    return BookedDoor()


def only_document(door: BookedDoor) -> Document:
    ((what, document),) = door.calls
    assert what == "post"
    assert isinstance(document, Document)
    return document


def test_the_fake_is_a_door(door: BookedDoor) -> None:
    whole: Door = door
    assert whole.next_number() == 1


def test_a_sale_names_the_card_only_where_it_pays(door: BookedDoor) -> None:
    priced = price_cart(Cart().with_card(card()).add(product(1, 3000)), [EARN])
    cash = checkout.sale_document(
        **COMMON, shift=uid(4), priced=priced, payment=Payment(3000).with_cash(5000)
    )
    assert (cash.wallet, cash.proofs, cash.grants[0].amount) == (7, (), 30)
    stored = Payment(3000).with_stored(3000, wallet=7, balance_minor=6000)
    checkout.complete_sale(door, **COMMON, shift=uid(4), priced=priced, payment=stored)
    (proof,) = only_document(door).proofs
    assert (proof.wallet, proof.token_kind, proof.token) == (7, "number", "ab" * 32)


def test_a_pin_is_committed_before_the_posting_that_judges_it(door: BookedDoor) -> None:
    priced = price_cart(Cart().with_card(card()).add(product(1, 3000)), [])
    payment = Payment(3000).with_stored(3000, wallet=7, balance_minor=6000)
    pin = checkout.PinGuess(uid(6), "123456")
    checkout.complete_sale(door, **COMMON, shift=uid(4), priced=priced, payment=payment, pin=pin)
    (first, guess), (second, document) = door.calls
    assert (first, second) == ("guess_pin", "post")
    assert guess == (uid(6), uid(5), 7, "123456")
    assert document.proofs[0].pin_attempt == uid(6)
    assert "123456" not in repr(pin)


def test_a_top_up_grants_the_best_bonus(door: BookedDoor) -> None:
    payment = Payment(10_000).with_cash(10_000)
    top_up.top_up(door, **COMMON, shift=uid(4), card=card(), payment=payment, rules=[BONUS])
    document = only_document(door)
    assert (document.kind, document.wallet, document.total_minor) == (Kind.TOP_UP, 7, 10_000)
    assert [(g.kind, g.amount) for g in document.grants] == [("bonus", 1000)]


def test_a_card_is_issued_with_its_fee_and_then_activated(door: BookedDoor) -> None:
    blank = card(state=CardState.BLANK, wallet=None, tier=None)
    cards.issue_card(
        door,
        **COMMON,
        shift=uid(4),
        card=blank,
        holder=3,
        rules=[FEE, BONUS],
        payment=Payment(500).with_cash(500),
    )
    document = only_document(door)
    assert [(m.was, m.now, m.holder) for m in document.cards] == [("blank", "issued", 3)]
    assert [(f.code, f.amount_minor) for f in document.fees] == [("card", 500)]
    door.calls.clear()
    cards.activate_card(door, **COMMON, card=replace(blank, state=CardState.ISSUED, wallet=8))
    assert only_document(door).cards[0].now == "active"
    assert only_document(door).total_minor == 0


def test_a_shift_opens_with_a_float_and_closes_with_a_count(door: BookedDoor) -> None:
    shift.open_shift(door, **COMMON, float_minor=50_000)
    assert only_document(door).counted_minor == only_document(door).total_minor == 50_000
    door.calls.clear()
    shift.close_shift(door, **COMMON, shift=uid(4), counted_minor=0)
    assert only_document(door).to_body()["counted_minor"] == 0
    assert only_document(door).shift == uid(4)


def test_a_shift_stays_open_while_a_document_of_it_has_no_answer(door: BookedDoor) -> None:
    """Control: one of another shift does not hold it open, nor does one that belongs to none."""
    waiting = shift.shift_open_document(**COMMON, float_minor=1)
    door.waiting = [replace(waiting, shift=uid(9)), replace(waiting, shift=None)]
    shift.close_shift(door, **COMMON, shift=uid(4), counted_minor=0)
    door.calls.clear()
    door.waiting.append(replace(waiting, shift=uid(4)))
    with pytest.raises(Refused) as refused:
        shift.close_shift(door, **COMMON, shift=uid(4), counted_minor=0)
    assert (refused.value.code, refused.value.facts) == ("unsettled", {"count": 1})
    assert door.calls == []


def test_a_delivery_totals_its_cost(door: BookedDoor) -> None:
    rows = [StockRow(1, 1500, 333), StockRow(2, 1000)]
    receiving.receive_stock(door, **COMMON, rows=rows)
    assert only_document(door).total_minor == 500


def sold(**more: Any) -> PostedDocument:
    document = Document(uid(3), Kind.SALE, 9, 41, AT, 1000, shift=uid(4))
    lines = (LineLeft(1, 1, "P1", "Tea", 3000, 334, 1000, 1000, 3000, 1000),)
    return PostedDocument(document, posted(uid(3), total_minor=1000), "Li", lines, **more)


def test_a_reversal_mirrors_the_whole_in_the_shift_it_was_posted_in(door: BookedDoor) -> None:
    corrections.reverse(door, **COMMON, of=sold(), reason=" wrong item ")
    document = only_document(door)
    assert (document.of, document.shift, document.total_minor) == (uid(3), uid(4), 1000)
    assert document.reason == "wrong item"


def test_a_return_names_lines_and_the_total_that_the_door_will_make(door: BookedDoor) -> None:
    corrections.return_lines(door, **COMMON, shift=uid(2), sale=sold(), pieces={1: 1000}, reason="broken")
    document = only_document(door)
    assert (document.total_minor, document.shift, document.tenders) == (333, uid(2), ())
    assert document.to_body()["lines"] == [{"n": 1, "of": 1, "qty_milli": 1000}]


def test_an_adjustment_totals_what_it_moves_without_signs(door: BookedDoor) -> None:
    rows = [Correction("principal", -500), Correction("points", 20)]
    corrections.adjust(door, **COMMON, wallet=7, corrections=rows, reason="miscount")
    assert only_document(door).total_minor == 520


PRICED = price_cart(Cart().with_card(card()).add(product(1, 3000)), [])
STORED = Payment(3000).with_stored(3000, wallet=7, balance_minor=6000)
REFUSALS: list[tuple[str, Callable[[Door], object]]] = [
    (
        "empty_document",
        lambda d: checkout.complete_sale(
            d, **COMMON, shift=uid(4), priced=price_cart(Cart(), []), payment=Payment(0)
        ),
    ),
    (
        "unbalanced",
        lambda d: checkout.complete_sale(
            d, **COMMON, shift=uid(4), priced=PRICED, payment=Payment(3000).with_cash(1)
        ),
    ),
    (
        "card_not_presented",
        lambda d: checkout.complete_sale(
            d, **COMMON, shift=uid(4), priced=price_cart(PRICED.cart.with_card(None), []), payment=STORED
        ),
    ),
    (
        "card_not_active",
        lambda d: top_up.top_up(
            d,
            **COMMON,
            shift=uid(4),
            card=card(state=CardState.FROZEN),
            payment=Payment(100).with_cash(100),
            rules=[],
        ),
    ),
    (
        "unbalanced",
        lambda d: top_up.top_up(d, **COMMON, shift=uid(4), card=card(), payment=Payment(100), rules=[]),
    ),
    (
        "tender_not_allowed",
        lambda d: top_up.top_up(d, **COMMON, shift=uid(4), card=card(), payment=STORED, rules=[]),
    ),
    (
        "card_state",
        lambda d: cards.issue_card(
            d, **COMMON, shift=uid(4), card=card(), holder=3, rules=[], payment=Payment(0)
        ),
    ),
    ("card_state", lambda d: cards.activate_card(d, **COMMON, card=card())),
    (
        "unbalanced",
        lambda d: cards.issue_card(
            d,
            **COMMON,
            shift=uid(4),
            card=card(state=CardState.BLANK),
            holder=3,
            rules=[FEE],
            payment=Payment(0),
        ),
    ),
    ("empty_document", lambda d: receiving.receive_stock(d, **COMMON, rows=[])),
    ("reason_missing", lambda d: corrections.reverse(d, **COMMON, of=sold(), reason=" x ")),
    (
        "already_reversed",
        lambda d: corrections.reverse(d, **COMMON, of=sold(reversed_by=uid(8)), reason="wrong"),
    ),
    (
        "returned_beyond_sold",
        lambda d: corrections.return_lines(
            d, **COMMON, shift=uid(2), sale=sold(), pieces={1: 3001}, reason="broken"
        ),
    ),
    (
        "empty_document",
        lambda d: corrections.adjust(d, **COMMON, wallet=7, corrections=[], reason="miscount"),
    ),
]


@pytest.mark.parametrize(("code", "attempt"), REFUSALS, ids=[code for code, _ in REFUSALS])
def test_what_cannot_be_right_is_refused_and_nothing_is_sent(
    door: BookedDoor, code: str, attempt: Callable[[Door], object]
) -> None:
    with pytest.raises(Refused) as refused:
        attempt(door)
    assert refused.value.code == code
    assert door.calls == []
