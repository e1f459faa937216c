"""Signing in while the line is away: who may, what works then, what is said of the rest, and the way back."""

from __future__ import annotations

import pytest

from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.commands import commands_of
from huiyuan.screens.offline_words import SERVER_ONLY, WORDS
from huiyuan.screens.outage import send_again
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking


def away(*seen: str) -> FakeShop:
    """A counter that starts without the line, where these people signed in before."""
    fake = FakeShop()
    fake.sign_in.seen.update(seen)
    fake.line_down = True
    return fake


async def look_again(walk: Walk) -> None:
    """As the timer does."""
    screen = walk.app.screen
    assert isinstance(screen, AskingScreen)
    send_again(screen, screen.shop)
    await walk.settle()


@pytest.mark.parametrize(
    ("lang", "who", "sold"),
    [
        ("zh_CN", "12 小时内在本机登录过的人可以登录", "离线 OFFLINE"),
        ("en", "NO LINE. Whoever signed in", "** OFFLINE **"),
    ],
)  # fmt: skip
async def test_a_counter_that_starts_without_the_line_sells_for_cash(lang: str, who: str, sold: str) -> None:
    async with walking(away("1001"), lang) as walk:
        assert walk.shows(who)
        assert walk.fits()
        await walk.open_sale("COLA")
        await walk.press("f2", "enter")
        assert walk.shows(sold)
        (kept,) = walk.fake.door.unsettled()
        assert kept.signed_at is not None
        assert kept.offline_at is not None


async def test_nobody_else_is_let_in_and_a_wrong_pin_is_counted() -> None:
    async with walking(away("1001")) as walk:
        await walk.type("2001")
        await walk.type("2001")
        assert walk.shows("断网时只有 12 小时内在本机登录过的人可以登录")
        walk.app.screen.query_one("#number").value = ""  # type: ignore[attr-defined]
        walk.app.screen.query_one("#number").focus()
        await walk.type("1001")
        await walk.type("4444")
        assert walk.name == "SignInScreen"
        assert walk.shows("还可试 4 次", "断线")


async def test_every_key_that_needs_the_server_says_what_it_waits_for() -> None:
    async with walking(away("2001")) as walk:
        await walk.sign_in("2001")
        home = walk.app.screen
        assert isinstance(home, AskingScreen)
        for command in commands_of("home"):
            if command.id in WORDS or command.id in SERVER_ONLY:
                home.tell("")
                getattr(home, f"action_{command.action}")()
                await walk.settle()
                assert walk.app.screen is home, command.id
                assert walk.shows("F2" if command.action != "pin" else "^P"), command.id


async def test_at_the_payment_what_lies_on_a_card_says_so() -> None:
    async with walking(away("1001")) as walk:
        await walk.open_sale("COLA")
        await walk.press("f2", "f6")
        assert walk.shows("手机支付需要网络", "F4")
        await walk.press("f2")
        assert walk.shows("余额在服务器上")


async def test_when_the_line_is_back_the_server_judges_the_pin_and_everything_works_again() -> None:
    async with walking(away("1001")) as walk:
        await walk.open_sale("COLA")
        await walk.press("f2", "enter")
        await walk.past_result()
        await look_again(walk)
        assert walk.name == "SaleScreen"
        walk.fake.line_down = False
        await look_again(walk)
        assert walk.shows("网络已恢复")
        assert len(walk.fake.ledger.entries) == 1
        await walk.type("1001")
        assert walk.name == "SaleScreen"
        assert walk.shows("已登录：王芳", "在线")
        await walk.type("COLA")
        await walk.press("f2", "enter")
        assert len(walk.fake.ledger.entries) == 2
        assert list(walk.fake.door.unsettled()) == []


async def test_a_basket_under_way_is_not_interrupted() -> None:
    async with walking(away("1001")) as walk:
        await walk.open_sale("COLA")
        walk.fake.line_down = False
        await look_again(walk)
        assert walk.name == "SaleScreen"
        await walk.press("f2", "enter")
        (kept,) = walk.fake.door.unsettled()  # until the server has judged the PIN
        assert kept.signed_at is not None


async def test_a_change_of_person_without_the_line() -> None:
    fake = FakeShop()
    fake.sign_in.seen.add("2001")
    async with walking(fake) as walk:
        await walk.open_sale("COLA")
        fake.line_down = True
        await walk.press("ctrl+y", "w")
        await walk.type("2001")
        await walk.type("2001")
        assert walk.shows("离线登录：陈经理", "可口可乐")


async def test_without_anything_kept_the_counter_waits() -> None:
    async with walking(away()) as walk:
        assert walk.shows("服务器没有应答")
        await walk.type("1001")
        await walk.type("1001")
        assert walk.name == "SignInScreen"
