"""Stored value at the counter: between cards, out of one, between members, in parts, what is due, rules."""

from __future__ import annotations

import asyncio

import pytest

from huiyuan.domain.model.card import Balances, CardState, Rest
from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.document_rows import Merge, Settlement, Transfer
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from huiyuan.screens.bonus_due import BonusDueScreen
from tests.screens.conftest import LEAST_SHOWN_S
from tests.screens.fake_shop import CARD_PIN, FakeShop
from tests.screens.walk import Walk, walking


async def at(walk: Walk, *keys: str, who: str = "2001") -> None:
    await walk.sign_in(who)
    for key in keys:
        if key.startswith("type:"):
            await walk.type(key.removeprefix("type:"))
        else:
            await walk.press(key)


async def test_value_goes_from_one_card_to_the_other() -> None:
    async with walking() as walk:
        await at(walk, "f6", "f9", "type:88000001", "ctrl+y", "v", "type:88000004")
        await walk.type("50", enter=False)
        assert walk.shows("李娜", "¥370.00", "¥320.00")
        await walk.press("f2")
        assert walk.shows("储值转移：已入账", "¥320.00")
        assert walk.text.count("储值余额") <= 2, "what the other card holds is not for this customer"
        (made,) = walk.fake.ledger.of_kind(Kind.VALUE_TRANSFER)
        assert made.transfers == (Transfer(11, 14, 5000),)
        assert [proof.wallet for proof in made.proofs] == [11, 14]
        await walk.press("enter")
        assert walk.name == "CardScreen"


async def test_above_the_floor_the_pin_of_the_first_card_is_asked() -> None:
    async with walking() as walk:
        await at(walk, "f6", "f9", "type:88000001", "ctrl+y", "v", "type:88000004", "type:150")
        assert walk.name == "CardPin"
        await walk.type(CARD_PIN)
        (made,) = walk.fake.ledger.of_kind(Kind.VALUE_TRANSFER)
        assert made.proofs[0].pin_attempt is not None
        assert made.proofs[0].pin_attempt in walk.fake.ledger.guesses


@pytest.mark.parametrize(
    ("second", "amount", "said"),
    [
        ("88000001", "5", "两张卡属于同一账户"),
        ("88000002", "5", "没有入账"),
        ("88000004", "900", "没有入账"),
    ],
)
async def test_what_cannot_go_is_said_and_nothing_is_booked(second: str, amount: str, said: str) -> None:
    async with walking() as walk:
        await at(walk, "f6", "f9", "type:88000001", "ctrl+y", "v", f"type:{second}")
        await walk.type(amount, enter=False)
        await walk.press("f2")
        if walk.name == "CardPin":
            await walk.type(CARD_PIN)
        assert walk.shows(said)
        assert walk.fake.ledger.of_kind(Kind.VALUE_TRANSFER) == []


async def test_an_amount_never_goes_to_a_card_that_no_longer_stands_there() -> None:
    async with walking() as walk:
        await at(walk, "f6", "f9", "type:88000001", "ctrl+y", "v", "type:88000004")
        await walk.type("50", enter=False)
        await walk.press("shift+tab", "backspace", "f2")
        assert walk.name == "ValueTransferScreen"
        assert walk.fake.ledger.of_kind(Kind.VALUE_TRANSFER) == []


async def test_a_small_rest_is_paid_back_in_cash() -> None:
    async with walking() as walk:
        walk.fake.open_shift()
        await at(walk, "f6", "f9", "type:88000004", "ctrl+y", "b")
        assert walk.shows("退卡结算", "¥1.00")
        await walk.press("f2")
        await walk.type("搬家")
        assert walk.shows("请付现金 ¥1.00", "退至 现金")
        (made,) = walk.fake.ledger.of_kind(Kind.SETTLEMENT)
        assert made.settlements == (Settlement(14, "cash", 100),)
        assert made.reason == "搬家"
        assert walk.shows("卡仍可使用", "卡务台")
        assert walk.fits()


async def test_what_is_left_of_a_pass_is_said_before_anybody_is_asked_for_a_reason() -> None:
    async with walking(None, "en") as walk:
        walk.fake.open_shift()
        await at(walk, "f6", "f9", "type:88000001", "ctrl+y", "b")
        assert walk.shows("A pass on this card is not used up", "^Y p")
        await walk.press("f4")
        assert walk.name == "SettlementScreen"
        assert walk.fits()


