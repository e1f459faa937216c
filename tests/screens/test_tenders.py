"""Other ways of paying: cash that rounds, change on the card, on account, paid ahead, of others."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest
from textual.widgets import Input

from huiyuan.domain.model.document import Document, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import CashRule
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from huiyuan.screens.tendering import REPEAT_S
from tests.screens.fake_shop import FakeShop
from tests.screens.test_sale import MEMBER_CARD, only_sale
from tests.screens.walk import walking


def rounding(step: int = 10) -> FakeShop:
    fake = FakeShop()
    fake.cash_rule = CashRule(step)
    return fake


async def test_the_cash_part_is_shown_and_taken_in_whole_coins() -> None:
    """12.26 for a member: 12.30 in coins; Enter alone means exactly that."""
    async with walking(rounding()) as walk:
        await walk.open_sale("MILK", MEMBER_CARD)
        await walk.press("f2")
        assert walk.shows("现金应收", "¥12.30", "还差", "¥12.26")
        await walk.press("enter")
        assert walk.shows("现金抹零", "¥0.04")
        (tender,) = only_sale(walk.fake).tenders
        assert (tender.amount_minor, tender.given_minor, tender.rounded_minor) == (1226, 1230, 4)


async def test_the_rest_of_a_split_stays_exact() -> None:
    async with walking(rounding()) as walk:
        await walk.open_sale("MILK", MEMBER_CARD)
        await walk.press("f2")
        await walk.type("2.26", enter=False)
        await walk.press("f4")
        await walk.type("4711")
        assert walk.shows("¥10.00")
        assert "现金应收" not in walk.text
        await asyncio.sleep(REPEAT_S)
        await walk.press("enter")
        assert [(t.amount_minor, t.rounded_minor) for t in only_sale(walk.fake).tenders] == [
            (226, None), (1000, None),
        ]  # fmt: skip


async def test_the_change_stays_on_the_card_in_one_key() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK", MEMBER_CARD)
        await walk.press("f2")
        assert walk.shows("F9", "存零")
        await walk.type("20", enter=False)
        await walk.press("f9")
        assert walk.shows("存入储值", "¥7.74")
        (tender,) = only_sale(walk.fake).tenders
        assert (tender.given_minor, tender.kept_minor) == (2000, 774)


async def test_where_no_money_comes_onto_cards_the_change_is_given_out_at_the_next_enter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with walking() as walk:
        ledger = walk.fake.ledger
        booked = ledger.post

        def post(document: Document, at: datetime) -> Posted:
            if any(tender.kept_minor for tender in document.tenders):
                raise Refused("outlet_refused", {"store": "旗舰店"})
            return booked(document, at)

        monkeypatch.setattr(ledger, "post", post)
        await walk.open_sale("MILK", MEMBER_CARD)
        await walk.press("f2")
        await walk.type("20", enter=False)
        await walk.press("f9")
        assert walk.shows("零钱不能存入卡", "找零 ¥7.74", "20.00")
        assert "请顾客到指定网点充值" not in walk.text
        await walk.press("enter")
        (tender,) = only_sale(walk.fake).tenders
        assert (tender.given_minor, tender.kept_minor) == (2000, None)


async def test_without_change_nothing_is_kept_and_without_a_member_it_is_not_offered() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK", MEMBER_CARD)
        await walk.press("f2", "f9")
        assert walk.shows("没有可存入的零钱", "尚未收款")
        await walk.press("escape", "f5", "f2")
        assert "存零" not in walk.text


async def test_on_account_and_paid_ahead_are_in_the_list_with_what_is_left() -> None:
    fake = FakeShop()
    card = next(each for each in fake.ledger.cards if each.number == MEMBER_CARD)
    card.balances = replace(card.balances, advance=500, credit=-1000, credit_limit=3000)
    async with walking(fake) as walk:
        await walk.open_sale("MILK", MEMBER_CARD)
        await walk.press("f2", "f2")
        assert walk.shows("定金：可用 ¥5.00", "挂账：可用 ¥20.00")
        await walk.press("1", "f2", "1", "enter")
        sale = only_sale(walk.fake)
        assert [(t.kind, t.amount_minor, t.wallet) for t in sale.tenders] == [
            ("advance", 500, 11), ("credit", 726, 11),
        ]  # fmt: skip
        assert sale.proofs[0].wallet == 11
        assert walk.shows("定金余额", "挂账欠款")


async def test_the_pin_is_asked_for_all_that_the_card_pays_also_on_account() -> None:
    fake = FakeShop(pin_floor_minor=0)
    card = next(each for each in fake.ledger.cards if each.number == MEMBER_CARD)
    card.balances = replace(card.balances, credit_limit=3000)
    async with walking(fake) as walk:
        await walk.open_sale("MILK", MEMBER_CARD)
        await walk.press("f2")
        await walk.type("2", enter=False)
        await walk.press("f3", "f2", "1", "enter")
        assert walk.name == "CardPin"
        assert walk.shows("将从卡里扣 ¥12.26")


async def test_a_card_of_others_pays_with_its_reference() -> None:
    fake = FakeShop()
    fake.tenders = ("prepaid", "voucher")
    async with walking(fake) as walk:
        await walk.open_sale("MILK")
        await walk.press("f2", "f2", "2")
        await walk.type("V-100")
        await walk.press("enter")
        assert [(t.kind, t.reference) for t in only_sale(walk.fake).tenders] == [("voucher", "V-100")]


async def test_the_whole_number_of_a_bank_card_is_no_reference() -> None:
    """It would stand on the slip and in the books."""
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("f2", "f4")
        await walk.type("4111111111111111")
        assert walk.shows("完整的银行卡号")
        assert not walk.fake.ledger.of_kind(Kind.SALE)


async def test_the_barcode_of_goods_is_no_reference() -> None:
    async with walking() as walk:
        walk.fake.catalogue.barcodes[2] = "6901234567892"
        await walk.open_sale("MILK")
        await walk.press("f2")
        for key in ("f4", "f6"):
            await walk.press(key)
            await walk.type("6901234567892")
            assert walk.name == "Entry"
            assert walk.shows("的条码，不是凭证号", "没有收款")
            await walk.press("escape")
        await walk.press("f4")
        await walk.type("690123456788")
        assert walk.shows("已收足")


async def test_points_and_a_little_money_buy_chosen_goods() -> None:
    """MILK at 12.26 for a gold member: 200 points and 2.00."""
    fake = FakeShop()
    body = {"product": 2, "points": 200, "price_minor": 200}
    fake.rules.append(RuleVersion(9, 1, RuleFamily.REDEEM, "牛奶换购", body=body))
    async with walking(fake) as walk:
        await walk.open_sale("MILK", MEMBER_CARD)
        await walk.press("f2", "f2")
        assert walk.shows("牛奶换购：200 积分抵 ¥10.26")
        await walk.press("1", "enter")
        assert [(t.kind, t.amount_minor, t.points, t.rule) for t in only_sale(walk.fake).tenders] == [
            ("points", 1026, 200, 9), ("cash", 200, None, None),
        ]  # fmt: skip


async def test_without_anything_else_the_list_says_so() -> None:
    async with walking() as walk:
        await walk.open_sale("MILK")
        await walk.press("f2", "f2")
        assert walk.name == "PaymentScreen"
        assert walk.shows("没有其他付款方式")


async def test_a_deposit_says_what_it_is_for() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f3", "f6")
        assert walk.name == "DepositScreen"
        await walk.type(MEMBER_CARD)
        await walk.type("300")
        await walk.press("enter")
        await walk.type("定制大衣")
        (made,) = walk.fake.ledger.of_kind(Kind.ADVANCE)
        assert (made.total_minor, made.wallet, made.reason) == (30000, 11, "定制大衣")


async def test_what_was_typed_for_a_top_up_is_not_typed_again_for_a_deposit() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f3")
        await walk.type(MEMBER_CARD)
        await walk.type("300", enter=False)
        await walk.press("f6")
        field = walk.app.screen.query_one("#amount", Input)
        assert (walk.name, field.value) == ("DepositScreen", "300")
        await walk.press("f8")
        assert walk.app.screen.query_one("#amount", Input).value == "300"
        assert not walk.fake.ledger.of_kind(Kind.ADVANCE)


async def test_a_debt_is_paid_down_and_no_further() -> None:
    fake = FakeShop()
    card = next(each for each in fake.ledger.cards if each.number == MEMBER_CARD)
    card.balances = replace(card.balances, credit=-1000, credit_limit=3000)
    async with walking(fake) as walk:
        await walk.sign_in()
        await walk.press("f3", "f7")
        await walk.type(MEMBER_CARD)
        assert walk.shows("欠款", "¥10.00", "¥30.00", "到期日", "2026-10-01", "最低还款", "已逾期")
        await walk.type("10.01")
        await walk.press("enter")
        assert walk.shows("只欠 ¥10.00")
        await walk.press(*["backspace"] * 5)
        await walk.type("10")
        await walk.press("enter")
        (made,) = walk.fake.ledger.of_kind(Kind.CREDIT_PAYMENT)
        assert (made.total_minor, made.wallet) == (1000, 11)


async def test_a_limit_is_the_managers_to_give() -> None:
    async with walking() as walk:
        await walk.sign_in("2001")
        await walk.press("f3", "f7")
        await walk.type(MEMBER_CARD)
        await walk.press("f3")
        await walk.type("500")
        assert walk.shows("现在可挂账 ¥500.00")


async def test_a_deposit_goes_back_in_cash_with_a_second_person() -> None:
    fake = FakeShop()
    card = next(each for each in fake.ledger.cards if each.number == MEMBER_CARD)
    card.balances = replace(card.balances, advance=30_000)
    async with walking(fake) as walk:
        await walk.sign_in("2001")
        await walk.press("f3", "f6", "f8")
        assert walk.name == "DepositBackScreen"
        await walk.type(MEMBER_CARD)
        await walk.type("300.01")
        assert walk.shows("余额不足")
        await walk.press("end", "backspace", "backspace", "backspace")
        await walk.type("")
        await walk.type("不做了")
        assert walk.name == "SecondPerson"
        await walk.type("1001")
        await walk.type("1001")
        (back,) = fake.ledger.of_kind(Kind.ADVANCE_BACK)
        assert [(t.kind, t.amount_minor, t.wallet) for t in back.tenders] == [("advance", 30_000, 11)]
        assert (back.reason, back.proofs[0].wallet) == ("不做了", 11)
        assert card.balances.advance == 0


async def test_a_way_of_paying_goes_by_the_chains_own_name() -> None:
    fake = FakeShop()
    fake.tenders, fake.tender_names = ("citycard",), (("citycard", "市民卡"),)
    async with walking(fake) as walk:
        await walk.open_sale("MILK")
        await walk.press("f2", "f2")
        assert walk.shows("市民卡")
        await walk.press("1")
        await walk.type("C-1")
        await asyncio.sleep(REPEAT_S + 0.05)
        await walk.press("enter")
        assert walk.shows("市民卡")
        (slip,) = (each.receipt for each in walk.fake.print_jobs.jobs.values())
        assert any("市民卡" in line for line in slip.lines)
        assert not any("citycard" in line for line in [*slip.lines, walk.text])
