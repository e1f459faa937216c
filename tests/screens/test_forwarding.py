"""What another thread tells the app reaches every screen once, and does not come back to be told again."""

from __future__ import annotations

import asyncio

import pytest
from textual.message import Message
from textual.screen import Screen

from huiyuan.domain.model.printing import PrinterState
from huiyuan.screens.messages import PrinterStands
from tests.screens.walk import walking

LOOP_ENDS_AT = 60


async def test_news_of_the_printer_reaches_every_screen_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    post = Screen.post_message

    def counted(screen: Screen[object], message: Message) -> bool:
        if isinstance(message, PrinterStands):
            told.append(type(screen).__name__)
            if len(told) > LOOP_ENDS_AT:
                return False
        return post(screen, message)

    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f4")
        monkeypatch.setattr(Screen, "post_message", counted)
        walk.app.printer_state(PrinterState.READY)
        await asyncio.sleep(0.2)
        await walk.settle()
        screens = [type(screen).__name__ for screen in walk.app.screen_stack]
    assert sorted(told) == sorted(screens)
