"""How the member gets the slip of this basket: paper, both, message alone."""

from __future__ import annotations

from typing import TypeVar

from huiyuan.domain.model.cart import Cart
from huiyuan.screens.goods_entry import GoodsEntry
from huiyuan.screens.outbox_sending import way_text
from huiyuan.screens.widgets.rows import RowList

R = TypeVar("R")


class SlipWay(GoodsEntry[R]):
    """What a basket on a screen gains; named after the screen's own base."""

    cart: Cart

    def take_cart(self, cart: Cart, *, mark: int | None = None) -> None:
        """Show `cart`; the screen's own."""
        raise AssertionError((cart, mark))

    def applies(self, action: str) -> bool:
        """Only a member has somewhere to send it."""
        return self.cart.member is not None if action == "slip" else super().applies(action)

    def action_slip(self) -> None:
        """By its name: the next way."""
        self.take_cart(self.cart.with_next_slip(), mark=self.query_one("#lines", RowList).marked)
        self.tell(way_text(self.say, self.cart))
