"""CardMoneyScreen: a card, an amount, how it is paid; for whatever puts money onto an account of a card.

Always true: the document's id is made when the card is presented, and money never goes to a card whose number
does not stand in the field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.money import parse_minor
from huiyuan.domain.model.passes import countless
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.tender import Payment
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.bank_card import ask_bank_card
from huiyuan.screens.dialogs.entry import Entry, read_amount
from huiyuan.screens.paper import NamedRule
from huiyuan.screens.presenting import TakesCard
from huiyuan.screens.refusals import sentence
from huiyuan.screens.resting import ITS_CARD, PAYING_IN, rest_text
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.two_parts import in_two_parts
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Facts

GIFTS: Final = ("gift", "goods", "receipt")
"""What is done about what comes on top of a top-up."""


class CardMoneyScreen(TakesCard[None]):
    """Card, amount, tender; what becomes of the money is the screen's own.

    Args:
        amount: as it was typed on the screen before, for the same card.
    """

    SCOPE = "top_up"
    WHILE_RESTING: ClassVar[bool] = False
    """It goes on while the membership is frozen or cancelled."""
    FUNCTION: ClassVar[str] = ""
    """What the card's type has to have, said before anybody hands over money."""

    def __init__(self, shop: Shop, number: str = "", amount: str = "") -> None:
        super().__init__(shop, number)
        self.begun_with = amount
        self.rules: Sequence[RuleVersion] = ()

    def body(self) -> ComposeResult:
        """Two fields, and what is known."""
        yield Field(self.say(msg("Card number")), id="card")
        yield Field(self.say(msg("Amount")), id="amount")
        yield Facts(id="facts", width=20, label_width=20)

    def on_mount(self) -> None:
        """The rules say what bonus there is."""
        ask(self, self.shop.reads.rules, then=messages.RulesRead, subject="rules")
        if self.begun_with:
            self.query_one("#amount", Input).value = self.begun_with
        self.begin()

    @on(messages.RulesRead)
    def take_rules(self, message: messages.RulesRead) -> None:
        """Known from here on."""
        self.rules = message.rules
        self.show_facts()

    def applies(self, action: str) -> bool:
        """Paying needs a card and an amount."""
        if action in {"deposit", "debt", "part", "part_off"}:
            return False
        if action in {"limit", "buyer", "deposit_back", *GIFTS}:
            return False
        if action in {"cash", "bank"}:
            return not self.held and self.card is not None and bool(self.amount())
        return super().applies(action)

    @on(messages.CardOpened)
    def take_card(self, message: messages.CardOpened) -> None:
        """Only an active one of a type that may, and only while its membership is active, a debt aside."""
        card = message.card
        if (refused := card.unusable()) is not None:
            self.tell(sentence(self.say, refused), "error")
            return
        if self.FUNCTION and not card.terms.may(self.FUNCTION):
            lacking = Refused("card_function", {"wallet": card.wallet, "function": self.FUNCTION})
            self.tell(sentence(self.say, lacking), "error")
            return
        if card.rest is not None:
            tail = ITS_CARD if self.WHILE_RESTING else PAYING_IN
            self.tell(rest_text(self.say, card.rest, tail), "warn" if self.WHILE_RESTING else "error")
            if not self.WHILE_RESTING:
                return
        self.card = card
        self.document_id = self.shop.ids.new()
        self.show_facts()
        self.query_one("#amount", Input).focus()

    def amount(self) -> int:
        """Minor units in the field; 0 while they cannot be read."""
        try:
            return parse_minor(self.query_one("#amount", Input).value, self.say.minor_digits)
        except Refused:
            return 0

    @on(Input.Changed, "#amount")
    def other_amount(self) -> None:
        """The figures follow what is typed; what was refused was about another amount."""
        if not self.held:
            self.untell()
        self.show_facts()

    def show_facts(self) -> None:
        """Holder, and what the amount makes of the account."""
        card = self.card
        if card is not None:
            bearer = self.say(msg("bearer card"))
            self.aside(f"{card.member.name} {card.member.tier.name}" if card.member else bearer)
        rows = self.facts_of(card, self.amount()) if card is not None else []
        self.query_one(Facts).show([("", ""), *rows])
        self.refresh_bindings()

    def facts_of(self, card: OpenedCard, amount: int) -> list[tuple[str, str]]:
        """What stands on the account, and what the amount makes of it."""
        del card, amount
        return []

    @on(Input.Submitted, "#amount")
    def check_amount(self, event: Input.Submitted) -> None:
        """Enter in the amount: cash handed over."""
        event.stop()
        if self.held:
            return
        if self.card is None:
            self.tell(self.say(msg("Present the card first.")), "error")
            self.query_one("#card", Input).focus()
            return
        try:
            parse_minor(event.value, self.say.minor_digits)
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        self.action_cash()

    def due(self) -> int:
        """What of the amount is still to be paid."""
        return self.amount()

    def action_cash(self) -> None:
        """F2: what was handed over; nothing typed means exactly the amount."""
        amount, shop = self.due(), self.shop
        if not amount or self.card is None or self.held:
            return

        def read(text: str) -> int:
            given = read_amount(shop)(text) if text.strip() else amount
            if given < amount:
                raise Refused("given_too_little", {"amount": amount, "given": given})
            return given

        entry = Entry(
            shop,
            self.say(msg("Cash")),
            aside=self.say.money(amount),
            label=self.say(msg("Given")),
            read=read,
            about=self.say(msg("Enter alone means exactly {amount}."), amount=self.say.money(amount)),
        )

        def pay(given: int | None) -> None:
            if given is not None:
                self.pay(Payment(amount).with_cash(given))

        self.app.push_screen(entry, pay)

    def action_bank(self) -> None:
        """F4."""
        amount = self.due()
        if not amount or self.card is None or self.held:
            return
        ask_bank_card(self, amount, self.pay)

    def pay(self, payment: Payment) -> None:
        """The money is there: post it, once."""

    def named_rules(self) -> Sequence[NamedRule]:
        """What the slip calls by its name."""
        return self.rules

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it."""
        slip = slip_of(
            self.shop, document, posted, card=self.card, rules=self.named_rules(),
            stock_names=self.names_of_goods(),
        )  # fmt: skip
        part, papers = in_two_parts(self.shop, document, slip, self.card)
        result = ResultScreen(
            self.shop, document, posted, part, papers=papers, countless=countless(self.named_rules())
        )
        self.app.push_screen(result, self.after_slip)

    def names_of_goods(self) -> Mapping[int, str]:
        """Of goods that go with the money, by product id."""
        return {}

    def begin_anew(self) -> None:
        """The amount was the other card's."""
        self.query_one("#amount", Input).value = ""
        super().begin_anew()

    def typed(self) -> tuple[str, str]:
        """Card and amount as they stand here, for the screen that goes on with them."""
        return self.query_one("#card", Input).value.strip(), self.query_one("#amount", Input).value.strip()

    def action_deposit(self) -> None:
        """F6: with the card and the amount that stand here."""
        from huiyuan.screens.account_money import DepositScreen

        self.app.push_screen(DepositScreen(self.shop, *self.typed()))

    def action_debt(self) -> None:
        """F7: with the card and the amount that stand here."""
        from huiyuan.screens.account_money import DebtScreen

        self.app.push_screen(DebtScreen(self.shop, *self.typed()))

    def action_deposit_back(self) -> None:
        """Only where deposits are."""

    def action_buyer(self) -> None:
        """Only where stored value is bought."""

    def action_gift(self) -> None:
        """Only where something comes on top."""

    def action_goods(self) -> None:
        """Only where goods come with it."""

    def action_receipt(self) -> None:
        """Only where a purchase entitles to something."""

    def action_limit(self) -> None:
        """Only where debts are."""

    def action_part(self) -> None:
        """Only where stored value is paid for."""

    def action_part_off(self) -> None:
        """Only where a part was taken."""

    def action_card(self) -> None:
        """F9: everything about it; what was typed here stays."""
        if not self.held:
            from huiyuan.screens.card import CardScreen

            page = CardScreen(self.shop, self.query_one("#card", Input).value.strip())
            self.app.push_screen(page, lambda _: self.after_card_page())

    def after_card_page(self) -> None:
        """Something may have been seen to there."""
