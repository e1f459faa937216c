"""A pass is sold: the card, how many, how it is paid.

Always true: the price is the rule's; what is asked for is whole passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.law import Purchase, Standing
from huiyuan.domain.model.passes import PassOffer
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases.passes import pass_sale_document
from huiyuan.screens.buying import BuyingScreen
from huiyuan.screens.dialogs.pins import Secret
from huiyuan.screens.guessed import GuessedScreen
from huiyuan.screens.paper import NamedRule
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Facts, Prose


class PassSaleScreen(BuyingScreen, GuessedScreen):
    """One kind of pass, one card."""

    SCOPE = "pass_sale"
    TITLE_TEXT = msg("Sell a pass")
    FUNCTION = "passes"

    def __init__(self, shop: Shop, number: str, offer: PassOffer) -> None:
        super().__init__(shop, number)
        self.offer = offer
        self.paying: Payment | None = None

    def body(self) -> ComposeResult:
        """Two fields, what is known, and what the law has against it."""
        yield Field(self.say(msg("Card number")), id="card")
        yield Field(self.say(msg("Passes")), id="amount", value="1")
        yield Facts(id="facts", width=20, label_width=20)
        yield Prose("", id="law")

    @property
    def count(self) -> int:
        """How many passes; 0 while that cannot be read."""
        text = self.query_one("#amount", Input).value.strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0

    def amount(self) -> int:
        """What they cost."""
        return self.offer.price_minor * self.count

    def purchase_of(self, standing: Standing, cash_minor: int | None) -> Purchase:
        """A pass is a card of its own: what the card holds beside it does not count to its cap."""
        own = replace(standing, held_minor=0, type_cap_minor=None)
        return own.purchase(self.amount(), bonus_minor=0, cash_minor=cash_minor)

    def facts_of(self, card: OpenedCard, amount: int) -> list[tuple[str, str]]:
        """What it is, what it costs, what is there then."""
        say, offer = self.say, self.offer
        self.show_law()
        there = sum(each.left for each in card.passes if each.rule == offer.rule)
        rows = [(say(msg("Pass")), offer.name), (say(msg("To pay")), say.money(amount))]
        if not offer.unlimited:
            rows.append((say(msg("Uses then")), f"{there + offer.uses * self.count:,}"))
        if offer.term_days:
            rows.append((say(msg("Days it lasts")), f"{offer.term_days:,}"))
        return rows

    def applies(self, action: str) -> bool:
        """What the card holds has to be enough."""
        if action == "stored":
            amount, held = self.amount(), self.card.balances.stored_minor if self.card else 0
            return not self.held and 0 < amount <= held
        return super().applies(action)

    def action_stored(self) -> None:
        """F3: from the same card, with its PIN above the floor."""
        card, amount = self.card, self.amount()
        if card is None or card.wallet is None or not self.applies("stored"):
            return
        held = card.balances.stored_minor
        self.paying = Payment(amount).with_stored(amount, wallet=card.wallet, balance_minor=held)
        if self.wants_pin(amount, pin_set=card.pin_set):
            self.ask_pin(amount)
        else:
            self.complete(None)

    def pay(self, payment: Payment) -> None:
        """Cash or a bank card: post it, once."""
        self.paying = payment
        self.complete(None)

    def charged_card(self) -> OpenedCard | None:
        """The one that pays."""
        return self.card

    def named_rules(self) -> Sequence[NamedRule]:
        """The pass."""
        return (self.offer,)

    def complete(self, pin: Secret | None) -> None:
        """The document with the guess before it, where there is one."""
        shop, card, payment = self.shop, self.card, self.paying
        if card is None or payment is None or self.held:
            return
        document = self.made_by(
            lambda: pass_sale_document(
                stamp_of(shop, self.document_id),
                card=card,
                offer=self.offer,
                count=self.count,
                payment=payment,
                pin_attempt=shop.ids.new() if pin else None,
            )
        )
        if document is None:
            return
        self.guessed(document, pin)
