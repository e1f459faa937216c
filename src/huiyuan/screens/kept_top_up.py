"""The parts of a top-up outlive the process: what another machine took is named on this disk until the top-up
is booked or the parts were given back.

Always true: until it is known what became of the top-up of before no other one is begun here; its parts come
back for its own card only; once its document is in the journal they never come back.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from uuid import UUID

from textual import on
from textual.message import Message
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.basket import Basket, KeptBasket, ToppingUp
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import Document, Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.found import FoundMember
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.domain.model.receipt import mask_number
from huiyuan.domain.ports import Baskets
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.coming_back import ComingBack, whose
from huiyuan.screens.shop import Shop
from huiyuan.screens.top_up_gifts import GiftScreen


@dataclass(eq=False, repr=False)
class LeftRead(Message):
    """The top-up of before: the number of its card, empty where nobody's file has it, and who buys."""

    kept: KeptBasket
    number: str
    buyer: FoundMember | None


def read_left(shop: Shop, kept: KeptBasket) -> LeftRead:
    """Card and buyer by the members' pages. Raises Unreachable."""
    basket, left = kept.basket, kept.basket.top_up
    assert left is not None
    number, buyer = "", None
    if basket.member is not None:
        with contextlib.suppress(Refused):
            cards = shop.members.page(basket.member).cards
            number = next((each.number for each in cards if each.id == left.card), "")
    if left.buyer is not None:
        with contextlib.suppress(Refused):
            page = shop.members.page(left.buyer)
            buyer = FoundMember(page.id, page.number, page.name, page.kind, page.tier)
    return LeftRead(kept, number, buyer)


class KeptTopUp(GiftScreen, ComingBack[None]):
    """A top-up that may be paid in parts."""

    COMES_AS = "topping"
    COMES_UNDER = msg("A top-up of before")
    HOW = msg("Go on with it; or empty it, once all of it was given back on its machine. Esc leaves it.")

    def __init__(self, shop: Shop, number: str = "", amount: str = "") -> None:
        super().__init__(shop, number, amount)
        self.parts: tuple[Tender, ...] = ()
        self.due_back: LeftRead | None = None
        """What came back and waits for its card."""

    def applies(self, action: str) -> bool:
        """Nothing before it is known what became of the top-up of before."""
        return (self.coming is None or action in {"back", ""}) and super().applies(action)

    @property
    def shelf(self) -> Baskets:
        """Top-ups have a place of their own."""
        return self.shop.baskets.topping

    # Keeping

    def show_facts(self) -> None:
        """Every change of the figures is one of what is kept."""
        super().show_facts()
        if self.due_back is None:
            self.keep_parts()

    def keep_parts(self, document: UUID | None = None) -> None:
        """Name what was taken on other machines; `document` is what will book it."""
        shop, card, place = self.shop, self.card, self.shelf
        if not self.parts or card is None or card.wallet is None:
            return
        top_up = ToppingUp(
            card.id, card.wallet, mask_number(card.number), self.amount(),
            buyer=self.buyer.id if self.buyer else None, rule=self.wanted, goods=self.with_goods,
            receipt=self.purchase.receipt if self.purchase else "",
        )  # fmt: skip
        basket = Basket(
            member=card.member.id if card.member else None, wallet=card.wallet, tenders=self.parts,
            top_up=top_up,
        )  # fmt: skip
        place.keep(KeptBasket(basket, shop.person.staff.number, shop.clock.now(), document))
        if place.trouble():
            text = msg("This counter's disk takes no note: the parts taken would not survive a power cut.")
            self.tell(self.say(text), "warn")

    def parts_gone(self) -> None:
        """All given back: there is nothing to name any more."""
        self.due_back = None
        self.shelf.clear()

    def drop_parts(self) -> None:
        """Left deliberately; the log says by whom, and what had been taken."""
        place = self.shelf
        if (kept := place.kept()) is not None:
            place.drop(kept, by=self.shop.person.staff.number)

    def posted(self, document: Document, posted: Posted) -> None:
        """The parts are booked."""
        self.parts = ()
        self.parts_gone()
        super().posted(document, posted)

    # Coming back

    def begin(self) -> None:
        """What was left here first: one's own by itself where no card was asked for, else after asking."""
        if self.coming is None:
            super().begin()
            return
        self.query_one("#card", Input).focus()
        self.ask_coming(own_alone=not self.number)

    def coming_gone(self) -> None:
        """Emptied: this one begins."""
        super().begin()

    def read_coming(self) -> None:
        """Asked again while there is no line."""
        kept, shop = self.coming, self.shop
        if kept is not None and self.is_attached:
            ask(self, lambda: read_left(shop, kept), then=lambda read: read, subject=self.COMES_AS)

    @on(LeftRead)
    def bring_left_back(self, message: LeftRead) -> None:
        """Amount and parts; the card of a member is read again, any other one has to be presented."""
        kept, left = message.kept, message.kept.basket.top_up
        if self.coming is None or left is None:
            return
        self.coming, self.due_back = None, message
        self.number = ""
        self.parts = kept.basket.tenders
        self.query_one("#amount", Input).value = self.say.figure(left.amount_minor).replace(",", "")
        text = msg("Back again: {basket}")
        self.tell(self.say(text, basket=whose(self.shop, kept, short=True)), "good")  # the rest is shown
        if message.number:
            self.query_one("#card", Input).value = message.number
            self.present(message.number)
        else:
            self.aside(self.say(msg("Present card {card} again."), card=left.masked))
        self.refresh_bindings()

    def present(self, text: str, *, source: str = "typed") -> bool:
        """No card before what was left here is back or gone."""
        return self.coming is None and super().present(text, source=source)

    def card_presented(self, card: PresentedCard) -> bool:
        """On the reader alike."""
        return self.coming is None and super().card_presented(card)

    def of_another(self, card: OpenedCard) -> bool:
        """Whether the parts that came back were taken for another card than this; then it is said."""
        back = self.due_back
        left = back.kept.basket.top_up if back is not None else None
        if left is None or card.wallet == left.wallet:
            return False
        text = msg(
            "What was taken before is for card {card}. Present that one, or take the parts off (^Y t)."
        )
        self.tell(self.say(text, card=left.masked), "error")
        return True

    @on(messages.CardOpened)
    def its_card_is_back(self) -> None:
        """Everything else that was chosen, once the card stands as any other does."""
        if self.due_back is not None:
            self.call_later(self.choose_again)

    def choose_again(self) -> None:
        """Gift, goods, receipt and buyer as they were; the document too, where one was named."""
        back, card = self.due_back, self.card
        left = back.kept.basket.top_up if back is not None else None
        if back is None or left is None or card is None:
            return
        self.due_back = None
        self.document_id = back.kept.document or self.document_id
        self.wanted, self.with_goods, self.buyer = left.rule, left.goods, back.buyer
        if left.receipt:
            self.look_up(left.receipt)
        self.show_facts()
