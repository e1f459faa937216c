"""A pass is sold: the card, how many, how it is paid.

Always true: the price is the rule's; what is asked for is whole passes.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.passes import PassOffer
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases.passes import pass_sale_document
from huiyuan.screens.card_money import CardMoneyScreen
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Facts


class PassSaleScreen(CardMoneyScreen):
    """One kind of pass, one card."""

    TITLE_TEXT = msg("Sell a pass")

    def __init__(self, shop: Shop, number: str, offer: PassOffer) -> None:
        super().__init__(shop, number)
        self.offer = offer

    def body(self) -> ComposeResult:
        """Two fields, and what is known."""
        yield Field(self.say(msg("Card number")), id="card")
        yield Field(self.say(msg("Passes")), id="amount", value="1")
        yield Facts(id="facts", width=20, label_width=20)

    @property
    def count(self) -> int:
        """How many passes; 0 while that cannot be read."""
        text = self.query_one("#amount", Input).value.strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0

    def amount(self) -> int:
        """What they cost."""
        return self.offer.price_minor * self.count

    def facts_of(self, card: OpenedCard, amount: int) -> list[tuple[str, str]]:
        """What it is, what it costs, what is there then."""
        say, offer = self.say, self.offer
        there = sum(each.left for each in card.passes if each.rule == offer.rule)
        rows = [(say(msg("Pass")), offer.name), (say(msg("To pay")), say.money(amount))]
        if not offer.unlimited:
            rows.append((say(msg("Uses then")), f"{there + offer.uses * self.count:,}"))
        if offer.term_days:
            rows.append((say(msg("Days it lasts")), f"{offer.term_days:,}"))
        return rows

    def pay(self, payment: Payment) -> None:
        """Post it, once."""
        shop, card = self.shop, self.card
        if card is None or self.held:
            return
        try:
            document = pass_sale_document(
                id=self.document_id,
                number=shop.door.next_number(),
                at=shop.clock.now(),
                session=shop.person.session,
                shift=shop.open_shift.id,
                card=card,
                offer=self.offer,
                count=self.count,
                payment=payment,
            )
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        self.submit(document)
