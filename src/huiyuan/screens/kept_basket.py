"""The basket outlives the process: kept at every change, brought back where it was left.

Always true: until it is known what became of the basket of before nothing else is taken, so that nothing
overwrites it; whose it was is said; what cannot come back is said by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
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
from huiyuan.domain.ports import Baskets
from huiyuan.domain.usecases.removal import taken_off
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.outage import EVERY_S, send_again
from huiyuan.screens.refusals import sentence
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.wording import Wording

R = TypeVar("R")

RETRY_S = 5
NAMED_MOST = 3
TAKE, EMPTY = "take", "empty"
SUBJECT = "basket"
TITLE = msg("A basket of before")


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


def parts_told(say: Wording, parts: Sequence[Tender]) -> str:
    """What was taken on other machines, each with its reference."""
    told = (f"{say.tender(each.kind)} {say.money(each.amount_minor)} ({each.reference})" for each in parts)
    return "; ".join(told)


def whose(shop: Shop, kept: KeptBasket) -> str:
    """Whose it was, from when, how old, how much of what."""
    say, basket = shop.say, kept.basket
    if basket.top_up is not None:
        return say(
            msg("The top-up of {staff} from {moment} ({ago}): card {card}, {amount}. Taken so far: {parts}."),
            staff=kept.staff, moment=say.moment(kept.at), ago=say.age(kept.at, shop.clock.now()),
            card=basket.top_up.masked, amount=say.money(basket.top_up.amount_minor),
            parts=parts_told(say, basket.tenders),
        )  # fmt: skip
    text = say(
        msg("The basket of {staff} from {moment} ({ago}), {lines} lines.")
        if basket.back is None
        else msg("The return of {staff} from {moment} ({ago}), {lines} lines."),
        staff=kept.staff,
        moment=say.moment(kept.at),
        ago=say.age(kept.at, shop.clock.now()),
        lines=len(basket.lines) + (len(basket.back.pieces) if basket.back else 0),
    )
    taken = sum(tender.amount_minor for tender in basket.tenders)
    return text if not taken else f"{text} " + say(msg("Taken so far: {amount}."), amount=say.money(taken))


class BasketBack(Sheet[str]):
    """Somebody else's basket: go on with it or empty it. With `asks` off it only says what changed."""

    SCOPE = "basket_back"

    def __init__(self, shop: Shop, sentences: Sequence[str], *, asks: bool, title: str = TITLE) -> None:
        super().__init__(shop, shop.say(title))
        self.sentences = sentences
        self.asks = asks

    def body(self) -> ComposeResult:
        """A sentence each."""
        for text in self.sentences:
            yield Prose(text)

    def applies(self, action: str) -> bool:
        """Emptying is offered where it is asked."""
        return self.asks or action != "empty"

    def action_take(self) -> None:
        """Enter."""
        self.dismiss(TAKE)

    def action_empty(self) -> None:
        """F9."""
        self.dismiss(EMPTY)


class BasketScreen(AskingScreen[R]):
    """What a screen with a basket gains; named after the screen's own base."""

    cart: Cart
    ASKS_WHOSE: ClassVar[bool] = True
    """Off where whoever opened the screen was asked already."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.coming: KeptBasket | None = self.left_here()
        self.taken_before: tuple[Tender, ...] = ()

    def left_here(self) -> KeptBasket | None:
        """The basket of before, of this screen's kind."""
        return self.shelf.kept()

    @property
    def taking(self) -> bool:
        """Nothing may be added before the basket of before is back or gone."""
        return self.coming is None

    def on_mount(self) -> None:
        """The own basket comes back by itself, another person's after asking."""
        self.set_interval(EVERY_S, self.send_again)
        kept = self.coming
        if kept is None:
            return
        if not self.ASKS_WHOSE or kept.staff == self.shop.person.staff.number:
            self.read_basket()
            return
        about = [
            whose(self.shop, kept),
            self.say(msg("Go on with it, or empty it. Esc leaves it where it is.")),
        ]
        self.app.push_screen(BasketBack(self.shop, about, asks=True), self.decide_basket)

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
    def shelf(self) -> Baskets:
        """Where the basket of this screen is kept."""
        return self.shop.baskets

    @property
    def comes_back(self) -> ComesBack | None:
        """What comes back beside this basket; nothing in a sale."""
        return None

    def drop_basket(self) -> None:
        """Whoever leaves the sale leaves the goods."""
        self.noted(Cart(), "left")
        self.shelf.clear()

    def decide_basket(self, answer: str | None) -> None:
        """Whoever neither takes nor empties it cannot sell over it."""
        kept, by = self.coming, self.shop.person.staff.number
        if kept is None:
            return
        if answer is None:
            self.dismiss(None)
        elif answer == EMPTY:
            self.shelf.drop(kept, by=by)
            self.coming = None
            self.refresh_bindings()
        else:
            self.shelf.take(kept, by=by)
            self.read_basket()

    def read_basket(self) -> None:
        """Goods and member anew; asked again while there is no line."""
        kept, shop = self.coming, self.shop
        if kept is not None and self.is_attached:
            ask(
                self, lambda: read_anew(shop, kept), then=lambda read: BasketRead(kept, read), subject=SUBJECT
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

    @on(messages.NoLine)
    def wait_with_basket(self, message: messages.NoLine) -> None:
        """Some of it only the server knows: asked again until the line is back."""
        if message.subject == SUBJECT:
            self.set_timer(RETRY_S, self.read_basket)

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

    def begin_payment(self) -> tuple[Tender, ...]:
        """What was taken before goes over to the payment."""
        taken, self.taken_before = self.taken_before, ()
        return taken


def waits(shop: Shop) -> str:
    """At home: the baskets that were left here, where they cannot come back by themselves; else nothing."""
    places = (shop.baskets, shop.baskets.returning, shop.baskets.topping)
    left = filter(None, (each.kept() for each in places))
    return "\n".join(whose(shop, kept) for kept in left)
