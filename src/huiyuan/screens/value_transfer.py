"""Value of one card goes to another one: both are presented, the amount is typed, the PIN of the first asked.

Always true: both cards are those whose numbers stand in the fields.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.money import parse_minor
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.domain.usecases.moving import transfer_document
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.pins import Secret
from huiyuan.screens.guessed import GuessedScreen
from huiyuan.screens.presenting import open_presented
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.shop import TYPED_NUMBER, Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.fields import LENGTH_MAX, Field
from huiyuan.screens.widgets.prose import Facts

GIVER, TAKER = "giver", "taker"


@dataclass
class SideOpened(Message):
    """The card of one side."""

    side: str
    card: OpenedCard


class ValueTransferScreen(GuessedScreen):
    """From, to, how much.

    Args:
        number: the card to take from; empty: the field waits.
    """

    SCOPE = "transfer"
    TITLE_TEXT = msg("Value transfer")

    def __init__(self, shop: Shop, number: str = "") -> None:
        super().__init__(shop)
        self.number = number
        self.cards: dict[str, OpenedCard] = {}
        self.document_id = shop.ids.new()

    def body(self) -> ComposeResult:
        """Two cards, an amount, what becomes of both."""
        yield Field(self.say(msg("From card")), id=GIVER)
        yield Field(self.say(msg("To card")), id=TAKER)
        yield Field(self.say(msg("Amount")), id="amount", numeric=True)
        yield Facts(id="facts", width=24, label_width=24)

    def on_mount(self) -> None:
        """The first card first."""
        self.query_one(f"#{GIVER}", Input).focus()
        if self.number:
            self.query_one(f"#{GIVER}", Input).value = self.number
            self.open_side(GIVER, self.number)

    def open_side(self, side: str, number: str) -> None:
        """Which card is it?"""
        reads = self.shop.reads
        if number:
            ask(
                self,
                lambda: reads.open_card(token_kind=TYPED_NUMBER, text=number).read_by("typed"),
                then=lambda card: SideOpened(side, card),
                subject=side,
            )

    def card_presented(self, card: PresentedCard) -> bool:
        """The first free side."""
        reads, side = self.shop.reads, TAKER if GIVER in self.cards else GIVER
        if self.held:
            return False
        ask(self, lambda: open_presented(reads, card), then=lambda one: SideOpened(side, one), subject=side)
        return True

    def code_scanned(self, text: str) -> bool:
        """As a card on the reader."""
        side, number = TAKER if GIVER in self.cards else GIVER, text.strip()[:LENGTH_MAX]
        if self.held or not number:
            return False
        self.query_one(f"#{side}", Input).value = number
        self.open_side(side, number)
        return True

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Enter: the card, then the next field; from the amount: do it."""
        event.stop()
        if self.held:
            return
        if event.input.id in {GIVER, TAKER}:
            self.open_side(event.input.id, event.value.strip())
        else:
            self.action_post()

    @on(SideOpened)
    def take_side(self, message: SideOpened) -> None:
        """Shown; then the next field."""
        self.cards[message.side] = message.card
        self.query_one(f"#{message.side}", Input).value = message.card.number
        following = TAKER if message.side == GIVER else "amount"
        self.query_one(f"#{following}", Input).focus()
        self.show_facts()

    @on(Input.Changed)
    def forget_other_card(self, event: Input.Changed) -> None:
        """Nothing is done with a card whose number does not stand in its field."""
        side = event.input.id or ""
        card = self.cards.get(side)
        if card is not None and event.value.strip() != card.number and not self.held:
            del self.cards[side]
        self.show_facts()

    def amount(self) -> int:
        """Minor units in the field; 0 while they cannot be read."""
        try:
            return parse_minor(self.query_one("#amount", Input).value, self.say.minor_digits)
        except Refused:
            return 0

    def show_facts(self) -> None:
        """Owner and balance of both, now and then."""
        say, amount = self.say, self.amount()
        rows = [("", "")]
        for side, sign, whose in ((GIVER, -1, msg("From: {name}")), (TAKER, 1, msg("To: {name}"))):
            card = self.cards.get(side)
            if card is not None:
                name = card.member.name if card.member else say(msg("bearer card"))
                held = card.balances.stored_minor
                then = f"  →  {say.money(held + sign * amount)}" if amount else ""
                rows.append((say(whose, name=name), say.money(held) + then))
        self.query_one(Facts).show(rows)
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """Both cards and an amount."""
        if action == "post":
            return not self.held and len(self.cards) == 2 and self.amount() > 0
        return super().applies(action)

    def action_post(self) -> None:
        """F2: with the PIN where it is above the floor."""
        giver = self.cards.get(GIVER)
        if giver is None or TAKER not in self.cards:
            self.tell(self.say(msg("Present both cards first.")), "error")
            return
        if self.wants_pin(self.amount(), pin_set=giver.pin_set):
            self.ask_pin(self.amount())
        else:
            self.complete(None)

    def charged_card(self) -> OpenedCard | None:
        """The one that gives."""
        return self.cards.get(GIVER)

    def without_pin(self) -> None:
        """As with a card that is not there: somebody else vouches for it."""
        self.second_for_pin()

    def complete(self, pin: Secret | None) -> None:
        """Once."""
        shop = self.shop
        document = self.made_by(
            lambda: transfer_document(
                stamp_of(shop, self.document_id),
                giver=self.cards[GIVER],
                taker=self.cards[TAKER],
                amount_minor=self.amount(),
                pin_attempt=shop.ids.new() if pin else None,
            )
        )
        if document is None:
            return
        self.guessed(document, pin)

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it."""
        taker = self.cards.get(TAKER)
        slip = slip_of(
            self.shop, document, posted, card=self.cards.get(GIVER), to_card=taker.number if taker else None
        )

        def begin_anew(_nothing: None) -> None:
            if self.number:  # back to the page that it was opened from
                self.dismiss(None)
                return
            self.cards, self.document_id = {}, self.shop.ids.new()
            for name in (GIVER, TAKER, "amount"):
                self.query_one(f"#{name}", Input).value = ""
            self.query_one(f"#{GIVER}", Input).focus()
            self.show_facts()

        self.app.push_screen(ResultScreen(self.shop, document, posted, slip), begin_anew)
