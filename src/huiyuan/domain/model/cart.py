"""The basket before it is paid: what, how much, for whom.

It knows only the prices read with the products.

Always true: a cart is immutable; every change makes a new one, so a screen can undo by keeping the old one.
A product stands on one line however often it is scanned, unless its price was typed anew; prices are worked
out by `pricing` each time, which is why attaching a member changes every line and detaching changes it back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from huiyuan.domain.model.card import AttachedMember, Balances, Member, NotedCard, OpenedCard
from huiyuan.domain.model.catalog import PIECE, Product
from huiyuan.domain.model.coupon import Coupon
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.message import BESIDE, INSTEAD, PAPER, WAYS
from huiyuan.domain.model.quantity import MILLI, QTY_MILLI_MAX

LINES_MAX: Final = 500
BP: Final = 10_000


@dataclass(frozen=True, slots=True)
class ManualDiscount:
    """What a person takes off one line: an amount in minor units, or a rate per 10,000 of what is left.

    Exactly one of the two is set. The door judges all of a line against the person's `limit_bp` of it.
    `name` says what for (a coupon, a dent); empty without a word.
    """

    amount_minor: int | None = None
    rate_bp: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if (self.amount_minor is None) == (self.rate_bp is None):
            raise ValueError("a manual discount is an amount or a rate")
        if (self.amount_minor or 0) < 0 or not 0 <= (self.rate_bp or 0) <= BP:
            raise ValueError("a manual discount lowers a line by at most all of it")


@dataclass(frozen=True, slots=True)
class Served:
    """A person who served, with their share of a line per 10,000."""

    staff: int
    number: str
    name: str
    share_bp: int = BP


@dataclass(frozen=True, slots=True)
class CartLine:
    """`typed_minor` is a price that somebody typed for one base unit, None for the list's; `served` by whom.

    `manual` are taken off one after the other, each from what is left.
    """

    product: Product
    qty_milli: int
    manual: tuple[ManualDiscount, ...] = ()
    typed_minor: int | None = None
    served: tuple[Served, ...] = ()

    @property
    def price_minor(self) -> int:
        """What one base unit costs before anything is taken off."""
        return self.product.price_minor if self.typed_minor is None else self.typed_minor


@dataclass(frozen=True, slots=True)
class Cart:
    """Lines in the order of their first scan, and the card that was presented or the member who was named.

    `manual` are discounts by hand on the whole basket, taken one after the other.
    `held` is the basket put aside that this is; the sale settles it. `coupons` were shown, in that order.
    `served` is who serves whatever comes next; `slip` how the member wants it this time (`message.WAYS`),
    empty: as always. `age_checked`: the customer is at least so old, somebody asked.
    `noted` is a card that was read without the line: it earns later, and changes no price.
    """

    lines: tuple[CartLine, ...] = ()
    card: OpenedCard | None = None
    named: AttachedMember | None = None
    manual: tuple[ManualDiscount, ...] = ()
    held: UUID | None = None
    coupons: tuple[Coupon, ...] = ()
    served: tuple[Served, ...] = ()
    slip: str = ""
    age_checked: int = 0
    noted: NotedCard | None = None

    @property
    def earns(self) -> bool:
        """Whether somebody is there to whom points go."""
        return self.wallet is not None or self.noted is not None

    @property
    def member(self) -> Member | None:
        """Whose prices hold; None for nobody or a bearer card."""
        return self.card.member if self.card else self.named.member if self.named else None

    @property
    def balances(self) -> Balances | None:
        """What the wallet held when it was read; a member without a card may look, but not spend."""
        return self.card.balances if self.card else self.named.balances if self.named else None

    @property
    def tier(self) -> int | None:
        """The tier of the member attached, None for nobody or a bearer card."""
        return self.member.tier.id if self.member else None

    @property
    def slip_way(self) -> str:
        """How the slip is given out: `message.WAYS`. Without a member there is only paper."""
        if self.member is None:
            return PAPER
        return self.slip or (INSTEAD if self.member.wants_message and self.member.has_phone else PAPER)

    @property
    def message(self) -> str | None:
        """What the document says about it."""
        return None if self.slip_way == PAPER else self.slip_way

    def may(self, function: str) -> bool:
        """False if a card is presented whose type lacks the function: the door would refuse it."""
        return self.card is None or self.card.terms.may(function)

    @property
    def wallet(self) -> int | None:
        """The wallet that earns, None for nobody."""
        return self.card.wallet if self.card else self.named.wallet if self.named else None

    def add(
        self,
        product: Product,
        qty_milli: int | None = None,
        *,
        typed_minor: int | None = None,
        apart: bool = False,
    ) -> Cart:
        """One scan: raises the product's line of the same price, or starts one; `apart` always starts one.

        Args:
            product: as read just now; its price replaces an older one on the same line.
            qty_milli: None takes what the scanned code stands for.
            typed_minor: a price that somebody typed for one base unit.

        Raises:
            Refused: `out_of_range`, `fraction_refused`, `too_many_lines`, `price_needed` (product): it has no
                price of its own.
        """
        if typed_minor is None and product.open_price and not product.price_minor:
            raise Refused("price_needed", {"product": product.name})
        more = product.qty_milli if qty_milli is None else qty_milli
        for i, line in enumerate(self.lines):
            if not apart and (line.product.id, line.typed_minor) == (product.id, typed_minor):
                qty = _checked(product, line.qty_milli + more)
                return self._put(i, replace(line, product=product, qty_milli=qty))
        if len(self.lines) >= LINES_MAX:
            raise Refused("too_many_lines", {"most": LINES_MAX})
        fresh = CartLine(product, _checked(product, more), typed_minor=typed_minor, served=self.served)
        return replace(self, lines=(*self.lines, fresh))

    def place_of(self, product: int, typed_minor: int | None = None) -> int | None:
        """Where the line of a product at this price stands, counted from 0."""
        keys = [(line.product.id, line.typed_minor) for line in self.lines]
        return keys.index((product, typed_minor)) if (product, typed_minor) in keys else None

    def set_quantity(self, index: int, qty_milli: int) -> Cart:
        """Raises Refused `out_of_range`, `fraction_refused`, IndexError."""
        line = self.lines[index]
        return self._put(index, replace(line, qty_milli=_checked(line.product, qty_milli)))

    def set_price(self, index: int, typed_minor: int | None) -> Cart:
        """Type a price for one base unit, or go back to the list's with None.

        The line stays its own even where another one of the product has that price.

        Raises:
            Refused: `price_needed`.
            IndexError: there is no such line.
        """
        line = self.lines[index]
        if typed_minor is None and line.product.open_price and not line.product.price_minor:
            raise Refused("price_needed", {"product": line.product.name})
        return self._put(index, replace(line, typed_minor=typed_minor))

    def remove(self, index: int) -> Cart:
        """Raises IndexError."""
        self.lines[index]
        return replace(self, lines=self.lines[:index] + self.lines[index + 1 :])

    def discount(self, index: int, *manual: ManualDiscount) -> Cart:
        """Set the manual discounts of a line, in this order; none lifts them. Raises IndexError."""
        return self._put(index, replace(self.lines[index], manual=manual))

    def discount_all(self, *manual: ManualDiscount) -> Cart:
        """Set the discounts by hand on the whole basket; none lifts them."""
        return replace(self, manual=manual)

    def serve(self, index: int, *served: Served) -> Cart:
        """Who served a line; nobody lifts it. Raises IndexError."""
        return self._put(index, replace(self.lines[index], served=served))

    def serve_all(self, *served: Served) -> Cart:
        """Who served everything here, and serves what comes next."""
        lines = tuple(replace(line, served=served) for line in self.lines)
        return replace(self, lines=lines, served=served)

    def with_next_slip(self) -> Cart:
        """Paper, both, message alone, and paper again; no message alone to who has no telephone on file."""
        ways = WAYS if self.member is None or self.member.has_phone else (PAPER, BESIDE)
        return replace(self, slip=ways[(WAYS.index(self.slip_way) + 1) % len(ways)])

    def with_card(self, card: OpenedCard | None) -> Cart:
        """Attach the presented card's member and wallet, or detach whoever is attached with None."""
        return replace(self, card=card, named=None, noted=None)

    def with_noted(self, noted: NotedCard) -> Cart:
        """Take along a card that nobody can be asked about now."""
        return replace(self, card=None, named=None, noted=noted)

    def with_member(self, named: AttachedMember) -> Cart:
        """Attach a member who showed no card."""
        return replace(self, card=None, named=named, noted=None)

    def with_coupon(self, coupon: Coupon) -> Cart:
        """Show one more; whether it holds is pricing's."""
        return replace(self, coupons=(*self.coupons, coupon))

    def without_coupon(self, token: str) -> Cart:
        """Take one off; an unknown one changes nothing."""
        return replace(self, coupons=tuple(each for each in self.coupons if each.token != token))

    def with_prices(self, products: dict[int, Product]) -> Cart:
        """Take the prices of freshly read products (by id), as after a `price_changed`."""
        lines = (replace(line, product=products.get(line.product.id, line.product)) for line in self.lines)
        return replace(self, lines=tuple(lines))

    def _put(self, index: int, line: CartLine) -> Cart:
        lines = list(self.lines)
        lines[index] = line
        return replace(self, lines=tuple(lines))


def _checked(product: Product, qty_milli: int) -> int:
    if product.sold_by == PIECE and qty_milli % MILLI:
        raise Refused("fraction_refused", {"product": product.name, "qty_milli": qty_milli})
    if not 0 < qty_milli <= QTY_MILLI_MAX:
        raise Refused("out_of_range", {"most": QTY_MILLI_MAX})
    return qty_milli
