"""What goods ask of whoever sells them: a warning that is read at the scan, a least age that is asked once.

Always true: while the question stands no further scan is taken up; a customer who is too young leaves the
line behind, and it is written down that it was taken off for that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from huiyuan.config.i18n import msg
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.catalog import Product
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.goods_entry import GoodsEntry

R = TypeVar("R")
AGE = "age"


class Minding(GoodsEntry[R]):
    """What a basket on a screen gains; named after the screen's own base."""

    cart: Cart

    def take_cart(self, cart: Cart, *, mark: int | None = None) -> None:
        """Show `cart`; the screen's own."""
        raise AssertionError((cart, mark))

    def noted(self, after: Cart, why: str) -> Cart:
        """A basket that is written down says why something left it."""
        del why
        return after

    def mind(self, product: Product) -> None:
        """After a line was added: what its goods want, then the next scan."""
        if product.min_age <= self.cart.age_checked:
            self.minded(product)
            return
        question = self.say(
            msg("{product} goes to customers of {years} and over only. Ask, look at a document if in doubt."
                " Enter: old enough. Esc: it comes off the basket."),
            product=product.name, years=product.min_age,
        )  # fmt: skip

        def answered(sure: bool | None) -> None:
            if sure:
                self.take_cart(replace(self.cart, age_checked=product.min_age), mark=self.place(product))
            else:
                lines = tuple(line for line in self.cart.lines if line.product.id != product.id)
                self.take_cart(self.noted(replace(self.cart, lines=lines), AGE))
                self.missed = self.say(msg("{product} was taken off: the customer is too young."),
                                       product=product.name)  # fmt: skip
            self.minded(product if sure else None)

        self.app.push_screen(Confirm(self.shop, self.say(msg("Least age")), question), answered)

    def place(self, product: Product) -> int | None:
        """Where its last line stands."""
        at = [index for index, line in enumerate(self.cart.lines) if line.product.id == product.id]
        return at[-1] if at else None

    def minded(self, product: Product | None) -> None:
        """The next scan; a warning stands until the next entry."""
        self.looked_up()
        if product is not None and product.warning and not self.missed:
            self.tell(self.say(msg("{product}: {warning}"), product=product.name, warning=product.warning),
                      "warn")  # fmt: skip
