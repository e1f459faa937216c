"""Workers: the UI never waits, stale answers are dropped, one write at a time, no error is swallowed."""

from __future__ import annotations

import asyncio
import threading

import pytest

from huiyuan.screens import ask as asking
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.messages import CardOpened, DocumentPosted, RulesRead
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking


class Listening(AskingScreen[None]):
    """Keeps what reached it."""

    def __init__(self, fake: FakeShop) -> None:
        super().__init__(fake.shop())
        self.got: list[object] = []

    def on_rules_read(self, message: RulesRead) -> None:
        self.got.append(message.rules)

    def on_document_posted(self, message: DocumentPosted) -> None:
        self.got.append(message.posted)

    def on_card_opened(self, message: CardOpened) -> None:
        self.got.append(message.card)


async def opened(walk: Walk) -> Listening:
    screen = Listening(walk.fake)
    await walk.app.push_screen(screen)
    return screen


async def test_an_older_answer_that_comes_later_is_dropped() -> None:
    async with walking() as walk:
        screen = await opened(walk)
        go_on = threading.Event()

        def slow() -> list[int]:
            go_on.wait(5)
            return [1]

        ask(screen, slow, then=lambda _: RulesRead([]), subject="s")
        rule = walk.fake.rules[0]
        ask(screen, lambda: rule, then=lambda value: RulesRead([value]), subject="s")
        await asyncio.sleep(0.1)
        go_on.set()
        await walk.settle()
        assert screen.got == [[rule]]


async def test_questions_of_two_subjects_do_not_overtake_each_other() -> None:
    async with walking() as walk:
        screen = await opened(walk)
        ask(screen, lambda: 1, then=lambda _: RulesRead([]), subject="a")
        ask(screen, lambda: 2, then=lambda _: RulesRead([]), subject="b")
        await walk.settle()
        assert len(screen.got) == 2


async def test_a_second_write_is_not_begun_while_one_is_under_way() -> None:
    async with walking() as walk:
        screen = await opened(walk)
        go_on, begun = threading.Event(), []

        def write() -> int:
            begun.append(1)
            go_on.wait(5)
            return 1

        first = ask(screen, write, then=lambda _: RulesRead([]), subject=WRITE)
        second = ask(screen, write, then=lambda _: RulesRead([]), subject=WRITE)
        go_on.set()
        await walk.settle()
        assert (first is not None, second, len(begun)) == (True, None, 1)
        assert ask(screen, write, then=lambda _: RulesRead([]), subject=WRITE) is not None
        await walk.settle()


async def test_the_screen_answers_keys_while_a_question_is_out() -> None:
    async with walking(FakeShop(slow_ms=400)) as walk:
        await walk.settle()
        walk.send(*"1001")
        await asyncio.sleep(0.15)
        assert walk.shows("1001")


async def test_an_overdue_answer_is_said_and_still_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "READ_DEADLINE_S", 0.05)
    async with walking(FakeShop(goods_here=False)) as walk:
        await walk.open_sale()
        walk.fake.slow_ms = 1500
        walk.send(*"COLA", "enter")
        assert await walk.until("线路慢", "仍在等待")
        await walk.settle()
        assert walk.shows("可口可乐", "在线")
        assert "仍在等待" not in walk.text


async def test_a_bug_in_a_worker_reaches_the_crash_report_and_not_the_screen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    secret = "135790"

    def bug() -> None:
        raise RuntimeError(f"pin {secret}")

    async def break_down() -> None:
        async with walking() as walk:
            screen = await opened(walk)
            ask(screen, bug, then=lambda _: RulesRead([]))
            await walk.settle()

    with pytest.raises(RuntimeError):
        await break_down()
    shown = capsys.readouterr()
    assert secret not in shown.out + shown.err
