"""Deposits and debts: the card, an amount, how it is paid. What stands on the account is shown before.

Always true: the document's id is made when the card is presented; a deposit says what it is for, and of a
debt no more is taken than is owed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.credit import CreditDue
from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.tender import ADVANCE, Payment
from huiyuan.domain.usecases.accounts import account_document, deposit_back_document
from huiyuan.screens import messages, paying_news
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.card_money import CardMoneyScreen
from huiyuan.screens.credit_words import due_facts
from huiyuan.screens.dialogs.entry import Entry, ask_reason, read_amount
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of


class AccountScreen(CardMoneyScreen):
    """An account of a card beside its stored value."""

    KIND: ClassVar[Kind]

    def post(self, payment: Payment, reason: str = "") -> None:
        """Once."""
        shop, card = self.shop, self.card
        if card is None or self.held:
            return
        self.submit_made(
            lambda: account_document(
                stamp_of(shop, self.document_id),
                kind=self.KIND,
                card=card,
                payment=payment,
                reason=reason,
            )
        )


class DepositScreen(AccountScreen):
    """Money paid ahead for goods to come; it pays a later sale (F2 at the payment)."""

    TITLE_TEXT = msg("Deposit")
    KIND = Kind.ADVANCE

    def facts_of(self, card: OpenedCard, amount: int) -> list[tuple[str, str]]:
        """What was paid ahead, what then stands there."""
        say = self.say
        rows = [(say(msg("Paid ahead")), say.money(card.balances.advance))]
        if amount:
            rows.append((say(msg("Stands then")), say.money(card.balances.advance + amount)))
        return rows

    def applies(self, action: str) -> bool:
        """From here it also goes back."""
        if action == "deposit_back":
            return not self.held
        return super().applies(action)

    def action_deposit_back(self) -> None:
        """F8: with the card and the amount that stand here."""
        self.app.push_screen(DepositBackScreen(self.shop, *self.typed()), lambda _: self.read_again())

    def read_again(self) -> None:
        """What stands on the account may be less now."""
        if self.card is not None:
            self.present(self.card.number)

    def pay(self, payment: Payment) -> None:
        """What it is for, then the posting."""
        title, aside = self.say(msg("What the deposit is for")), self.say.money(payment.total_minor)
        ask_reason(self, title, partial(self.post, payment), label=msg("Goods"), aside=aside)


class DepositBackScreen(CardMoneyScreen):
    """What was paid ahead goes back in cash; a second person approves it."""

    TITLE_TEXT = msg("Give a deposit back")
    WHILE_RESTING = True

    def facts_of(self, card: OpenedCard, amount: int) -> list[tuple[str, str]]:
        """What was paid ahead, what then is left of it."""
        say, held = self.say, card.balances.advance
        rows = [(say(msg("Paid ahead")), say.money(held))]
        if amount:
            rows.append((say(msg("Stands then")), say.money(held - amount)))
        return rows

    def applies(self, action: str) -> bool:
        """Only the drawer gives it back."""
        if action == "bank":
            return False
        return super().applies(action)

    def action_cash(self) -> None:
        """F2, or Enter in the amount: why, then the posting."""
        amount, card = self.amount(), self.card
        if not amount or card is None or self.held:
            return
        if amount > card.balances.advance:
            facts = {"account": ADVANCE, "balance": card.balances.advance, "wanted": amount}
            self.tell(sentence(self.say, Refused("insufficient", facts)), "error")
            return
        then = partial(self.give_back, card, amount)
        ask_reason(self, self.say(self.TITLE_TEXT), then, aside=self.say.money(amount))

    def give_back(self, card: OpenedCard, amount_minor: int, reason: str) -> None:
        """Once."""
        shop = self.shop
        self.submit_made(
            lambda: deposit_back_document(
                stamp_of(shop, self.document_id),
                card=card,
                amount_minor=amount_minor,
                reason=reason,
            )
        )


class DebtScreen(AccountScreen):
    """A member pays what was taken on account."""

    TITLE_TEXT = msg("Pay a debt")
    WHILE_RESTING = True
    KIND = Kind.CREDIT_PAYMENT

    def __init__(self, shop: Shop, number: str = "", amount: str = "") -> None:
        super().__init__(shop, number, amount)
        self.debt: CreditDue | None = None

    @on(messages.CardOpened)
    def ask_due(self, message: messages.CardOpened) -> None:
        """When it is due and how much at least, of the card that stands here."""
        self.debt = None
        shop, card = self.shop, message.card
        if card.unusable() is None and card.wallet is not None and card.balances.owed_minor > 0:
            wallet = card.wallet
            ask(
                self,
                lambda: shop.members.credit_due(wallet),
                then=lambda due: paying_news.DebtRead(wallet, due),
                subject="debt",
            )

    @on(paying_news.DebtRead)
    def show_debt(self, message: paying_news.DebtRead) -> None:
        """Beside what may be owed."""
        if self.card is not None and self.card.wallet == message.wallet:
            self.debt = message.due
            self.show_facts()

    def facts_of(self, card: OpenedCard, amount: int) -> list[tuple[str, str]]:
        """What is owed, what may be owed."""
        say, owed = self.say, card.balances.owed_minor
        rows = due_facts(say, self.debt) if self.debt is not None else [(say(msg("Owed")), say.money(owed))]
        rows.append((say(msg("Limit")), say.money(card.balances.credit_limit)))
        if amount:
            rows.append((say(msg("Owed then")), say.money(owed - amount)))
        return rows

    def pay(self, payment: Payment) -> None:
        """Nothing more to ask."""
        self.post(payment)

    def applies(self, action: str) -> bool:
        """A limit is a card's."""
        if action == "limit":
            return not self.held and self.card is not None and self.card.wallet is not None
        return super().applies(action)

    def action_limit(self) -> None:
        """F3."""
        card, shop = self.card, self.shop
        if card is None or card.wallet is None:
            return
        wallet = card.wallet
        entry = Entry(
            shop,
            self.say(msg("Limit")),
            aside=self.say.money(card.balances.credit_limit),
            label=self.say(msg("May owe")),
            read=read_amount(shop, zero=True),
        )

        def put(limit_minor: int | None) -> None:
            if limit_minor is not None:
                work = partial(shop.members.put_credit_limit, wallet, limit_minor)
                ask(self, work, then=lambda _: paying_news.LimitPut(limit_minor), subject=WRITE)

        self.app.push_screen(entry, put)

    @on(paying_news.LimitPut)
    def show_limit(self, message: paying_news.LimitPut) -> None:
        """From here on."""
        if self.card is not None:
            balances = replace(self.card.balances, credit_limit=message.limit_minor)
            self.card = replace(self.card, balances=balances)
        self.show_facts()
        self.tell(self.say(msg("May owe {amount} now."), amount=self.say.money(message.limit_minor)), "good")
