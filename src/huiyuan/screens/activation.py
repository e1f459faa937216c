"""Activation: an issued card becomes usable, and its holder chooses a PIN.

Always true: the PIN is typed twice by the customer and goes to the server only.
"""

from __future__ import annotations

from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import CardState, OpenedCard
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.usecases.cards import card_activation_document
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.pins import ChangedCardPin, NewPin, PinChange, Secret
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.presenting import TakesCard, begin_with, present, still_stands
from huiyuan.screens.refusals import sentence
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Facts


class ActivationScreen(PostingScreen[None], TakesCard[None]):
    """A card, its state, F2 and F3.

    Args:
        number: the card to begin with; empty: the field waits.
    """

    SCOPE = "activate"
    TITLE_TEXT = msg("Activate a card")

    def __init__(self, shop: Shop, number: str = "") -> None:
        super().__init__(shop)
        self.number = number
        self.document_id: UUID = shop.ids.new()
        self.card: OpenedCard | None = None

    def body(self) -> ComposeResult:
        """One field, and what is known."""
        yield Field(self.say(msg("Card number")), id="card")
        yield Facts(id="facts", width=24, label_width=20)

    def on_mount(self) -> None:
        """The card first."""
        self.query_one("#card", Input).focus()
        begin_with(self, self.number)

    def applies(self, action: str) -> bool:
        """What fits the card's state."""
        card = self.card
        if action == "post":
            return not self.held and card is not None and card.state is CardState.ISSUED
        if action == "set_pin":
            return not self.held and card is not None and card.state in {CardState.ISSUED, CardState.ACTIVE}
        return super().applies(action)

    @on(Input.Changed, "#card")
    def forget_other_card(self, event: Input.Changed) -> None:
        """Nothing is done to a card whose number does not stand in the field."""
        if not still_stands(self.card, event) and not self.held:
            self.card = None
            self.query_one(Facts).show([])
            self.refresh_bindings()

    @on(Input.Submitted, "#card")
    def open_card(self, event: Input.Submitted) -> None:
        """Enter finds it; Enter again on an issued one activates it."""
        event.stop()
        number = event.value.strip()
        if not number or self.held:
            return
        if self.card is not None and self.card.number == number and self.card.state is CardState.ISSUED:
            self.action_post()
            return
        present(self, number)

    @on(messages.CardOpened)
    def take_card(self, message: messages.CardOpened) -> None:
        """State, holder, PIN."""
        card, say = message.card, self.say
        if self.card is None or self.card.id != card.id:
            self.document_id = self.shop.ids.new()
        self.card = card
        rows = [
            ("", ""),
            (say(msg("State")), say.state(card.state)),
            (say(msg("Holder")), card.member.name if card.member else say(msg("bearer"))),
            (say(msg("PIN")), say(msg("set")) if card.pin_set else say(msg("not set"))),
        ]
        self.query_one(Facts).show(rows)
        self.refresh_bindings()

    def action_post(self) -> None:
        """F2: issued to active."""
        shop, card = self.shop, self.card
        if card is None or self.held:
            return
        try:
            document = card_activation_document(
                id=self.document_id,
                number=shop.door.next_number(),
                at=shop.clock.now(),
                session=shop.person.session,
                card=card,
            )
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        self.submit(document)

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it, then the card as it is now, for its PIN."""
        number = self.card.number if self.card else None
        slip = slip_of(self.shop, document, posted, card=self.card)

        def again(_nothing: None) -> None:
            if number is not None:
                present(self, number)

        self.app.push_screen(ResultScreen(self.shop, document, posted, slip), again)

    def action_set_pin(self) -> None:
        """F3."""
        if self.card is None or self.held:
            return
        if self.card.pin_set:
            self.app.push_screen(ChangedCardPin(self.shop, self.card.number), self.change_pin)
            return
        about = self.say(msg("The customer types a new PIN of six digits, twice. Look away."))
        title = self.say(msg("PIN of the card"))
        self.app.push_screen(NewPin(self.shop, title, about, card=True), self.set_pin)

    def set_pin(self, secret: Secret | None) -> None:
        """To the server only."""
        card, port = self.card, self.shop.sign_in
        if secret is not None and card is not None:
            ask(
                self,
                lambda: port.set_card_pin(card, pin=secret.pin),
                then=lambda _: messages.PinChanged(),
                subject=WRITE,
            )

    def change_pin(self, change: PinChange | None) -> None:
        """The old one is judged there."""
        card, port = self.card, self.shop.sign_in
        if change is not None and card is not None:
            ask(
                self,
                lambda: port.change_card_pin(card, old_pin=change.old, new_pin=change.new),
                then=lambda _: messages.PinChanged(),
                subject=WRITE,
            )

    @on(messages.PinChanged)
    def say_set(self) -> None:
        """Read the card again: it has a PIN now."""
        if self.card is not None:
            present(self, self.card.number)
        self.tell(self.say(msg("The card's PIN is set.")), "good")

    def action_card(self) -> None:
        """F9: everything about it; what was typed here stays."""
        if not self.held:
            from huiyuan.screens.card import CardScreen

            self.app.push_screen(CardScreen(self.shop, self.query_one("#card", Input).value.strip()))
