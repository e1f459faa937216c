"""The card desk by keys: moves of the state, paper, reason, fee, replacement, waiver, due list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyuan.domain.model.card import CardState
from huiyuan.domain.model.card_life import CardApplication
from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.errors import Refused
from tests.screens.fake_ledger import NOON
from tests.screens.walk import Walk, walking


async def at_desk(walk: Walk, number: str = "88000001") -> None:
    await walk.sign_in("2001")
    await walk.press("ctrl+y", "y")
    await walk.type(number)


async def choose(walk: Walk, name: str) -> None:
    """The form of the move with this name."""
    for _ in range(9):
        await walk.press("enter")
        if walk.name == "CardMoveScreen" and name in walk.text.split("\n")[2]:
            return
        await walk.press("escape", "down")
    raise AssertionError(walk.text)


async def test_a_card_is_reported_lost_with_a_reason_and_found_again() -> None:
    async with walking() as walk:
        await at_desk(walk)
        assert walk.shows("李娜", "正常", "挂失", "补换新卡", "¥10.00", "2027-12-31")
        await choose(walk, "挂失")
        await walk.press("f2")
        assert walk.shows("需要填写原因")
        await walk.type("钱包被偷")
        assert walk.shows("挂失：已入账", "挂失单", "钱包被偷")
        await walk.press("enter")
        assert walk.name == "CardLifeScreen"
        assert walk.shows("已挂失", "取消挂失", "正常 > 已挂失: 钱包被偷")
        await choose(walk, "取消挂失")
        await walk.type("1")
        await walk.type("")
        await walk.type("找到了")
        assert walk.shows("取消挂失：已入账")
        assert walk.fake.life.numbers == [("id_card", "")]
        document = walk.fake.ledger.of_kind(Kind.CARD_FOUND)[0]
        assert [row.now for row in document.cards] == ["active"]


async def test_the_card_of_a_membership_that_rests_says_why_less_is_done_with_it() -> None:
    async with walking() as walk:
        owner = next(each.member for each in walk.fake.ledger.cards if each.number == "88000001")
        assert owner is not None
        walk.fake.life.states[owner.id] = "frozen"
        await at_desk(walk)
        assert walk.shows("李娜", "会员资格已冻结", "F7", "不能补换")
        await walk.type("88000005")
        assert "会员资格已冻结" not in walk.text


async def test_the_next_card_is_typed_over_the_one_before_from_its_list_of_moves() -> None:
    async with walking() as walk:
        await at_desk(walk)
        assert walk.shows("李娜", "挂失")
        walk.send(*"88000005", "enter")
        await walk.settle()
        assert walk.name == "CardLifeScreen", "no form of a card that nobody asked for"
        assert walk.shows("88000005")
        assert "李娜" not in walk.text


async def test_a_replacement_asks_for_card_paper_and_reason_and_takes_the_fee() -> None:
    async with walking() as walk:
        await at_desk(walk)
        await choose(walk, "补换新卡")
        await walk.press("f2")
        assert walk.shows("换成哪张空白卡")
        await walk.type("88000004")
        assert walk.shows("此卡正常")
        await walk.type("88000003")
        await walk.type("9")
        assert walk.shows("出示了哪种证件")
        await walk.type("1")
        await walk.type("11010519491231002X")
        await walk.type("磁条坏了")
        assert walk.shows("补换新卡：已入账", "补卡费", "10.00", "旧卡号")
        assert "11010519491231002X" not in walk.text
        document = walk.fake.ledger.of_kind(Kind.CARD_REPLACEMENT)[0]
        assert [(row.was, row.now, row.wallet) for row in document.cards] == [
            ("active", "replaced", None), ("blank", "active", 11)
        ]  # fmt: skip
        assert document.identity[0].match == "a" * 64
        await walk.press("enter")
        assert walk.shows("88000003", "正常")


async def test_tab_goes_on_as_enter_does() -> None:
    async with walking() as walk:
        await at_desk(walk)
        await choose(walk, "补换新卡")
        await walk.type("88000003", enter=False)
        await walk.press("tab")
        assert walk.shows("1 ")  # the papers to choose from
        await walk.type("1", enter=False)
        await walk.press("tab")
        assert walk.shows("与档案核对")
        await walk.press("tab")
        await walk.type("磁条坏了")
        assert walk.shows("补换新卡：已入账")


async def test_a_fee_is_waived_by_a_second_person_and_says_so() -> None:
    async with walking() as walk:
        await at_desk(walk)
        await choose(walk, "补换新卡")
        await walk.type("88000003")
        await walk.type("1")
        await walk.type("")
        await walk.type("机器刮坏", enter=False)
        await walk.press("f6")
        assert walk.shows("免收 ¥10.00")
        await walk.type("1001")
        await walk.type("1001")
        document = walk.fake.ledger.of_kind(Kind.CARD_REPLACEMENT)[0]
        assert [(fee.code, fee.amount_minor) for fee in document.fees] == [("replacement", 0)]
        assert document.tenders == ()
        assert walk.shows("补卡费", "已免收", "  已免")


async def test_a_blank_card_has_no_moves_here_and_an_unknown_one_is_said() -> None:
    async with walking() as walk:
        await at_desk(walk, "88000003")
        assert walk.shows("尚未发给任何人")
        await walk.type("8")
        assert walk.shows("没有这张卡")
        assert "尚未发给任何人" not in walk.text  # that was of the number before


async def test_a_type_is_chosen_by_its_digit() -> None:
    async with walking() as walk:
        await at_desk(walk)
        await choose(walk, "变更卡类型")
        await walk.type("7")
        assert walk.shows("哪种卡类型")
        await walk.type("2")
        await walk.type("升级")
        document = walk.fake.ledger.of_kind(Kind.CARD_TYPE_CHANGE)[0]
        assert [row.type for row in document.cards] == [3]


async def test_one_key_charges_the_marked_fee_and_enter_charges_nobody() -> None:
    async with walking() as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "y", "f8")
        assert walk.shows("2026-03-01", "李娜", "年费", "30.00", "1 张卡已过有效期")
        await walk.press("enter", "enter")
        assert walk.shows("怎样收款？请按下方的键选择；回车不会收费。")
        assert walk.fake.ledger.of_kind(Kind.ANNUAL_FEE) == []
        await walk.press("f2")
        assert walk.shows("年费：已入账")
        document = walk.fake.ledger.of_kind(Kind.ANNUAL_FEE)[0]
        assert [(fee.card, fee.year, fee.amount_minor) for fee in document.fees] == [(1, 2026, 3000)]


async def test_a_fee_that_another_counter_charged_meanwhile_is_said_and_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def charged(*_: object) -> None:
        raise Refused("fee_wrong", {"fee": "annual", "due": 0})

    async with walking(None, "en") as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "y", "f8")
        monkeypatch.setattr(walk.fake.ledger, "_annual_fee", charged)
        walk.fake.life.open_fees = []
        await walk.press("f2")
        assert walk.shows("charged or waived already", "No fee is due")
        assert walk.fake.ledger.of_kind(Kind.ANNUAL_FEE) == []


async def test_the_desk_says_what_it_waits_for_and_why_nothing_can_be_done() -> None:
    async with walking(None, "en") as walk:
        await at_desk(walk, "")
        assert walk.shows("Type or present a card")
        card = walk.fake.ledger.cards[0]
        card.state = CardState.VOID
        await walk.type(card.number)
        assert walk.shows("A card that is destroyed allows no more", "F5")


async def test_cards_past_their_day_are_written_down_by_one_document() -> None:
    async with walking() as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "y", "f8", "f7")
        assert walk.shows("已登记 1 张卡到期")
        document = walk.fake.ledger.of_kind(Kind.CARD_EXPIRY)[0]
        assert [(row.was, row.now) for row in document.cards] == [("active", "expired")]


async def test_a_membership_is_frozen_from_its_page_and_an_application_is_decided() -> None:
    async with walking() as walk:
        wanted = CardApplication(
            7, "applied", "金卡", 2, "M0002", "李", "工资单", NOON - timedelta(days=1), "王芳", False, ""
        )
        walk.fake.life.waiting.append(wanted)
        await walk.sign_in("2001")
        await walk.press("f6", "f9")
        await walk.type("88000004")
        await walk.press("f7", "ctrl+y", "k")
        assert walk.shows("冻结会员资格", "工资单", "待审核")
        await walk.press("tab", "enter")
        assert walk.shows("F4 通过，F6 拒绝"), walk.text
        await walk.press("shift+tab", "f4")
        assert walk.fake.ledger.of_kind(Kind.CARD_APPROVAL)[0].applications[0].application == 7
        await walk.press("enter", "enter")
        assert walk.name == "MemberMoveScreen"
        await walk.type("家属要求")
        document = walk.fake.ledger.of_kind(Kind.MEMBER_FREEZE)[0]
        assert [(row.was, row.now) for row in document.members] == [("active", "frozen")]


async def test_an_application_is_taken_with_paper_and_words() -> None:
    async with walking() as walk:
        await walk.sign_in("2001")
        await walk.press("f6", "f9")
        await walk.type("88000004")
        await walk.press("f7", "ctrl+y", "k", "f2", "2", "1")
        await walk.type("身份证，工资单")
        row = walk.fake.ledger.of_kind(Kind.CARD_APPLICATION)[0]
        assert [(each.type, each.was, each.papers) for each in row.applications] == [
            (3, "new", "身份证身份证，工资单")
        ]
        assert row.identity[0].paper == "id_card"


async def test_a_frozen_card_shows_only_what_a_frozen_card_may() -> None:
    async with walking() as walk:
        await at_desk(walk, "88000002")
        assert walk.shows("解冻卡", "挂失", "注销卡")
        assert "补换新卡" not in walk.text
        assert walk.fake.ledger.cards[1].state is CardState.FROZEN


async def test_a_counter_with_the_card_in_hand_hears_that_it_was_stopped() -> None:
    async with walking() as walk:
        await walk.sign_in("2001")
        await walk.press("f2")
        await walk.type("TEA")
        await walk.type("88000001")
        walk.app.card_moved(2, "lost", 9)
        await walk.settle()
        assert "别的柜台" not in walk.text, "another card"
        walk.app.card_moved(1, "lost", 1)
        await walk.settle()
        assert "别的柜台" not in walk.text, "moved at this very counter"
        walk.app.card_moved(1, "lost", 9)
        await walk.settle()
        assert walk.shows("别的柜台刚办理了这张卡", "已挂失")


async def test_a_forgotten_pin_is_given_up_and_chosen_anew_at_the_desk() -> None:
    async with walking() as walk:
        await at_desk(walk)
        await choose(walk, "重置卡密码")
        await walk.type("1")
        await walk.type("11010519491231002X")
        await walk.type("忘了")
        assert walk.shows("重置卡密码：已入账", "重置密码单", "忘了")
        await walk.press("enter")
        await walk.type("135790")
        await walk.type("135790")
        assert walk.name == "CardMoveScreen"
        assert walk.shows("卡密码已设好")
        assert walk.fake.ledger.cards[0].pin == "135790"
        await walk.press("f2")
        assert len(walk.fake.ledger.of_kind(Kind.CARD_PIN_RESET)) == 1
        await walk.press("escape")
        assert walk.name == "CardLifeScreen"
        assert walk.shows("正常 > 正常: 忘了")
