"""Paying by the code on a customer's phone, and what becomes of the money when the sale does not."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from huiyuan.domain.model.charge import Charge, ChargeState, GatewayAnswer, Outcome
from huiyuan.domain.model.document import Kind
from huiyuan.screens import charging
from tests.screens.fake_ledger import NOON
from tests.screens.fake_shop import FakeShop
from tests.screens.test_sale import only_sale
from tests.screens.walk import Walk, walking

CODE = "134512345678901234"
PAID = GatewayAnswer(Outcome.PAID, 1290, "T77")
PAYING = GatewayAnswer(Outcome.PAYING)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charging, "TICK_S", 0.05)
    monkeypatch.setattr(charging, "ASK_EVERY_S", 0.1)


def with_gateway(*answers: GatewayAnswer) -> FakeShop:
    fake = FakeShop()
    fake.gateway.configured = True
    fake.gateway.answers = list(answers)
    return fake


async def until(walk: Walk, *parts: str) -> None:
    for _ in range(100):
        if all(part in walk.text for part in parts):
            return
        await asyncio.sleep(0.03)
    walk.shows(*parts)


def state(walk: Walk) -> ChargeState:
    (only,) = walk.fake.charges.rows.values()
    return only.state


async def test_a_scanned_code_on_the_payment_screen_pays_the_rest() -> None:
    async with walking(with_gateway(PAID)) as walk:
        await walk.open_sale("MILK")
        await walk.press("f2")
        await walk.type(CODE)
        assert walk.shows("T77", "12.90", "已收足")
        assert "5123456789" not in walk.text
        await walk.press("enter")
        sale = only_sale(walk.fake)
        assert [(t.kind, t.amount_minor, t.reference) for t in sale.tenders] == [("mobile", 1290, "T77")]
        assert walk.fake.gateway.codes == [CODE]
        assert walk.fake.charges.pending() == ()
        assert state(walk) is ChargeState.USED


async def test_a_scanned_code_on_the_sale_goes_to_the_money_with_it() -> None:
    async with walking(with_gateway(PAID)) as walk:
        await walk.open_sale("MILK")
        await walk.type(CODE)
        assert walk.name == "PaymentScreen"
        assert walk.shows("T77")


async def test_a_code_is_no_goods_no_member_no_amount_and_no_reference() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.type(CODE)
        assert walk.shows("付款码，未保留")
        assert walk.name == "HomeScreen"
        assert CODE not in walk.text
        await walk.press("f2")
        await walk.type(CODE)
        assert walk.shows("付款码，未保留", "请扫商品")
        await walk.type("MILK")
        await walk.press("f2")
        await walk.type(CODE)
        assert walk.shows("没有设置支付网关", "尚未收款")
        for key in ("f4", "f6"):
            await walk.press(key)
            await walk.type(CODE)
            assert walk.name == "Entry"
            assert walk.shows("没有设置支付网关")
            assert CODE not in walk.text
            await walk.press("escape")


async def test_seconds_pass_and_are_shown_while_the_customer_pays() -> None:
    async with walking(with_gateway(PAYING)) as walk:
        await walk.open_sale("MILK")
        await walk.press("f2")
        await walk.type(CODE)
        await until(walk, "顾客正在手机上付款", "微信", "13****1234", "1 秒")
        walk.fake.gateway.answers[:] = [PAID]
        await until(walk, "T77", "已收足")


async def test_esc_asks_for_a_reversal_and_the_customer_pays_in_cash() -> None:
    async with walking(with_gateway(PAYING)) as walk:
        await walk.open_sale("MILK")
        await walk.press("f2")
        await walk.type(CODE)
        await until(walk, "顾客正在手机上付款")
        await walk.press("escape")
        await until(walk, "已退回")
        assert walk.name == "PaymentScreen"
        assert state(walk) is ChargeState.REVERSED
        await walk.press("enter")
        assert [t.kind for t in only_sale(walk.fake).tenders] == ["cash"]


async def test_esc_while_the_request_itself_hangs_is_heard_at_once() -> None:
    fake = with_gateway(PAID)
    fake.gateway.gate.clear()
    async with walking(fake) as walk:
        await walk.open_sale("MILK")
        await walk.press("f2")
        walk.send(*CODE, "enter")
        await until(walk, "顾客正在手机上付款")
        walk.send("escape")
        await until(walk, "已退回")
        fake.gateway.gate.set()
        await walk.settle()
        assert state(walk) is ChargeState.REVERSED
        assert walk.shows("尚未收款")


@pytest.mark.parametrize(
    ("answer", "said"),
    [(GatewayAnswer(Outcome.DECLINED, told="insufficient_funds"), "余额不足"),
     (GatewayAnswer(Outcome.AWAY), "连不上支付网关")],
    ids=str,
)  # fmt: skip
async def test_not_paid_says_why_and_takes_nothing(answer: GatewayAnswer, said: str) -> None:
    async with walking(with_gateway(answer)) as walk:
        await walk.open_sale("MILK")
        await walk.press("f2")
        await walk.type(CODE)
        assert walk.shows(said, "没有收款", "尚未收款")
        assert walk.fake.charges.pending() == ()


async def test_a_part_by_code_and_the_rest_in_cash() -> None:
    async with walking(with_gateway(GatewayAnswer(Outcome.PAID, 500, "T1"))) as walk:
        await walk.open_sale("MILK")
        await walk.press("f2")
        await walk.type("5", enter=False)
        await walk.press("f6")
        await walk.type(CODE)
        assert walk.shows("T1", "7.90")
        assert walk.fake.gateway.asked == ["charge 500"]


async def test_the_money_goes_back_before_its_tender_does() -> None:
    async with walking(with_gateway(PAID)) as walk:
        await walk.open_sale("MILK")
        await walk.press("f2")
        await walk.type(CODE)
        await walk.press("f8")
        assert walk.shows("手机已付 ¥12.90。要退回吗")
        await walk.press("escape")
        assert walk.shows("T77")
        await walk.press("f8", "enter")
        await until(walk, "尚未收款", "已退回")
        assert state(walk) is ChargeState.REVERSED


async def test_nobody_leaves_a_sale_that_was_paid_by_phone_without_a_word() -> None:
    async with walking(with_gateway(PAID)) as walk:
        await walk.open_sale("MILK")
        await walk.press("f2")
        await walk.type(CODE)
        await walk.press("escape")
        assert walk.shows("要退回吗")
        await walk.press("escape")
        assert walk.name == "PaymentScreen"
        assert state(walk) is ChargeState.TAKEN
        await walk.press("escape", "enter")
        await until(walk, "合计")
        assert walk.name == "SaleScreen"
        assert state(walk) is ChargeState.REVERSED


async def test_a_gateway_that_does_not_answer_leaves_it_open_and_the_shift_stays_open() -> None:
    fake = with_gateway(GatewayAnswer(Outcome.UNSURE))
    fake.gateway.reversals = [GatewayAnswer(Outcome.UNSURE)]
    async with walking(fake) as walk:
        await walk.open_sale("MILK")
        await walk.press("f2")
        await walk.type(CODE)
        await walk.press("escape", "escape")
        assert walk.shows("尚未了结")
        await walk.press("escape", "escape", "enter")
        assert walk.name == "HomeScreen"
        await walk.press("f4", "f4")
        assert walk.name == "ClosingSheet"
        assert walk.shows("1 件事未了结", "手机支付：退回中", "12.90")
        await walk.press("escape", "escape", "ctrl+o", "f7")
        assert walk.shows("退回中", "12.90", "13****1234")
        fake.gateway.reversals = [GatewayAnswer(Outcome.REVERSED)]
        await walk.press("f5")
        assert walk.shows("没有未了结的收款")
        await walk.press("escape", "escape", "f4", "f4")
        assert walk.name == "Entry"


async def test_money_of_before_a_crash_pays_the_sale_that_is_rung_up_again() -> None:
    async with walking(with_gateway(PAID)) as walk:
        await walk.open_sale("MILK")
        await walk.press("f2")
        await walk.type(CODE)
        walk.app.pop_screen()  # as if it had died here: the charge is taken, nothing was booked
        await walk.settle()
        await walk.press("f2")
        assert walk.shows("尚未收款", "F2 可用于本单")
        await walk.press("f2")
        assert walk.shows("此前手机已付：¥12.90")
        await walk.press("1")
        assert walk.shows("T77", "已收足")
        await walk.press("enter")
        assert [t.reference for t in only_sale(walk.fake).tenders] == ["T77"]
        assert walk.fake.charges.pending() == ()


async def test_a_payment_to_the_shops_own_code_waits_until_its_reference_is_typed() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK")
        await walk.press("f2", "f6")
        assert state(walk) is ChargeState.ASKED
        await walk.press("escape")
        assert state(walk) is ChargeState.DECLINED
        walk.fake.charges.rows.clear()
        await walk.press("f6")
        await walk.type("WX-1")
        assert state(walk) is ChargeState.TAKEN
        await walk.press("enter")
        assert [t.reference for t in only_sale(walk.fake).tenders] == ["WX-1"]
        assert state(walk) is ChargeState.USED


async def test_one_typed_by_hand_is_given_back_by_hand() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK")
        await walk.press("f2", "f6")
        await walk.type("WX-1")
        await walk.press("f8")
        assert walk.shows("请手工退回")
        await walk.press("enter")
        assert walk.shows("尚未收款")
        assert state(walk) is ChargeState.DECIDED
        assert walk.fake.charges.decisions == [("1001", "已手工退回")]


async def test_what_a_person_decides_carries_a_name() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK")
        await walk.press("f2", "f6")
        walk.app.pop_screen()
        walk.app.pop_screen()
        await walk.settle()
        await walk.press("escape", "enter", "ctrl+o", "f7")
        assert walk.shows("不清楚", "手工登记")
        await walk.press("enter")
        await walk.type("顾客没有付")
        assert walk.shows("没有未了结的收款")
        assert walk.fake.charges.decisions == [("1001", "顾客没有付")]


@pytest.mark.parametrize("given", ["", "5", "20"])
async def test_enter_thirty_times_a_second_takes_nothing_twice(given: str) -> None:
    """Held down: the amount typed once; a rest never comes from a key that nobody let go."""
    async with walking() as walk:
        await walk.open_sale("MILK")
        await walk.press("f2")
        if given:
            await walk.type(given, enter=False)
        for _ in range(30):
            walk.send("enter")
            await asyncio.sleep(1 / 30)
        await walk.settle()
        sales = walk.fake.ledger.of_kind(Kind.SALE)
        if given == "5":
            assert sales == []
            assert walk.shows("5.00", "7.90")
        else:
            assert len(sales) == 1
            assert [(t.kind, t.amount_minor) for t in sales[0].tenders] == [("cash", 1290)]
            assert walk.fake.ledger.cash_minor == 20000 + 1290


async def test_enter_held_down_while_the_customer_pays_charges_once() -> None:
    async with walking(with_gateway(PAYING, PAYING, PAID)) as walk:
        await walk.open_sale("MILK")
        await walk.press("f2")
        walk.send(*CODE)
        for _ in range(20):
            walk.send("enter")
            await asyncio.sleep(1 / 30)
        await until(walk, "找零" if "找零" in walk.text else "12.90")
        await walk.settle()
        assert [each for each in walk.fake.gateway.asked if each.startswith("charge")] == ["charge 1290"]
        assert len(walk.fake.charges.rows) == 1
        assert len(walk.fake.ledger.of_kind(Kind.SALE)) <= 1


def asked_before(fake: FakeShop) -> Charge:
    """A phone was asked for 5.00 and the counter died over it."""
    charge = Charge(
        id=UUID(int=7),
        document=UUID(int=8),
        shift=UUID(int=9),
        method="wechat",
        amount_minor=500,
        asked_at=NOON,
        masked="13****1234",
    )
    fake.charges.write(charge)
    return charge


async def test_what_was_asked_of_a_phone_before_a_crash_is_told_and_waited_for_at_the_payment() -> None:
    fake = with_gateway(PAYING)
    asked_before(fake)
    async with walking(fake) as walk:
        await walk.open_sale("MILK")
        await walk.press("f2")
        await until(walk, "之前向手机收的 ¥5.00 可能已付")
        await walk.press("f2")
        assert walk.shows("之前向手机收的：¥5.00")
        await walk.press("1")
        await until(walk, "顾客正在手机上付款")
        fake.gateway.answers[:] = [GatewayAnswer(Outcome.PAID, 500, "T9")]
        await until(walk, "此前未成交的销售已用手机付了 ¥5.00")
        await walk.press("f2", "1")
        assert walk.shows("T9", "7.90")


async def test_open_items_do_not_say_that_all_is_settled_over_an_open_payment() -> None:
    fake = with_gateway(PAYING)
    charge = asked_before(fake)
    async with walking(fake) as walk:
        await walk.sign_in()
        await walk.press("ctrl+o")
        assert walk.shows("没有待处理的单据", "未了结的收款：1 笔")
        assert "全部已处理" not in walk.text
        fake.charges.move(charge.id, ChargeState.DECLINED)
        await walk.press("f7", "escape")
        assert walk.shows("全部已处理")
