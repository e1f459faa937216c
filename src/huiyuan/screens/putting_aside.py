"""Putting a basket aside from the sale, and asking about goods without one.

Always true: the basket is given its id before anything is sent, and the same id is sent again; it leaves this
screen only once the server has it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.basket import Basket
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.pricing.order import Priced
from huiyuan.screens import desk_messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.goods_entry import GoodsEntry
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import RowList

R = TypeVar("R")


class PutAsideSheet(Sheet[str]):
    """A note if there is one, Enter puts aside. Answers what became of it, None if it is still here."""

    SCOPE = "put_aside"

    def __init__(self, shop: Shop, cart: Cart, total_minor: int) -> None:
        super().__init__(shop, shop.say(msg("Put aside")), shop.say.money(total_minor))
        self.cart = cart
        self.total_minor = total_minor

    def body(self) -> ComposeResult:
        """What happens, and the note."""
        yield Prose(self.say(msg("Any till of this store can take it. A note helps to find it.")))
        yield Field(self.say(msg("Note")), id="note")

    @on(Input.Submitted, "#note")
    def put(self, event: Input.Submitted) -> None:
        """Send it; the same id however often."""
        event.stop()
        held, desk, cart, total = self.cart.held, self.shop.desk, self.cart, self.total_minor
        if held is None or self.writing:
            return
        note = " ".join(event.value.split()) or None

        def work() -> str:
            return desk.hold(
                held,
                basket=Basket.of(cart).to_json(),
                total_minor=total,
                line_count=len(cart.lines),
                member=cart.member.id if cart.member else None,
                note=note,
            )

        ask(self, work, then=lambda state: desk_messages.PutAside(held, state), subject=WRITE)

    @on(desk_messages.PutAside)
    def gone(self, message: desk_messages.PutAside) -> None:
        """The server has it."""
        self.dismiss(message.state)


class PuttingAside(GoodsEntry[R]):
    """What the sale has for it: `cart` and `priced` are the sale's own."""

    cart: Cart
    priced: Priced

    def take_cart(self, cart: Cart, *, mark: int | None = None) -> None:  # noqa: ARG002
        """The sale prices and shows it as well."""
        self.cart = cart

    def applies(self, action: str) -> bool:
        """A full basket goes aside, another one comes to an empty screen."""
        if action == "hold":
            return bool(self.cart.lines) and not self.looking
        if action == "recall":
            return (not self.cart.lines or self.cart.held is not None) and not self.looking
        return super().applies(action)

    def action_hold(self) -> None:
        """With the id that it had, or a new one."""
        if not self.cart.lines or self.looking:
            return
        cart = self.cart if self.cart.held else replace(self.cart, held=self.shop.ids.new())
        self.take_cart(cart)

        def done(state: str | None) -> None:
            if state is not None:
                self.take_cart(Cart())
                text = msg("Put aside. Take it from the list on any till of this store.")
                if state != "held":
                    text = msg("It was put aside before and is with another till, paid or removed by now.")
                self.tell(self.say(text), "good" if state == "held" else "warn")

        self.app.push_screen(PutAsideSheet(self.shop, cart, self.priced.total_minor), done)

    def action_recall(self) -> None:
        """The list; whatever is chosen is this till's."""
        from huiyuan.screens.held import HeldScreen

        def chosen(cart: Cart | None) -> None:
            self.tell("")
            if cart is not None:
                self.take_cart(cart)

        self.app.push_screen(HeldScreen(self.shop, taking=True), chosen)

    def action_item(self) -> None:
        """The marked line's product, or whatever is scanned there."""
        from huiyuan.screens.item_info import ItemInfoScreen

        index = self.query_one("#lines", RowList).marked
        marked = self.cart.lines[index].product if index is not None and self.cart.lines else None
        self.app.push_screen(ItemInfoScreen(self.shop, marked))
