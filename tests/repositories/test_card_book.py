"""The book of cards against a server: a type is proposed by one, approved by another; a card tells of it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from huiyuan.domain.model.custody import numbers_of
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.promotion_desk import Campaign
from huiyuan.repositories.card_book import DatabaseCardBook
from huiyuan.repositories.promotions import DatabasePromotions
from huiyuan.repositories.reads import opened_card
from huiyuan.repositories.sealing import Sealer
from huiyuan.repositories.secrets import DataKey
from tests.card_types import a_pass, buy, use
from tests.refusals import refuse
from tests.small_chain import FEE_DUE, Seat, SmallChain, cash, move

PROPOSE = "select api.rule_propose(null, 'card_type', '福利卡', %s)"


def digest(kind: str, text: str) -> bytes:
    return hashlib.sha256(f"{kind}:{text}".encode()).digest()


def book_of(seat: Seat) -> DatabaseCardBook:
    def ask(statement: str, parameters: Any) -> Any:
        return seat.call(statement, *parameters)

    return DatabaseCardBook(ask, sealer=Sealer(lambda: DataKey(b"k" * 32)), token_of=digest)


def types_of(seat: Seat) -> Sequence[Campaign]:
    """What its desk shows of card types."""
    book = DatabasePromotions(lambda statement, parameters: seat.call(statement, *parameters))
    return book.desk(["card_type"], after=None, most=200).rows


def two_people(chain: SmallChain) -> tuple[Seat, Seat]:
    grant = "insert into sec.permission(duty, permission) values ('manager', 'rules') on conflict do nothing"
    chain.run(grant)
    return chain.seat(staff=chain.managers[0]), chain.seat(staff=chain.managers[1])


def test_a_type_says_how_long_its_cards_hold_and_whether_they_are_applied_for(chain: SmallChain) -> None:
    one, other = two_people(chain)
    body = {"type": f"y{one.terminal}", "who": "personal", "functions": ["stored"]}
    row = "select valid_months, by_application, rule from shop.card_type where code = %s"

    def publish(rule: int | None, **more: Any) -> tuple[Any, ...]:
        ask = "select api.rule_propose(%s::int, 'card_type', '年卡', %s)"
        asked = one.call(ask, rule, Jsonb({"body": {**body, **more}}))
        other.call("select api.rule_approve(%s::bigint)", asked["proposal"])
        return chain.rows(row, body["type"])[0]

    months, applied, rule = publish(None, valid_months=12, by_application=True)
    assert (months, applied) == (12, True)
    assert publish(rule, valid_months=24)[:2] == (24, False)
    assert publish(rule)[:2] == (None, False), "what a version does not name does not hold"
    for wrong in ({"valid_months": 601}, {"valid_months": "x"}, {"by_application": 1}):
        refused = one.call(PROPOSE, Jsonb({"body": {**body, **wrong}}))
        assert refused["refused"] == "malformed", wrong
    card = chain.blank(chain.value("select id from shop.card_type where code = %s", body["type"]))
    publish(rule, by_application=True)
    seat = chain.open_seat()
    cards = [move(card, "blank", "issued", holder=chain.member())]
    issue = {"cards": cards, "fees": [FEE_DUE], "tenders": [cash(1000)], "total_minor": 1000}
    refuse(seat, seat.document("card_issue", **issue), "application_missing")


def test_a_type_holds_once_another_person_approved_it(chain: SmallChain) -> None:
    one, other = two_people(chain)
    body = {"type": f"w{one.terminal}", "who": "personal", "functions": ["stored"], "sale_max_minor": 5000}
    asked = one.call(PROPOSE, Jsonb({"body": body}))
    mine = next(each for each in types_of(one) if each.proposal == asked["proposal"])
    assert (mine.own, mine.terms.body) == (True, {"kind": "card_type", **body})
    approve = "select api.rule_approve(%s::bigint)"
    assert one.call(approve, asked["proposal"])["refused"] == "own_proposal"
    made = other.call(approve, asked["proposal"])
    found = next(each for each in types_of(one) if each.rule == made["rule"])
    assert (found.version, found.terms.body["sale_max_minor"]) == (1, 5000)
    row = "select name, registered, rule from shop.card_type where code = %s"
    assert chain.rows(row, body["type"]) == [("福利卡", True, made["rule"])]


def test_what_a_type_cannot_be_is_said(chain: SmallChain) -> None:
    one, _ = two_people(chain)
    whole = {"type": "x", "who": "personal", "functions": ["stored"]}
    unclear: tuple[tuple[dict[str, Any], str], ...] = (
        ({"functions": ["stored", "credit"], "who": "bearer"}, "bearer_functions"),
        ({"type": "registered", "who": "bearer"}, "type_registered"),
        ({"balance_max_minor": 500001}, "type_cap"),
    )
    for change, why in unclear:
        answer = one.call(PROPOSE, Jsonb({"body": {**whole, **change}}))
        assert (answer["refused"], answer["facts"]["why"]) == ("rule_unclear", why)
    wrong: tuple[dict[str, Any], ...] = (
        {"functions": ["fly"]}, {"who": "x"}, {"sale_max_minor": 0}, {"note": 1}, {"type": "A B"},
    )  # fmt: skip
    for change in wrong:
        answer = one.call(PROPOSE, Jsonb({"body": {**whole, **change}}))
        assert answer["refused"] == "malformed", change
    passes = "select api.rule_propose(null, 'pass', '次', %s)"
    for body, why in (
        ({"price_minor": 5}, "pass_parts"), ({"count": 5}, "pass_price"),
        ({"unlimited": True, "price_minor": 5}, "no_end"),
    ):  # fmt: skip
        answer = one.call(passes, Jsonb({"body": body}))
        assert answer["facts"].get("why") == why, answer


def test_an_opened_card_tells_what_it_may_and_what_is_left(chain: SmallChain) -> None:
    seat = chain.open_seat()
    card = chain.card(seat)
    rule = a_pass(chain, day_max=5)
    buy(seat, card, rule)
    seat.post(use(seat, card, rule, 2))
    token = bytes.fromhex(card.token)
    opened = opened_card(
        seat.call("select api.open_card('number', %s)", token), token_kind="number", token=token
    )
    (held,) = opened.passes
    assert (held.rule, held.left, held.used_today, held.usable, held.worth_minor) == (rule, 8, 2, 3, 3000)
    assert opened.terms.may("credit")


def test_a_case_is_sealed_verified_acted_on_and_closed(chain: SmallChain) -> None:
    chain.run(
        "insert into sec.permission(duty, permission) select d, 'card_freeze'"
        " from unnest('{cashier,manager}'::text[]) d on conflict do nothing"
    )
    seat = chain.open_seat()
    card, book, case = chain.card(seat), book_of(seat), uuid.uuid4()
    opened = book.open_case(
        case, card.id, kind="stolen", what="not mine", reporter="张三", contact="13800138000"
    )
    assert opened.state == "reported"
    kept = chain.rows("select reporter, contact from shop.card_case where id = %s", case)
    assert not any(text.encode() in bytes(each) for each in kept[0] for text in ("张三", "13800138000"))
    assert "13800138000" not in str(chain.rows("select facts from sec.audit order by id desc limit 3"))
    assert book.case_contact(case) == ("张三", "13800138000")
    for step, why in (({"outcome": "done"}, "check"), ({"act": True}, "act")):
        with pytest.raises(Refused) as refused:
            book.step_case(case, **step)
        assert refused.value.facts["why"] == why
    book.step_case(case, checked="id_document")
    seat.done("card_freeze", cards=[move(card, "active", "frozen")], reason="not mine")
    assert book.step_case(case, act=True).state == "acted"
    assert book.step_case(case, outcome="frozen and replaced").state == "closed"
    with pytest.raises(Refused):
        book.step_case(case, checked="call_back")
    other = book.open_case(uuid.uuid4(), card.id, kind="lost", what="gone", reporter="张三", contact="1").id
    every = book.cases(after=None, most=200)
    assert [each.id for each in every if each.id in {case, other}] == [other, case], "open ones first"
    shown = list(book.cases(after=None, most=1))
    while len(shown) < len(every):
        shown += book.cases(after=shown[-1].id, most=1)
    assert [each.id for each in shown] == [each.id for each in every]
    assert not book.cases(after=shown[-1].id, most=1)


def test_new_blank_cards_are_written_down_once_and_received(chain: SmallChain) -> None:
    chain.run("insert into sec.permission(duty, permission) values ('manager', 'cards_stock')"
              " on conflict do nothing")  # fmt: skip
    seat = chain.seat(staff=chain.managers[0])
    book, first = book_of(seat), chain.value("select 61000000 + coalesce(max(id), 0) * 2000 from shop.card")
    numbers = numbers_of(str(first), str(first + 1001))
    assert book.stock_in("registered", numbers) == 1002, "more than one call takes"
    for wrong, kind in (((numbers[0],), "registered"), (("x1",), "nobody's")):
        with pytest.raises(Refused):
            book.stock_in(kind, wrong)
    opened = seat.call("select api.open_card('number', %s::bytea)", digest("number", numbers[5]))
    assert (opened["card"]["number"], opened["card"]["state"]) == (numbers[5], "blank")
    row = {"first": numbers[0], "last": numbers[-1], "count": 1002}
    seat.done("card_receive", ranges=[row], total_minor=0)
    ranges = book.custody().ranges
    assert any((each.first, each.last, each.uncounted) == (numbers[0], numbers[-1], False) for each in ranges)