@pytest.mark.parametrize(("state", "word", "paid"), [("frozen", "已冻结", 0), ("cancelled", "已取消", 1)])
async def test_how_the_membership_stands_is_said_before_anybody_pays(
    state: str, word: str, paid: int
) -> None:
    async with walking() as walk:
        walk.fake.open_shift()
        card = walk.fake.ledger.card_of(14)
        card.rest = Rest("李娜", state)
        await at(walk, "f6", "f9", "type:88000004", "ctrl+y", "b")
        assert walk.shows("会员资格" + word)
        assert ("不能退款" in walk.text) is not bool(paid)
        await walk.press("f2")
        if paid:
            await walk.type("搬家")
        assert len(walk.fake.ledger.of_kind(Kind.SETTLEMENT)) == paid
        assert walk.fits()


async def test_a_larger_sum_goes_to_the_bank_account_of_the_same_name() -> None:
    async with walking() as walk:
        walk.fake.open_shift()
        walk.fake.ledger.card_of(11).passes = ()
        await at(walk, "f6", "f9", "type:88000001", "ctrl+y", "b")
        assert walk.shows("¥320.00", "¥50.00", "1,230", "超过 ¥100.00", "§ 10")
        await walk.press("f2")
        assert walk.name == "SettlementScreen"
        await walk.press("f4")
        await walk.type("李四")
        assert walk.shows("户名与持卡人不一致")
        await walk.press("f4")
        await walk.type("李娜")
        await walk.type("T-77")
        await walk.type("搬家")
        await walk.type(CARD_PIN)
        assert walk.shows("¥320.00 转入银行账户", "T-77", "作废赠送", "退至 银行账户")
        (made,) = walk.fake.ledger.of_kind(Kind.SETTLEMENT)
        row = made.settlements[0]
        assert (row.method, row.amount_minor, row.forfeit_minor, row.points) == ("bank", 32000, 5000, 1230)
        assert walk.fake.value.payees == {made.id: 11}
        assert "李" not in str(made.to_body())


async def test_a_card_without_a_pin_is_paid_back_when_a_second_person_vouches_for_it() -> None:
    async with walking() as walk:
        walk.fake.open_shift()
        card = walk.fake.ledger.card_of(14)
        card.balances = Balances(15000)
        await at(walk, "f6", "f9", "type:88000004", "ctrl+y", "b", "f4")
        for text in (walk.fake.value.owner, "T-78", "搬家"):
            await walk.type(text)
        assert walk.name == "SecondPerson"
        assert walk.shows("没有设密码")
        await walk.type("1001")
        await walk.type("1001")
        assert walk.shows("退卡结算已入账")
        (made,) = walk.fake.ledger.of_kind(Kind.SETTLEMENT)
        assert (made.settlements[0].amount_minor, made.proofs[0].pin_attempt) == (15000, None)


async def test_two_members_become_one_under_four_eyes() -> None:
    async with walking() as walk:
        await at(walk, "f6", "f9", "type:88000004", "f7", "ctrl+y", "j", "type:李娜")
        assert walk.name == "MergeScreen"
        assert walk.shows("李娜", "保留", "被合并", "会员资格")
        await walk.press("f2")
        await walk.type("同一人")
        assert walk.name == "SecondPerson"
        await walk.type("1001")
        await walk.type("1001")
        (made,) = walk.fake.ledger.of_kind(Kind.MEMBER_MERGE)
        assert made.merges == (Merge(1, 2),)
        assert walk.shows("会员合并单", "保留会员号", "被合并会员号")
        await asyncio.sleep(LEAST_SHOWN_S)
        await walk.press("enter")
        assert walk.name == "MemberScreen"


async def test_a_key_between_two_bookings_of_all_books_nothing_twice() -> None:
    async with walking() as walk:
        await at(walk, "ctrl+y", "2")
        screen = walk.app.screen
        assert isinstance(screen, BonusDueScreen)
        screen.going_on = True  # the list is being read between two of them
        await walk.press("enter")
        assert walk.fake.ledger.of_kind(Kind.BONUS_RELEASE) == []
        screen.going_on = False
        await walk.press("enter")
        assert len(walk.fake.ledger.of_kind(Kind.BONUS_RELEASE)) == 1


async def test_what_is_due_is_booked_one_by_one_or_all() -> None:
    async with walking() as walk:
        await at(walk, "ctrl+y", "2")
        assert walk.shows("赠送 第2/3期", "¥10.00", "消费返现", "2026-10", "¥3.50")
        await walk.press("f2")
        assert walk.shows("没有到期项目", "已入账 2 笔")
        await walk.press("f5")
        assert "已入账 2 笔" not in walk.text  # said of what was booked, not of the list as it is read anew
        (part,), (back,) = (walk.fake.ledger.of_kind(kind) for kind in (Kind.BONUS_RELEASE, Kind.CASH_BACK))
        assert (part.total_minor, back.total_minor) == (1000, 350)


