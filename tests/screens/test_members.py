"""The member page, a member's record, statements and the card screen, by keys, over the shop in memory."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from huiyuan.domain.model.birthday import Birthday
from huiyuan.domain.model.card import CardState
from huiyuan.screens import member
from tests.screens.fake_ledger import HOSTILE
from tests.screens.fake_members import ID_NO, PHONE
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking


async def open_member(walk: Walk, card: str = "88000001", *, number: str = "2001") -> None:
    """From the sign-in over the card screen to its holder's page."""
    await walk.sign_in(number)
    await walk.press("f6", "f9")
    await walk.type(card)
    await walk.press("f7")


async def new_member(walk: Walk) -> None:
    await walk.sign_in("2001")
    await walk.press("ctrl+n")
    assert walk.name == "MemberEditScreen"


async def fill(walk: Walk, *texts: str) -> None:
    """Type into one field after the other; an empty text leaves it."""
    for text in texts:
        await walk.type(text)


async def test_the_page_shows_everything_from_one_question_and_the_note_first() -> None:
    """The sheet with the note that pops up lies over masks, tier, cards, balances and what was bought."""
    async with walking() as walk:
        await open_member(walk)
        assert walk.name == "PoppedNotes"
        assert walk.shows("请注意", "上次少找了 5 元")
        await walk.press("enter")
        assert walk.name == "MemberScreen"
        assert walk.shows("李娜", "金卡", "M0001", "138****8000", "*" * 14 + "002X", "农历 1990-8-15 (36 岁)")
        assert walk.shows("女", "已登记（加密）", "生日与证件不符", "¥320.00", "1,230", "20 次，¥2,470.90")
        assert "pass:" not in walk.text, "uses of a pass have a name, too"
        assert walk.shows("88000001", "正常", "88000002", "已冻结", "西湖店")
        for secret in (PHONE, ID_NO, "人民路"):
            assert secret not in walk.text
        asked = walk.fake.members.asked
        await walk.press("f5")
        assert walk.fake.members.asked == asked + 1


async def test_a_hostile_name_and_note_are_text_on_the_page() -> None:
    async with walking() as walk:
        await open_member(walk, "88000004")
        assert walk.name == "MemberScreen"
        assert HOSTILE not in walk.text
        assert walk.shows("[/x] [red]^[[2J<202E>abc")


HOSTILE_NAMES = (
    *(
        "Li [VIP]",
        "[1] Li",
        "[bold]Li[/bold]",
        "[@click=app.quit]x[/]",
        "a[/]b",
        "[red",
        "$primary [$error]y[/]",
    ),
    *("'; DROP TABLE member;--", "O'Neil", "{0.__class__}", "=1+1", "%n"),
)


async def test_every_odd_name_stands_on_the_page_as_it_was_written() -> None:
    async with walking() as walk:
        await open_member(walk, "88000004")
        for name in HOSTILE_NAMES:
            page = walk.fake.members.pages[2]
            walk.fake.members.pages[2] = replace(page, name=name, notes=(replace(page.notes[0], text=name),))
            await walk.press("f5")
            assert walk.shows(f"{name}  金卡", f" {name} (")
        assert walk.name == "MemberScreen"


async def test_a_value_in_full_leaves_the_screen_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(member, "REVEALED_S", 0.3)
    async with walking() as walk:
        await open_member(walk)
        await walk.press("enter", "f8", "2")
        await walk.type("核对")
        for _ in range(100):
            if ID_NO not in walk.text:
                break
            await asyncio.sleep(0.05)
        assert ID_NO not in walk.text
        assert walk.fake.members.revealed == [(1, "id_no", "核对")]


async def test_a_value_in_full_needs_a_reason_and_only_who_may_sees_the_key() -> None:
    async with walking() as walk:
        await open_member(walk)
        await walk.press("enter", "f8")
        assert walk.shows("查看完整", "电话", "证件号码", "地址")
        await walk.press("enter")
        await walk.press("enter")
        assert walk.shows("需要填写原因")
        await walk.type("客户要求核对")
        assert walk.shows("电话: " + PHONE)
        assert walk.fake.members.revealed == [(1, "phone", "客户要求核对")]
    async with walking() as walk:
        await open_member(walk, number="1001")
        await walk.press("enter", "f8")
        assert walk.name == "MemberScreen"
        assert "查看完整" not in walk.text


async def test_a_note_is_added_pops_up_and_goes() -> None:
    async with walking() as walk:
        await open_member(walk, "88000004")
        await walk.press("f7")
        await walk.type("! 生日送花")
        assert walk.shows("生日送花")
        note = walk.fake.members.pages[2].notes[0]
        assert (note.text, note.pops_up) == ("生日送花", True)
        await walk.press("ctrl+r", "enter")
        assert "生日送花" not in walk.text


