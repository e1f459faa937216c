"""Pictures of the screens (SVG) for the docs, and the app a picture tool may load.

`python -m tests.screens.pictures FOLDER` walks the running app, by keys, over the shop in memory.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

from huiyuan.tui.app import CounterApp
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk

# The stock picture fetches fonts from the net; a page must show it without.
_FONT_FACES = re.compile(r"@font-face\s*\{.*?\}", re.DOTALL)
_FONTS = "'Noto Sans Mono CJK SC', 'Sarasa Mono SC', Menlo, Consolas, monospace"


def app(lang: str | None = None) -> CounterApp:
    """A counter of the fake shop with an open shift, in `lang` or HUIYUAN_LANG."""
    fake = FakeShop()
    fake.open_shift()
    shop = fake.shop(lang or os.environ.get("HUIYUAN_LANG", "zh_CN"))
    return CounterApp(shop, report_crash=lambda _: "crash.txt")


def keep(walk: Walk, path: Path) -> None:
    """Write what the terminal shows now."""
    picture = _FONT_FACES.sub("", walk.app.export_screenshot(title="huiyuan"))
    path.write_text(picture.replace("Fira Code, monospace", _FONTS), encoding="utf-8")


async def pictures(lang: str, folder: Path) -> None:
    """Sign in, sell to a member, pay: the three pictures of the README."""
    counter = app(lang)
    async with counter.run_test(size=(80, 24)) as pilot:
        walk = Walk(counter, pilot)
        await walk.settle()
        keep(walk, folder / f"sign-in-{lang}.svg")
        await walk.type("1001", enter=False)
        await walk.press("tab")
        await walk.type("1001")
        await walk.press("f2")
        for code in ("MILK", "3*COLA", "88000001"):
            await walk.type(code)
        keep(walk, folder / f"sale-{lang}.svg")
        await walk.press("f2")
        await walk.press("enter", "enter")
        keep(walk, folder / f"result-{lang}.svg")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for lang in ("zh_CN", "en"):
        asyncio.run(pictures(lang, folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
