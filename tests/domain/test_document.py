"""The body is exactly shape 1: golden text, no null, nothing unknown, and what is written is read back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from itertools import product as pairs

import pytest

from huiyuan.domain.model.card import CardState, may_move
from huiyuan.domain.model.document import (
    Adjustment,
    CardMove,
    Document,
    Fee,
    Grant,
    Kind,
    Proof,
    ReturnLine,
    SaleLine,
    StockRow,
    TaxRow,
    Tender,
)
from huiyuan.domain.model.errors import OutcomeUnknown, Refused
from huiyuan.domain.model.posted import Posted
from tests.domain.builders import AT, card, result, uid
from tests.lives import ALLOWED, STATES

SALE = Document(
    id=uid(5),
    kind=Kind.SALE,
    session=9,
    number=42,
    occurred_at=AT.astimezone(timezone(timedelta(hours=8))),
    priced_at=AT,
    total_minor=900,
    shift=uid(4),
    wallet=7,
    lines=(SaleLine(1, 3, 1000, 1000, 1000, 900),),
    adjustments=(Adjustment(1, "tier", 100, rule=1, version=2),),
    taxes=(TaxRow("V13", 1300, 900, 104),),
    tenders=(Tender("cash", 500, given_minor=1000), Tender("stored", 400, wallet=7)),
    grants=(Grant("points", 3, 1, 9),),
    proofs=(Proof("number", "ab", 7, pin_attempt=uid(6)),),
)
BODY = """{"kind": "sale", "session": 9, "number": 42, "occurred_at": "2026-03-01T09:30:00.000+00:00",
"total_minor": 900, "priced_at": "2026-03-01T09:30:00.000+00:00",
"shift": "00000000-0000-0000-0000-000000000004", "wallet": 7,
"lines": [{"n": 1, "product": 3, "qty_milli": 1000, "price_minor": 1000, "value_minor": 1000,
"total_minor": 900}], "adjustments": [{"line": 1, "source": "tier", "amount_minor": 100, "rule": 1,
"version": 2}], "taxes": [{"code": "V13", "rate_bp": 1300, "base_minor": 900, "amount_minor": 104}],
"tenders": [{"kind": "cash", "amount_minor": 500, "given_minor": 1000}, {"kind": "stored",
"amount_minor": 400, "wallet": 7}], "grants": [{"kind": "points", "rule": 3, "version": 1, "amount": 9}],
"proofs": [{"wallet": 7, "token_kind": "number", "token": "ab",
"pin_attempt": "00000000-0000-0000-0000-000000000006"}]}"""
OTHERS = [
    Document(uid(1), Kind.RETURN, 9, 1, AT, 5, of=uid(5), reason="wrong", lines=(ReturnLine(1, 1, 500),)),
    Document(uid(1), Kind.SHIFT_OPEN, 9, 1, AT, 5, counted_minor=0),
    Document(
        uid(1),
        Kind.CARD_ISSUE,
        9,
        1,
        AT,
        5,
        cards=(CardMove(1, "blank", "issued", holder=3),),
        fees=(Fee("card", 4, 1, 5),),
    ),
    Document(uid(1), Kind.STOCK_RECEIPT, 9, 1, AT, 5, stock=(StockRow(1, 1000, 700),)),
]


def test_a_sale_is_exactly_this_body() -> None:
    assert SALE.to_body() == json.loads(BODY)


@pytest.mark.parametrize("document", [SALE, *OTHERS], ids=lambda d: str(d.kind))
def test_what_the_journal_kept_is_read_back(document: Document) -> None:
    kept = json.loads(json.dumps(document.to_body()))
    assert Document.from_body(document.id, kept) == document
    assert Document.from_body(document.id, kept).to_body() == document.to_body()


@pytest.mark.parametrize(
    ("change", "fault"),
    [({"nubmer": 1}, "unknown key nubmer"), ({"lines": [{"n": 1, "of": 1}]}, "unknown key of")],
)
def test_an_unknown_key_is_not_read(change: dict[str, object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Document.from_body(SALE.id, SALE.to_body() | change)


def test_a_missing_key_is_named() -> None:
    with pytest.raises(ValueError, match="missing key value_minor"):
        Document.from_body(
            SALE.id, SALE.to_body() | {"lines": [{"n": 1, "product": 1, "qty_milli": 1, "price_minor": 1}]}
        )


def test_the_answer_of_the_door_is_parsed() -> None:
    posted = Posted.from_result(
        result(
            balances=[{"wallet": 7, "principal": 100, "bonus": None, "points": 3, "points_debt": 0}],
            lots=[{"lot": 1, "account": 5, "delta": -400}],
            postings=[
                {
                    "n": 1,
                    "demand": "tender",
                    "unit": "CNY",
                    "debit": "cash",
                    "credit": "revenue",
                    "amount": 500,
                    "reference": None,
                }
            ],
            replayed=True,
        )
    )
    assert posted.replayed
    assert posted.change_minor == 0
    (held,) = posted.balances
    assert (held.wallet, held.balances.stored_minor, held.balances.points) == (7, 100, 3)
    assert posted.posted_at == datetime.fromisoformat("2026-03-01T09:30:01.123456+00:00")


@pytest.mark.parametrize("kind", list(Kind))
def test_every_pair_of_card_states_either_moves_or_does_not(kind: Kind) -> None:
    allowed = ALLOWED.get(kind, set())
    moving = {(was, now) for was, now in pairs(CardState, CardState) if may_move(kind, was, now)}
    assert {(str(was), str(now)) for was, now in moving} == allowed
    assert {str(state) for state in CardState} == set(STATES)


def test_a_refusal_shows_its_code_and_hides_its_facts() -> None:
    refused = Refused("insufficient", {"balance": 5, "name": "张三"})
    assert (str(refused), repr(refused)) == ("insufficient", "Refused('insufficient')")
    assert refused.facts["balance"] == 5
    assert OutcomeUnknown(uid(5)).document == uid(5)


def test_a_token_never_shows_in_a_repr() -> None:
    assert "abab" not in repr(card())
