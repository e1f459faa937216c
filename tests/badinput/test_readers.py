"""What scanners and card readers type, where it is not wanted and when it is no code."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from huiyuan.domain.model.scan_timing import ScannerHabits
from huiyuan.screens.widgets import fields
from tests.screens.walk import Walk, walking


async def burst(walk: Walk, text: str) -> None:
    """As a wedge types it: every character and Enter at once."""
    walk.send(*text, "enter")
    await walk.settle()


async def test_a_burst_into_a_pin_field_is_not_a_pin() -> None:
    """Nor is it a wrong try. Control: the same digits typed by fingers are judged."""
    async with walking() as walk:
        await walk.type("1001")
        await burst(walk, "6901234567892")
        assert walk.shows("有扫码输入到密码框")
        assert walk.name == "SignInScreen"
        assert walk.app.screen.query_one("#pin", Input).value == ""
        assert walk.fake.sign_in.wrong == 0
        await walk.type("1001")
        assert walk.name == "HomeScreen"


async def test_control_without_the_guard_it_is_taken_for_a_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields.ShopInput, "scanner", ScannerHabits(shortest=1000))
    async with walking() as walk:
        await walk.type("1001")
        await burst(walk, "690123456789")
        assert walk.fake.sign_in.wrong == 1


async def test_number_and_pin_in_one_packet_are_still_typed_ahead() -> None:
    async with walking() as walk:
        walk.send(*"1001", "enter", *"1001", "enter")
        await walk.settle()
        assert walk.name == "HomeScreen"


@pytest.mark.parametrize(
    "code", ["\x1d0106901234567892", "A\x1b[2JB", "9" * 4096, "\x1c\x1e\x04", "]C1" + "7" * 60]
)
async def test_a_code_with_controls_or_of_four_kilobytes_is_not_found(code: str) -> None:
    """Controls never reach the box, its length ends at 64; the basket stands."""
    async with walking(tape=True) as walk:
        await walk.open_sale("COLA")
        await burst(walk, code)
        while walk.name != "SaleScreen":
            await walk.press("escape")
        assert walk.shows("可口可乐")
        assert "\x1b[2J" not in "".join(walk.said)
        assert len(walk.app.screen.query_one(Input).value) <= fields.LENGTH_MAX
