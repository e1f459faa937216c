"""A sale that a phone paid comes back: the gateway gives the money back, or a person is told to."""

from __future__ import annotations

import asyncio

import pytest

from huiyuan.domain.model.charge import ChargeState, GatewayAnswer, Outcome
from huiyuan.domain.model.document import Kind
from huiyuan.screens.tendering import REPEAT_S
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking


async def paid_by_phone(walk: Walk) -> None:
    """Two bottles for 25.80, whose trade is T1."""
    await walk.open_sale("2*MILK")
    await walk.press("f2", "f6")
    await walk.type("T1")
    await asyncio.sleep(REPEAT_S + 0.05)
    await walk.press("enter")
    await walk.past_result()
    await walk.press("escape")


async def bring_back(walk: Walk) -> None:
    await walk.press("f7")
    await walk.type("S01-1-000001")
    await walk.press("f3", "f2")
    await walk.type("坏了")


def with_gateway(outcome: Outcome) -> FakeShop:
    fake = FakeShop()
    fake.gateway.refunds = [GatewayAnswer(outcome)]
    return fake


@pytest.mark.parametrize(
    ("outcome", "state", "told"),
    [
        (Outcome.REFUNDED, ChargeState.REFUNDED, "已退回手机"),
        (Outcome.UNSURE, ChargeState.REFUNDING, "尚未确认"),
        (Outcome.AWAY, ChargeState.REFUNDING, "尚未确认"),
        (Outcome.DECLINED, ChargeState.REFUSED, "请在商户后台"),
        (Outcome.UNKNOWN_TRADE, ChargeState.REFUSED, "请在商户后台"),
    ],
)
async def test_the_gateway_is_asked_once_the_return_stands(
    outcome: Outcome, state: ChargeState, told: str
) -> None:
    async with walking(with_gateway(outcome)) as walk:
        await paid_by_phone(walk)
        walk.fake.gateway.configured = True
        await bring_back(walk)
        (back,) = walk.fake.ledger.of_kind(Kind.RETURN)
        (refund,) = (each for each in walk.fake.charges.rows.values() if each.masked == "T1")
        assert (refund.document, refund.amount_minor, refund.state) == (back.id, 2_580, state)
        assert "refund T1 2580" in walk.fake.gateway.asked
        assert walk.shows(told)


async def test_without_a_gateway_the_person_is_told_what_to_do() -> None:
    async with walking() as walk:
        await paid_by_phone(walk)
        await bring_back(walk)
        assert walk.shows("请在商户后台退款 ¥25.80", "T1")
        assert all(each.by_hand for each in walk.fake.charges.rows.values())


async def test_a_return_that_is_refused_asks_for_no_money() -> None:
    async with walking(with_gateway(Outcome.REFUNDED)) as walk:
        await paid_by_phone(walk)
        walk.fake.gateway.configured = True
        walk.fake.ledger.limits["return"] = 100
        await bring_back(walk)
        assert walk.name == "SecondPerson"
        await walk.press("escape")
        assert not [each for each in walk.fake.gateway.asked if each.startswith("refund")]
        assert list(walk.fake.charges.pending()) == []


async def test_what_an_exchange_pays_back_goes_to_the_phone_too() -> None:
    async with walking(with_gateway(Outcome.REFUNDED)) as walk:
        await paid_by_phone(walk)
        walk.fake.gateway.configured = True
        await walk.press("f7")
        await walk.type("S01-1-000001")
        await walk.press("f3", "f6")
        await walk.type("MILK")
        await walk.press("f2")
        await walk.type("太多")
        await walk.press("enter")
        (swapped,) = walk.fake.ledger.of_kind(Kind.EXCHANGE)
        (refund,) = (each for each in walk.fake.charges.rows.values() if each.masked == "T1")
        assert (refund.document, refund.amount_minor) == (swapped.id, 1_290)
        assert refund.state is ChargeState.REFUNDED
        assert "refund T1 1290" in walk.fake.gateway.asked
        assert walk.shows("已退回手机")
