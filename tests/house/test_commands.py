"""The command table is the only truth about keys: safe ones, no clash, a method and a screen for each row."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import huiyuan.screens
from huiyuan.config.i18n import LANGUAGES, translate
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.commands import (
    COMMANDS,
    EVERYWHERE,
    MENU,
    Command,
    bindings_of,
    commands_of,
    key_name,
    key_shown,
)
from huiyuan.screens.commands.keymap import checked_keymap, key_faults
from huiyuan.screens.widgets.plain import cells
from huiyuan.screens.wording import PERMISSIONS

HOME_HELP_CELLS = 52
"""What stands beside key and name on a row of 80."""
SCREENS = Path(huiyuan.screens.__file__).parent


def screen_classes() -> list[type[AskingScreen[Any]]]:
    """Every screen and sheet of ours that can be opened."""
    for found in pkgutil.walk_packages(huiyuan.screens.__path__, "huiyuan.screens."):
        importlib.import_module(found.name)
    known: list[type[AskingScreen[Any]]] = []
    waiting: list[type[AskingScreen[Any]]] = [AskingScreen]
    while waiting:
        for each in waiting.pop().__subclasses__():
            known.append(each)
            waiting.append(each)
    return [each for each in dict.fromkeys(known) if each.__module__.startswith("huiyuan.")]


def test_no_key_that_a_terminal_takes_away_and_no_clash() -> None:
    assert list(key_faults({})) == []


@pytest.mark.parametrize(
    ("overrides", "fault"),
    [
        ({"sale.pay": "f1"}, "sale.pay: f1 does not reach every counter"),
        ({"sale.pay": "alt+p"}, "sale.pay: alt+p does not reach every counter"),
        ({"sale.pay": "ctrl+b"}, "sale.pay: ctrl+b does not reach every counter"),
        ({"sale.pay": "f3"}, "sale.quantity and sale.pay share f3"),
        ({"sale.nothing": "f2"}, "sale.nothing: no such command"),
    ],
)
def test_a_keymap_at_fault_is_found_and_not_used(overrides: dict[str, str], fault: str) -> None:
    assert fault in list(key_faults(overrides))
    assert checked_keymap(overrides) == {}


def test_a_good_keymap_is_used() -> None:
    assert checked_keymap({"sale.pay": "ctrl+p"}) == {"sale.pay": "ctrl+p"}


def test_every_command_has_a_letter_that_is_no_other_commands() -> None:
    """Write `letter=` into the row that fails here: a letter that is free stands in the message."""
    faults: list[str] = []
    for scope in dict.fromkeys(command.scope for command in COMMANDS):
        taken: dict[str, str] = {}
        for command in commands_of(scope):
            if not command.action or command is MENU:
                continue
            if len(command.letter) != 1 or command.letter != command.letter.lower():
                faults.append(f"{command.id}: {command.letter!r} is no letter")
            elif command.letter in taken:
                free = [each for each in dict.fromkeys(command.action) if each not in {*taken, "_"}]
                faults.append(f"{command.id} and {taken[command.letter]} share a letter; free: {free}")
            taken[command.letter] = command.id
    assert faults == []


def test_a_command_without_a_key_is_given_in_two() -> None:
    pay = next(command for command in COMMANDS if command.id == "sale.pay")
    keyless = replace(pay, key="")
    assert key_shown(pay, {}) == "F2"
    assert key_shown(keyless, {}) == "^Y p"
    assert key_shown(keyless, {"any.letters": "ctrl+k"}) == "^K p"
    assert key_shown(keyless, {"sale.pay": "ctrl+k"}) == "^K"


def test_ids_are_unique_and_every_scope_belongs_to_a_screen() -> None:
    ids = [command.id for command in COMMANDS]
    assert len(ids) == len(set(ids))
    scopes = {each.SCOPE for each in screen_classes()}
    assert {command.scope for command in COMMANDS} <= scopes | {EVERYWHERE}


def test_every_bound_command_has_its_method() -> None:
    missing = [
        f"{each.__name__}.action_{command.action}"
        for each in screen_classes()
        for command in commands_of(each.SCOPE)
        if command.action
        and not inspect.isfunction(getattr(each, f"action_{command.action}", None))
        and each.SCOPE != AskingScreen.SCOPE
        and not each.__subclasses__()
    ]
    assert missing == []


def test_every_permission_that_a_command_needs_can_be_said() -> None:
    assert {command.needs for command in COMMANDS if command.needs} <= set(PERMISSIONS)


def test_no_screen_binds_keys_of_its_own() -> None:
    binders = [
        path.name
        for path in SCREENS.rglob("*.py")
        if re.search(r"^\s+BINDINGS\b", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert binders == ["rows.py"]  # arrows inside a list


def test_bindings_speak_the_language_of_their_instance() -> None:
    in_english = {binding.id: binding.description for binding in bindings_of("sale", translate("en"))}
    in_chinese = {binding.id: binding.description for binding in bindings_of("sale", translate("zh_CN"))}
    assert in_english["sale.pay"] == "Pay"
    assert in_chinese["sale.pay"] == "收款"


def test_keys_are_named_as_they_stand_on_the_board() -> None:
    named = [key_name(key) for key in ("f2", "ctrl+g", "escape", "enter")]
    assert named == ["F2", "^G", "Esc", "Enter"]


def test_every_command_of_home_is_found_by_its_name_in_either_language() -> None:
    """The letters of home run out; the palette and the help screen have what has none."""
    from huiyuan.screens.home import HomeScreen
    from huiyuan.screens.palette import HERE_ONLY, Choice

    home: Any = HomeScreen
    found = [command for command in commands_of("home") if command.action not in {"", *HERE_ONLY}]
    assert len(found) > 25
    for command in found:
        for lang in LANGUAGES:
            assert Choice(command, home).matches(translate(lang)(command.label)), command.id
    listed = {command.id: command for command in commands_of("home")}
    assert listed["any.palette"].key
    assert listed["any.palette"].letter


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_menu_of_home_says_what_a_row_is_for_without_being_cut(lang: str) -> None:
    say = translate(lang)
    shown = [say(each.help) for each in COMMANDS if each.scope == "home" and not each.bar]
    assert len(shown) > 20
    assert [text for text in shown if cells(text) > HOME_HELP_CELLS] == []


def test_every_command_is_explained() -> None:
    def faults(command: Command) -> bool:
        return not command.label or not command.help.endswith(".")

    assert [command.id for command in COMMANDS if faults(command)] == []
