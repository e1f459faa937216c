"""The one box on the home screen, in the picker, and the palette: keys in, rows out."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from textual import events
from textual.widgets import Input

from huiyuan.screens.finding import PATIENCE_S, FindingScreen
from huiyuan.screens.home import HomeScreen
from huiyuan.screens.sale import SaleScreen
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking


async def until(condition: Callable[[], bool]) -> None:
    """Wait for `condition`, though a question may still be under way."""
    for _ in range(400):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


async def look(walk: Walk, text: str, *, enter: bool = False) -> None:
    """Type into the one box and wait for the answer to all of it; then Enter, if it is wanted."""
    screen = walk.app.screen
    assert isinstance(screen, FindingScreen)
    await walk.type(text, enter=False)
    await until(lambda: screen.answered == screen.typed and screen.asked_at is None)
    if enter:
        await walk.press("enter")
    await walk.settle()


async def back_home(walk: Walk) -> None:
    """Esc until home, past notes that popped up."""
    for _ in range(4):
        if walk.name == "HomeScreen":
            return
        await walk.press("escape")
    raise AssertionError(walk.text)


async def test_members_are_found_while_they_are_typed_and_enter_opens_one() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await look(walk, "l")
        assert walk.shows("李娜", "M0001", "138****8823", "2026-11-20")
        assert "F2" not in walk.text.split("李娜")[0]  # the rows stand where the menu was
        await look(walk, "n")
        assert walk.shows("李娜")
        await walk.press("enter")
        assert walk.shows("M0001", "旗舰店", "金卡")
        await back_home(walk)
        assert walk.app.screen.query_one("#box", Input).value == ""
        assert walk.shows("收货")  # the menu is back


async def test_every_reading_shape_and_swipe_opens_the_member() -> None:
    async with walking() as walk:
        await walk.sign_in()
        for typed, number in {
            "sxx": "M0003", "danxiongxin": "M0003", "单": "M0003", "8823": "M0001", "l8823": "M0001",
            "m0003": "M0003", ";88000001=2512101?": "M0001", "%B88000001^LI/NA^2512?": "M0001",
        }.items():  # fmt: skip
            await look(walk, typed, enter=True)
            assert walk.name != "HomeScreen", f"{typed}: {walk.text}"
            assert walk.shows(number)
            await back_home(walk)


async def test_of_many_twenty_are_shown_and_the_arrows_choose() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await look(walk, "w")
        assert walk.shows("只列最近到店的 20 位", "M0010")
        await walk.press("down", "down", "up", "down", "enter")
        assert walk.shows("M0012")


async def test_an_answer_to_an_older_text_is_dropped() -> None:
    fake = FakeShop()
    gate = fake.finder.held[(("l",),)] = threading.Event()
    async with walking(fake) as walk:
        await walk.sign_in()
        home = walk.app.screen
        assert isinstance(home, HomeScreen)
        walk.send("l")
        await until(lambda: bool(fake.finder.asked))
        walk.send("n")
        await until(lambda: home.answered == "ln")
        shown = home.found
        gate.set()
        await walk.settle()
        assert [needle.words for needle in fake.finder.asked] == [(("l",),), (("ln",),)]
        assert (home.answered, home.found) == ("ln", shown)
        assert [member.name for member in shown.members] == ["李娜"]


async def test_keys_of_a_reader_are_few_questions_not_one_each() -> None:
    async with walking() as walk:
        await walk.sign_in()
        walk.send(*"wangwangwangwang")
        await walk.settle()
        await asyncio.sleep(PATIENCE_S + 0.1)
        await walk.settle()
        assert walk.shows("没有叫这个名字的会员")
        assert len(walk.fake.finder.asked) <= 5


async def test_enter_before_the_answer_opens_a_single_hit_and_nobody_of_many() -> None:
    fake = FakeShop()
    async with walking(fake) as walk:
        await walk.sign_in()
        walk.send("8", "8", "2", "3", "enter")
        assert await walk.until("M0001")
        await until(lambda: walk.name != "HomeScreen")
        await walk.settle()
        await back_home(walk)
        home = walk.app.screen
        assert isinstance(home, HomeScreen)
        gate = fake.finder.held[(("w",),)] = threading.Event()
        walk.send("w", "enter")
        await until(lambda: home.opening)
        gate.set()
        assert await walk.until("M0010")
        assert walk.name == "HomeScreen"


async def test_who_is_not_there_is_said_and_a_card_without_member_too() -> None:
    async with walking() as walk:
        await walk.sign_in()
        for typed, said in {
            "qqqq": "没有叫这个名字的会员",
            "123": "手机号请输尾号四位或全号",
            "88000003": "卡 88000003（空白未发）没有会员",
        }.items():
            await look(walk, typed, enter=typed == "qqqq")  # Enter on a card opens the card
            assert walk.shows(said)
            assert walk.name == "HomeScreen"
            await walk.press("escape")


async def test_escape_empties_the_box_before_it_signs_out() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await look(walk, "ln")
        await walk.press("escape")
        assert walk.name == "HomeScreen"
        await walk.press("escape", "enter")
        assert walk.name == "SignInScreen"


async def test_the_empty_box_leaves_arrows_and_enter_to_the_menu() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("enter")
        assert walk.name == "SaleScreen"
        await walk.press("escape", "down", "enter")
        assert walk.name == "TopUpScreen"


async def test_hostile_text_is_only_text() -> None:
    async with walking() as walk:
        await walk.sign_in()
        box = walk.app.screen.query_one("#box", Input)
        for pasted in ("w\nwang\n", "[/x]", "'; DROP TABLE member;--", "\x1b[2J%_\\", "\u202e", "a" * 5_000):
            box.post_message(events.Paste(pasted))
            await walk.settle()
            assert walk.name == "HomeScreen"
            assert "\x1b" not in walk.text
            assert walk.fits()
            if box.value:
                await walk.press("escape")
            assert walk.name == "HomeScreen"


async def test_a_receipt_number_shows_what_it_was() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("f2", "enter")
        await walk.past_result()
        await walk.press("escape")
        await walk.type("s01-1-000001")
        assert walk.shows("S01-1-000001", "¥3.50", "王芳")
        assert walk.fake.finder.asked == []


async def test_a_dead_line_says_so_and_the_next_key_asks_again() -> None:
    async with walking() as walk:
        await walk.sign_in()
        walk.fake.line_down = True
        await walk.type("l", enter=False)
        assert walk.shows("连不上服务器")
        walk.fake.line_down = False
        await look(walk, "n")
        assert walk.shows("李娜")


async def test_a_first_card_goes_to_a_member_who_has_none() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f5")
        await walk.type("88000003")
        await walk.type("王")
        assert walk.name == "MemberPicker"
        await walk.press("down", "enter")
        assert walk.name == "CardIssueScreen"
        assert walk.shows("王芳11")
        await walk.press("f2")
        (document,) = walk.fake.ledger.of_kind("card_issue")  # type: ignore[arg-type]
        assert document.cards[0].holder == 11


async def test_a_holder_changed_after_it_was_found_is_nobody() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f5")
        await walk.type("88000003")
        await walk.type("李娜")
        assert walk.shows("持卡人")
        await walk.type("9", enter=False)
        await walk.press("f2")
        assert walk.fake.ledger.of_kind("card_issue") == []  # type: ignore[arg-type]


async def closed_shift(walk: Walk) -> None:
    await walk.press("f4", "f4")
    await walk.type("200")
    await walk.past_result()


async def test_closing_a_shift_folds_who_was_seen() -> None:
    async with walking() as walk:
        shift = walk.fake.ledger.shift
        assert shift is not None
        await walk.sign_in()
        await closed_shift(walk)
        for _ in range(3):
            if walk.name == "HomeScreen":
                break
            await walk.press("escape")
        assert walk.name == "HomeScreen", walk.text
        assert walk.fake.finder.folded == [shift.id]


async def test_the_palette_lists_what_may_be_done_in_either_language() -> None:
    for lang, words in (("zh_CN", ("充值", "top up")), ("en", ("充值", "top up"))):
        async with walking(lang=lang) as walk:
            await walk.sign_in()
            for word in words:
                await walk.press("ctrl+l")
                await walk.type(word)
                assert walk.name == "TopUpScreen", f"{lang} {word}: {walk.text}"
                await walk.press("escape")
            await walk.press("ctrl+l")
            await walk.type("staff", enter=False)
            assert walk.shows("没有叫这个名字的命令" if lang == "zh_CN" else "Nothing of this name")


async def test_the_palette_opens_another_screen_over_a_sale_and_the_basket_stays() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("ctrl+l")
        assert walk.shows("收款", "进入收款。")
        await walk.type("充值", enter=False)
        assert walk.shows("往卡里存钱。")
        await walk.press("ctrl+u")
        await walk.type("退出登录", enter=False)
        assert walk.shows("没有叫这个名字的命令")
        await walk.press("ctrl+u")
        await walk.type("收货")
        assert walk.name == "ReceivingScreen"
        await walk.press("escape")
        sale = walk.app.screen
        assert isinstance(sale, SaleScreen)
        assert len(sale.cart.lines) == 1
        await walk.press("ctrl+l")
        await walk.type("quantity")
        assert walk.name == "Entry"
