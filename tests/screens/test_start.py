"""The sign-in before the counter behind it is put together: it can be typed into, and says how it stands."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import Hello
from huiyuan.screens.commands import commands_of
from huiyuan.screens.shop import Shop
from huiyuan.tui.app import CounterApp
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk

SENTENCE = "The data belongs to somebody."


class SlowStart:
    """A start that lasts until it is let on, and fails as long as it is told to."""

    def __init__(self, fake: FakeShop) -> None:
        self.fake = fake
        self.go_on = threading.Event()
        self.fails = False
        self.tries = 0

    def shop(self) -> Shop:
        self.tries += 1
        assert self.go_on.wait(20)
        if self.fails:
            raise Refused("not_started", {"sentence": SENTENCE})
        return self.fake.shop("en")


async def until(told: Callable[[], bool]) -> None:
    """Wait for `told`; fails after ten seconds."""
    for _ in range(1000):
        if told():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come")


async def rest(walk: Walk) -> None:
    """A worker is waited for by nobody here: only what was sent is dealt with."""
    for _ in range(5):
        await walk.pilot.pause(0.01)


@asynccontextmanager
async def starting(lang: str = "en") -> AsyncIterator[tuple[Walk, SlowStart]]:
    """The app at its first frame; the start waits."""
    fake = FakeShop()
    slow = SlowStart(fake)
    first = Shop.before_start(fake.shop(lang).say, slow.shop)
    crashes: list[BaseException] = []

    def keep(error: BaseException) -> str:
        crashes.append(error)
        return "crash.txt"

    app = CounterApp(first, report_crash=keep)
    async with app.run_test(size=(80, 24)) as pilot:
        walk = Walk(app, pilot, fake)
        try:
            await rest(walk)
            yield walk, slow
        finally:
            slow.go_on.set()
        await walk.settle()
    assert not crashes, crashes


async def typed(walk: Walk, *keys: str) -> None:
    walk.send(*keys)
    await until(lambda: not walk.app.moving)
    await rest(walk)


async def test_what_is_typed_while_it_starts_is_signed_in_when_it_stands() -> None:
    async with starting() as (walk, slow):
        assert walk.shows("Staff number", "Starting ...", "starting")
        await typed(walk, *"1001", "enter", *"1001", "enter")
        assert walk.shows("You are signed in as soon as the server has answered.")
        assert "1001" not in walk.text.replace("1001", "", 1)
        slow.go_on.set()
        await until(lambda: walk.name == "HomeScreen")
        assert slow.tries == 1


async def test_whoever_types_on_is_not_signed_in_with_half_a_pin() -> None:
    async with starting() as (walk, slow):
        await typed(walk, *"1001", "enter", *"1001", "enter", "1")
        slow.go_on.set()
        await until(lambda: "旗舰店" in walk.text)
        await walk.settle()
        assert walk.name == "SignInScreen"
        await walk.press("backspace", "enter")
        assert walk.name == "HomeScreen"


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
async def test_a_start_that_failed_says_why_and_is_tried_again(lang: str) -> None:
    async with starting(lang) as (walk, slow):
        slow.fails = True
        await typed(walk, *"1001", "enter", *"1001", "enter")
        slow.go_on.set()
        await until(lambda: SENTENCE in walk.text)
        assert walk.shows("NOT STARTED" if lang == "en" else "未能启动")
        assert "Starting ..." not in walk.text
        assert walk.name == "SignInScreen"
        slow.fails = False
        await walk.press("f6")
        await until(lambda: "旗舰店" in walk.text)
        assert walk.name == "SignInScreen", "what was entered before the failure signed somebody in"
        assert slow.tries == 2


async def test_a_server_that_is_too_old_says_so_again_to_whoever_signs_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with starting() as (walk, slow):

        def hello() -> Hello:
            raise Refused("schema_old", {"found": 4, "known": 5})

        monkeypatch.setattr(walk.fake, "hello", hello)
        slow.go_on.set()
        await until(lambda: "needs version 5" in walk.text)
        await walk.type("1001")
        await walk.type("1001")
        assert walk.shows("needs version 5", "huiyuan migrate")
        assert "as soon as the server has answered" not in walk.text


async def test_the_language_can_be_changed_while_it_starts() -> None:
    async with starting() as (walk, slow):
        walk.app.start_step("Setting up ...")
        await rest(walk)
        assert walk.shows("Setting up ...")
        await typed(walk, "f8")
        assert walk.shows("正在启动")
        slow.go_on.set()
        await until(lambda: "这是演示" in walk.text)
        await walk.settle()
        await walk.sign_in()
        assert walk.shows("王芳")


async def test_no_key_of_the_sign_in_needs_what_is_not_there_yet() -> None:
    async with starting() as (walk, _slow):
        for command in commands_of("sign_in"):
            if command.key:
                await typed(walk, command.key.split(",")[0])
                await typed(walk, "escape")
        for key in ("question_mark", "ctrl+l", "f1", "f9", "tab", "enter", "ctrl+y", "escape"):
            await typed(walk, key)
        assert walk.app.is_running