async def test_a_new_member_is_written_down_and_shown() -> None:
    async with walking() as walk:
        await new_member(walk)
        assert walk.shows("新会员 M0003", "普通", "个人", "S01 旗舰店")
        await fill(
            walk, "赵一曼", "+86 139 0013 9000", "", "", "L1990-R5-1", "人民路 2 号", "", "", "", "", ""
        )
        assert walk.name == "MemberScreen", walk.text
        draft = walk.fake.members.saved[0]
        assert (draft.member, draft.version, draft.name) == (3, None, "赵一曼")
        assert (draft.phone, draft.id_no, draft.address) == ("13900139000", None, "人民路 2 号")
        assert draft.birthday == Birthday("lunar", 1990, 5, 1, True)
        assert (draft.tier, draft.home_store, draft.kind, draft.source) == (1, 1, "person", "counter")
        assert draft.doubts == ()
        assert walk.shows("赵一曼", "139****9000")


async def test_a_company_has_who_acts_for_it_and_neither_gender_nor_birthday() -> None:
    """Its licence number says that it is one; each field is read at its place, and the page shows masks."""
    async with walking() as walk:
        await new_member(walk)
        assert "法定代表人" not in walk.text
        await fill(walk, "明德茶业有限公司", "", "91350100M000100Y43")
        assert walk.shows("单位", "信用代码", "法定代表人", "法人电话", "联系人", "联系电话")
        assert "生日" not in walk.text
        assert "证件号" not in walk.text
        await fill(walk, "", "", "", "", "李建国", "138")
        assert walk.shows("电话号码不对")
        await walk.press("ctrl+u")
        await fill(walk, "13911112222", "周敏", "", "", "")
        assert walk.name == "MemberScreen", walk.text
        draft = walk.fake.members.saved[0]
        assert (draft.kind, draft.gender, draft.birthday) == ("company", None, None)
        assert draft.company == {"legal_name": "李建国", "legal_phone": "13911112222", "contact_name": "周敏"}
        assert walk.shows("信用代码", "法定代表人", "李**", "联系人", "周**")
        assert "李建国" not in walk.text
        await walk.press("f4")
        assert walk.shows("李**", "周**")


async def test_gender_and_birthday_come_from_the_id_number() -> None:
    async with walking() as walk:
        await new_member(walk)
        await fill(walk, "赵一曼", "", "440524198001010013")
        assert walk.shows("男", "1980-01-01")


async def test_what_cannot_be_is_said_at_its_field_and_nothing_is_sent() -> None:
    async with walking() as walk:
        await new_member(walk)
        await walk.press("f2")
        assert walk.shows("缺少姓名")
        await fill(walk, "赵一曼", "138")
        assert walk.shows("电话号码不对")
        await walk.press("ctrl+u")
        await fill(walk, "", "110105194912310021")
        assert walk.shows("有一位不对")
        await walk.press("ctrl+u")
        await fill(walk, "", "3")
        assert walk.shows("性别请输入 1 到 2 的序号")
        await walk.press("ctrl+u")
        await fill(walk, "", "2023-02-29")
        assert walk.shows("没有这一天")
        await walk.press("f2")
        assert walk.shows("没有这一天")
        assert walk.fake.members.saved == []


async def test_a_digit_becomes_the_word_it_stands_for() -> None:
    async with walking() as walk:
        await new_member(walk)
        await fill(walk, "赵一曼", "", "")
        await walk.type("2", enter=False)
        assert walk.shows("性别            女")
        await walk.type("1", enter=False)
        assert walk.shows("性别            男")


async def test_who_has_an_account_is_opened_instead_of_made_twice() -> None:
    async with walking() as walk:
        await new_member(walk)
        await fill(walk, "李娜", "", ID_NO)
        await walk.press("f2")
        assert walk.shows("此证件号码已有账户：李娜（M0001）", "F6 打开该会员")
        assert walk.fake.members.saved == []
        await walk.press("f6")
        assert walk.name == "PoppedNotes"
        assert walk.shows("M0001")


async def test_a_shared_phone_warns_and_is_kept_with_one_key() -> None:
    async with walking() as walk:
        await new_member(walk)
        await fill(walk, "赵一曼", PHONE)
        await walk.press("f2")
        assert walk.shows("李娜（M0001）已在用这个电话", "F7 仍用这个电话")
        await walk.press("f7")
        assert walk.name == "MemberScreen"
        assert walk.fake.members.saved[0].same_phone


async def test_a_changed_name_asks_how_the_person_was_known() -> None:
    async with walking() as walk:
        await open_member(walk, "88000004")
        await walk.press("f4", "ctrl+u")
        await walk.type("王娜", enter=False)
        await walk.press("f2")
        assert walk.shows("核验本人", "查验证件", "电话回访")
        await walk.press("3")
        assert walk.name == "MemberScreen"
        assert [(d.name, d.checked) for d in walk.fake.members.saved] == [("王娜", "call_back")]


