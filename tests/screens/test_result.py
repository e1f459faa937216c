"""What the result of a document says to do now, and its figures."""

from __future__ import annotations

from typing import Any

from huiyuan.config.i18n import translate
from huiyuan.domain.model.document import Document, Fee, Grant, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.screens.refusals import sentence
from huiyuan.screens.result import headline, result_facts
from huiyuan.screens.wording import Wording
from tests.domain.builders import AT, posted, uid

SAY = Wording(translate("en"), "en")


def made(kind: Kind, **more: Any) -> Document:
    return Document(uid(6), kind, 9, 43, AT, 0, **more)


def row(debit: str, credit: str, amount: int, unit: str = "CNY") -> dict[str, Any]:
    return {"n": 1, "demand": "settle", "unit": unit, "debit": debit, "credit": credit, "amount": amount}


def test_an_undone_payout_says_how_much_cash_to_take() -> None:
    undone = made(Kind.REVERSAL, of=uid(5), reason="wrong")
    answer = posted(kind="reversal", total_minor=8000, postings=[row("cash", "principal", 8000)])
    assert headline(SAY, undone, answer) == "Taken back. Take ¥80.00 in cash."
    assert ("Cash received", "¥80.00") in result_facts(SAY, undone, answer)
    drawer = posted(kind="reversal", total_minor=8000, postings=[row("principal", "cash", 8000)])
    assert headline(SAY, undone, drawer) == "Taken back. Give ¥80.00 in cash."


def test_an_undone_use_of_a_pass_speaks_of_uses_and_not_of_money() -> None:
    undone = made(Kind.REVERSAL, of=uid(5), reason="wrong")
    answer = posted(kind="reversal", total_minor=0, postings=[row("passes_used", "pass:6", 3, "PASS:6")])
    assert headline(SAY, undone, answer) == "Taken back. It stands."
    assert ("Pass uses", "+3") in result_facts(SAY, undone, answer)


def test_a_pass_without_a_count_a_waived_fee_and_points_owed_are_told() -> None:
    sold = made(Kind.PASS_SALE, grants=(Grant("pass", 6, 1, 1), Grant("pass", 7, 1, 3)))
    facts = result_facts(SAY, sold, posted(total_minor=0), countless=frozenset({6}))
    assert [figure for label, figure in facts if label == "Pass uses"] == ["any", "+3"]
    free = made(Kind.ANNUAL_FEE, fees=(Fee("annual", 91, 1, 0, 1, 2026),))
    assert ("Annual fee", "waived") in result_facts(SAY, free, posted(total_minor=0))
    owes = [{"wallet": 7, "principal": 0, "bonus": 0, "points": 0, "points_debt": 87}]
    back = made(Kind.REVERSAL, of=uid(5), reason="wrong")
    assert ("Points owed", "87") in result_facts(SAY, back, posted(balances=owes))


def test_uses_that_are_left_are_no_money_in_a_refusal() -> None:
    for code, facts in (
        ("settlement_refused", {"why": "account", "account": "pass:6", "amount": 1}),
        ("wallet_not_empty", {"card": "8", "account": "pass:6", "balance": 1}),
    ):
        assert "A pass on this card is not used up" in sentence(SAY, Refused(code, facts))
    money = sentence(SAY, Refused("wallet_not_empty", {"card": "8", "account": "principal", "balance": 1}))
    assert "Esc, F3: there ^Y b" in money
