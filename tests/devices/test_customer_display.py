"""The customer display at the end of a line: total and change, never in the way of a sale."""

from __future__ import annotations

import time
from collections.abc import Callable

from hypothesis import given, settings, strategies as st

from huiyuan.devices.displays.line_display import LineDisplay, encode_display
from huiyuan.devices.displays.no_display import NoDisplay
from huiyuan.devices.simulators.customer_display import SimulatedDisplay


def wait_for(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 3
    while not done():
        assert time.monotonic() < until, "it was not shown"
        time.sleep(0.01)


def test_eight_digits_show_the_total_and_then_the_change() -> None:
    with SimulatedDisplay() as device:
        display = LineDisplay(f"led8n://{device.path}")
        assert display.state() == "unasked"
        display.show_total("1,234.50")
        wait_for(lambda: (device.rows[0], device.lamp) == ("1234.50", "total"))
        display.show_change("1234.50", "65.50")
        wait_for(lambda: (device.rows[0], device.lamp) == ("65.50", "change"))
        assert display.try_now("123456789.00")
        wait_for(lambda: device.rows[0] == "--------")
        assert display.state() == "ready"
        assert not device.strange
        display.close()


def test_two_lines_of_twenty() -> None:
    with SimulatedDisplay() as device:
        display = LineDisplay(f"vfd://{device.path}?baud=9600")
        display.show_change("12.00", "8.00")
        wait_for(lambda: device.rows == ["TOTAL          12.00", "CHANGE          8.00"])
        display.close()


def test_a_display_that_is_gone_holds_nobody_up() -> None:
    device = SimulatedDisplay().__enter__()
    display = LineDisplay(f"led8n://{device.path}")
    assert display.try_now("1.00")
    device.unplug()
    began = time.monotonic()
    for _ in range(100):
        display.show_total("2.00")
    assert time.monotonic() - began < 10  # a tenth of a second each would be
    wait_for(lambda: display.state() == "unreachable")
    assert display.try_now("1.00") is False
    display.close()
    assert NoDisplay().try_now("1.00") is False


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_steers_the_display(total: str, change: str) -> None:
    for make in ("led8n", "vfd"):
        shown = encode_display("led8n" if make == "led8n" else "vfd", total, change)
        device = SimulatedDisplay()
        device.rows, device.lamp, device.strange = ["", ""], "", bytearray()
        assert device._show(shown) == b""
        assert not device.strange
        assert all(len(row.replace(".", "")) <= 20 for row in device.rows)
