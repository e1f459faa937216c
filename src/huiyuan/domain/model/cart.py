"""The basket before it is paid: what, how much, for whom.

It knows only the prices read with the products.

Always true: a cart is immutable; every change makes a new one, so a screen can undo by keeping the old one.
A product stands on one line however often it is scanned; prices are worked out anew by `pricing` each time,
which is why attaching a member changes every line and detaching changes it back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.quantity import QTY_MILLI_MAX

LINES_MAX: Final = 500
BP: Final = 10_000


@dataclass(frozen=True, slots=True)
class ManualDiscount:
    """What a person takes off one line: an amount in minor units, or a rate per 10,000 of what is left.

    Exactly one of the two is set. The door judges it against that person's `limit_bp` of the line's value.
    """

    amount_minor: int | None = None
    rate_bp: int | None = None

    def __post_init__(self) -> None:
        if (self.amount_minor is None) == (self.rate_bp is None):
            raise ValueError("a manual discount is an amount or a rate")
        if (self.amount_minor or 0) < 0 or not 0 <= (self.rate_bp or 0) <= BP:
            raise ValueError("a manual discount lowers a line by at most all of it")


@dataclass(frozen=True, slots=True)
class CartLine:
    product: Product
    qty_milli: int
    manual: ManualDiscount | None = None


@dataclass(frozen=True, slots=True)
class Cart:
    """Lines in the order of their first scan, and the card that was presented."""

    lines: tuple[CartLine, ...] = ()
    card: OpenedCard | None = None

    @property
    def tier(self) -> int | None:
        """The tier of the member attached, None for nobody or a bearer card."""
        return self.card.member.tier.id if self.card and self.card.member else None

    @property
    def wallet(self) -> int | None:
        """The wallet that earns, None without a card."""
        return self.card.wallet if self.card else None

    def add(self, product: Product, qty_milli: int | None = None) -> Cart:
        """One scan: raises the product's line, or starts one.

        Args:
            product: as read just now; its price replaces an older one on the same line.
            qty_milli: None takes what the scanned code stands for.

        Raises:
            Refused: `out_of_range`, `too_many_lines`.
        """
        more = product.qty_milli if qty_milli is None else qty_milli
        for i, line in enumerate(self.lines):
            if line.product.id == product.id:
                return self._put(i, replace(line, product=product, qty_milli=_checked(line.qty_milli + more)))
        if len(self.lines) >= LINES_MAX:
            raise Refused("too_many_lines", {"most": LINES_MAX})
        return replace(self, lines=(*self.lines, CartLine(product, _checked(more))))

    def set_quantity(self, index: int, qty_milli: int) -> Cart:
        """Raises Refused `out_of_range`, IndexError."""
        return self._put(index, replace(self.lines[index], qty_milli=_checked(qty_milli)))

    def remove(self, index: int) -> Cart:
        """Raises IndexError."""
        self.lines[index]
        return replace(self, lines=self.lines[:index] + self.lines[index + 1 :])

    def discount(self, index: int, manual: ManualDiscount | None) -> Cart:
        """Set or lift a manual discount. Raises IndexError."""
        return self._put(index, replace(self.lines[index], manual=manual))

    def with_card(self, card: OpenedCard | None) -> Cart:
        """Attach the presented card's member and wallet, or detach with None."""
        return replace(self, card=card)

    def with_prices(self, products: dict[int, Product]) -> Cart:
        """Take the prices of freshly read products (by id), as after a `price_changed`."""
        lines = (replace(line, product=products.get(line.product.id, line.product)) for line in self.lines)
        return replace(self, lines=tuple(lines))

    def _put(self, index: int, line: CartLine) -> Cart:
        lines = list(self.lines)
        lines[index] = line
        return replace(self, lines=tuple(lines))


def _checked(qty_milli: int) -> int:
    if not 0 < qty_milli <= QTY_MILLI_MAX:
        raise Refused("out_of_range", {"most": QTY_MILLI_MAX})
    return qty_milli
