"""What the law says of money that is about to become stored value or a pass, while its amount is typed.

Always true: what the law forbids is said before any money is taken, with its article, and is not sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.domain.model.card import CardState
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.found import FoundMember
from huiyuan.domain.model.law import Purchase, Standing, Verdict, judge_purchase
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.card_money import CardMoneyScreen
from huiyuan.screens.law_words import verdict_text
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose


@dataclass(eq=False, repr=False)
class StandingRead(Message):
    """What the law asks about this card's next amount."""

    wallet: int
    standing: Standing


class BuyingScreen(CardMoneyScreen):
    """Money for what the law calls a prepaid card."""

    DEFAULT_CSS = """
    BuyingScreen #law { color: $text-error; padding: 1 1 0 1; }
    """

    def __init__(self, shop: Shop, number: str = "", amount: str = "") -> None:
        super().__init__(shop, number, amount)
        self.standing: Standing | None = None
        self.buyer: FoundMember | None = None

    def body(self) -> ComposeResult:
        """Below the figures: what the law has against them."""
        yield from super().body()
        yield Prose("", id="law")

    @on(messages.CardOpened)
    def ask_law(self, message: messages.CardOpened) -> None:
        """Which rows hold for this card, and what its buyer bought already."""
        self.standing, self.buyer = None, None
        card = message.card
        if card.wallet is not None and card.state is CardState.ACTIVE and card.rest is None:
            self.ask_standing(card.wallet)

    def after_card_page(self) -> None:
        """A paper that was missing may stand in the member's file now."""
        card = self.card
        if self.standing is not None and card is not None and card.wallet is not None and not self.held:
            self.tell("")
            self.ask_standing(card.wallet)

    def ask_standing(self, wallet: int) -> None:
        """For the buyer who was named, or whoever the card belongs to."""
        law, buyer = self.shop.law, self.buyer.id if self.buyer else None
        ask(
            self,
            lambda: law.standing(wallet, buyer=buyer),
            then=lambda standing: StandingRead(wallet, standing),
            subject="law",
        )

    @on(StandingRead)
    def take_standing(self, message: StandingRead) -> None:
        """From here on each key is judged."""
        if self.card is not None and self.card.wallet == message.wallet:
            self.standing = message.standing
            self.show_facts()

    def purchase_of(self, standing: Standing, cash_minor: int | None) -> Purchase:
        """The amount in the field as the law sees it.

        Args:
            cash_minor: what of it would be paid in cash, None while nobody chose.
        """
        return standing.purchase(self.amount(), bonus_minor=0, cash_minor=cash_minor)

    def verdict(self, cash_minor: int | None) -> Verdict | None:
        """What the law has against the amount in the field; None while nothing is known or nothing is."""
        standing = self.standing
        if not self.amount() or self.card is None or standing is None:
            return None
        return judge_purchase(standing.rules, self.purchase_of(standing, cash_minor), at=standing.at)

    def no_outlet(self) -> Refused | None:
        """What the door would say of any amount here; no money is taken for it first."""
        if self.standing is None or self.standing.outlet:
            return None
        return Refused("outlet_refused", {"store": self.shop.greeting.store.name})

    def show_law(self) -> None:
        """What stands against the amount, were it paid in cash."""
        found, closed = self.verdict(self.amount()), self.no_outlet()
        against = sentence(self.say, closed) if closed else ""
        self.query_one("#law", Prose).show(verdict_text(self.say, found) if found else against)

    def against(self, cash_minor: int) -> Refused | None:
        """What is in the way of paying so much of it in cash."""
        found = self.verdict(cash_minor)
        return found.refusal() if found else self.no_outlet()

    def may_pay(self, cash_minor: int) -> bool:
        """Whether nothing is in the way of this way of paying; if something is, it is said."""
        against = None if self.held else self.against(cash_minor)
        if against is not None:
            self.tell(sentence(self.say, against), "error")
        return against is None

    def action_cash(self) -> None:
        """F2: not where the law wants a transfer."""
        if self.may_pay(self.due()):
            super().action_cash()

    def action_bank(self) -> None:
        """F4."""
        if self.may_pay(0):
            super().action_bank()

    def begin_anew(self) -> None:
        """The next card has another buyer."""
        self.standing, self.buyer = None, None
        super().begin_anew()
        self.query_one("#law", Prose).show("")
