"""Who served: the marked line or the whole basket, by staff number, several with shares.

Always true: nobody is named who does not work here; the door asks again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from textual import on
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.cart import Cart, Served
from huiyuan.domain.model.sellers import read_served, served_text
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.entry import Entry
from huiyuan.screens.goods_entry import GoodsEntry
from huiyuan.screens.widgets.rows import RowList

R = TypeVar("R")
ALL = "*"


@dataclass
class SellersRead(Message):
    """Who sells here."""

    people: Sequence[Served]


class Serving(GoodsEntry[R]):
    """What a basket learns about who served; named after the screen's own base."""

    cart: Cart

    def take_cart(self, cart: Cart, *, mark: int | None = None) -> None:
        """Show `cart`; the screen's own."""
        raise AssertionError((cart, mark))

    def marked_line(self) -> int | None:
        """Which line is marked, from 0."""
        return self.query_one("#lines", RowList).marked

    def applies(self, action: str) -> bool:
        """Also before the first line: then for all that come."""
        return self.taking if action == "seller" else super().applies(action)

    def action_seller(self) -> None:
        """The list is asked once a question."""
        ask(self, self.shop.reads.sellers, then=SellersRead, subject="sellers")

    @on(SellersRead)
    def ask_served(self, message: SellersRead) -> None:
        """Numbers for the marked line; a star in front, or an empty basket, means everything."""
        say, index, people = self.say, self.marked_line(), message.people
        names = ", ".join(f"{each.number} {each.name}" for each in people[:6])
        about = say(
            msg("{people}. Several: 1002:60 1003:40. A * in front: the whole basket and what comes next."),
            people=names,
        )
        now = self.cart.served if index is None else self.cart.lines[index].served

        def read(text: str) -> Cart:
            whole = index is None or text.strip().startswith(ALL)
            served = read_served(text.strip().removeprefix(ALL), people)
            return self.cart.serve_all(*served) if whole or index is None else self.cart.serve(index, *served)

        def take(cart: Cart | None) -> None:
            if cart is not None:
                self.take_cart(cart, mark=index)

        aside = "" if index is None else self.cart.lines[index].product.name
        title, label, value = say(msg("Salesperson")), say(msg("Staff number")), served_text(now)
        self.app.push_screen(
            Entry(self.shop, title, aside=aside, label=label, read=read, about=about, value=value), take
        )