async def test_a_recharge_rule_is_proposed_by_its_form() -> None:
    async with walking() as walk:
        await at(walk, "ctrl+y", "3")
        assert walk.shows("充值规则", "500.00-50.00 /3", "扣款顺序", "先扣赠送")
        await walk.press("f2", "1")
        for text in ("充送", "500-50 1000-x"):
            await walk.type(text)
        for _ in range(9):
            await walk.press("enter")
        assert walk.shows("无法识别")
        assert walk.fake.value.proposed == []
        await walk.press("escape", "f2", "1")
        for text in ("充送", "500-50 1000-10%", "12", "30", "300", "standard", "", "", "", "2", "s02 S01"):
            await walk.type(text)
        terms = {
            "tiers": [2], "stores": [1, 2],
            "term_days": 30, "max_document_minor": 30000,
            "body": {
                "steps": [{"from_minor": 50000, "give_minor": 5000}, {"from_minor": 100000, "give_bp": 1000}],
                "months": 12, "card_types": ["standard"],
            },
        }  # fmt: skip
        assert walk.fake.value.proposed == [("recharge", "充送", terms)]
        assert walk.fake.value.changed == [None]


async def test_what_a_rule_says_is_read_before_it_is_approved_and_is_offered_for_its_next_version() -> None:
    async with walking() as walk:
        await at(walk, "ctrl+y", "3")
        assert walk.shows("顺序 先扣赠送")
        await walk.press("down")
        assert walk.shows("优惠 满 ¥500.00 送 ¥50.00; 分期 3 期，每月一期")
        await walk.press("f7")
        assert walk.name == "ValueForm"
        await walk.press(*["enter"] * 11)
        ((family, name, terms),) = walk.fake.value.proposed
        assert (family, walk.fake.value.changed) == ("recharge", [next(iter(walk.fake.value.changed))])
        assert walk.fake.value.changed != [None], "the next version of that rule"
        assert terms["body"]["months"] == 3
        assert name == "洗车十次"


def recharging(fake: FakeShop) -> None:
    body = {"steps": [{"from_minor": 50000, "give_minor": 10000}], "months": 3}
    fake.rules = [*fake.rules, RuleVersion(31, 1, RuleFamily.RECHARGE, "充送", body=body)]


async def test_where_two_rules_give_the_customer_chooses() -> None:
    fake = FakeShop()
    recharging(fake)
    points = {"steps": [{"from_minor": 30000, "points": 300}], "repeats": True}
    fake.rules = [*fake.rules, RuleVersion(32, 1, RuleFamily.RECHARGE, "充值送积分", body=points)]
    async with walking(fake) as walk:
        walk.fake.open_shift()
        await at(walk, "f3", "type:88000001")
        await walk.type("600", enter=False)
        assert walk.shows("充送", "每月一笔")
        await walk.press("ctrl+y", "g")
        assert walk.shows("送哪一种", "充值送积分: 600 积分")
        await walk.press("3")
        assert walk.shows("充值送积分", "另送积分", "600", "¥0.00")
        await walk.press("f2", "enter")
        (made,) = walk.fake.ledger.of_kind(Kind.TOP_UP)
        assert [(each.kind, each.rule, each.amount) for each in made.grants] == [("points", 32, 600)]


async def test_what_the_server_refuses_of_a_rule_comes_back_to_its_form() -> None:
    async with walking() as walk:
        await at(walk, "ctrl+y", "3", "f2", "1")
        await walk.type("充送奶")
        await walk.type("300")
        await walk.press("enter", "enter", "enter", "enter", "enter")
        await walk.type("2*nothing")
        await walk.press("enter", "enter", "enter")
        assert walk.name == "ValueForm"
        assert walk.shows("nothing"), "the code that is not known, and the form stays"
        await walk.press("ctrl+u")
        await walk.type("2*MILK")
        walk.fake.value.refusing = Refused("rule_unclear", {"why": "value_goods"})
        await walk.press("enter", "enter", "enter")
        assert walk.name == "ValueForm"
        assert walk.shows("充送奶", "2*MILK", "不限年龄")
        await walk.press(*["enter"] * 11)
        assert walk.name == "ValueRulesScreen"
        ((_, name, terms),) = walk.fake.value.proposed
        assert (name, terms["body"]["goods"][0]["qty_milli"]) == ("充送奶", 2000)


