"""Who is served at a basket, and what the money waits for: the rules, and whoever was just chosen.

Always true: F2 is pressed once; while an answer that decides about prices is on its way the payment opens by
itself as soon as it is there, and nothing changes the basket under an open payment.
"""

from __future__ import annotations

from typing import Final, TypeVar

from textual import on
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.found import FoundMember
from huiyuan.domain.model.needle import Shape, needle
from huiyuan.domain.model.payment_code import PaymentCode
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.member_picker import MemberPicker
from huiyuan.screens.goods_entry import Scan
from huiyuan.screens.outage_sale import note_of
from huiyuan.screens.resting import IN_A_SALE, rest_text
from huiyuan.screens.serving import Serving
from huiyuan.screens.shop import Shop

R = TypeVar("R")
NOTED: Final = msg(
    "Card ..{last} is noted: the points of this sale are added when the line is back. Prices are the list's."
    " F5 takes it off."
)
SHOW_AGAIN: Final = msg(
    "The line is back: show the card again, its prices and points hold at once. F2 goes on without it."
)
MEMBER_SHAPES: Final = frozenset({Shape.PHONE, Shape.LAST_FOUR, Shape.MIXED})


class BasketMember(Serving[R]):
    """Named after the screen's own base."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.paying = False
        self.awaited: set[str] = set()
        self.code: PaymentCode | None = None

    def came(self, subject: str) -> None:
        """An answer that decides about prices; whoever pressed F2 meanwhile goes on to the money."""
        self.awaited.discard(subject)
        if self.paying:
            self.action_pay()

    def looked_up(self) -> None:
        """The answer came, whatever it was; who pressed F2 meanwhile goes on to the money."""
        if self.missed:
            self.paying, self.code = False, None
        super().looked_up()
        if self.paying:
            self.action_pay()

    def action_pay(self) -> None:
        """F2; the screen's own."""
        raise AssertionError(self)

    @on(messages.Refused)
    def look_among_members(self, message: messages.Refused) -> None:
        """What is no goods and no card but looks like a phone number is looked for among the members."""
        self.missed_answer(message.subject)
        typed = str(message.error.facts.get("product", ""))
        unknown = message.subject == "scan" and message.error.code == "unknown_product"
        if unknown and needle(typed).shape in MEMBER_SHAPES:
            message.prevent_default()
            self.looked_up()
            self.find_member(typed)

    def action_member(self) -> None:
        """F7: with what stands in the field, if something does."""
        field = self.query_one("#entry", Input)
        text, field.value = field.value.strip(), ""
        self.find_member(text)

    def find_member(self, text: str) -> None:
        """The one box over the basket; whoever is chosen is attached without a card."""
        reads = self.shop.reads

        def chosen(member: FoundMember | None) -> None:
            if member is not None:
                self.awaited.add("member")
                ask(
                    self,
                    lambda: reads.attach_member(member.id),
                    then=messages.MemberAttached,
                    subject="member",
                )

        self.app.push_screen(MemberPicker(self.shop, self.say(msg("Member")), text=text), chosen)

    @on(messages.MemberAttached)
    def attach_member(self, message: messages.MemberAttached) -> None:
        """The member's prices, the wallet that earns; nothing pays without the card."""
        rest = message.attached.rest
        if rest is not None:
            self.tell(rest_text(self.say, rest, IN_A_SALE), "error")
            self.missed_answer("member")
            return
        self.take_cart(self.cart.with_member(message.attached))
        self.show_notes()
        self.came("member")

    def note_card(self, card: str | PresentedCard) -> bool:
        """Without the line a card is taken along: whose it is the server says at its return."""
        noted = note_of(self.shop, card, scanned=isinstance(card, Scan))
        if noted is None:
            return False
        self.take_cart(self.cart.with_noted(noted))
        self.tell(self.say(NOTED, last=noted.last), "good")
        return True

    def shown_again(self) -> bool:
        """The line came back before the payment: a card that was only noted is shown now, or left out."""
        if self.cart.noted is None or self.shop.line.state != "up":
            return False
        self.take_cart(self.cart.with_card(None))
        self.tell(self.say(SHOW_AGAIN), "warn")
        return True

    def show_notes(self) -> None:
        """What is to be read first about whoever is served now."""
        member = self.cart.member
        if member is not None and member.pops_up:
            self.tell(self.say(msg("Note: {text}"), text="; ".join(member.pops_up)), "warn")

    @on(messages.NoLine)
    def forget_paying(self, message: messages.NoLine) -> None:
        """The queue is gone, and with it the way to the money."""
        if message.subject == "scan":
            self.paying, self.code = False, None
        self.missed_answer(message.subject)

    def missed_answer(self, subject: str) -> None:
        """Without the rules the sale goes on; a member who was not found is for a person to see first."""
        if subject == "member":
            self.paying, self.code = False, None
        self.came(subject)
