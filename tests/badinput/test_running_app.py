"""The corpus on the running app: as names of goods, of people, of the store and the chain.

What the app draws is kept on tape, byte by byte, as a terminal would get it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import pytest

from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.identity import Hello
from huiyuan.screens.widgets.plain import visible
from tests.badinput.corpus import MARKUP, STEERING, WIDE, every
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking

OURS: Final = re.compile(r"\x1b\[[\d;]*[mHKABCDJ]|\x1b\[\?\d+[hl]|\x1b\]22;[a-z]+\x07")
"""What Textual says to place text and to turn the pen; anything else that steers came from a name."""
STEERS: Final = re.compile(
    r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]"
)
NAMES: Final = every(MARKUP, STEERING, WIDE)
PAGE: Final = 12


class NamedShop(FakeShop):
    """A shop whose goods, store and chain have names of the corpus."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        goods = [
            Product(100 + number, f"P{number}", name, "goods", "piece", "V13", 1300, 100)
            for number, name in enumerate(names)
        ]
        super().__init__(products=goods)

    def hello(self) -> Hello:
        """The first names are the chain's, the store's and the slip's."""
        hello = super().hello()
        name = self.names[0]
        return replace(
            hello,
            chain=replace(hello.chain, name=name),
            store=replace(hello.store, name=name),
            demo_staff=tuple(replace(staff, name=name) for staff in hello.demo_staff),
        )


def nothing_steers(walk: Walk) -> bool:
    """No byte of a name reached the terminal as a command."""
    for said in walk.said:
        left = STEERS.search(OURS.sub("", said).replace("\r", "").replace("\n", ""))
        assert left is None, repr(said[:200])
    return True


PAGES: Final = [NAMES[start : start + PAGE] for start in range(0, len(NAMES), PAGE)]


@pytest.mark.parametrize("page", PAGES, ids=[f"rows {page[0][0]} to {page[-1][0]}" for page in PAGES])
async def test_a_name_is_shown_letter_by_letter_and_steers_nothing(page: list[tuple[int, str]]) -> None:
    names = [text for _, text in page]
    async with walking(NamedShop(names), "en", tape=True) as walk:
        await walk.sign_in("2001")
        await walk.press("f2")
        for number, name in enumerate(names):
            await walk.type(f"P{number}")
            assert shown(walk, name), f"{name!r} is not on the screen:\n{walk.text}"
        walk.fits()
        await walk.press("f3", "escape", "up", "down", "f2", "enter")
        assert walk.name == "ResultScreen", walk.text
        walk.fits()
        await walk.past_result()
        assert nothing_steers(walk)
        assert walk.app.is_running


def shown(walk: Walk, name: str) -> bool:
    """The name as it is made visible, up to where its column ends."""
    head = visible(name)[:14].rstrip()
    return head in walk.text


async def test_what_is_typed_into_a_box_is_text_whatever_it_is() -> None:
    """Markup, SQL and controls in the box: refused or not found, in a sentence; the basket stands."""
    async with walking(FakeShop(), "en", tape=True) as walk:
        await walk.open_sale("COLA")
        for _, text in every({4: MARKUP[4], 3: MARKUP[3], 19: MARKUP[19]}):
            walk.send(*text)
            await walk.settle()
            await walk.press("enter")
            while walk.name != "SaleScreen":
                await walk.press("escape")
            await walk.press("ctrl+u")
        assert walk.shows("COLA" if "COLA" in walk.text else "可口可乐")
        assert nothing_steers(walk)
