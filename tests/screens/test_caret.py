"""The terminal's own cursor stands where the caret is drawn: there an input method opens its window."""

from __future__ import annotations

import pytest

from tests.screens.test_fit import go, prepared
from tests.screens.walk import home_again, walking

MOVES = (("left",), ("home",), ("end",), ("backspace",), ("home", "delete"))


async def test_at_the_end_inside_scrolled_and_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "256")
    async with walking(prepared(), shift=False, tape=True) as walk:
        for place in ("SaleScreen", "Entry", "MemberPicker", "CardPin"):
            await go(walk, place)
            for text in ("王芳w", "会员" * 20 + "abc"):
                await walk.type(text, enter=False)
                walk.drawn_alike()
                walk.caret_fits()
                for keys in MOVES:
                    await walk.press(*keys)
                    walk.drawn_alike()
                    walk.caret_fits()
            await home_again(walk)
