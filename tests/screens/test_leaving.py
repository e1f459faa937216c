"""A screen leaves once, with what lies over it: an answer that comes late finds another screen on top."""

from __future__ import annotations

from huiyuan.screens.sale import SaleScreen
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import walking


async def test_a_screen_that_leaves_takes_along_what_was_opened_over_it() -> None:
    fake = FakeShop()
    fake.open_shift()
    async with walking(fake) as walk:
        await walk.open_sale("COLA")
        sale = walk.app.screen
        assert isinstance(sale, SaleScreen)
        await walk.press("ctrl+g")
        assert walk.name == "HelpPage"
        sale.dismiss(None)
        await walk.settle()
        assert walk.name == "HomeScreen"
        sale.dismiss(None)  # an answer that was given already
        await walk.settle()
        assert walk.name == "HomeScreen"
        await walk.press("f2")
        assert walk.name == "SaleScreen"


async def test_a_screen_that_is_left_before_it_is_drawn_begins_nothing() -> None:
    fake = FakeShop()
    fake.open_shift()
    async with walking(fake) as walk:
        await walk.sign_in()
        for _ in range(3):
            sale = SaleScreen(walk.app.screen.shop)  # type: ignore[attr-defined]
            walk.app.push_screen(sale)
            sale.dismiss(None)
            await walk.settle()
            assert walk.name == "HomeScreen"
