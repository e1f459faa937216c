"""Pictures of the running app (SVG) for the docs: `python -m tests.pictures FOLDER`.

The whole demo chain on a server of its own, the app wired as the product wires it, walked by keys.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
import tempfile
import uuid
from pathlib import Path
from typing import Final

from huiyuan.config.i18n import LANGUAGES, translate
from huiyuan.repositories import demo
from huiyuan.repositories.demo_data import TERMINALS
from huiyuan.tui.context import CommandContext
from huiyuan.tui.subcommands.run import Seat
from huiyuan.tui.wiring import build_app, leave, open_counter
from tests.cluster import Cluster, Shop
from tests.run_folders import disk_folder, remove_run
from tests.screens.walk import Walk

ROLE: Final = TERMINALS[0].role
MANAGER: Final = "9001"
CARD: Final = "88000001"
WHAT_IS_TYPED_S: Final = 0.6
"""A list follows what is typed when the fingers rest."""
# The stock picture fetches fonts from the net; a page must show it without.
_FONT_FACES: Final = re.compile(r"@font-face\s*\{.*?\}", re.DOTALL)
_FONTS: Final = "'Noto Sans Mono CJK SC', 'Sarasa Mono SC', Menlo, Consolas, monospace"


def keep(walk: Walk, path: Path) -> None:
    """Write what the terminal shows now."""
    picture = _FONT_FACES.sub("", walk.app.export_screenshot(title="huiyuan"))
    path.write_text(picture.replace("Fira Code, monospace", _FONTS), encoding="utf-8")


async def walk_through(walk: Walk, lang: str, folder: Path) -> None:
    """Sign in, find a member, sell, pay, read the day."""

    async def picture(name: str) -> None:
        await asyncio.sleep(WHAT_IS_TYPED_S)
        await walk.settle()
        keep(walk, folder / f"{name}-{lang}.svg")

    await walk.settle()
    await picture("sign-in")
    await walk.type(MANAGER)
    await walk.type(MANAGER)
    await walk.press("f4")
    await walk.type("200")
    await walk.past_result()
    await walk.type("z", enter=False)
    await picture("search")
    await walk.type("hangwei")
    await picture("member")
    while walk.name != "HomeScreen":
        await walk.press("escape")
    await walk.press("f2")
    for code in ("MILK-1L", "3*COLA-330", CARD):
        await walk.type(code)
    await walk.type("kl", enter=False)
    await picture("sale")
    await walk.press("ctrl+u", "f2")
    await picture("payment")
    await walk.press("enter")
    await picture("result")
    await walk.past_result()
    await walk.press("escape", "ctrl+r", "enter", "f8")
    await picture("report")
    await walk.press("escape", "escape", "ctrl+k")
    await walk.type("kl", enter=False)
    await picture("stock")


async def pictures(shop: Shop, lang: str, folder: Path) -> None:
    """One language, on a counter of its own."""
    with tempfile.TemporaryDirectory() as home, contextlib.ExitStack() as opened:
        os.environ["HUIYUAN_HOME"] = home
        context = CommandContext(lang=lang, tr=translate(lang), database=None)
        wired = open_counter(context, [Seat(ROLE, shop.url(ROLE))], opened)
        counter = build_app(context, wired)
        counter.driver_class = None  # type: ignore[assignment]  # the pilot brings its own
        try:
            async with counter.run_test(size=(80, 24)) as pilot:
                await walk_through(Walk(counter, pilot), lang, folder)
        finally:
            leave(wired)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    root = disk_folder(f"pictures-{uuid.uuid4().hex[:6]}")
    cluster = Cluster(root / "main", made=root)
    cluster.start()
    try:
        for lang in LANGUAGES:
            with cluster.copy() as shop:
                demo.seed(shop.admin_url, whole=True)
                asyncio.run(pictures(shop, lang, folder))
    finally:
        cluster.leave()
        remove_run(root)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
