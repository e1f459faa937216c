"""PhonePaying: money from the customer's phone, by the gateway or by a reference that somebody types.

Always true: money that a gateway took is a tender of this sale, or is being given back, or stands among the
open payments; a tender of such money is taken off only together with the money; nobody leaves a sale that
was paid by phone without saying what becomes of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Final, TypeVar
from uuid import UUID

from textual import on
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.charge import Charge, ChargeState
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.payment_code import PaymentCode, read_payment_code
from huiyuan.domain.model.pricing.order import Priced
from huiyuan.domain.model.redeem import Redemption, exchanges
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.tender import ADVANCE, CREDIT, MOBILE
from huiyuan.domain.usecases.charging import note_by_hand, resolve_charges
from huiyuan.screens import paying_news
from huiyuan.screens.ask import ask
from huiyuan.screens.charging import ChargingSheet, state_text
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.dialogs.entry import Entry, no_goods, read_reference
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.tendering import TenderingScreen

R = TypeVar("R")

BY_HAND: Final = "by_hand"


class PhonePaying(TenderingScreen[R]):
    """The tenders that come from a phone. `charges` are those of this sale whose money is there."""

    def __init__(self, shop: Shop, priced: Priced, code: PaymentCode | None = None) -> None:
        super().__init__(shop, priced)
        self.document_id: UUID = shop.ids.new()
        self.charges: list[Charge] = []
        self.first_code = code
        self.giving_up = False

    def on_mount(self) -> None:
        """A code that was scanned before is charged now."""
        code, self.first_code = self.first_code, None
        if code is not None:
            self.take_code(code)
        elif self.asked_before():
            charges, gateway = self.shop.charges, self.shop.gateway
            ask(
                self,
                lambda: resolve_charges(charges, gateway),
                then=paying_news.ChargesResolved,
                subject=BY_HAND,
            )
        self.tell_before()

    @on(paying_news.ChargesResolved)
    def tell_before(self) -> None:
        """What a customer may have paid before, so that nobody asks for it twice."""
        say = self.say
        if before := self.paid_before():
            text = msg("{amount} were paid by phone for a sale that never came to be: F2 takes them.")
            self.tell(say(text, amount=say.money(before.amount_minor)), "warn")
        elif asked := self.asked_before():
            text = msg(
                "{amount} asked of a phone before may be paid, the gateway does not know yet: F2 asks."
            )
            self.tell(say(text, amount=say.money(asked.amount_minor)), "warn")

    # Taking

    def asked_before(self) -> Charge | None:
        """Money asked of a phone for a sale that never came to be; nobody knows whether it came."""
        if not self.shop.gateway.configured:
            return None
        unsettled = {sale.id for sale in self.shop.door.unsettled()}
        mine = {self.document_id, *unsettled}
        return next(
            (
                each
                for each in self.shop.charges.pending()
                if each.state is ChargeState.ASKED and not each.by_hand and each.document not in mine
            ),
            None,
        )

    def wait_for_before(self, charge: Charge) -> None:
        """The sheet of a charge whose request left long ago: asked about until it is known."""
        self.app.push_screen(ChargingSheet(self.shop, charge, asked=True), self.after_before)

    def after_before(self, charge: Charge | None) -> None:
        """What was paid after all pays this sale, if it is not too much."""
        if charge is not None and charge.state is not ChargeState.TAKEN:
            self.tell(state_text(self.say, charge), "warn")
            return
        self.tell_before()

    def paid_before(self) -> Charge | None:
        """Money that a sale took which never came to be: of before a crash, or of before new prices."""
        mine = {each.id for each in self.charges}
        unsettled = {sale.id for sale in self.shop.door.unsettled()}
        return next(
            (
                each
                for each in self.shop.charges.pending()
                if each.state is ChargeState.TAKEN
                and each.id not in mine
                and each.document not in unsettled
                and each.amount_minor <= self.payment.due_minor
            ),
            None,
        )

    def adopt(self, charge: Charge) -> None:
        """It pays this sale."""
        shop, document = self.shop, self.document_id
        ask(
            self,
            lambda: shop.charges.adopt(charge.id, document),
            then=paying_news.ChargeAdopted,
            subject="adopt",
        )

    def action_other(self) -> None:
        """F2: whatever has no key of its own: what can be taken now stands in a list."""
        options: list[tuple[str, Callable[[], None]]] = []
        say, before = self.say, self.paid_before()
        if before is not None:
            text = say(msg("Paid before by phone: {amount}"), amount=say.money(before.amount_minor))
            options.append((text, partial(self.adopt, before)))
        elif asked := self.asked_before():
            text = say(msg("Asked of a phone before: {amount}"), amount=say.money(asked.amount_minor))
            options.append((text, partial(self.wait_for_before, asked)))
        for rule, bought in self.exchanges():
            text = say(
                msg("{rule}: {points} points pay {amount}"),
                rule=rule.name,
                points=bought.points,
                amount=say.money(bought.amount_minor),
            )
            options.append((text, partial(self.take_exchange, bought)))
        for kind, left in self.accounts():
            text = say(msg("{tender}: {amount} left"), tender=say.tender(kind), amount=say.money(left))
            options.append((text, partial(self.take_account, kind, left)))
        options += [
            (say.tender(kind), partial(self.take_elsewhere, kind)) for kind in self.shop.greeting.tenders
        ]
        if not options:
            self.tell(say(msg("There is no other way of paying here.")), "warn")
            return

        def chosen(index: int | None) -> None:
            if index is not None and not self.held:
                options[index][1]()

        self.app.push_screen(
            Choice(self.shop, say(msg("Other tender")), [each[0] for each in options]), chosen
        )

    def exchanges(self) -> list[tuple[RuleVersion, Redemption]]:
        """Goods of this basket that points and a little money buy."""
        card, payment = self.priced.cart.card, self.payment
        if card is None or card.wallet is None or payment.points_minor:
            return []
        return exchanges(
            self.priced.rules,
            [(each.item.product.id, each.item.qty_milli, each.total_minor) for each in self.priced.lines],
            due_minor=payment.due_minor,
            points=card.balances.points - card.balances.points_debt,
            tier=self.priced.cart.tier,
        )

    def take_exchange(self, bought: Redemption) -> None:
        """The points pay what the money does not."""
        card = self.priced.cart.card
        if card is not None and card.wallet is not None:
            self.take(self.payment.with_points(bought, wallet=card.wallet))

    def accounts(self) -> list[tuple[str, int]]:
        """What the card of this sale may owe, and what was paid ahead on it."""
        card, payment = self.priced.cart.card, self.payment
        if card is None:
            return []
        taken = {
            kind: sum(t.amount_minor for t in payment.tenders if t.kind == kind) for kind in (ADVANCE, CREDIT)
        }
        left = {ADVANCE: card.balances.advance, CREDIT: card.balances.credit_left_minor}
        return [(kind, left[kind] - taken[kind]) for kind in left if left[kind] > taken[kind]]

    def take_account(self, kind: str, left_minor: int) -> None:
        """The amount typed, or as much of the rest as there is."""
        card = self.priced.cart.card
        if card is None or card.wallet is None:
            return
        try:
            typed = self.query_one("#amount", Input).value.strip()
            amount = self.typed_amount() if typed else min(self.payment.due_minor, left_minor)
            left = left_minor + sum(t.amount_minor for t in self.payment.tenders if t.kind == kind)
            self.take(self.payment.with_account(kind, amount, wallet=card.wallet, left_minor=left))
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")

    @on(paying_news.ChargeAdopted)
    def take_adopted(self, message: paying_news.ChargeAdopted) -> None:
        """Its money is a tender of this sale."""
        self.after_charge(message.charge)

    def take_code(self, code: PaymentCode, amount_minor: int | None = None) -> None:
        """Charge the rest, or the amount that was typed before the code."""
        shop = self.shop
        if not shop.gateway.configured:
            super().take_code(code)
            return
        if self.payment.due_minor <= 0:
            self.tell(sentence(self.say, Refused("nothing_due")), "error")
            return
        amount = min(amount_minor or self.payment.due_minor, self.payment.due_minor)
        charge = self.new_charge(amount, code.method, code.masked)
        self.app.push_screen(ChargingSheet(shop, charge, code), self.after_charge)

    def new_charge(self, amount_minor: int, method: str, masked: str = "") -> Charge:
        """One more for this sale."""
        shop = self.shop
        return Charge(
            id=shop.ids.new(),
            document=self.document_id,
            shift=shop.open_shift.id,
            method=method,
            amount_minor=amount_minor,
            asked_at=shop.clock.now(),
            masked=masked,
        )

    def after_charge(self, charge: Charge | None) -> None:
        """Its money is a tender; or it is said what became of it."""
        if charge is None or self.held:
            return
        if charge.state is ChargeState.TAKEN:
            self.entered_at = monotonic()
            self.charges.append(charge)
            self.take(
                self.payment.with_bank_card(charge.amount_minor, reference=charge.reference, kind=MOBILE)
            )
        elif charge.open:
            text = msg("This payment is open still: it stands among the open payments until it is settled.")
            self.tell(self.say(text), "warn")
        else:
            self.tell(state_text(self.say, charge), "warn")

    def action_mobile(self) -> None:
        """F6: the customer's code, or the reference of a payment that was made to the shop's own."""
        try:
            amount = min(self.typed_amount(), self.payment.due_minor)
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        shop, say = self.shop, self.say
        charge = self.new_charge(amount, MOBILE)
        by_code = shop.gateway.configured
        about = (
            msg(
                "Scan the customer's payment code for {amount},"
                " or type the reference of a payment made otherwise."
            )
            if by_code
            else msg("Take {amount} on the other machine, then type the reference of its slip.")
        )
        entry = Entry(
            shop,
            say.tender(MOBILE),
            aside=say.money(amount),
            label=say(msg("Reference")),
            read=no_goods(shop, _read_phone if by_code else read_reference(MOBILE)),
            about=say(about, amount=say.money(amount)),
        )

        def add(found: PaymentCode | str | None) -> None:
            self.entered_at = monotonic()
            self.note(charge, found if isinstance(found, str) else None)
            if isinstance(found, PaymentCode):
                self.take_code(found, amount)
            elif found is not None and not self.held:
                self.charges.append(replace(charge, state=ChargeState.TAKEN, told=found))
                self.take(self.payment.with_bank_card(amount, reference=found, kind=MOBILE))

        ask(self, lambda: _written(shop, charge), then=paying_news.ChargeMoved, subject=BY_HAND)
        self.app.push_screen(entry, add)

    def note(self, charge: Charge, reference: str | None) -> None:
        """What became of a payment that no gateway knows of."""
        book = self.shop.charges
        ask(
            self,
            lambda: note_by_hand(book, charge, reference),
            then=paying_news.ChargeMoved,
            subject=BY_HAND,
        )

    # Giving up

    def action_undo(self) -> None:
        """F8: the last tender; money from a gateway goes back first."""
        if self.held or not self.payment.tenders:
            return
        last = self.payment.tenders[-1]
        paid = [each for each in self.charges if last.kind == MOBILE and last.reference == each.reference]
        if not paid:
            super().action_undo()
            return
        self.ask_back(paid[-1])

    def ask_back(self, charge: Charge) -> None:
        """Sure: the money goes back."""
        say = self.say
        text = msg("{amount} were paid by phone. Give them back?")
        if charge.by_hand:
            text = msg("{amount} were paid to the shop's own code. Give them back by hand, then press Enter.")
        question = say(text, amount=say.money(charge.amount_minor))

        def sure(yes: bool | None) -> None:
            if yes:
                self.back(charge)
            else:
                self.giving_up = False

        self.app.push_screen(Confirm(self.shop, say(msg("Give the money back")), question), sure)

    def back(self, charge: Charge) -> None:
        """By the gateway, or by the person who says so."""
        if charge.by_hand:
            shop = self.shop
            note = self.say(msg("given back by hand"))
            by = shop.person.staff.number
            ask(
                self,
                lambda: _decided(shop, charge, by=by, note=note),
                then=paying_news.ChargeMoved,
                subject=BY_HAND,
            )
            self.gone(charge)
            return
        self.app.push_screen(ChargingSheet(self.shop, charge), self.after_back)

    def after_back(self, charge: Charge | None) -> None:
        """Given back, or still being given back: either way it pays this sale no more."""
        if charge is not None and charge.state is not ChargeState.TAKEN:
            self.gone(charge)
        else:
            self.giving_up = False

    def gone(self, charge: Charge) -> None:
        """Its tender is off; whoever was leaving goes on with that."""
        known = next(each for each in self.charges if each.id == charge.id)
        self.charges.remove(known)
        self.take(self.payment.less(known.amount_minor, kind=MOBILE, reference=known.reference))
        self.tell(state_text(self.say, charge), "warn")
        if self.giving_up:
            self.leave()

    def leave(self) -> None:
        """First what was paid by phone."""
        if self.charges and not self.unknown:
            self.giving_up = True
            self.ask_back(self.charges[-1])
            return
        self.left()

    def left(self) -> None:
        """Nothing of a phone's money is in this payment any more."""
        super().leave()


def _read_phone(text: str) -> PaymentCode | str:
    return read_payment_code(text) or read_reference(MOBILE)(text)


def _written(shop: Shop, charge: Charge) -> Charge:
    shop.charges.write(charge)
    return charge


def _decided(shop: Shop, charge: Charge, *, by: str, note: str) -> Charge:
    shop.charges.decide(charge.id, by=by, note=note)
    return shop.charges.find(charge.id)
