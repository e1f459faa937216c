"""Weighing: one key puts the weight on the scale into the quantity of the marked line."""

from __future__ import annotations

from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.catalog import PIECE
from huiyuan.screens import device_news
from huiyuan.screens.ask import ask
from huiyuan.screens.asking import AskingScreen


def can_weigh(screen: AskingScreen[None], cart: Cart, index: int | None) -> bool:
    """There is a scale, and the marked line is sold by weight."""
    return (
        screen.shop.scale.present
        and index is not None
        and index < len(cart.lines)
        and cart.lines[index].product.sold_by != PIECE
    )


def weigh(screen: AskingScreen[None], cart: Cart, index: int) -> None:
    """Ask the scale; the answer comes as `Weighed`."""
    scale, product = screen.shop.scale, cart.lines[index].product.id
    ask(screen, scale.weigh, then=lambda qty: device_news.Weighed(index, product, qty), subject="weight")


def weighed(cart: Cart, message: device_news.Weighed) -> Cart | None:
    """The basket with the weight; None if the line is not the one any more that was weighed."""
    index = message.index
    if index >= len(cart.lines) or cart.lines[index].product.id != message.product:
        return None
    return cart.set_quantity(index, message.qty_milli)
