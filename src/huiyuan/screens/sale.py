"""Sale: one field takes everything. A code or barcode becomes a line, a card number attaches its member.

Always true: what was scanned is looked up in the order it was scanned and none is lost, however fast they
come; prices are worked out anew from the whole basket after every change; the money is taken elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import AttachedMember
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.payment_code import PaymentCode
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.redeem import worth_minor
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.screens import device_news, messages
from huiyuan.screens.ask import ask
from huiyuan.screens.basket_member import BasketMember
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.dialogs.entry import Entry, read_amount, read_quantity
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.kept_basket import BasketScreen
from huiyuan.screens.minding import Minding
from huiyuan.screens.paper import paper_trouble
from huiyuan.screens.paper_notice import PaperNotice
from huiyuan.screens.payment import Paid, PaymentScreen
from huiyuan.screens.priced_basket import PricedBasket
from huiyuan.screens.refusals import sentence
from huiyuan.screens.resting import IN_A_SALE, rest_text
from huiyuan.screens.shop import Shop
from huiyuan.screens.slip_way import SlipWay
from huiyuan.screens.weighing import can_weigh, weigh, weighed
from huiyuan.screens.widgets.basket import TotalRow, basket_columns, goods_text, price_text, quantity_text
from huiyuan.screens.widgets.rows import RowList


class SaleScreen(
    ShopScreen[None], BasketScreen[None], PricedBasket[None], BasketMember[None], Minding[None],
    SlipWay[None], PaperNotice[None],
):  # fmt: skip
    """The basket. Enter adds, F2 goes to the money.

    Args:
        named: a member to begin with who showed no card.
    """

    SCOPE = "sale"
    TITLE_TEXT = msg("Sale")
    TAKES_CARDS = True

    def __init__(self, shop: Shop, named: AttachedMember | None = None) -> None:
        super().__init__(shop)
        self.cart = Cart(named=named if named is None or named.rest is None else None)
        self.rest = named.rest if named else None
        self.rules: Sequence[RuleVersion] = ()
        self.priced = price_cart(self.cart, ())

    def body(self) -> ComposeResult:
        """Lines, total, the one field."""
        say = self.say
        yield RowList(
            basket_columns(say, quantity="sale.quantity", price="sale.price"),
            id="lines",
            empty=say(msg("Scan goods or a card.")),
        )
        yield TotalRow(say)
        yield from self.goods_field(say(msg("Code, card, 3*code")))

    def on_mount(self) -> None:
        """The rules in force price the basket."""
        self.begin_entry()
        self.show_paper()
        if self.rest is not None:
            self.tell(rest_text(self.say, self.rest, IN_A_SALE), "warn")
        self.awaited.add("rules")
        ask(self, self.shop.reads.rules, then=messages.RulesRead, subject="rules")

    @on(messages.RulesRead)
    def take_rules(self, message: messages.RulesRead) -> None:
        """Price anew."""
        self.rules = message.rules
        self.take_cart(self.cart)
        self.came("rules")

    # Scanning

    @on(messages.ProductFound)
    def add_product(self, message: messages.ProductFound) -> None:
        """A line, or more of one."""
        product, qty_milli = message.product, message.qty_milli
        try:
            self.take_cart(cart := self.cart.add(product, qty_milli), mark=cart.place_of(product.id))
        except Refused as refused:
            if refused.code == "price_needed":
                self.ask_price(product, qty_milli)
                return
            self.missed = sentence(self.say, refused)
            self.looked_up()
            return
        self.mind(product)

    def ask_price(self, product: Product, qty_milli: int) -> None:
        """Goods without a price of their own: the queue waits until somebody typed one, or left."""
        read = read_amount(self.shop)

        def added(text: str) -> tuple[Cart, int | None]:
            typed_minor = read(text)
            cart = self.cart.add(product, qty_milli, typed_minor=typed_minor)
            return cart, cart.place_of(product.id, typed_minor)

        def take(found: tuple[Cart, int | None] | None) -> None:
            if found is None:
                self.looked_up()
                return
            self.take_cart(found[0], mark=found[1])
            self.mind(product)

        title = self.say(msg("Type the price"))
        self.app.push_screen(
            Entry(self.shop, title, aside=product.name, label=self.say(msg("Price")), read=added), take
        )

    @on(messages.CardOpened)
    def attach_card(self, message: messages.CardOpened) -> None:
        """The member's prices, the wallet that earns and pays."""
        card = message.card
        if (refused := card.unusable()) is not None:
            self.missed = sentence(self.say, refused)
        elif card.rest is not None:
            self.missed = rest_text(self.say, card.rest, IN_A_SALE)
        else:
            self.take_cart(self.cart.with_card(card))
            self.show_notes()
        self.looked_up()

    # The basket

    def take_cart(self, cart: Cart, *, mark: int | None = None) -> None:
        """Price `cart` and show it; `mark` is the place of the line that is marked."""
        self.cart = cart
        self.priced = price_cart(cart, self.rules, self.shop.wall_clock())
        say = self.say
        rows = [
            (str(line.n), goods_text(line.item), line.item.product.code, quantity_text(say, line.item),
             price_text(say, line.item),
             say.figure(-line.saved_minor) if line.saved_minor else "", say.figure(line.total_minor))
            for line in self.priced.lines
        ]  # fmt: skip
        self.query_one("#lines", RowList).show_rows(rows, mark=mark)
        self.query_one(TotalRow).show(self.priced)
        self.aside(self.card_text())
        self.keep_basket()
        self.refresh_bindings()

    def between_customers(self) -> bool:
        """The basket is empty."""
        return not self.cart.lines and not self.looking

    def cards_shown(self) -> tuple[int, ...]:
        """The card that is attached."""
        return (self.cart.card.id,) if self.cart.card else ()

    def card_text(self) -> str:
        """Who it is, what the card holds, and what the points are worth; without a card it does not pay."""
        cart, say, held = self.cart, self.say, self.cart.balances
        if cart.noted is not None:
            return say(msg("card ..{last} noted, points later"), last=cart.noted.last)
        if held is None:
            return ""
        name = cart.card.whose if cart.card else cart.member.name if cart.member else ""
        who = f"{name} {cart.member.tier.name}" if cart.member else say(msg("bearer card"))
        worth = worth_minor(self.rules, points=held.points - held.points_debt, tier=cart.tier)
        points = f"{held.points:,} ({say.money(worth)})" if worth else f"{held.points:,}"
        if cart.card is None:
            return say(msg("{who}  no card shown  points {points}"), who=who, points=points)
        return say(
            msg("{who}  stored {stored}  points {points}"),
            who=who,
            stored=say.money(held.stored_minor),
            points=points,
        )

    def applies(self, action: str) -> bool:
        """Nothing to pay, nothing to change: no key."""
        if action == "pay":
            return bool(self.cart.lines) or self.looking
        if action in {"quantity", "price", "remove", "clear"}:
            return bool(self.cart.lines) and not self.looking
        if action == "weigh":
            return not self.looking and can_weigh(self, self.cart, self.query_one("#lines", RowList).marked)
        if action == "detach":
            return self.cart.balances is not None or self.cart.noted is not None
        if action == "void":
            return not self.cart.lines
        if action == "quick":
            return bool(self.shop.greeting.quick_keys) and self.taking
        return super().applies(action)

    def action_quick(self) -> None:
        """A key of the store's own for goods without a barcode."""
        from huiyuan.screens.quick_keys import QuickSheet

        def take(code: str | None) -> None:
            if code is not None and self.taking:
                self.take_text(code, None, meant=False)

        self.app.push_screen(QuickSheet(self.shop), take)

    def action_quantity(self) -> None:
        """F3."""
        index = self.query_one("#lines", RowList).marked
        if index is None:
            return
        self.change_line(
            self.say(msg("Quantity")),
            lambda text: self.noted(self.cart.set_quantity(index, read_quantity(text)), "quantity"),
        )

    def action_weigh(self) -> None:
        """^T: what lies on the scale."""
        index = self.query_one("#lines", RowList).marked
        if index is not None:
            weigh(self, self.cart, index)

    @on(device_news.Weighed)
    def take_weight(self, message: device_news.Weighed) -> None:
        """Into the line that was weighed."""
        cart = weighed(self.cart, message)
        if cart is not None:
            self.take_cart(self.noted(cart, "quantity"), mark=message.index)

    def change_line(self, title: str, read: Callable[[str], Cart], about: str = "") -> None:
        """One value for the marked line; `read` makes the basket with it."""
        index = self.query_one("#lines", RowList).mark
        aside = self.cart.lines[index].product.name

        def take(cart: Cart | None) -> None:
            if cart is not None:
                self.take_cart(cart, mark=index)

        entry = Entry(self.shop, title, aside=aside, label=title, read=read, about=about)
        self.app.push_screen(entry, take)

    def action_price(self) -> None:
        """F6: the list's own price lifts what was typed."""
        index = self.query_one("#lines", RowList).marked
        if index is None:
            return
        product, read = self.cart.lines[index].product, read_amount(self.shop, zero=True)

        def priced(text: str) -> Cart:
            amount = read(text)
            return self.cart.set_price(index, None if amount and amount == product.price_minor else amount)

        alone = product.open_price or self.shop.may("open_price")
        about = "" if alone else self.say(msg("A second person has to approve the price at the payment."))
        self.change_line(self.say(msg("Price")), priced, about)

    def action_remove(self) -> None:
        """F4."""
        index = self.query_one("#lines", RowList).marked
        if index is not None:
            self.take_cart(self.noted(self.cart.remove(index), "line"))

    def action_detach(self) -> None:
        """F5."""
        self.take_cart(self.cart.with_card(None))
        self.tell("")

    def action_clear(self) -> None:
        """F9."""
        title, question = self.say(msg("Clear")), self.say(msg("Empty the basket?"))
        self.app.push_screen(Confirm(self.shop, title, question), self.clear_if_sure)

    def clear_if_sure(self, sure: bool | None) -> None:
        """Enter said yes."""
        if sure:
            self.tell("")
            self.take_cart(self.noted(Cart(), "basket"))

    def action_void(self) -> None:
        """F8."""
        from huiyuan.screens.void import VoidScreen

        self.app.push_screen(VoidScreen(self.shop))

    def action_back(self) -> None:
        """Esc drops what is typed, and asks if the basket is not empty."""
        if self.drop_typed():
            return
        if not self.cart.lines and self.cart.balances is None and self.cart.noted is None:
            self.dismiss(None)
            return
        question = self.say(msg("Leave the sale and drop the basket? Nothing of it was booked."))
        self.app.push_screen(Confirm(self.shop, self.say(msg("Leave")), question), self.leave_if_sure)

    def leave_if_sure(self, sure: bool | None) -> None:
        """Enter said yes."""
        if sure:
            self.drop_basket()
            self.dismiss(None)

    # The money

    def action_pay(self) -> None:
        """F2: from here on the basket is a document with an id. What is on its way to it is waited for."""
        self.paying = self.looking or bool(self.awaited)
        if self.cart.lines and not self.paying and not self.shown_again():
            code, self.code = self.code, None
            payment = PaymentScreen(self.shop, self.priced, code, self.begin_payment())
            self.app.push_screen(payment, self.after_payment)

    def take_payment_code(self, code: PaymentCode) -> None:
        """The customer shows the code already: to the money with it."""
        if not self.cart.lines and not self.looking:
            super().take_payment_code(code)
            return
        self.code = code
        self.action_pay()

    def after_payment(self, paid: Paid | None) -> None:
        """Paid: an empty basket for the next customer. Not paid: the basket as it was, or at new prices."""
        if (booked := self.booked(paid)) is None:
            return
        self.take_cart(Cart())
        say = self.say
        if booked.unknown:
            self.tell(
                say(msg("The last sale is among the open items and is sent again. Do not ring it up anew.")),
                "warn",
            )
            return
        text = say(msg("Last sale {amount}, change {change}."), amount=say.money(booked.total_minor),
                   change=say.money(booked.change_minor))  # fmt: skip
        trouble = paper_trouble(self.shop)
        self.tell(f"{text} {trouble}" if trouble else text, "warn" if trouble else "good")
