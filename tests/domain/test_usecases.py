"""Use cases: facts become one document; nonsense is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from huiyuan.domain.model.card import CardState
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.document import Document, Kind, StockRow
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.posted import LineLeft, PostedDocument
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.rules import RuleFamily
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.ports import Door
from huiyuan.domain.usecases import cards, checkout, corrections, receiving, shift, top_up
from tests.domain.builders import AT, card, posted, product, rule, uid

STAMP = Stamp(uid(5), 42, AT, 9, uid(2))
EARN = rule(RuleFamily.POINTS, id=9, points_rate=100)
BONUS = rule(RuleFamily.BONUS, id=8, max_bp=1000)
FEE = rule(RuleFamily.FEE, id=7, amount_minor=500, body={"kind": "card_issue", "code": "card"})


def test_a_sale_names_the_card_only_where_it_pays() -> None:
    priced = price_cart(Cart().with_card(card()).add(product(1, 3000)), [EARN])
    cash = checkout.sale_document(STAMP, priced=priced, payment=Payment(3000).with_cash(5000))
    assert (cash.wallet, cash.proofs, cash.grants[0].amount) == (7, (), 30)
    stored = Payment(3000).with_stored(3000, wallet=7, balance_minor=6000)
    (proof,) = checkout.sale_document(STAMP, priced=priced, payment=stored).proofs
    assert (proof.wallet, proof.token_kind, proof.token) == (7, "number", "ab" * 32)


def test_a_sale_that_a_pin_decides_names_the_guess() -> None:
    priced = price_cart(Cart().with_card(card()).add(product(1, 3000)), [])
    payment = Payment(3000).with_stored(3000, wallet=7, balance_minor=6000)
    document = checkout.sale_document(STAMP, priced=priced, payment=payment, pin_attempt=uid(6))
    assert document.proofs[0].pin_attempt == uid(6)


def test_a_top_up_grants_the_best_bonus() -> None:
    payment = Payment(10_000).with_cash(10_000)
    (offer,) = top_up.offers_for(card(), amount_minor=10_000, rules=[BONUS])
    document = top_up.top_up_document(STAMP, card=card(), payment=payment, rules=[BONUS], offer=offer)
    assert (document.kind, document.wallet, document.total_minor) == (Kind.TOP_UP, 7, 10_000)
    assert [(g.kind, g.amount) for g in document.grants] == [("bonus", 1000)]


def test_a_card_is_issued_with_its_fee_and_then_activated() -> None:
    blank = card(state=CardState.BLANK, wallet=None, tier=None)
    document = cards.card_issue_document(
        STAMP, card=blank, holder=3, rules=[FEE, BONUS], payment=Payment(500).with_cash(500)
    )
    assert [(m.was, m.now, m.holder) for m in document.cards] == [("blank", "issued", 3)]
    assert [(f.code, f.amount_minor) for f in document.fees] == [("card", 500)]
    issued = replace(blank, state=CardState.ISSUED, wallet=8)
    document = cards.card_activation_document(STAMP, card=issued)
    assert (document.cards[0].now, document.total_minor, document.shift) == ("active", 0, None)


def test_a_shift_opens_with_a_float_and_closes_with_a_count() -> None:
    opened = shift.shift_open_document(STAMP, float_minor=50_000)
    assert (opened.counted_minor, opened.total_minor, opened.shift) == (50_000, 50_000, None)
    closed = shift.shift_close_document(STAMP, counted_minor=0)
    assert closed.to_body()["counted_minor"] == 0
    assert closed.shift == uid(2)


class Waiting:
    """A door as far as it tells what has no answer."""

    def __init__(self, *documents: Document) -> None:
        self.documents = documents

    def unsettled(self) -> tuple[Document, ...]:
        return self.documents


def test_only_documents_of_a_shift_hold_it_open() -> None:
    """Control: one of another shift does not, nor does one that belongs to none."""
    waiting = shift.shift_open_document(STAMP, float_minor=1)
    others = (replace(waiting, shift=uid(9)), waiting)
    assert shift.unsettled_of(cast(Door, Waiting(*others)), uid(2)) == ()
    own = replace(waiting, shift=uid(2))
    assert shift.unsettled_of(cast(Door, Waiting(*others, own)), uid(2)) == (own,)


def test_a_delivery_totals_its_cost() -> None:
    rows = [StockRow(1, 1500, 333), StockRow(2, 1000)]
    assert receiving.stock_receipt_document(STAMP, rows=rows).total_minor == 500


def sold(**more: Any) -> PostedDocument:
    document = Document(uid(3), Kind.SALE, 9, 41, AT, 1000, shift=uid(4))
    lines = (LineLeft(1, 1, "P1", "Tea", 3000, 334, 1000, 1000, 3000, 1000),)
    return PostedDocument(document, posted(uid(3), total_minor=1000), "Li", lines, **more)


def test_a_reversal_mirrors_the_whole_in_the_shift_it_was_posted_in() -> None:
    document = corrections.reversal_document(STAMP, of=sold(), reason=" wrong item ")
    assert (document.of, document.shift, document.total_minor) == (uid(3), uid(4), 1000)
    assert document.reason == "wrong item"


def test_a_return_names_lines_and_the_total_that_the_door_will_make() -> None:
    document = corrections.return_document(STAMP, sale=sold(), pieces={1: 1000}, reason="broken")
    assert (document.total_minor, document.shift, document.tenders) == (333, uid(2), ())
    assert document.to_body()["lines"] == [{"n": 1, "of": 1, "qty_milli": 1000}]


PRICED = price_cart(Cart().with_card(card()).add(product(1, 3000)), [])
STORED = Payment(3000).with_stored(3000, wallet=7, balance_minor=6000)
REFUSALS: list[tuple[str, Callable[[], object]]] = [
    (
        "empty_document",
        lambda: checkout.sale_document(STAMP, priced=price_cart(Cart(), []), payment=Payment(0)),
    ),
    (
        "unbalanced",
        lambda: checkout.sale_document(STAMP, priced=PRICED, payment=Payment(3000).with_cash(1)),
    ),
    (
        "card_not_presented",
        lambda: checkout.sale_document(
            STAMP, priced=price_cart(PRICED.cart.with_card(None), []), payment=STORED
        ),
    ),
    (
        "card_not_active",
        lambda: top_up.top_up_document(
            STAMP,
            card=card(state=CardState.FROZEN),
            payment=Payment(100).with_cash(100),
            rules=[],
        ),
    ),
    (
        "unbalanced",
        lambda: top_up.top_up_document(STAMP, card=card(), payment=Payment(100), rules=[]),
    ),
    (
        "tender_not_allowed",
        lambda: top_up.top_up_document(STAMP, card=card(), payment=STORED, rules=[]),
    ),
    (
        "card_state",
        lambda: cards.card_issue_document(STAMP, card=card(), holder=3, rules=[], payment=Payment(0)),
    ),
    ("card_state", lambda: cards.card_activation_document(STAMP, card=card())),
    (
        "unbalanced",
        lambda: cards.card_issue_document(
            STAMP,
            card=card(state=CardState.BLANK),
            holder=3,
            rules=[FEE],
            payment=Payment(0),
        ),
    ),
    ("empty_document", lambda: receiving.stock_receipt_document(STAMP, rows=[])),
    ("reason_missing", lambda: corrections.reversal_document(STAMP, of=sold(), reason=" x ")),
    (
        "already_reversed",
        lambda: corrections.reversal_document(STAMP, of=sold(reversed_by=uid(8)), reason="wrong"),
    ),
    (
        "returned_beyond_sold",
        lambda: corrections.return_document(STAMP, sale=sold(), pieces={1: 3001}, reason="broken"),
    ),
]


@pytest.mark.parametrize(("code", "attempt"), REFUSALS, ids=[code for code, _ in REFUSALS])
def test_what_cannot_be_right_is_refused(code: str, attempt: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refused:
        attempt()
    assert refused.value.code == code