async def test_leaving_a_form_that_was_typed_into_asks_first() -> None:
    async with walking() as walk:
        await new_member(walk)
        await walk.press("escape")
        assert walk.name == "HomeScreen"
        await walk.press("ctrl+n")
        await walk.type("赵", enter=False)
        await walk.press("escape")
        assert walk.shows("不保存就离开吗")
        await walk.press("enter")
        assert walk.name == "HomeScreen"
        assert walk.fake.members.saved == []


async def test_a_verified_record_leaves_the_queue() -> None:
    async with walking() as walk:
        await open_member(walk)
        await walk.press("enter", "ctrl+t")
        assert walk.shows("待核实会员", "李娜", "生日与证件不符")
        await walk.press("enter", "enter", "f4", "f5")
        assert walk.fake.members.saved[0].doubts == ()
        await walk.press("escape")
        assert walk.shows("没有需要核实的会员")


async def test_a_statement_is_one_question_a_page_and_keeps_none_but_the_one_on_screen() -> None:
    async with walking() as walk:
        await open_member(walk)
        await walk.press("enter", "enter")
        assert walk.name == "StatementScreen"
        asked = walk.fake.members.asked
        assert walk.shows("S01-1-40", "S01-1-24", "人民路店")
        await walk.press("f3", "f3")
        assert walk.shows("S01-1-6", "S01-1-1")
        assert walk.fake.members.asked == asked + 2
        await walk.press("f3", "f2", "f2")
        assert walk.shows("S01-1-40")
        assert walk.fake.members.asked == asked + 4
        await walk.press("f4")
        assert walk.shows("赠送")
        assert walk.fake.members.asked == asked + 5


async def test_every_purchase_of_every_store_page_by_page() -> None:
    async with walking() as walk:
        await open_member(walk)
        await walk.press("enter", "tab", "enter")
        assert walk.shows("消费记录", "S01-1-000000", "S01-1-000016", "-¥123.48")
        await walk.press("f3")
        assert walk.shows("S01-1-000017", "S01-1-000019")
        await walk.press("f3")
        assert walk.name == "PurchasesScreen"


async def test_the_history_says_who_when_and_what_became_of_what() -> None:
    async with walking() as walk:
        await open_member(walk, "88000004")
        await walk.press("f9")
        assert walk.shows("变更记录", "李**", "王**", "138****8000", "139****9000", "查验证件", "女")


async def test_a_sale_begins_with_the_member_of_the_page_and_no_stored_value() -> None:
    async with walking() as walk:
        await open_member(walk)
        await walk.press("enter", "f2")
        assert walk.name == "SaleScreen"
        await walk.type("TEA")
        assert walk.shows("李娜", "¥159.60")  # gold: 5 % less


async def test_a_card_shows_type_holder_lots_and_what_fits_its_state() -> None:
    """Type as data, holder, lots and movements; then the keys of a blank, a frozen and an unknown one."""
    async with walking() as walk:
        await walk.sign_in("2001")
        await walk.press("f6", "f9")
        await walk.type("88000001")
        assert walk.shows("记名卡 (记名)", "李娜", "¥370.00", "¥5,000.00", "不过期", "F3", "F4")
        await walk.press("f8")
        assert walk.shows("不记名卡", "K2")
        await walk.press("escape", "ctrl+u")
        assert "李娜" not in walk.text
        await walk.type("88000003")
        assert walk.shows("空白", "F2  发卡")
        await walk.press("f2")
        assert walk.name == "CardIssueScreen"
        assert walk.shows("88000003")
        await walk.press("escape", "ctrl+u")
        await walk.type("99")
        assert walk.shows("没有这张卡")


async def test_top_up_and_activation_open_with_the_card_of_the_screen_before() -> None:
    fake = FakeShop()
    async with walking(fake) as walk:
        await open_member(walk)
        await walk.press("enter", "f3")
        assert walk.name == "TopUpScreen"
        assert walk.shows("88000001", "李娜 金卡", "¥370.00")
        await walk.press("escape", "escape", "f4")
        assert walk.name == "ActivationScreen"
        assert walk.shows("88000001", "李娜")
        assert fake.ledger.cards[0].state is CardState.ACTIVE


async def test_after_the_slip_it_is_the_members_page_again() -> None:
    async with walking(lang="en") as walk:
        await open_member(walk)
        await walk.press("enter", "f3")
        await walk.type("100")
        await walk.press("enter")
        assert walk.name == "ResultScreen", walk.text
        await walk.past_result()
        assert walk.name == "MemberScreen"
        await walk.press("f6")
        await walk.type("88000003")
        await walk.press("f2")
        assert walk.name == "ResultScreen", walk.text
        await walk.past_result()
        assert walk.name == "MemberScreen"


async def test_the_one_box_opens_a_members_page_and_a_card_that_has_no_member() -> None:
    async with walking() as walk:
        await walk.sign_in("2001")
        await walk.type("88000001")
        assert walk.name == "PoppedNotes"
        await walk.press("enter", "escape")
        assert walk.name == "HomeScreen"
        await walk.type("88000003")
        assert walk.name == "CardScreen"
        assert walk.shows("88000003", "空白")
