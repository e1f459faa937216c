"""Ringing up what somebody else priced: another system's receipt, a delivery note, an order by telephone.

Always true: the line comes to exactly the value given less its discounts, and says by which means: the list's
price where it gives that value, a typed price where it does not, discounts by hand with their names.
"""

from __future__ import annotations

from typing import Final

from huiyuan.domain.model.cart import Cart, ManualDiscount
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.quantity import MILLI, value_of

ROUNDING: Final = "rounding"
"""The name of what a typed price for one gives too much for all."""


def ring_up(
    cart: Cart, product: Product, *, qty_milli: int, value_minor: int, off: tuple[ManualDiscount, ...] = ()
) -> Cart:
    """Add `qty_milli` of a product that came to `value_minor` before the discounts `off`.

    A quantity of zero is one that nobody counted: it is sold as one at the whole value. A value that the
    quantity does not divide takes the least price that reaches it, and gives back the rest as a discount.

    Raises:
        Refused: as `Cart.add`; `adjustment_refused` (most): more is taken off than the line is worth.
        ValueError: quantity or value are below zero.
    """
    if qty_milli < 0 or value_minor < 0:
        raise ValueError("goods that come back are a return")
    if sum(each.amount_minor or 0 for each in off) > value_minor:
        raise Refused("adjustment_refused", {"line": len(cart.lines) + 1, "most": value_minor})
    count = qty_milli or MILLI
    by_list = (
        product.price_minor
        if value_of(qty_milli=count, price_minor=product.price_minor) == value_minor
        else None
    )
    typed = None if by_list is not None and not _priceless(product) else -(-value_minor * MILLI // count)
    price = product.price_minor if typed is None else typed
    rest = value_of(qty_milli=count, price_minor=price) - value_minor
    rounding = (ManualDiscount(amount_minor=rest, name=ROUNDING),) if rest else ()
    more = cart.add(product, count, typed_minor=typed, apart=True)
    return more.discount(len(more.lines) - 1, *rounding, *off)


def _priceless(product: Product) -> bool:
    return product.open_price and not product.price_minor
