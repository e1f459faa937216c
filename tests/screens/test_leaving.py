"""A screen leaves once, with what lies over it: an answer that comes late finds another screen on top."""

from __future__ import annotations

from textual.widgets import Input

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


async def test_esc_alone_signs_nobody_out_however_often_it_is_pressed() -> None:
    async with walking() as walk:
        await walk.sign_in()
        for presses in range(2, 6):
            await walk.press("f2")
            assert walk.name == "SaleScreen"
            signed = walk.app.screen.shop.signed  # type: ignore[attr-defined]
            walk.send(*["escape"] * presses)  # all at once, as after a line that stood still
            await walk.settle()
            assert walk.name == ("HomeScreen" if presses % 2 else "Confirm"), presses
            assert walk.app.screen.shop.signed == signed  # type: ignore[attr-defined]
            assert walk.fits()
            if walk.name == "Confirm":
                await walk.press("escape")


async def test_a_scan_answers_no_question() -> None:
    async with walking(lang="en") as walk:
        await walk.sign_in()
        await walk.press("escape")
        walk.send(*"6901234567892", "enter")
        await walk.settle()
        assert walk.name == "Confirm"
        assert walk.shows("A scan came where a single key is asked.")
        await walk.press("enter")
        assert walk.name == "SignInScreen"


async def test_a_name_typed_over_the_question_of_signing_out_is_looked_for() -> None:
    """Control: Enter alone is the answer."""
    fake = FakeShop()
    fake.open_shift()
    async with walking(fake) as walk:
        await walk.sign_in()
        await walk.press("escape")
        assert walk.name == "Confirm"
        await walk.press(*"lina")
        assert walk.name == "HomeScreen"
        assert walk.app.screen.query_one(Input).value == "lina"
        await walk.press("escape", "escape")
        assert walk.name == "Confirm"
        await walk.press("enter")
        assert walk.name == "SignInScreen"
