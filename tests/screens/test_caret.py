"""The terminal's own cursor stands where the caret is drawn: there an input method opens its window."""

from __future__ import annotations

import pytest

from tests.screens.test_fit import PLACES, go, prepared
from tests.screens.walk import walking

MOVES = (("left",), ("home",), ("end",), ("backspace",), ("home", "delete"))


@pytest.mark.parametrize("place", ["SaleScreen", "Entry", "MemberPicker", "CardPin"])
async def test_at_the_end_inside_scrolled_and_deleted(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "256")
    assert place in PLACES
    async with walking(prepared(), shift=False, tape=True) as walk:
        await go(walk, place)
        for text in ("王芳w", "会员" * 20 + "abc"):
            await walk.type(text, enter=False)
            walk.drawn_alike()
            walk.caret_fits()
            for keys in MOVES:
                await walk.press(*keys)
                walk.drawn_alike()
                walk.caret_fits()
