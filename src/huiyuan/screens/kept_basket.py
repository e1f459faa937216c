"""The basket outlives the process: kept at every change, brought back where it was left.

Always true: until it is known what became of the basket of before nothing else is taken, so that nothing
overwrites it; whose it was is said; what cannot come back is said by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeVar
from uuid import UUID

from textual import on
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.basket import Basket, ComesBack, KeptBasket, Restored, pay_again, renewed, restore
from huiyuan.domain.model.card import AttachedMember
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.coupon import Coupon
from huiyuan.domain.model.document import Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.tender import MOBILE, Payment
from huiyuan.domain.usecases.removal import taken_off
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.coming_back import BasketBack, ComingBack, whose
from huiyuan.screens.outage import EVERY_S, send_again
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.wording import Wording

if TYPE_CHECKING:
    from huiyuan.screens.payment import Paid

R = TypeVar("R")

NAMED_MOST = 3


@dataclass
class BasketRead(Message):
    """The basket of before with its goods and its member as they are now."""

    kept: KeptBasket
    restored: Restored


def keep(
    shop: Shop,
    cart: Cart,
    tenders: Sequence[Tender] = (),
    document: UUID | None = None,
    *,
    back: ComesBack | None = None,
) -> str:
    """Keep `cart` as it stands, with `back` at the desk of returns; returns why the disk did not take the
    change before, mostly empty."""
    basket = Basket.of(cart, tenders, back)
    place = shop.baskets if back is None else shop.baskets.returning
    if basket.empty or shop.signed is None:
        place.clear()
    else:
        place.keep(KeptBasket(basket, shop.signed.staff.number, shop.clock.now(), document))
    return place.trouble()


def read_anew(shop: Shop, kept: KeptBasket) -> Restored:
    """Goods by their codes, here or at the server, and the member. Raises Unreachable."""
    goods: dict[int, Product] = {}
    for line in kept.basket.lines:
        found = shop.catalogue.find(line.goods.code, at=shop.server_now())
        if found is None or found.id != line.goods.id:
            try:
                found = shop.reads.find_product(line.goods.code)
            except Refused:
                continue
        if found.id == line.goods.id:
            goods[found.id] = found
    return restore(kept.basket, goods, _named(shop, kept.basket.member), coupons_again(shop, kept.basket))


def coupons_again(shop: Shop, basket: Basket) -> dict[str, Coupon]:
    """The coupons of a basket that was written down, by their marks. Raises Unreachable."""
    marks = basket.marks
    try:
        return {each.mark: each for each in shop.reads.coupons_again(marks)} if marks else {}
    except Refused:
        return {}


def _named(shop: Shop, member: int | None) -> AttachedMember | None:
    try:
        found = None if member is None else shop.reads.attach_member(member)
    except Refused:
        return None
    return None if found is None or found.rest is not None else found


def losses(say: Wording, kept: KeptBasket, restored: Restored, left: Sequence[Tender]) -> list[str]:
    """What is not as it was, in sentences."""
    told = []
    if restored.gone:
        names = _names([goods.name for goods in restored.gone])
        told.append(say(msg("No longer sold, or no longer by such a quantity: {names}."), names=names))
    if restored.repriced:
        told.append(say(msg("At another price now: {names}."), names=_names(restored.repriced)))
    if restored.unopened:
        names = ", ".join(restored.unopened)
        told.append(say(msg("These coupons have to be shown again: {names}."), names=names))
    if kept.basket.card_shown:
        told.append(say(msg("The card has to be shown again to pay from it.")))
    elif kept.basket.member is not None and restored.cart.named is None:
        told.append(say(msg("The member has to be attached again.")))
    told += [
        say(msg("Not taken over: {tender} {amount}."), tender=say.tender(each.kind),
            amount=say.money(each.amount_minor))
        for each in left
        if each.kind != MOBILE
    ]  # fmt: skip
    if any(each.kind == MOBILE for each in left):
        told.append(say(msg("What was paid by phone is taken over in the payment (F2).")))
    if kept.basket.unread:
        told.append(say(msg("A newer program kept more than this one can read. Check the basket.")))
    return told


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED_MOST]) + (" ..." if len(names) > NAMED_MOST else "")


class BasketScreen(ComingBack[R]):
    """What a screen with a basket gains; named after the screen's own base."""

    cart: Cart
    ASKS_WHOSE: ClassVar[bool] = True
    """Off where whoever opened the screen was asked already."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.taken_before: tuple[Tender, ...] = ()

    @property
    def taking(self) -> bool:
        """Nothing may be added before the basket of before is back or gone."""
        return self.coming is None

    def on_mount(self) -> None:
        """The own basket comes back by itself, another person's after asking."""
        self.set_interval(EVERY_S, self.send_again)
        if self.ASKS_WHOSE:
            self.ask_coming(own_alone=True)
        else:
            self.read_coming()

    def send_again(self) -> None:
        """What was sold without the line, also while the payment is shown over the basket."""
        send_again(self, self.shop)

    @on(messages.Resent)
    def say_resent(self, message: messages.Resent) -> None:
        """The line is back; the basket stays as it is."""
        self.refresh_status()
        if message.drained.settled:
            from huiyuan.screens.unsettled import settled_text

            self.tell(settled_text(self.say, message.drained), "good")
        if not self.cart.lines and not message.drained.left:
            from huiyuan.screens.switching import offer_sign_in

            offer_sign_in(self)

    def action_switch(self) -> None:
        """Another person goes on with this basket."""
        from huiyuan.screens.switching import SwitchSheet, may_switch

        if may_switch(self.app):
            self.app.push_screen(SwitchSheet(self.shop))

    def noted(self, after: Cart, why: str) -> Cart:
        """Write down what leaves the basket unpaid, before it does; answers the basket `after` it."""
        shop = self.shop
        rows = taken_off(
            self.cart, after, why=why, session=shop.person.session, at=shop.clock.now(), new_id=shop.ids.new
        )
        if rows:
            try:
                shop.removals.note(rows)
            except Refused as refused:
                self.tell(sentence(self.say, refused), "error")
                return self.cart
        return after

    @property
    def comes_back(self) -> ComesBack | None:
        """What comes back beside this basket; nothing in a sale."""
        return None

    def drop_basket(self) -> None:
        """Whoever leaves the sale leaves the goods."""
        self.noted(Cart(), "left")
        self.shelf.clear()

    def read_coming(self) -> None:
        """Goods and member anew; asked again while there is no line."""
        kept, shop = self.coming, self.shop
        if kept is not None and self.is_attached:
            ask(
                self,
                lambda: read_anew(shop, kept),
                then=lambda read: BasketRead(kept, read),
                subject=self.COMES_AS,
            )

    @on(BasketRead)
    def bring_back(self, message: BasketRead) -> None:
        """As it was, at the prices of now."""
        kept, restored = message.kept, message.restored
        self.coming = None
        cart = self.with_whom(restored.cart, kept)
        _, left = pay_again(
            Payment(sum(each.amount_minor for each in kept.basket.tenders)), kept.basket.tenders
        )
        self.taken_before = tuple(each for each in kept.basket.tenders if each not in left)
        own = renewed(kept, staff=self.shop.person.staff.number, at=kept.at)
        self.take_cart(cart)
        told = losses(self.say, own, restored, left)
        self.tell(self.say(msg("Back again: {basket}"), basket=whose(self.shop, kept)), "good")
        if told:
            self.app.push_screen(BasketBack(self.shop, [whose(self.shop, kept), *told], asks=False))

    def with_whom(self, cart: Cart, kept: KeptBasket) -> Cart:
        """A member who was chosen before the sale stays, where the basket of before had none."""
        if cart.balances is None and self.cart.named is not None and kept.basket.member is None:
            return cart.with_member(self.cart.named)
        return cart

    def take_cart(self, cart: Cart, *, mark: int | None = None) -> None:
        """Show `cart`; the screen's own."""
        raise AssertionError((cart, mark))

    def keep_basket(self) -> None:
        """After every change; and say it where the disk took none."""
        if self.coming is None and keep(self.shop, self.cart, self.taken_before, back=self.comes_back):
            self.tell(
                self.say(
                    msg("This counter's disk takes no basket: what is scanned would not survive a power cut.")
                ),
                "warn",
            )

    def booked(self, paid: Paid | None) -> Paid | None:
        """What became of the payment; None where the basket stays, as it was or at new prices."""
        if paid is None:
            self.keep_basket()
        elif paid.prices:
            self.take_cart(self.cart.with_prices(dict(paid.prices)))
            self.tell(self.say(msg("The basket has the new prices now.")), "warn")
        else:
            return paid
        return None

    def begin_payment(self) -> tuple[Tender, ...]:
        """What was taken before goes over to the payment."""
        taken, self.taken_before = self.taken_before, ()
        return taken


def waits(shop: Shop) -> str:
    """At home: the baskets that were left here, where they cannot come back by themselves; else nothing."""
    places = (shop.baskets, shop.baskets.returning, shop.baskets.topping)
    left = filter(None, (each.kept() for each in places))
    return "\n".join(whose(shop, kept) for kept in left)
