"""ShopScreen: the frame of every full screen. Status, title, body, notice, keys: each always in its place."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical

from huiyuan.config.i18n import msg
from huiyuan.screens.asking import HEIGHT_MIN, WIDTH_MIN, AskingScreen
from huiyuan.screens.widgets.chrome import KeyBar, Notice, StatusBar, Title, TooSmall

R = TypeVar("R")

TOO_SMALL = msg("This window is too small: {width}x{height} are needed, 80x24 are better.")


class ShopScreen(AskingScreen[R]):
    """A screen says its scope and title and yields its body; the rest is the same everywhere."""

    TITLE_TEXT: ClassVar[str] = ""

    DEFAULT_CSS = """
    ShopScreen { background: $background; color: $foreground; layout: vertical; overflow: hidden; }
    ShopScreen > #body { height: 1fr; width: 100%; }
    ShopScreen.too-small > * { display: none; }
    ShopScreen.too-small > TooSmall { display: block; }
    """

    def compose(self) -> ComposeResult:
        """The frame around `body`."""
        yield StatusBar(self.shop)
        yield Title(self.say(self.TITLE_TEXT))
        with Vertical(id="body"):
            yield from self.body()
        yield Notice()
        yield KeyBar()
        yield TooSmall(self.say(TOO_SMALL, width=WIDTH_MIN, height=HEIGHT_MIN))

    def body(self) -> ComposeResult:
        """What this screen is for."""
        yield from ()

    def on_screen_resume(self) -> None:
        """Another screen may have changed the facts of this seat."""
        self.refresh_status()
        self.refresh_bindings()

    def set_shop(self, shop: object) -> None:
        """Take over changed facts of this seat."""
        from huiyuan.screens.shop import Shop

        assert isinstance(shop, Shop)
        self.shop = shop
        for bar in self.query(StatusBar):
            bar.shop = shop
        self.refresh_status()
        self.refresh_bindings()

    def aside(self, text: str) -> None:
        """The right half of the title row; names from outside are welcome, they are made visible."""
        self.query_one(Title).set_aside(text)
