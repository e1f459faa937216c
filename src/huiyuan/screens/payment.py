"""Payment: tenders are collected until nothing is due, then the sale is posted.

Always true: the document's id is made when this screen opens and never again; tenders pay the total exactly;
a card's PIN is asked when stored value above the floor is taken and leaves this screen with the posting.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.document import Document, Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.money import parse_minor
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.pricing.order import Priced
from huiyuan.domain.model.redeem import Redemption, best_redemption, redeem
from huiyuan.domain.model.tender import BANK_CARD, MOBILE, Payment, pin_wanted
from huiyuan.domain.ports import Door
from huiyuan.domain.usecases.checkout import sale_document
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.entry import Entry, read_reference
from huiyuan.screens.dialogs.pins import CardPin, Secret
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.refusals import sentence
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Facts
from huiyuan.screens.widgets.rows import Column, RowList


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


def post_with_guess(door: Door, document: Document, *, pin: Secret | None) -> Posted:
    """The customer's guess first, where there is one, then the sale that names it."""
    for proof in document.proofs:
        if pin is not None and proof.pin_attempt is not None:
            door.guess_pin(attempt=proof.pin_attempt, document=document.id, wallet=proof.wallet, pin=pin.pin)
    return door.post(document)


class PaymentScreen(PostingScreen[Paid]):
    """What is due, what was taken, the one field for an amount."""

    SCOPE = "payment"
    TITLE_TEXT = msg("Payment")

    DEFAULT_CSS = """
    PaymentScreen #due { text-style: bold; padding: 1 1 1 1; }
    PaymentScreen #tenders { height: 1fr; }
    """

    def __init__(self, shop: Shop, priced: Priced) -> None:
        super().__init__(shop)
        self.priced = priced
        self.payment = Payment(priced.total_minor)
        self.document_id: UUID = shop.ids.new()
        self.priced_at = shop.clock.now()
        self.stale = False

    def body(self) -> ComposeResult:
        """Due, tenders, field."""
        say = self.say
        yield Facts(id="due", width=16, label_width=20)
        yield RowList(
            [Column(say(msg("Tender"))), Column(say(msg("Given")), 14, "right"),
             Column(say(msg("Amount")), 14, "right")],
            id="tenders",
            empty=say(msg("Nothing taken yet.")),
        )  # fmt: skip
        yield Field(say(msg("Amount")), id="amount", placeholder="")

    def on_mount(self) -> None:
        """Ready for the first tender."""
        self.query_one(RowList).can_focus = False
        self.query_one("#amount", Input).focus()
        card, say = self.priced.cart.card, self.say
        if card is not None:
            who = card.member.name if card.member else say(msg("bearer card"))
            self.aside(
                say(msg("{who}  stored {stored}"), who=who, stored=say.money(card.balances.stored_minor))
            )
        elif self.priced.cart.member is not None:
            self.aside(say(msg("{who}  no card shown"), who=self.priced.cart.member.name))
        self.show_payment()

    def show_payment(self) -> None:
        """Total, rest, change and tenders as they stand."""
        say, payment = self.say, self.payment
        rows = [
            (say(msg("Total")), say.money(payment.total_minor)),
            (say(msg("Still due")), say.money(payment.due_minor)),
        ]
        if payment.change_minor:
            rows.append((say(msg("Change")), say.money(payment.change_minor)))
        elif offer := self.points_offer():
            rows.append((say(msg("{count} points pay"), count=offer.points), say.money(offer.amount_minor)))
        self.query_one("#due", Facts).show(rows)
        shown = [
            (self.tender_text(t), "" if t.given_minor is None else say.figure(t.given_minor),
             say.figure(t.amount_minor))
            for t in payment.tenders
        ]  # fmt: skip
        self.query_one(RowList).show_rows(shown, mark=len(shown) - 1)
        self.query_one("#amount", Input).placeholder = (
            say.figure(payment.due_minor) if payment.due_minor else ""
        )
        self.refresh_bindings()

    def tender_text(self, tender: Tender) -> str:
        """The kind, and what ties it to another machine's slip or how many points it takes."""
        more = tender.reference or (str(tender.points) if tender.points else "")
        return self.say.tender(tender.kind) + (f"  {more}" if more else "")

    def applies(self, action: str) -> bool:
        """A tender only while something is due; nothing changes while an outcome is unknown."""
        if action == "reprice":
            return self.stale and not self.held
        if action == "again":
            return self.unknown and not self.writing
        if self.held:
            return action in {"back", "help"}
        if action == "stored":
            card = self.priced.cart.card
            return self.payment.due_minor > 0 and card is not None and card.balances.stored_minor > 0
        if action == "points":
            return self.points_offer() is not None
        if action in {"bank", "mobile"}:
            return self.payment.due_minor > 0
        if action == "undo":
            return bool(self.payment.tenders)
        return True

    # Tenders

    def typed_amount(self) -> int:
        """What stands in the field, or the rest. Raises Refused if it cannot be read."""
        text = self.query_one("#amount", Input).value.strip()
        return parse_minor(text, self.say.minor_digits) if text else self.payment.due_minor

    def take(self, payment: Payment) -> None:
        """A tender was added or taken back."""
        self.payment = payment
        self.query_one("#amount", Input).value = ""
        self.tell("" if payment.due_minor else self.say(msg("Covered. Enter completes the sale.")), "good")
        self.show_payment()

    @on(Input.Submitted, "#amount")
    def take_cash(self, event: Input.Submitted) -> None:
        """Enter: cash while something is due, then done."""
        event.stop()
        if self.held:
            return
        try:
            if self.payment.due_minor > 0:
                self.take(self.payment.with_cash(self.typed_amount()))
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        if self.payment.due_minor == 0:
            self.complete(None)

    def action_stored(self) -> None:
        """F3: at most what the card holds."""
        card = self.priced.cart.card
        if card is None or card.wallet is None:
            return
        try:
            typed = self.query_one("#amount", Input).value.strip()
            held = card.balances.stored_minor - self.payment.stored_minor
            amount = self.typed_amount() if typed else min(self.payment.due_minor, max(held, 0))
            balance = card.balances.stored_minor
            self.take(self.payment.with_stored(amount, wallet=card.wallet, balance_minor=balance))
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")

    def points_offer(self) -> Redemption | None:
        """The most that the points of the card may pay of what is due; None without a card or a rule."""
        card, payment = self.priced.cart.card, self.payment
        if card is None or card.wallet is None or payment.points_minor or payment.due_minor <= 0:
            return None
        return best_redemption(
            self.priced.rules,
            total_minor=payment.total_minor,
            due_minor=payment.due_minor,
            points=card.balances.points - card.balances.points_debt,
            tier=self.priced.cart.tier,
        )

    def action_points(self) -> None:
        """F7: the most that the rule allows, or the amount typed."""
        card, payment = self.priced.cart.card, self.payment
        if card is None or card.wallet is None:
            return
        try:
            typed = self.query_one("#amount", Input).value.strip()
            found = redeem(
                self.priced.rules,
                total_minor=payment.total_minor,
                due_minor=payment.due_minor,
                points=card.balances.points - card.balances.points_debt,
                tier=self.priced.cart.tier,
                wanted_minor=self.typed_amount() if typed else None,
            )
            self.take(payment.with_points(found, wallet=card.wallet))
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")

    def action_bank(self) -> None:
        """F4."""
        self.take_elsewhere(BANK_CARD)

    def action_mobile(self) -> None:
        """F6."""
        self.take_elsewhere(MOBILE)

    def take_elsewhere(self, kind: str) -> None:
        """Another machine took it; the reference of its slip ties both together."""
        try:
            amount = min(self.typed_amount(), self.payment.due_minor)
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        entry = Entry(
            self.shop,
            self.say.tender(kind),
            aside=self.say.money(amount),
            label=self.say(msg("Reference")),
            read=read_reference(kind),
            about=self.say(msg("Take {amount} on the other machine, then type the reference of its slip."),
                           amount=self.say.money(amount)),
        )  # fmt: skip

        def add(reference: str | None) -> None:
            if reference is not None and not self.held:
                self.take(self.payment.with_bank_card(amount, reference=reference, kind=kind))

        self.app.push_screen(entry, add)

    def action_undo(self) -> None:
        """F8."""
        if not self.held:
            self.take(self.payment.without_last())
            self.tell("")

    # Posting

    def complete(self, pin: Secret | None, *, pin_asked: bool = False) -> None:
        """Everything is covered: the PIN if it is needed, then the posting."""
        card = self.priced.cart.card
        floor = self.shop.greeting.chain.pin_floor_minor
        wanted = pin_wanted(self.payment.card_minor, floor_minor=floor) and card is not None and card.pin_set
        if (wanted or pin_asked) and pin is None:
            self.ask_pin()
            return
        shop = self.shop
        try:
            document = sale_document(
                id=self.document_id,
                number=shop.door.next_number(),
                at=shop.clock.now(),
                session=shop.person.session,
                shift=shop.open_shift.id,
                priced=self.priced,
                payment=self.payment,
                pin_attempt=shop.ids.new() if pin else None,
                priced_at=self.priced_at,
            )
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        self.stale = False
        self.submit_guessed(document, pin)

    def submit_guessed(self, document: Document, pin: Secret | None) -> None:
        """As `submit`, with the guess before it."""
        if self.held:
            return
        self.document = document
        door = self.shop.door
        ask(
            self,
            lambda: post_with_guess(door, document, pin=pin),
            then=messages.DocumentPosted,
            subject=WRITE,
        )

    def ask_pin(self) -> None:
        """The customer types it; Esc leaves the payment as it is."""
        about = self.say(msg("{amount} are taken from the card. The customer types its PIN."),
                         amount=self.say.money(self.payment.card_minor))  # fmt: skip

        def take(pin: Secret | None) -> None:
            if pin is not None:
                self.complete(pin)

        self.app.push_screen(CardPin(self.shop, about), take)

    @on(messages.Refused)
    def take_sale_refusal(self, message: messages.Refused) -> None:
        """A PIN that the door wants beyond the floor of one sale; prices that changed meanwhile."""
        if message.error.code in {"price_changed", "unknown_product"}:
            self.shop.catalogue.freshen(at_once=True)
        if message.error.code == "pin_needed":
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
        names = {line.n: line.item.product.name for line in self.priced.lines}
        cart, rules = self.priced.cart, self.priced.rules
        slip = slip_of(
            self.shop, document, posted, names=names, card=cart.card, member=cart.member, rules=rules
        )
        paid = Paid(posted.total_minor, posted.change_minor)

        def next_customer(_nothing: None) -> None:
            self.dismiss(paid)

        self.app.push_screen(ResultScreen(self.shop, document, posted, slip), next_customer)

    def leave(self) -> None:
        """Back to the basket; with an unknown outcome the basket is not to be rung up again."""
        paid = Paid(self.payment.total_minor, 0, unknown=True) if self.unknown else None
        self.dismiss(paid)
