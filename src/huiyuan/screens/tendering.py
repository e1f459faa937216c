"""TenderingScreen: what is due, what was taken, and the one field and the keys that take it.

Always true: the tenders never add up to more than the total; nothing is taken or given up while a document is
under way; a customer's payment code is no amount and no reference, and leaves the field at once.
"""

from __future__ import annotations

from time import monotonic
from typing import Final, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.document import Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.money import parse_minor
from huiyuan.domain.model.payment_code import PaymentCode, read_payment_code
from huiyuan.domain.model.pricing.earning import earned_coupons
from huiyuan.domain.model.pricing.order import Priced
from huiyuan.domain.model.redeem import Redemption, best_redemption, redeem
from huiyuan.domain.model.tender import BANK_CARD, Payment
from huiyuan.screens import messages
from huiyuan.screens.dialogs.entry import Entry, no_goods, read_reference
from huiyuan.screens.outage import state_with
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.plain import visible
from huiyuan.screens.widgets.prose import Facts
from huiyuan.screens.widgets.rows import Column, RowList

R = TypeVar("R")

REPEAT_S: Final = 0.6
"""An Enter so soon after another one is a key held down: it does not say that the rest came in cash."""


class TenderingScreen(PostingScreen[R]):
    """Tenders are collected here; what happens when nothing is due any more is the screen's own."""

    DEFAULT_CSS = """
    TenderingScreen #due { text-style: bold; padding: 1 1 1 1; }
    TenderingScreen #tenders { height: 1fr; }
    """

    def __init__(self, shop: Shop, priced: Priced) -> None:
        super().__init__(shop)
        self.priced = priced
        self.payment = Payment(priced.total_minor, cash=shop.greeting.chain.cash)
        self.entered_at = -REPEAT_S

    def body(self) -> ComposeResult:
        """Due, tenders, field."""
        say = self.say
        yield Facts(id="due", width=36, label_width=20)
        yield RowList(
            [Column(say(msg("Tender"))), Column(say(msg("Given")), 14, "right"),
             Column(say(msg("Amount")), 14, "right")],
            id="tenders",
            empty=say(msg("Nothing taken yet.")),
        )  # fmt: skip
        yield Field(say(msg("Amount")), id="amount", placeholder="")

    def on_mount(self) -> None:
        """Ready for the first tender."""
        self.shop.display.show_total(self.say.figure(self.priced.total_minor))
        self.query_one(RowList).can_focus = False
        self.query_one("#amount", Input).focus()
        card, say = self.priced.cart.card, self.say
        if card is not None:
            who = card.whose or say(msg("bearer card"))
            self.aside(
                say(msg("{who}  stored {stored}"), who=who, stored=say.money(card.balances.stored_minor))
            )
        elif noted := self.priced.cart.noted:
            self.aside(say(msg("card ..{last} noted, points later"), last=noted.last))
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
        if payment.rounded_minor:
            rows.append((say(msg("Rounding of cash")), say.money(payment.rounded_minor)))
        elif payment.due_minor and payment.cash_due_minor != payment.due_minor:
            rows.append((say(msg("In cash")), say.money(payment.cash_due_minor)))
        if payment.change_minor:
            rows.append((say(msg("Change")), say.money(payment.change_minor)))
        elif offer := self.points_offer():
            rows.append((say(msg("{count} points pay"), count=offer.points), say.money(offer.amount_minor)))
        gives = state_with(self.shop, "online") != "offline"  # without the line none is given
        for series, count in earned_coupons(self.priced) if gives else ():
            rows.append((say(msg("Earns")), f"{series.name} x{count}"))
        self.query_one("#due", Facts).show(rows)
        shown = [
            (self.tender_text(t), "" if t.given_minor is None else say.figure(t.given_minor),
             say.figure(t.amount_minor))
            for t in payment.tenders
        ]  # fmt: skip
        self.query_one(RowList).show_rows(shown, mark=len(shown) - 1)
        self.query_one("#amount", Input).placeholder = (
            say.figure(payment.cash_due_minor) if payment.due_minor else ""
        )
        self.refresh_bindings()

    def tender_text(self, tender: Tender) -> str:
        """The kind, and what ties it to another machine's slip or how many points it takes."""
        more = tender.reference or (str(tender.points) if tender.points else "")
        return self.say.tender(tender.kind) + (f"  {more}" if more else "")

    def applies(self, action: str) -> bool:
        """A tender only while something is due; nothing changes while an outcome is unknown."""
        if action == "again":
            return self.unknown and not self.writing
        if self.held:
            return action in {"back", "help"}
        if action == "stored":
            card = self.priced.cart.card
            return self.payment.due_minor > 0 and card is not None and card.balances.stored_minor > 0
        if action == "points":
            return self.points_offer() is not None
        if action == "keep":
            return self.payment.due_minor > 0 and self.priced.cart.wallet is not None
        if action in {"bank", "mobile", "other"}:
            return self.payment.due_minor > 0
        if action == "undo":
            return bool(self.payment.tenders)
        return True

    # Tenders

    def typed_amount(self) -> int:
        """What stands in the field, or the rest. Raises Refused if it cannot be read."""
        text = self.query_one("#amount", Input).value.strip()
        return parse_minor(text, self.say.minor_digits) if text else self.payment.due_minor

    def typed_cash(self) -> int:
        """What stands in the field, or what the rest is in coins. Raises Refused if it cannot be read."""
        typed = self.query_one("#amount", Input).value.strip()
        return self.typed_amount() if typed else self.payment.cash_due_minor

    def take(self, payment: Payment) -> None:
        """A tender was added or taken back."""
        self.payment = payment
        self.query_one("#amount", Input).value = ""
        self.tell("" if payment.due_minor else self.say(msg("Covered. Enter completes the sale.")), "good")
        self.show_payment()

    def code_scanned(self, text: str) -> bool:
        """A payment code is money; goods and cards belong to the basket, and never into the amount."""
        code = read_payment_code(text)
        if code is None or self.held:
            return False
        self.take_code(code)
        return True

    @on(Input.Submitted, "#amount")
    def take_cash(self, event: Input.Submitted) -> None:
        """Enter: cash while something is due, then done."""
        event.stop()
        if self.held:
            return
        if code := read_payment_code(event.value):
            event.input.value = ""
            self.take_code(code)
            return
        pressed_at = self.entered_at
        self.entered_at = monotonic()
        if self.payment.due_minor > 0 and not event.value.strip() and self.entered_at - pressed_at < REPEAT_S:
            return
        try:
            if self.payment.due_minor > 0:
                self.take(self.payment.with_cash(self.typed_cash()))
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        if self.payment.due_minor == 0:
            self.covered()

    def covered(self) -> None:
        """Nothing is due any more, and Enter was pressed."""

    def take_code(self, code: PaymentCode) -> None:
        """A customer's payment code was scanned: money comes from a gateway, where there is one."""
        self.tell(sentence(self.say, Refused("no_gateway", {"method": code.method})), "error")

    def action_keep(self) -> None:
        """F9: cash as Enter takes it, and its change stays with the member as stored value."""
        if self.held:
            return
        try:
            self.take(self.payment.with_cash(self.typed_cash()).keeping_change())
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        if self.payment.due_minor == 0:
            self.covered()

    @on(messages.Refused)
    def give_kept_change(self, message: messages.Refused) -> None:
        """Where no money comes onto cards the change is given out; said behind what every refusal says."""
        if message.error.code == "outlet_refused" and self.payment.kept_minor:
            self.call_next(self.give_change, visible(str(message.error.facts.get("store", ""))))

    def give_change(self, store: str) -> None:
        """As if F9 had not been pressed; the cash stays taken."""
        self.take(self.payment.giving_change())
        text = msg(
            "{store} puts no money onto cards: no change stays there. Nothing was booked."
            " Enter books it, and {change} are given out."
        )
        self.tell(self.say(text, store=store, change=self.say.money(self.payment.change_minor)), "warn")

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
            read=no_goods(self.shop, read_reference(kind)),
            about=self.say(msg("Take {amount} on the other machine, then type the reference of its slip."),
                           amount=self.say.money(amount)),
        )  # fmt: skip

        def add(reference: str | None) -> None:
            self.entered_at = monotonic()
            if reference is not None and not self.held:
                self.take(self.payment.with_bank_card(amount, reference=reference, kind=kind))

        self.app.push_screen(entry, add)

    def action_undo(self) -> None:
        """F8."""
        if not self.held:
            self.take(self.payment.without_last())
            self.tell("")
