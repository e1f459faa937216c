"""Top-up: a card, an amount, how it is paid. The bonus is shown before anybody pays.

Always true: the bonus shown is the rule's, and the door gives no other; what the law says of the amount is
shown while it is typed, and what it forbids is not sent.
"""

from __future__ import annotations

from textual import on

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.found import FoundMember
from huiyuan.domain.model.law import Purchase, Standing
from huiyuan.domain.model.tender import BANK_CARD, CASH, MOBILE, PREPAID, Payment
from huiyuan.domain.usecases.top_up import top_up_document
from huiyuan.screens import messages
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.dialogs.entry import Entry, no_goods, read_amount, read_reference
from huiyuan.screens.kept_top_up import KeptTopUp
from huiyuan.screens.stamping import stamp_of


class TopUpScreen(KeptTopUp):
    """Money onto a card; from here to deposits and debts."""

    TITLE_TEXT = msg("Top up")
    FUNCTION = "stored"

    def applies(self, action: str) -> bool:
        """From here to the card's other accounts."""
        if action in {"deposit", "debt"}:
            return not self.held
        if action == "buyer":
            return not self.held and self.card is not None
        if action == "part_off":
            return not self.held and bool(self.parts)
        if action == "part":
            return not self.held and self.card is not None and self.due() > 1
        return super().applies(action)

    # The law

    @on(messages.CardOpened)
    def only_its_card(self, message: messages.CardOpened) -> None:
        """What came back is for its own card."""
        if self.of_another(message.card):
            message.prevent_default()

    def choose_again(self) -> None:
        """With the buyer of before comes what that one bought already."""
        super().choose_again()
        if self.buyer is not None and self.card is not None and self.card.wallet is not None:
            self.standing = None
            self.ask_standing(self.card.wallet)

    def purchase_of(self, standing: Standing, cash_minor: int | None) -> Purchase:
        """With the bonus that comes on top of it."""
        offer = self.offer()
        bonus = offer.now_minor if offer else 0
        return standing.purchase(self.amount(), bonus_minor=bonus, cash_minor=cash_minor)

    def facts_of(self, card: OpenedCard, amount: int) -> list[tuple[str, str]]:
        """Balance, bonus, what the card holds afterwards; and what the law says of it."""
        say = self.say
        self.show_law()
        rows = [(say(msg("Stored value")), say.money(card.balances.stored_minor))]
        if self.buyer is not None:
            rows.append((say(msg("Buyer")), self.buyer.name))
        if amount:
            offer = self.offer()
            extra, by = (offer.now_minor, offer.name) if offer else (0, "")
            rows += [
                (say(msg("Top-up")), say.money(amount)),
                (say(msg("Bonus")), f"{say.money(extra)}  {by}" if by else say.money(extra)),
                (say(msg("Holds then")), say.money(card.balances.stored_minor + amount + extra)),
            ]
            rows += self.with_it(card, offer) if offer is not None else []
            rows += self.facts_beside()
            rows += [(say(msg("Pass with it")), each) for each in self.passes_with(card, amount)]
            for tender in self.parts:
                rows.append((say.tender(tender.kind), say.money(tender.amount_minor)))
            if self.parts:
                rows.append((say(msg("Still to pay")), say.money(self.due())))
        return rows

    def action_buyer(self) -> None:
        """Which member pays for it."""
        from huiyuan.screens.dialogs.member_picker import MemberPicker

        if self.card is None or self.held:
            return

        def name(found: FoundMember | None) -> None:
            if found is not None and self.card is not None and self.card.wallet is not None:
                self.buyer, self.standing = found, None
                self.show_facts()
                self.ask_standing(self.card.wallet)

        self.app.push_screen(MemberPicker(self.shop, self.say(msg("Who buys?"))), name)

    def begin_anew(self) -> None:
        """The next card has another buyer."""
        self.parts = ()
        super().begin_anew()

    # Paying

    def due(self) -> int:
        """Less what was taken in parts already."""
        return max(0, self.amount() - sum(each.amount_minor for each in self.parts))

    def action_part(self) -> None:
        """A part by bank card or a prepaid card of others; cash or a bank card pays the rest."""
        most, kinds = self.due(), (BANK_CARD, MOBILE, PREPAID)

        def read(text: str) -> int:
            amount = read_amount(self.shop)(text)
            if amount >= most:
                raise Refused("part_too_much", {"amount": most})
            return amount

        def taken(kind: str, amount: int, reference: str | None) -> None:
            if reference is not None:
                self.parts = (*self.parts, Tender(kind=kind, amount_minor=amount, reference=reference))
                self.show_facts()

        def chosen(index: int | None) -> None:
            if index is None:
                return
            kind, name = kinds[index], self.say.tender(kinds[index])

            def sized(amount: int | None) -> None:
                if amount is not None:
                    slip: Entry[str] = Entry(
                        self.shop, name, aside=self.say.money(amount), label=self.say(msg("Reference")),
                        read=no_goods(self.shop, read_reference(kind)),
                    )  # fmt: skip
                    self.app.push_screen(slip, lambda reference: taken(kind, amount, reference))

            part: Entry[int] = Entry(
                self.shop, name, aside=self.say.money(most), label=self.say(msg("Amount")), read=read
            )
            self.app.push_screen(part, sized)

        names = [self.say.tender(kind) for kind in kinds]
        self.app.push_screen(Choice(self.shop, self.say(msg("Pay a part by")), names), chosen)

    def action_part_off(self) -> None:
        """The last part goes back the way it came."""
        last, self.parts = self.parts[-1], self.parts[:-1]
        if not self.parts:
            self.parts_gone()
            self.aside("")
        self.show_facts()
        text = msg("{tender} {amount} taken off. Give it back on its machine.")
        self.tell(self.say(text, tender=self.say.tender(last.kind),
                           amount=self.say.money(last.amount_minor)), "warn")  # fmt: skip

    def action_back(self) -> None:
        """Esc: what was taken on another machine would stay taken, and nothing here would know of it."""
        if not self.parts or self.held:
            super().action_back()
            return
        amounts = "; ".join(f"{self.say.tender(e.kind)} {self.say.money(e.amount_minor)}" for e in self.parts)
        question = msg(
            "{parts} was taken on other machines and is not booked. Enter only when it was given back there."
        )

        def sure(answer: bool | None) -> None:
            if answer:
                self.drop_parts()
                self.leave()

        self.app.push_screen(
            Confirm(self.shop, self.say(msg("Paid in parts")), self.say(question, parts=amounts)), sure
        )

    def parts_pay_all(self) -> bool:
        """Whether nothing is left to pay: booked if the parts are the amount, told if they are more."""
        rest = self.amount() - sum(each.amount_minor for each in self.parts)
        if not self.parts or rest > 0 or not self.amount():
            return False
        if rest < 0:
            text = msg("{amount} more was paid in parts than this. Type a larger amount, or take a part off.")
            self.tell(self.say(text, amount=self.say.money(-rest)), "error")
        elif self.may_pay(0):
            self.pay(Payment(self.amount()))
        return True

    def action_cash(self) -> None:
        """F2: what the parts left."""
        if not self.parts_pay_all():
            super().action_cash()

    def action_bank(self) -> None:
        """F4."""
        if not self.parts_pay_all():
            super().action_bank()

    def against(self, cash_minor: int) -> Refused | None:
        """The goods that come with it have to be there, too."""
        return super().against(cash_minor) or self.too_few()

    def pay(self, payment: Payment) -> None:
        """Post it, once."""
        shop, card = self.shop, self.card
        payment = Payment(self.amount(), (*self.parts, *payment.tenders), payment.cash)
        in_cash = sum(each.amount_minor for each in payment.tenders if each.kind == CASH)
        if card is None or self.held or not self.may_pay(in_cash):
            return
        self.keep_parts(self.document_id)
        self.submit_made(
            lambda: top_up_document(
                stamp_of(shop, self.document_id),
                card=card,
                payment=payment,
                rules=self.rules,
                offer=self.offer(),
                purchase=self.purchase,
                goods=self.with_goods,
                buyer=self.buyer.id if self.buyer else None,
                coupons=self.gift_coupons(card),
            )
        )
