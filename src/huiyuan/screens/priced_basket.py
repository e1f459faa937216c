"""What a basket on a screen can be asked and given about its prices: explain, what if, a discount by hand.

Always true: what is given by hand is a field of the cart, priced with everything else; whether the person may
is judged by the door, and said here before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from textual import on
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import Tier
from huiyuan.domain.model.cart import BP, Cart, ManualDiscount
from huiyuan.domain.model.identity import Limits
from huiyuan.domain.model.money import parse_minor, parse_scaled
from huiyuan.domain.model.pricing.order import beyond_limit
from huiyuan.domain.model.pricing.reasons import gifts_due
from huiyuan.domain.model.pricing.what_if import what_if
from huiyuan.screens.ask import ask
from huiyuan.screens.coupons_shown import CouponsShown
from huiyuan.screens.dialogs.entry import Entry
from huiyuan.screens.explaining import ExplainSheet, WhatIfSheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.rows import RowList

R = TypeVar("R")


@dataclass
class TiersRead(Message):
    """The tiers of the chain."""

    tiers: Sequence[Tier]


def read_discount(shop: Shop) -> Callable[[str], tuple[ManualDiscount, ...]]:
    """`10%` or an amount; nothing or 0 lifts what was given. The reader raises Refused as `parse_minor`."""

    def read(text: str) -> tuple[ManualDiscount, ...]:
        typed = text.strip().replace("％", "%")
        if typed.endswith("%"):
            rate = parse_scaled(typed.removesuffix("%"), 2, most=10_000, zero=True)
            return (ManualDiscount(rate_bp=rate),) if rate else ()
        amount = parse_minor(typed or "0", shop.say.minor_digits, zero=True)
        return (ManualDiscount(amount_minor=amount),) if amount else ()

    return read


class PricedBasket(CouponsShown[R]):
    """Named after the screen's own base."""

    def applies(self, action: str) -> bool:
        """Nothing to ask about an empty basket."""
        if action in {"explain", "what_if", "discount", "discount_all"}:
            return bool(self.cart.lines)
        return super().applies(action)

    def marked_line(self) -> int | None:
        """Which line is marked, from 0."""
        return self.query_one("#lines", RowList).marked

    def action_explain(self) -> None:
        """Where the marked line's price comes from."""
        index = self.marked_line()
        if index is not None:
            self.app.push_screen(ExplainSheet(self.shop, self.priced, index + 1))

    def action_what_if(self) -> None:
        """The tiers are asked once a question."""
        ask(self, self.shop.promotions.tiers, then=TiersRead, subject="tiers")

    @on(TiersRead)
    def show_what_if(self, message: TiersRead) -> None:
        """Every answer at once."""
        self.app.push_screen(WhatIfSheet(self.shop, self.priced, what_if(self.priced, message.tiers)))

    def action_discount(self) -> None:
        """On the marked line."""
        index = self.marked_line()
        if index is None:
            return
        read = read_discount(self.shop)
        self.ask_discount(
            self.say(msg("Discount on this line")),
            self.cart.lines[index].product.name,
            lambda text: self.cart.discount(index, *read(text)),
            index,
        )

    def action_discount_all(self) -> None:
        """On the whole basket."""
        read = read_discount(self.shop)
        total = self.say.money(self.priced.total_minor)
        self.ask_discount(
            self.say(msg("Discount on the whole basket")),
            total,
            lambda text: self.cart.discount_all(*read(text)),
            self.marked_line(),
        )

    def ask_discount(self, title: str, aside: str, read: Callable[[str], Cart], mark: int | None) -> None:
        """`10%` or an amount; beyond the person's limit it waits for a second one at the payment."""
        say, limits = self.say, self.discount_limits()
        about = say(msg("Type an amount, or a rate with %. Nothing lifts it."))
        if limits.limit_bp is not None and limits.limit_bp < BP:
            rate = say.quantity(limits.limit_bp * 10)
            about += " " + say(msg("A discount above {rate}% needs a second person."), rate=rate)

        def take(cart: Cart | None) -> None:
            if cart is None:
                return
            self.take_cart(cart, mark=mark)
            if beyond_limit(self.priced, limits):
                self.tell(say(msg("A second person has to approve the discount at the payment.")), "warn")

        self.app.push_screen(
            Entry(self.shop, title, aside=aside, label=say(msg("Discount")), read=read, about=about), take
        )

    def discount_limits(self) -> Limits:
        """How far this person may go; without the permission nowhere."""
        return self.shop.person.permissions.get("discount", Limits(limit_bp=0))

    def looked_up(self) -> None:
        """What the customer may still have for nothing is said with the scan that earned it."""
        found = not self.missed
        super().looked_up()
        if found and not self.looking and (text := self.gift_text()):
            self.tell(text, "good")

    def gift_text(self) -> str:
        """What the customer may still have for nothing; empty if there is nothing."""
        due = gifts_due(self.priced)
        if not due:
            return ""
        return self.say(
            msg("Free by {name}: {count} more, scan it."), name=due[0].name,
            count=self.say.quantity(due[0].qty_milli),
        )  # fmt: skip
