"""Pictures of the screens (SVG) for the docs, and the app a picture tool may load."""

from __future__ import annotations

import os

from huiyuan.tui.app import CounterApp
from tests.screens.fake_shop import FakeShop


def app() -> CounterApp:
    """A counter of the fake shop with an open shift, in HUIYUAN_LANG."""
    fake = FakeShop()
    fake.open_shift()
    return CounterApp(fake.shop(os.environ.get("HUIYUAN_LANG", "zh_CN")), report_crash=lambda _: "crash.txt")
