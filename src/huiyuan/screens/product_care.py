"""What goods ask of whoever sells them, set at the price check: least age and warning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from textual import on
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.desk import ItemInfo
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.person import read_line
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.entry import Entry
from huiyuan.screens.goods_entry import GoodsEntry

R = TypeVar("R")
AGE_MAX = 99
WARNING_MAX = 60


@dataclass
class CareKept(Message):
    """The server has it."""

    product: int


def read_age(text: str) -> int | None:
    """Years, nothing or 0 for everybody. Raises Refused `out_of_range`."""
    typed = text.strip()
    if not typed.isdecimal() and typed:
        raise Refused("out_of_range", {"most": AGE_MAX})
    years = int(typed or "0")
    if years > AGE_MAX:
        raise Refused("out_of_range", {"most": AGE_MAX})
    return years or None


class ProductCare(GoodsEntry[R]):
    """What the price check gains; named after the screen's own base."""

    shown: ItemInfo | None

    def read(self, product: int) -> None:
        """Ask for all of a product; the screen's own."""
        raise AssertionError(product)

    def applies(self, action: str) -> bool:
        """Of a product that is shown."""
        return self.shown is not None if action in {"age", "warning"} else super().applies(action)

    def action_age(self) -> None:
        """F2."""
        item, say = self.shown, self.say
        if item is None:
            return

        def take(years: tuple[int | None] | None) -> None:
            if years is not None:
                self.keep_care(item.product, years[0], item.warning or None)

        entry: Entry[tuple[int | None]] = Entry(
            self.shop, say(msg("Least age")), aside=item.name, label=say(msg("Years")),
            read=lambda text: (read_age(text),), value=str(item.min_age or ""),
            about=say(msg("Asked once a basket with such goods. Nothing typed: sold to everybody.")),
        )  # fmt: skip
        self.app.push_screen(entry, take)

    def action_warning(self) -> None:
        """F3."""
        item, say = self.shown, self.say
        if item is None:
            return

        def take(text: str | None) -> None:
            if text is not None:
                self.keep_care(item.product, item.min_age or None, text or None)

        entry: Entry[str] = Entry(
            self.shop, say(msg("Warning")), aside=item.name, label=say(msg("Warning")),
            read=lambda text: read_line(text, field="warning", most=WARNING_MAX) if text.strip() else "",
            value=item.warning,
            about=say(msg("Said at each scan of these goods. Nothing typed: no warning.")),
        )  # fmt: skip
        self.app.push_screen(entry, take)

    def keep_care(self, product: int, min_age: int | None, warning: str | None) -> None:
        """On the server; counters learn it with the goods."""
        desk = self.shop.desk

        def work() -> int:
            desk.product_care(product, min_age=min_age, warning=warning)
            return product

        ask(self, work, then=CareKept, subject=WRITE)

    @on(CareKept)
    def show_care(self, message: CareKept) -> None:
        """Read anew."""
        self.shop.catalogue.freshen(at_once=True)
        self.read(message.product)
