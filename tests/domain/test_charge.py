"""Payment codes by their shape, and where an answer of the gateway leads a charge."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import product

import pytest

from huiyuan.domain.model.charge import (
    CHARGE_MOVES,
    OPEN_CHARGES,
    Charge,
    ChargeState,
    GatewayAnswer,
    Outcome,
    state_after,
)
from huiyuan.domain.model.needle import PAYMENT, needle
from huiyuan.domain.model.payment_code import is_bank_card_number, read_payment_code
from tests.domain.builders import AT, uid

CHARGE = Charge(uid(1), uid(2), uid(3), "wechat", 2500, AT, "13****1234")


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("2850123456789012", "alipay"), ("300123456789012345678901", "alipay"), ("25" + "0" * 14, "alipay"),
        ("134512345678901234", "wechat"), ("100000000000000000", "wechat"), ("15" + "9" * 16, "wechat"),
        ("6212345678901234567", "unionpay"), (" 134512345678901234 ", "wechat"),
        ("１３４５１２３４５６７８９０１２３４", "wechat"),
        # one digit short or long, another prefix, goods, phones, cards, people
        ("285012345678901", None), ("2850123456789012345678901", None), ("245012345678901234", None),
        ("310123456789012345", None), ("1645123456789012345", None), ("165512345678901234", None),
        ("13451234567890123", None), ("1345123456789012345", None), ("621234567890123456", None),
        ("6901234567892", None), ("13800138000", None), ("88000001", None), ("", None), ("28 5012", None),
        ("13451234567890123x", None), ("-34512345678901234", None), ("1" * 300, None),
        # identity numbers of five provinces look like WeChat's but for their date and check character
        ("110101199003070011", None), ("150105200002290010", None),
    ],
)  # fmt: skip
def test_a_payment_code_is_told_by_its_shape(text: str, method: str | None) -> None:
    found = read_payment_code(text)
    assert (found.method if found else None) == method
    assert (needle(text) == PAYMENT) == (method is not None)


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("4111111111111111", True), ("4111 1111 1111 1111", True), ("5500-0000-0000-0004", True),
        ("378282246310005", True), ("４１１１１１１１１１１１１１１１", True), ("6200000000000005", True),
        ("4111111111111112", False), ("411111111111", False), ("123456", False), ("V-100", False),
        ("2026112200001234567890123456", False), ("", False),
    ],
)  # fmt: skip
def test_a_bank_card_is_told_by_its_check_digit(text: str, card: bool) -> None:
    assert is_bank_card_number(text) is card


def test_nothing_but_the_mask_of_a_code_is_ever_shown(caplog: pytest.LogCaptureFixture) -> None:
    code = read_payment_code("134512345678901234")
    assert code is not None
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("x").info("%s %r", code, code)
    assert code.masked == "13****1234"
    assert "5123456789" not in f"{code} {code!r} {caplog.text} {needle('134512345678901234')!r}"


def test_where_an_answer_leads() -> None:
    """The table of the docstrings, written out; whatever is not in it changes nothing."""
    paid, wrong = GatewayAnswer(Outcome.PAID, 2500), GatewayAnswer(Outcome.PAID, 2400)
    leads = {
        (ChargeState.ASKED, paid): ChargeState.TAKEN,
        (ChargeState.ASKED, wrong): ChargeState.WRONG,
        (ChargeState.ASKED, GatewayAnswer(Outcome.DECLINED)): ChargeState.DECLINED,
        (ChargeState.ASKED, GatewayAnswer(Outcome.REVERSED)): ChargeState.REVERSED,
        (ChargeState.REVERSING, GatewayAnswer(Outcome.REVERSED)): ChargeState.REVERSED,
        (ChargeState.REVERSING, GatewayAnswer(Outcome.DECLINED)): ChargeState.REVERSED,
        (ChargeState.REFUNDING, GatewayAnswer(Outcome.REFUNDED)): ChargeState.REFUNDED,
        (ChargeState.REFUNDING, GatewayAnswer(Outcome.DECLINED)): ChargeState.REFUSED,
        (ChargeState.REFUNDING, GatewayAnswer(Outcome.UNKNOWN_TRADE)): ChargeState.REFUSED,
    }
    answers = [paid, wrong, *(GatewayAnswer(each) for each in Outcome if each is not Outcome.PAID)]
    for state, answer in product(ChargeState, answers):
        after = state_after(replace(CHARGE, state=state), answer)
        assert after is leads.get((state, answer), state), (state, answer)
        assert after is state or (state, after) in CHARGE_MOVES


def test_money_that_may_be_there_is_open_and_an_end_has_no_way_on() -> None:
    ends = set(ChargeState) - set(OPEN_CHARGES)
    assert not [move for move in CHARGE_MOVES if move[0] in ends]
    assert {was for was, _ in CHARGE_MOVES} == set(OPEN_CHARGES)
    assert all((state, ChargeState.DECIDED) in CHARGE_MOVES for state in OPEN_CHARGES)
