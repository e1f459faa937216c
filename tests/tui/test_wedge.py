"""Keyboard scanners that were told a prefix or Tab: codes go where scans go, typed keys where they belong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual import events
from textual.widgets import Input

from huiyuan.domain.model.scan_timing import ScannerHabits
from huiyuan.screens.widgets.fields import ShopInput
from huiyuan.tui.wedge import Wedge, prefix_keys
from tests.screens.walk import walking

CODE = "6901234567892"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """The habits are the process's."""
    yield
    ShopInput.scanner = ScannerHabits()


def keys(*names: str, at: float = 100.0, gap: float = 0.002) -> list[events.Key]:
    made = []
    for name in names:
        event = events.Key(name, name if len(name) == 1 else None)
        event.time = at = at + gap
        made.append(event)
    return made


def out(wedge: Wedge, pressed: list[events.Key]) -> list[str]:
    """What was handed on: codes in brackets, keys by name."""
    handed = [each for event in pressed for each in wedge.feed(event)]
    return [f"[{each}]" if isinstance(each, str) else each.key for each in handed]


def test_a_prefix_is_a_key_or_characters() -> None:
    assert prefix_keys("<f12>") == ("f12",)
    assert prefix_keys("<ctrl+b>") == ("ctrl+b",)
    assert prefix_keys("~]") == ("~", "]")
    assert prefix_keys("") == ()


def test_what_stands_between_prefix_and_suffix_is_a_code_at_any_pace() -> None:
    wedge = Wedge(ScannerHabits(prefix="<f12>"))
    assert out(wedge, keys("f12", *CODE, "enter", gap=0.2)) == [f"[{CODE}]"]
    assert out(wedge, keys("1", "enter")) == ["1", "enter"]
    assert not wedge.holds


def test_what_is_no_scan_comes_out_whole_and_in_order() -> None:
    wedge = Wedge(ScannerHabits(prefix="~~"))
    assert out(wedge, keys("~", "a", "~", "~", "b", "left")) == ["~", "a", "~", "~", "b", "left"]
    assert out(wedge, keys("~", "~", "c")) == []
    assert wedge.holds
    assert out(wedge, keys("d", at=200)) == ["~", "~", "c", "d"]
    assert not wedge.holds


def test_a_code_that_lost_its_prefix_is_typed_text() -> None:
    wedge = Wedge(ScannerHabits(prefix="~"))
    assert out(wedge, keys(*CODE, "enter")) == [*CODE, "enter"]


def test_the_same_code_at_once_is_one_scan() -> None:
    wedge = Wedge(ScannerHabits(prefix="~", repeat_ms=400))
    twice = keys("~", *CODE, "enter", "~", *CODE, "enter")
    assert out(wedge, twice) == [f"[{CODE}]"]
    assert out(wedge, keys("~", *CODE, "enter", at=200)) == [f"[{CODE}]"]


def test_tab_behind_a_scan_is_enter_and_a_typed_tab_is_tab() -> None:
    wedge = Wedge(ScannerHabits(suffix="tab"))
    assert out(wedge, keys(*CODE, "tab")) == [*CODE, "enter"]
    assert out(wedge, keys(*CODE, "tab", gap=0.2)) == [*CODE, "tab"]


async def test_a_scan_goes_where_scans_go_whatever_has_the_focus() -> None:
    ShopInput.scanner = ScannerHabits(prefix="<f12>")
    async with walking() as walk:
        await walk.type("1001")
        walk.send("f12", *"123456", "enter")
        await walk.settle()
        assert walk.name == "SignInScreen"
        assert walk.app.screen.query_one("#pin", Input).value == ""
        assert walk.fake.sign_in.wrong == 0
        await walk.type("1001")
        await walk.open_sale("COLA")
        await walk.press("f3")
        walk.send("f12", *"RICE", "enter")
        await walk.settle()
        assert walk.app.screen.query_one("#entry", Input).value == ""
        await walk.press("escape")
        walk.send("f12", *"RICE", "enter")
        await walk.settle()
        assert walk.shows("¥73.30")


async def test_a_typed_prefix_is_let_go_when_nothing_follows() -> None:
    ShopInput.scanner = ScannerHabits(prefix="~")
    async with walking() as walk:
        walk.send("~")
        await walk.settle()
        for _ in range(100):
            if walk.app.screen.query_one("#number", Input).value:
                break
            await walk.pilot.pause(0.02)
        assert walk.app.screen.query_one("#number", Input).value == "~"
