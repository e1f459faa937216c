"""Exchange: goods of a sale come back, others go out, and the difference is paid or paid back. One document.

Always true: what comes back was marked before this screen opens and does not change here; what is carried
over and what goes back is shown before anything is booked, by the door's own arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.basket import ComesBack, KeptBasket
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.document import Document, Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.exchange import preview_exchange
from huiyuan.domain.model.invoice import to_red_letter
from huiyuan.domain.model.posted import Posted, PostedDocument
from huiyuan.domain.model.pricing.order import Priced, price_cart
from huiyuan.domain.model.receipt import Receipt
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.ports import Baskets
from huiyuan.domain.usecases.exchange import exchange_document
from huiyuan.domain.usecases.refunding import refunds_of
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.coupon_paper import coupons_earned
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.dialogs.entry import Entry, read_quantity, read_reason
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.kept_basket import BasketScreen, keep
from huiyuan.screens.minding import Minding
from huiyuan.screens.paper import slip_of
from huiyuan.screens.payment import Paid, PayingScreen, served_names
from huiyuan.screens.priced_basket import PricedBasket
from huiyuan.screens.refunds import coupon_rows, points_rows, refund_rows
from huiyuan.screens.refusals import sentence
from huiyuan.screens.resting import IN_AN_EXCHANGE, rest_text
from huiyuan.screens.serving import Serving
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.basket import basket_columns
from huiyuan.screens.widgets.prose import Facts
from huiyuan.screens.widgets.rows import RowList


def exchanged(sale: PostedDocument, pieces: Mapping[int, int], reason: str) -> ComesBack:
    """What comes back, as it is kept with the goods that go out."""
    return ComesBack(sale.document.id, tuple(sorted(pieces.items())), exchange=True, reason=reason)


class ExchangePayment(PayingScreen):
    """The payment of the difference; nothing due means that Enter books it at once."""

    def __init__(
        self,
        shop: Shop,
        priced: Priced,
        sale: PostedDocument,
        pieces: Mapping[int, int],
        reason: str,
        taken: tuple[Tender, ...] = (),
    ) -> None:
        due = preview_exchange(sale, pieces, out_minor=priced.total_minor).due_minor
        super().__init__(shop, priced, taken=taken, due_minor=due)
        self.sale = sale
        self.pieces = dict(pieces)
        self.reason = reason

    def keep_taken(self) -> None:
        """With what comes back."""
        back = exchanged(self.sale, self.pieces, self.reason)
        keep(self.shop, self.priced.cart, self.payment.tenders, self.document_id, back=back)

    def drawn_up(self, pin_attempt: UUID | None) -> Document:
        """Both halves in one."""
        shop = self.shop
        preview = preview_exchange(self.sale, self.pieces, out_minor=self.priced.total_minor)
        back = {each.of_n: each.amount_minor for each in preview.paid_back}
        self.refunds = refunds_of(
            self.sale, back, document=self.document_id, shift=shop.open_shift.id, at=shop.clock.now()
        )
        return exchange_document(
            stamp_of(shop, self.document_id),
            sale=self.sale,
            pieces=self.pieces,
            priced=self.priced,
            payment=self.payment,
            reason=self.reason,
            pin_attempt=pin_attempt,
            coupons=coupons_earned(shop, self.document_id, self.priced),
            removed=shop.removals.waiting(),
        )

    def slip(self, document: Document, posted: Posted) -> Receipt:
        """What came back stands on it behind what went out."""
        names = {line.n: line.item.product.name for line in self.priced.lines}
        sold = {line.n: line.name for line in self.sale.lines}
        names |= {len(names) + row.n: sold.get(row.of, f"#{row.of}") for row in document.backs}
        cart = self.priced.cart
        return slip_of(
            self.shop, document, posted, names=names, served=served_names(self.priced), card=cart.card,
            member=cart.member,
            rules=self.priced.rules, of_receipt=self.sale.posted.receipt, red_letter=self.red_letter(posted),
        )  # fmt: skip

    def red_letter(self, posted: Posted) -> Sequence[str]:
        """Invoices of the sale whose goods came back."""
        return to_red_letter(self.sale, posted)


class ExchangeScreen(
    ShopScreen[bool], BasketScreen[bool], PricedBasket[bool], Serving[bool], Minding[bool]
):  # fmt: skip
    """The goods that go out. Answers True once the exchange is booked.

    Args:
        sale: the sale that goods come back from.
        pieces: line number -> thousandths that come back.
        kept: what had been taken down of it before.
    """

    SCOPE = "exchange"
    ASKS_WHOSE = False
    TITLE_TEXT = msg("Exchange")
    TAKES_CARDS = True

    def __init__(
        self, shop: Shop, sale: PostedDocument, pieces: Mapping[int, int], kept: KeptBasket | None = None
    ) -> None:
        super().__init__(shop)
        self.coming = kept
        self.sale = sale
        self.pieces = dict(pieces)
        back = kept.basket.back if kept is not None else None
        self.reason = back.reason if back is not None else ""
        self.cart = Cart(named=sale.attached)
        self.rules: Sequence[RuleVersion] = ()
        self.priced = price_cart(self.cart, ())

    def left_here(self) -> KeptBasket | None:
        """Whoever opens this screen knows it already."""
        return None

    @property
    def shelf(self) -> Baskets:
        """The desk of returns keeps its own."""
        return self.shop.baskets.returning

    @property
    def comes_back(self) -> ComesBack:
        """Kept with what goes out."""
        return exchanged(self.sale, self.pieces, self.reason)

    def with_whom(self, cart: Cart, kept: KeptBasket) -> Cart:  # noqa: ARG002
        """The sale says whose wallet it is, not the basket."""
        return cart if self.sale.attached is None else cart.with_member(self.sale.attached)

    def body(self) -> ComposeResult:
        """What goes out, what that means in money, the one field."""
        say = self.say
        yield RowList(
            basket_columns(say, quantity="exchange.quantity"),
            id="lines",
            empty=say(msg("Scan what the customer takes instead.")),
        )
        yield Facts(id="money", width=30, label_width=26)
        yield from self.goods_field(say(msg("Code, card, 3*code")))

    def on_mount(self) -> None:
        """The rules in force price the basket."""
        self.begin_entry()
        self.show_basket()
        if self.sale.attached is not None and self.sale.attached.rest is not None:
            self.tell(rest_text(self.say, self.sale.attached.rest, IN_AN_EXCHANGE), "error")
        ask(self, self.shop.reads.rules, then=messages.RulesRead, subject="rules")

    @on(messages.RulesRead)
    def take_rules(self, message: messages.RulesRead) -> None:
        """Price anew."""
        self.rules = message.rules
        self.take_cart(self.cart)

    @on(messages.ProductFound)
    def add_product(self, message: messages.ProductFound) -> None:
        """A line, or more of one."""
        try:
            cart = self.cart.add(message.product, message.qty_milli)
            self.take_cart(cart, mark=cart.place_of(message.product.id))
        except Refused as refused:
            self.missed = sentence(self.say, refused)
            self.looked_up()
            return
        self.mind(message.product)

    @on(messages.CardOpened)
    def attach_card(self, message: messages.CardOpened) -> None:
        """Only the card of the sale's own wallet, where it has one."""
        card = message.card
        if (refused := card.unusable()) is not None:
            self.missed = sentence(self.say, refused)
        elif card.rest is not None:
            self.missed = rest_text(self.say, card.rest, IN_AN_EXCHANGE)
        elif self.sale.wallet is not None and card.wallet != self.sale.wallet:
            self.missed = sentence(self.say, Refused("wallet_differs", {"wallet": self.sale.wallet}))
        else:
            self.take_cart(self.cart.with_card(card))
        self.looked_up()

    def take_cart(self, cart: Cart, *, mark: int | None = None) -> None:
        """Price `cart` and show it."""
        self.cart = cart
        self.priced = price_cart(cart, self.rules, self.shop.wall_clock())
        self.show_basket(mark)
        self.keep_basket()

    def show_basket(self, mark: int | None = None) -> None:
        """Lines, and where the money goes."""
        say, priced = self.say, self.priced
        rows = [
            (str(line.n), line.item.product.name, line.item.product.code, say.quantity(line.item.qty_milli),
             say.figure(line.item.price_minor), say.figure(-line.saved_minor) if line.saved_minor else "",
             say.figure(line.total_minor))
            for line in priced.lines
        ]  # fmt: skip
        self.query_one("#lines", RowList).show_rows(rows, mark=mark)
        self.query_one("#money", Facts).show(self.money_rows())
        who = f"{self.cart.member.name}  " if self.cart.member else ""
        self.aside(f"{who}{self.sale.posted.receipt}")
        self.refresh_bindings()

    def money_rows(self) -> list[tuple[str, str]]:
        """Back, out, and the difference either way."""
        say = self.say
        try:
            preview = preview_exchange(self.sale, self.pieces, out_minor=self.priced.total_minor)
        except Refused:
            return []
        rows = [
            (say(msg("Comes back")), say.money(preview.back.total_minor)),
            (say(msg("Goes out")), say.money(preview.out_minor)),
        ]
        if preview.due_minor:
            rows.append((say(msg("Customer pays")), say.money(preview.due_minor)))
        rows += refund_rows(say, self.sale, preview.paid_back, self.shop.greeting.chain.cash) + points_rows(
            say, preview.back
        )
        return rows + coupon_rows(say, self.sale, self.pieces)

    def applies(self, action: str) -> bool:
        """Nothing goes out, nothing to pay."""
        if action in {"pay", "quantity", "remove"}:
            return bool(self.cart.lines) and not self.looking
        return super().applies(action)

    def action_quantity(self) -> None:
        """F3."""
        index = self.query_one("#lines", RowList).marked
        if index is None:
            return

        def take(cart: Cart | None) -> None:
            if cart is not None:
                self.take_cart(cart, mark=index)

        label, name = self.say(msg("Quantity")), self.cart.lines[index].product.name
        self.app.push_screen(
            Entry(
                self.shop, label, aside=name, label=label,
                read=lambda text: self.noted(self.cart.set_quantity(index, read_quantity(text)), "quantity"),
            ),
            take,
        )  # fmt: skip

    def action_remove(self) -> None:
        """F4."""
        index = self.query_one("#lines", RowList).marked
        if index is not None:
            self.take_cart(self.noted(self.cart.remove(index), "line"))

    def action_pay(self) -> None:
        """F2: why, then the difference."""
        if not self.cart.lines or self.looking:
            return
        if self.sale.wallet is not None and self.cart.wallet != self.sale.wallet:
            self.tell(self.say(msg("The sale was rung up on a card: show it first.")), "warn")
            return

        def take(reason: str | None) -> None:
            if reason is not None:
                self.reason = reason
                self.keep_basket()
                payment = ExchangePayment(
                    self.shop, self.priced, self.sale, self.pieces, reason, self.begin_payment()
                )
                self.app.push_screen(payment, self.after_payment)

        title, label = self.say(msg("Exchange")), self.say(msg("Reason"))
        entry = Entry(self.shop, title, label=label, read=read_reason, value=self.reason)
        self.app.push_screen(entry, take)

    def after_payment(self, paid: Paid | None) -> None:
        """Booked: back to the returns. Not booked: the basket as it was, or at new prices."""
        if self.booked(paid) is not None:
            self.shelf.clear()
            self.dismiss(True)

    def action_back(self) -> None:
        """Esc drops what is typed, and asks where goods that go out would be lost."""
        if self.drop_typed():
            return
        if not self.cart.lines:
            self.dismiss(None)
            return
        question = self.say(msg("Leave the exchange and drop what goes out? Nothing of it was booked."))
        self.app.push_screen(Confirm(self.shop, self.say(msg("Leave")), question), self.leave_if_sure)

    def leave_if_sure(self, sure: bool | None) -> None:
        """Enter said yes; what comes back stays marked."""
        if sure:
            self.noted(Cart(), "left")
            self.dismiss(None)
