"""Weighing: one key puts the weight on the scale into the quantity of the marked line."""

from __future__ import annotations

from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.catalog import PIECE, Product
from huiyuan.screens import device_news
from huiyuan.screens.ask import ask
from huiyuan.screens.asking import AskingScreen


def can_weigh(screen: AskingScreen[None], cart: Cart, index: int | None) -> bool:
    """There is a scale, and the marked line is sold by weight."""
    if index is None or index >= len(cart.lines):
        return False
    return can_weigh_goods(screen, cart.lines[index].product)


def can_weigh_goods(screen: AskingScreen[None], product: Product) -> bool:
    """There is a scale, and such goods are counted by weight."""
    return screen.shop.scale.present and product.sold_by != PIECE


def weigh(screen: AskingScreen[None], cart: Cart, index: int) -> None:
    """Ask the scale; the answer comes as `Weighed`."""
    weigh_goods(screen, cart.lines[index].product, index)


def weigh_goods(screen: AskingScreen[None], product: Product, index: int) -> None:
    """As `weigh`, for line `index` of any list."""
    scale, id = screen.shop.scale, product.id
    ask(screen, scale.weigh, then=lambda qty: device_news.Weighed(index, id, qty), subject="weight")


def weighed(cart: Cart, message: device_news.Weighed) -> Cart | None:
    """The basket with the weight; None if the line is not the one any more that was weighed."""
    index = message.index
    if index >= len(cart.lines) or cart.lines[index].product.id != message.product:
        return None
    return cart.set_quantity(index, message.qty_milli)
