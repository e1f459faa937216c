"""Who sits here: signing in, languages, permissions, own PIN, staff."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Input

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import Hello
from huiyuan.screens.sign_in import SignInScreen
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import walking


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        ("zh_CN", ("登录", "这是演示", "1001", "王芳", "密码与工号相同", "演示")),
        ("en", ("Sign in", "This is a demo", "1001", "王芳", "The PIN of each is the staff number", "DEMO")),
    ],
)
async def test_the_demo_says_who_may_sign_in(lang: str, parts: tuple[str, ...]) -> None:
    async with walking(lang=lang) as walk:
        assert walk.shows(*parts)
        assert walk.fits()


async def test_a_real_chain_shows_nobodys_number_and_no_demo_mark() -> None:
    async with walking(FakeShop(demo=False)) as walk:
        assert walk.shows("惠园百货")
        assert "1001" not in walk.text
        assert "演示" not in walk.text


async def test_the_demo_mark_stands_on_every_screen() -> None:
    async with walking() as walk:
        await walk.sign_in()
        for keys in (["f2"], ["f3"], ["f4"], ["f5"], ["f6"], ["f7"], ["f8"], ["f9"], ["ctrl+g"]):
            await walk.press(*keys)
            assert walk.name != "HomeScreen"
            assert walk.shows("演示")
            await walk.press("escape")


async def test_a_wrong_pin_says_how_many_tries_are_left_and_five_lock() -> None:
    async with walking() as walk:
        await walk.type("1001")
        await walk.type("9999")
        assert walk.shows("工号或密码不对，还可试 4 次")
        assert walk.name == "SignInScreen"
        for _ in range(5):
            await walk.type("9999")
        assert walk.shows("15 分钟内不能登录")


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "A staff number is 2 to 8 digits"), ("zh_CN", "工号是 2 到 8 位数字")]
)
async def test_a_staff_number_that_is_none_is_typed_again_in_its_own_field(lang: str, said: str) -> None:
    async with walking(lang=lang) as walk:
        await walk.type("abcd")
        await walk.type("1001")
        assert walk.shows(said, "abcd")
        assert walk.app.screen.query_one("#number", Input).has_focus
        assert walk.app.screen.query_one("#pin", Input).value == ""
        assert walk.fake.sign_in.signed is None


async def test_the_pin_never_stands_on_the_screen_and_leaves_the_field() -> None:
    async with walking() as walk:
        await walk.type("1001")
        await walk.type("7531", enter=False)
        assert "7531" not in walk.text
        await walk.press("enter")
        assert walk.app.screen.query_one("#pin").value == ""  # type: ignore[attr-defined]


async def test_the_language_changes_at_the_sign_in_with_keys_and_all() -> None:
    async with walking() as walk:
        await walk.press("f8")
        assert walk.shows("Sign in", "Staff number", "Quit")
        await walk.sign_in()
        assert walk.shows("Home", "Rings up goods")
        await walk.press("f2")
        assert walk.shows("Scan goods or a card.", "Code, card, 3*code")


async def test_what_a_person_may_not_do_is_not_shown_and_its_key_does_nothing() -> None:
    async with walking() as walk:
        await walk.sign_in("1001")
        assert "员工" not in walk.text
        await walk.press("ctrl+t")
        assert walk.name == "HomeScreen"
        await walk.press("escape", "enter")
        await walk.sign_in("2001")
        assert walk.shows("员工")
        await walk.press("ctrl+t")
        assert walk.name == "StaffScreen"


async def test_without_a_shift_nothing_that_moves_money_is_offered() -> None:
    async with walking(shift=False) as walk:
        await walk.sign_in()
        assert walk.shows("这个钱箱还没有开班", "未开班")
        assert "F2" not in walk.text
        await walk.press("f2", "f3", "f7")
        assert walk.name == "HomeScreen"


async def test_home_says_how_old_the_backup_is() -> None:
    async with walking() as walk:
        await walk.sign_in()
        assert walk.shows("上次备份", "20 小时前")
        walk.fake.backup_at = None
        await walk.press("f2", "escape")
        assert walk.shows("从未备份")


async def test_signing_out_ends_the_session() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("escape", "enter")
        assert walk.name == "SignInScreen"
        assert walk.fake.sign_in.signed is None


async def test_the_own_pin_is_changed_with_the_old_one() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("ctrl+p")
        for pin in ("1001", "2468", "2469"):
            await walk.type(pin)
        assert walk.shows("两次输入不一致")
        for pin in ("9999", "2468", "2468"):
            await walk.type(pin)
        assert walk.shows("工号或密码不对")
        await walk.press("ctrl+p")
        for pin in ("1001", "2468", "2468"):
            await walk.type(pin)
        assert walk.shows("密码已修改")
        assert walk.fake.sign_in.pins["1001"] == "2468"


async def test_a_manager_adds_somebody_resets_a_pin_and_lets_somebody_leave() -> None:
    async with walking() as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+t")
        assert walk.shows("王芳", "收银员", "在职", "[/x] [red]^[[2J<202E>abc")
        assert walk.fits()
        await walk.press("f2")
        await walk.type("1009")
        await walk.type("赵六")
        await walk.press("enter")
        await walk.type("2580")
        await walk.type("2580")
        assert walk.shows("赵六 现在可以登录", "1009")
        await walk.press("f2")
        await walk.type("1009")
        await walk.type("另一位")
        await walk.press("enter")
        await walk.type("2580")
        await walk.type("2580")
        assert walk.shows("工号已被占用")
        await walk.press("home", "f4", "enter")
        assert walk.shows("王芳 不能再登录")
        assert "1001" not in walk.text


async def test_a_seat_that_is_not_enrolled_says_so() -> None:
    fake = FakeShop()

    def refuse() -> Hello:
        raise Refused("unknown_terminal")

    fake.hello = refuse  # type: ignore[method-assign]
    async with walking(fake) as walk:
        assert walk.shows("本机未登记或已停用")


async def test_help_lists_the_keys_of_the_screen_in_sentences() -> None:
    async with walking(lang="en") as walk:
        await walk.sign_in()
        await walk.press("f2")
        await walk.press("?")
        assert walk.name == "HelpPage"
        assert walk.shows("Key", "Command", "3*CODE adds three.")
        assert "F2" not in walk.text  # an empty basket cannot be paid
        await walk.press("escape")
        await walk.type("COLA")
        await walk.press("ctrl+g")
        assert walk.shows("F2", "Goes on to the payment.")


async def test_a_seat_that_only_reads_says_so_on_every_screen() -> None:
    async with walking() as walk:
        screen = walk.app.screen
        assert isinstance(screen, SignInScreen)
        screen.set_shop(replace(screen.shop, read_only=True))
        screen.show_open_items()
        await walk.settle()
        assert walk.shows("只读", "没有空闲机位，本窗口只能查看")
        await walk.sign_in()
        await walk.press("f2")
        assert walk.shows("只读")


async def test_a_program_too_old_for_its_database_says_who_moves_and_signs_nobody_in() -> None:
    fake = FakeShop()

    def refuse() -> Hello:
        raise Refused("schema_newer", {"found": 3, "known": 1})

    fake.hello = refuse  # type: ignore[method-assign]
    async with walking(fake) as walk:
        assert walk.shows("数据库是版本 3；本程序只认识版本 1。请更新本程序。")
        assert "正在连接" not in walk.text
        await walk.type("1001")
        await walk.type("1001")
        assert walk.name == "SignInScreen"
