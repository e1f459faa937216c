"""Coupons at the sale: a scanned code joins the basket, the list shows what each takes, Enter takes one off.

Always true: what a code takes is what pricing worked out; one that takes nothing says why and is not used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.coupon import Coupon
from huiyuan.domain.model.pricing.coupons import clashes, coupon_why_not
from huiyuan.domain.model.pricing.order import Priced, promoted
from huiyuan.screens.ask import ask
from huiyuan.screens.explaining import REASONS
from huiyuan.screens.putting_aside import PuttingAside
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import Wording

R = TypeVar("R")
ROWS_MOST: Final = 12

WORDS: Final[Mapping[str, str]] = {
    "holder": msg("of another member"),
    "many": msg("enough of this kind"),
    "alone": msg("not beside other coupons"),
}
STATES: Final[Mapping[str, str]] = {
    "used": msg("Coupon {last} ({name}) was used already. It was not taken."),
    "void": msg("Coupon {last} ({name}) is void. It was not taken."),
    "expired": msg("Coupon {last} ({name}) has expired. It was not taken."),
    "twice": msg("Coupon {last} ({name}) is in this basket already."),
    "many": msg("A sale takes no more coupons {name}. This one was not taken."),
    "alone": msg("Coupon {last} ({name}) does not go with the other coupons. It was not taken."),
}


@dataclass
class CouponsRead(Message):
    """A member's own coupons."""

    coupons: Sequence[Coupon]


def takes_text(say: Wording, priced: Priced, coupon: Coupon) -> str:
    """What it takes off this basket, or why it takes nothing."""
    amount = priced.coupon_minor(coupon.token)
    if amount:
        return say.figure(-amount)
    if not priced.cart.lines:
        return ""
    why = coupon_why_not(coupon, promoted(priced), priced.terms)
    text = WORDS.get(why.reason) or REASONS[why.reason or "nothing"]
    return say(text, amount=say.money(why.missing_minor), count="", name="")


class CouponSheet(Sheet[Coupon]):
    """Those of the basket, then the member's own open ones; Enter takes one off or adds it."""

    SCOPE = "basket_coupons"

    def __init__(self, shop: Shop, priced: Priced, own: Sequence[Coupon]) -> None:
        super().__init__(shop, shop.say(msg("Coupons")))
        there = {each.token for each in priced.cart.coupons}
        others = [each for each in own if each.state == "open" and each.token not in there]
        self.coupons = [*priced.cart.coupons, *others]
        self.used = len(there)
        self.priced = priced

    def row(self, n: int, coupon: Coupon) -> tuple[str, str, str, str]:
        """A tick for those in the basket."""
        say = self.say
        until = say.last_day(coupon.expires_at)
        takes = takes_text(say, self.priced, coupon) if n < self.used else say(msg("add"))
        return ("x" if n < self.used else "", f"{coupon.name} {coupon.last}", until, takes)

    def body(self) -> ComposeResult:
        """The rows, or how to show one."""
        say = self.say
        if not self.coupons:
            yield Prose(say(msg("Scan or type the coupon's code on the sale, or attach the member.")))
            return
        rows = RowList([Column("", 1), Column(say(msg("Coupon"))), Column(say(msg("Expires")), 11),
                        Column(say(msg("Takes off")), 26, "right")], id="coupons")  # fmt: skip
        rows.styles.height = min(len(self.coupons), ROWS_MOST) + 1
        rows.show_rows([self.row(n, each) for n, each in enumerate(self.coupons)])
        yield rows

    @on(RowList.Chosen)
    def chosen(self) -> None:
        """Enter in the list."""
        self.action_choose()

    def action_choose(self) -> None:
        """Enter."""
        index = self.query_one("#coupons", RowList).marked if self.coupons else None
        self.dismiss(None if index is None else self.coupons[index])


class CouponsShown(PuttingAside[R]):
    """Named after the screen's own base."""

    priced: Priced

    def use_coupon(self, coupon: Coupon) -> str:
        """Into the basket, with what it takes there."""
        say = self.say
        word = coupon.state if coupon.state != "open" else clashes(self.cart, coupon)
        if word:
            return say(STATES[word], last=coupon.last, name=coupon.name)
        self.take_cart(self.cart.with_coupon(coupon))
        takes = takes_text(say, self.priced, coupon)
        self.tell(
            say(msg("Coupon {name} {last}: {takes}"), name=coupon.name, last=coupon.last, takes=takes), "good"
        )
        return ""

    def action_coupons(self) -> None:
        """The list, with the member's own where one is attached."""
        member, reads = self.cart.member, self.shop.reads
        if member is None:
            self.show_coupons(CouponsRead(()))
            return
        ask(self, lambda: reads.member_coupons(member.id), then=CouponsRead, subject="coupons")

    @on(CouponsRead)
    def show_coupons(self, message: CouponsRead) -> None:
        """Whatever is chosen changes sides."""
        self.app.push_screen(CouponSheet(self.shop, self.priced, message.coupons), self.change_coupon)

    def change_coupon(self, coupon: Coupon | None) -> None:
        """Off if it is there, on if it is not."""
        if coupon is None:
            return
        if any(each.token == coupon.token for each in self.cart.coupons):
            self.take_cart(self.cart.without_coupon(coupon.token))
            self.tell(self.say(msg("Coupon {last} is off the basket. It was not used."), last=coupon.last))
        elif refused := self.use_coupon(coupon):
            self.tell(refused, "error")