async def test_a_top_up_in_parts_shows_what_comes_later() -> None:
    fake = FakeShop()
    recharging(fake)
    async with walking(fake) as walk:
        walk.fake.open_shift()
        await at(walk, "f3", "type:88000001")
        await walk.type("500", enter=False)
        assert walk.shows("¥33.34", "2 × ¥33.33", "每月一笔")
        await walk.press("ctrl+y", "r", "1")
        await walk.type("200")
        await walk.type("B77")
        assert walk.shows("还应付", "¥300.00")
        await walk.press("f2")
        await walk.type("")
        (made,) = walk.fake.ledger.of_kind(Kind.TOP_UP)
        assert [(t.kind, t.amount_minor) for t in made.tenders] == [("bank_card", 20000), ("cash", 30000)]
        assert [(g.rule, g.amount) for g in made.grants] == [(31, 3334)]
        assert walk.fake.ledger.card_of(11).state is CardState.ACTIVE


async def test_parts_of_a_top_up_are_not_left_behind_and_may_be_all_of_it() -> None:
    async with walking() as walk:
        walk.fake.open_shift()
        await at(walk, "f3", "type:88000001")
        await walk.type("500", enter=False)
        await walk.press("ctrl+y", "r", "1")
        await walk.type("200")
        await walk.type("B77")
        await walk.press("escape")
        assert walk.shows("已分次付款", "银行卡 ¥200.00", "退回顾客")
        await walk.press("escape")
        assert walk.name == "TopUpScreen"
        await walk.press("ctrl+u")
        await walk.type("150")
        assert walk.shows("分次已收的款比充值金额多 ¥50.00")
        await walk.press("ctrl+u")
        await walk.type("200")
        (made,) = walk.fake.ledger.of_kind(Kind.TOP_UP)
        assert [(t.kind, t.amount_minor) for t in made.tenders] == [("bank_card", 20000)]


async def test_a_store_that_is_no_outlet_says_so_before_money_is_taken() -> None:
    async with walking(lang="en") as walk:
        walk.fake.open_shift()
        walk.fake.law.outlet = False
        await at(walk, "f3", "type:88000001")
        assert walk.shows("旗舰店 puts no money onto cards")
        await walk.type("500")
        assert walk.name == "TopUpScreen"
        await walk.press("f4")
        assert walk.name == "TopUpScreen"
        assert walk.fake.ledger.of_kind(Kind.TOP_UP) == []


async def test_a_top_up_names_the_pass_that_comes_with_it_and_books_it() -> None:
    fake = FakeShop()
    gift = RuleVersion(41, 2, RuleFamily.PASS, "洗车赠券", body={"count": 2, "top_up_minor": 30000})
    fake.rules = [*fake.rules, gift]
    async with walking(fake) as walk:
        walk.fake.open_shift()
        await at(walk, "f3", "type:88000001")
        await walk.type("299.99", enter=False)
        assert "洗车赠券" not in walk.text
        await walk.press("ctrl+u")
        await walk.type("300", enter=False)
        assert walk.shows("附赠计次", "洗车赠券 × 2")
        await walk.press("f2")
        await walk.type("")
        (made,) = walk.fake.ledger.of_kind(Kind.TOP_UP)
        assert [(g.rule, g.version, g.amount) for g in made.grants if g.kind == "pass"] == [(41, 2, 2)]
        assert walk.shows("次卡次数", "+2", "本次计次"), (
            "on the screen and on the slip, as uses and not as money"
        )


async def test_a_fee_is_proposed_by_its_form_and_stands_in_the_list() -> None:
    async with walking() as walk:
        await at(walk, "ctrl+y", "3", "f2", "5")
        await walk.type("年费 2027")
        assert walk.shows("1 入会费", "2 年费", "4 补卡费", "5 续期费")
        for text in ("9", "30", ""):
            await walk.type(text)
        assert walk.shows("无法识别")
        assert walk.fake.value.proposed == []
        await walk.press("escape", "f2", "5")
        for text in ("年费 2027", "2", "30", "standard gold"):
            await walk.type(text)
        body = {
            "code": "annual", "kind": "annual_fee", "who": "main", "types": ["standard", "gold"]
        }  # fmt: skip
        assert walk.fake.value.proposed == [("fee", "年费 2027", {"amount_minor": 3000, "body": body})]
