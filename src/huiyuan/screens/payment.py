"""Payment: tenders are collected until nothing is due, then the sale is posted.

Always true: the document's id is made when this screen opens and never again; tenders pay the total exactly;
a card's PIN is asked when stored value above the floor is taken and leaves this screen with the posting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from textual import on
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.basket import pay_again
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.document import Document, Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.payment_code import PaymentCode
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.pricing.earning import earned_coupons
from huiyuan.domain.model.pricing.order import Priced
from huiyuan.domain.model.receipt import Receipt
from huiyuan.domain.model.tender import CREDIT, MOBILE, Payment, pin_wanted
from huiyuan.domain.usecases.checkout import sale_document
from huiyuan.screens import messages, paying_news
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.coupon_paper import coupon_slips, coupons_earned
from huiyuan.screens.dialogs.pins import CardPin, Secret
from huiyuan.screens.guessed import post_with_guess
from huiyuan.screens.kept_basket import keep
from huiyuan.screens.outage import works_offline
from huiyuan.screens.outage_sale import offline_document, sell_offline
from huiyuan.screens.outbox_sending import way_text
from huiyuan.screens.phone_paying import PhonePaying
from huiyuan.screens.phone_refund import GivesBackByPhone
from huiyuan.screens.presenting import whose_card
from huiyuan.screens.refusals import sentence
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of


@dataclass(frozen=True, slots=True)
class Paid:
    """How a payment ended. `prices` are fresh products after a price change: nothing was booked then.

    `unknown`: the document is kept and sent again by itself; the basket must not be rung up anew.
    """

    total_minor: int
    change_minor: int
    prices: tuple[tuple[int, Product], ...] = ()
    unknown: bool = False


@dataclass
class PricesRead(Message):
    """The goods of the basket, read anew."""

    products: tuple[tuple[int, Product], ...]


def served_names(priced: Priced) -> dict[int, str]:
    """Line number -> who served it, where somebody was named."""
    return {
        line.n: ", ".join(each.name for each in line.item.served) for line in priced.lines if line.item.served
    }


class PayingScreen(PhonePaying[Paid], GivesBackByPhone[Paid]):
    """What is due, what was taken, the one field for an amount.

    Args:
        code: a payment code that was scanned before this screen was there; it is charged at once.
        taken: tenders of a basket that came back.
        due_minor: what is to be paid, where that is not the whole of the basket.
    """

    SCOPE = "payment"
    TITLE_TEXT = msg("Payment")
    KEEPS_ON: ClassVar[bool] = False
    """What is sold here goes on while the line is away."""

    def __init__(
        self,
        shop: Shop,
        priced: Priced,
        code: PaymentCode | None = None,
        taken: tuple[Tender, ...] = (),
        *,
        due_minor: int | None = None,
    ) -> None:
        super().__init__(shop, priced, code)
        if due_minor is not None:
            self.payment = Payment(due_minor, cash=shop.greeting.chain.cash)
        self.payment, left = pay_again(self.payment, taken)
        booked = {(each.reference, each.amount_minor) for each in self.payment.tenders}
        self.too_much = [
            each
            for each in taken
            if each.wallet is None and each.kind != MOBILE
            and (each in left or (each.reference and (each.reference, each.amount_minor) not in booked))
        ]  # fmt: skip
        self.priced_at = shop.clock.now()
        self.stale = False

    def on_mount(self) -> None:
        """Money of before that has no room in what is due now is never dropped without a word."""
        if self.too_much:
            parts = [
                f"{self.say.tender(each.kind)} {self.say.money(each.amount_minor)}" for each in self.too_much
            ]
            text = msg("Taken before, but more than is due now: {tenders}. Give it back, or add goods.")
            self.call_after_refresh(self.tell, self.say(text, tenders=", ".join(parts)), "warn")

    def cards_shown(self) -> tuple[int, ...]:
        """The card that may pay."""
        card = self.priced.cart.card
        return (card.id,) if card else ()

    def applies(self, action: str) -> bool:
        """New prices only after they changed."""
        if action == "reprice":
            return self.stale and not self.held
        if action == "slip":
            return self.priced.cart.member is not None and not self.held
        return super().applies(action)

    def show_payment(self) -> None:
        """And keep the basket with what was taken, and with the document that it becomes."""
        super().show_payment()
        if not self.held:
            self.keep_taken()

    def keep_taken(self) -> None:
        """Written down at every tender."""
        keep(self.shop, self.priced.cart, self.payment.tenders, self.document_id)

    def action_slip(self) -> None:
        """By its name: paper, both, message alone; the customer says so at the money, if at all."""
        cart = self.priced.cart.with_next_slip()
        self.priced = replace(self.priced, cart=cart)
        self.show_payment()
        self.tell(way_text(self.say, cart))

    def covered(self) -> None:
        """The PIN if it is needed, then the posting."""
        self.complete(None)

    def complete(self, pin: Secret | None, *, pin_asked: bool = False) -> None:
        """Everything is covered: the PIN if it is needed, then the posting."""
        card = self.priced.cart.card
        floor = self.shop.greeting.chain.pin_floor_minor
        wanted = pin_wanted(self.payment.card_minor, floor_minor=floor) and card is not None and card.pin_set
        if (wanted or pin_asked) and pin is None:
            self.ask_pin()
            return
        try:
            document = self.drawn_up(self.shop.ids.new() if pin else None)
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        self.stale = False
        self.submit_guessed(document, pin)

    def take_account(self, kind: str, left_minor: int) -> None:
        """Whoever owes since too long buys on account all the same, and whoever sells knows it."""
        super().take_account(kind, left_minor)
        card, book = self.priced.cart.card, self.shop.members
        if kind == CREDIT and card is not None and card.wallet is not None and card.balances.owed_minor > 0:
            wallet = card.wallet
            ask(
                self,
                lambda: book.credit_due(wallet),
                then=lambda due: paying_news.DebtRead(wallet, due),
                subject="debt",
            )

    @on(paying_news.DebtRead)
    def say_overdue(self, message: paying_news.DebtRead) -> None:
        """Before Enter; nothing is said of a debt whose day is still to come."""
        due = message.due
        if due is not None and due.overdue_minor and due.due_on is not None and not self.held:
            text = msg(
                "{amount} are overdue since {day}. Nothing forbids another debt: it is for you to say."
            )
            self.tell(
                self.say(text, amount=self.say.money(due.overdue_minor), day=due.due_on.isoformat()), "warn"
            )

    def drawn_up(self, pin_attempt: UUID | None) -> Document:
        """The document that everything here comes to. Raises Refused as `sale_document`."""
        shop = self.shop
        return sale_document(
            stamp_of(shop, self.document_id),
            priced=self.priced,
            payment=self.payment,
            pin_attempt=pin_attempt,
            priced_at=self.priced_at,
            removed=shop.removals.waiting(),
            coupons=coupons_earned(shop, self.document_id, self.priced),
        )

    def slip(self, document: Document, posted: Posted) -> Receipt:
        """What the customer is handed."""
        names = {line.n: line.item.product.name for line in self.priced.lines}
        cart, rules = self.priced.cart, self.priced.rules
        return slip_of(
            self.shop, document, posted, names=names, served=served_names(self.priced), card=cart.card,
            member=cart.member, rules=rules, card_number=cart.noted.last if cart.noted else None,
        )  # fmt: skip

    def submit_guessed(self, document: Document, pin: Secret | None) -> None:
        """As `submit`, with the guess before it."""
        away = self.shop.door.outage() is not None or works_offline(self.shop)
        if self.KEEPS_ON and (away or self.priced.cart.noted is not None):
            self.sell_offline(document)
            return
        door = self.shop.door

        def work() -> Posted:
            self.plan_refunds()
            return post_with_guess(door, document, pin=pin)

        self.submit(document, work)

    def sell_offline(self, document: Document) -> None:
        """Written down here, sent when the line is back."""
        shop = self.shop
        kept = offline_document(shop, document, self.priced.cart.noted)
        self.submit(kept, lambda: sell_offline(shop, kept))

    def ask_pin(self) -> None:
        """The customer types it; Esc leaves the payment as it is."""
        about = self.say(msg("{amount} are taken from the card. The customer types its PIN."),
                         amount=self.say.money(self.payment.wallet_minor))  # fmt: skip
        about += "\n" + whose_card(self.say, self.priced.cart.card)

        def take(pin: Secret | None) -> None:
            if pin is not None:
                self.complete(pin)

        self.app.push_screen(CardPin(self.shop, about), take)

    @on(messages.Refused)
    def take_sale_refusal(self, message: messages.Refused) -> None:
        """A PIN that the door wants beyond the floor of one sale; prices that changed meanwhile."""
        if message.error.code in {"price_changed", "unknown_product"}:
            self.shop.catalogue.freshen(at_once=True)
        if message.error.code == "offline_refused":
            self.mark_line("down")
        if message.error.code == "pin_needed":
            card = self.priced.cart.card
            if card is not None and not card.pin_set:  # nobody can be asked for it
                self.call_next(self.tell, sentence(self.say, Refused("pin_not_set")), "error")
            else:
                self.complete(None, pin_asked=True)
        elif message.error.code == "price_changed":
            self.stale = True
            self.refresh_bindings()

    def action_reprice(self) -> None:
        """F5 after a price change: read the goods anew and go back to the basket with them."""
        reads, codes = self.shop.reads, [line.item.product for line in self.priced.lines]

        def work() -> tuple[tuple[int, Product], ...]:
            return tuple((product.id, reads.find_product(product.code)) for product in codes)

        ask(self, work, then=PricesRead, subject="prices")

    @on(PricesRead)
    def go_back_with_prices(self, message: PricesRead) -> None:
        """Nothing was booked."""
        self.dismiss(Paid(self.payment.total_minor, 0, prices=message.products))

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it; from there to the next customer."""
        slip = self.slip(document, posted)
        series = [each for each, _ in earned_coupons(self.priced)]
        paid = Paid(posted.total_minor, posted.change_minor)

        def next_customer(_nothing: None) -> None:
            self.dismiss(paid)

        def papers() -> Sequence[tuple[UUID, Receipt]]:
            return coupon_slips(self.shop, document, posted, series)

        own = papers if document.coupons else None
        red = self.red_letter(posted)
        result = ResultScreen(
            self.shop, document, posted, slip, papers=own, refunds=self.refunds, red_letter=red
        )
        self.app.push_screen(result, next_customer)

    def red_letter(self, posted: Posted) -> Sequence[str]:  # noqa: ARG002
        """Invoices that stand for too much now; a sale takes nothing back."""
        return ()

    def left(self) -> None:
        """Back to the basket; with an unknown outcome the basket is not to be rung up again."""
        paid = Paid(self.payment.total_minor, 0, unknown=True) if self.unknown else None
        self.dismiss(paid)


class PaymentScreen(PayingScreen):
    """The payment of a sale."""

    KEEPS_ON = True

    @on(messages.NoLine)
    def go_on_offline(self, message: messages.NoLine) -> None:
        """Nothing was sent: the same sale goes on from the journal, without a key."""
        if message.subject == WRITE and self.document is not None:
            message.prevent_default()
            message.stop()
            self.mark_line("down")
            self.sell_offline(self.document)
