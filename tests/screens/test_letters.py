"""The two-key menu: a letter does what the key does, in both languages; a scan in it is no command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from textual.widgets import Input

from huiyuan.config.i18n import LANGUAGES
from huiyuan.screens import commands
from huiyuan.screens.commands import COMMANDS, commands_of
from huiyuan.screens.home import HomeScreen
from huiyuan.screens.letters import LETTER_CELLS, LetterRows
from huiyuan.screens.sale import SaleScreen
from huiyuan.screens.widgets.plain import cells
from tests.screens.walk import walking

MENU_CELLS = 72
MENU_ROWS = 16


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_whole_sale_without_a_function_key(lang: str) -> None:
    async with walking(lang=lang) as walk:
        await walk.sign_in()
        await walk.press("ctrl+y", "s")
        assert walk.name == "SaleScreen"
        await walk.type("COLA")
        walk.send("ctrl+y", "p", *"50", "enter")
        await walk.settle()
        assert walk.name == "ResultScreen"


async def test_capitals_and_full_width_letters_are_the_same_letters() -> None:
    for pressed in ("S", "ｓ"):
        async with walking() as walk:
            await walk.sign_in()
            await walk.press("ctrl+y", pressed)
            assert walk.name == "SaleScreen"


async def test_what_does_not_apply_or_is_not_allowed_is_not_listed() -> None:
    async with walking(shift=False) as walk:
        await walk.sign_in()
        await walk.press("ctrl+y", "s", "f")  # no shift is open; a cashier may not change the staff
        assert walk.name == "LetterMenu"
        assert "员工" not in "\n".join(walk.text.splitlines()[:24][-6:])
        await walk.press("ctrl+y")
        assert walk.name == "HomeScreen"


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_no_label_of_the_menu_is_cut(lang: str) -> None:
    """Every scope's labels in the two languages, in the rows that a screen of 80 columns has."""
    async with walking(lang=lang) as walk:
        await walk.sign_in("2001")
        home = walk.app.screen
        assert isinstance(home, HomeScreen)
        say = home.say
        for scope in {each.scope for each in COMMANDS}:
            listed = [each for each in COMMANDS if each.scope == scope and each.letter]
            rows = LetterRows([(each.letter, say(each.label)) for each in listed])
            assert rows.place <= MENU_CELLS, scope
            assert rows.get_content_height(None, None, MENU_CELLS) <= MENU_ROWS, scope
            assert all(cells(say(each.label)) < rows.place - LETTER_CELLS + 1 for each in listed), scope


async def test_what_has_no_letter_is_found_from_the_menu_too() -> None:
    async with walking(lang="en") as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+g")
        assert walk.shows("^L Commands"), "the help says so"
        await walk.press("escape", "ctrl+y", "ctrl+l")
        assert walk.name == "Palette"
        await walk.type("stored value rules", enter=False)
        assert walk.shows("home.value"), "by which the setting of function keys knows it"
        await walk.press("enter")
        assert walk.name == "ValueRulesScreen"
        await walk.press("escape")
        assert walk.name == "HomeScreen"


async def test_a_scan_into_the_letters_is_no_command() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("ctrl+y")
        walk.send(*"6901234567892", "enter")
        await walk.settle()
        assert walk.name == "SaleScreen"
        walk.shows("没有采用")
        await walk.press("ctrl+y")
        walk.send(*"clear-330", "enter", *"TEA", "enter")
        await walk.settle()
        assert walk.name == "SaleScreen"
        walk.shows("西湖龙井茶")
        assert walk.app.screen.query_one("#entry", Input).value == ""


@pytest.fixture
def pay_without_a_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    changed = tuple(replace(each, key="") if each.id == "sale.pay" else each for each in COMMANDS)
    with monkeypatch.context() as patch:
        patch.setattr(commands, "COMMANDS", changed)
        commands_of.cache_clear()
        yield
    commands_of.cache_clear()


@pytest.mark.usefixtures("pay_without_a_key")
async def test_a_command_without_a_key_is_in_menu_palette_and_help_and_nowhere_else() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        assert "收款" not in walk.text
        await walk.press("f2")
        assert walk.name == "SaleScreen"
        await walk.press("ctrl+g")
        walk.shows("^Y p", "收款")
        await walk.press("escape", "ctrl+y", "p")
        assert walk.name == "PaymentScreen"
        await walk.press("escape", "ctrl+l")
        walk.shows("^Y p")
        await walk.type("sale pay")
        assert walk.name == "PaymentScreen"


@pytest.mark.usefixtures("pay_without_a_key")
async def test_a_keymap_of_ones_own_gives_it_a_key() -> None:
    async with walking() as walk:
        walk.app.set_keymap({"sale.pay": "ctrl+k"})
        await walk.open_sale("COLA")
        await walk.press("ctrl+k")
        assert walk.name == "PaymentScreen"


async def test_a_write_under_way_disables_its_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        screen: Any = walk.app.screen
        assert isinstance(screen, SaleScreen)
        await walk.press("ctrl+y")
        monkeypatch.setattr(SaleScreen, "allowed", lambda *_: False)
        await walk.press("p")
        assert walk.app.screen is screen
