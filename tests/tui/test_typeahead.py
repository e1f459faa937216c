"""Keys that come in one packet go where they were meant; a control shows where they went without waiting."""

from __future__ import annotations

import pytest

from huiyuan.domain.model.document import Kind
from huiyuan.tui import typeahead
from tests.screens.walk import walking


async def test_number_and_pin_in_one_packet_sign_in() -> None:
    async with walking() as walk:
        walk.send(*"1001", "enter", *"1001", "enter")
        await walk.settle()
        assert walk.name == "HomeScreen"


async def test_without_the_waiting_the_pin_stands_readable_in_the_wrong_field(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(typeahead, "may_move_focus", lambda _key: False)
    async with walking() as walk:
        walk.send(*"1001", "enter", *"1001", "enter")
        await walk.settle()
        assert walk.name == "SignInScreen"
        assert walk.shows("10011001")


async def test_a_whole_sale_in_one_packet_is_a_whole_sale() -> None:
    async with walking() as walk:
        await walk.sign_in()
        walk.send("f2", *"COLA", "enter", *"MILK", "enter", "f2")
        await walk.settle()
        assert walk.name == "PaymentScreen"
        walk.send(*"50", "enter")
        await walk.settle()
        assert walk.shows("已收款，找零 ¥33.60")
        assert len(walk.fake.ledger.of_kind(Kind.SALE)) == 1


async def test_enters_that_queue_up_are_one_enter() -> None:
    async with walking() as walk:
        walk.send(*"1001", *(["enter"] * 20))
        await walk.settle()
        assert walk.name == "SignInScreen"
        assert walk.app.screen.focused is not None
        assert walk.app.screen.focused.id == "pin"


async def test_a_scan_that_is_still_looked_up_when_pay_is_pressed_is_paid_for() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        walk.fake.slow_ms = 150
        walk.send(*"RICE", "enter", "f2")
        await walk.settle()
        assert walk.name == "PaymentScreen"
        assert walk.shows("¥73.30")


async def test_pay_after_a_scan_that_is_not_found_stays_in_the_basket() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        walk.fake.slow_ms = 150
        walk.send(*"NOSUCH", "enter", "f2")
        await walk.settle()
        assert walk.name == "SaleScreen"
        assert walk.shows("没有找到 NOSUCH")
