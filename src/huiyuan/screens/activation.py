"""Activation: an issued card becomes usable, and its holder chooses a PIN.

Always true: the PIN is typed twice by the customer and goes to the server only.
"""

from __future__ import annotations

from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import CardState
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.usecases.cards import card_activation_document
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.pins import ChangedCardPin, NewPin, PinChange, Secret
from huiyuan.screens.presenting import TakesCard
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Facts

FIRST_PIN: Final = msg(
    "The wallet is {name}'s: their card sets its first PIN; this one only just after the card desk"
    " (home, ^Y y) reset it."
)
PIN_WRONG: Final = msg("The PIN is wrong, {tries_left} tries are left. Nothing was changed. F3 asks again.")
PIN_LOCKED: Final = msg("The PIN is locked. Nothing was changed. The card desk lifts the lock (home, ^Y y).")


class ActivationScreen(TakesCard[None]):
    """A card, its state, F2 and F3."""

    SCOPE = "activate"
    TITLE_TEXT = msg("Activate a card")

    def body(self) -> ComposeResult:
        """One field, and what is known."""
        yield Field(self.say(msg("Card number")), id="card")
        yield Facts(id="facts", width=24, label_width=20)

    def on_mount(self) -> None:
        """The card first."""
        self.begin()

    def applies(self, action: str) -> bool:
        """What fits the card's state."""
        card = self.card
        if action == "post":
            return not self.held and card is not None and card.state is CardState.ISSUED
        if action == "set_pin":
            return not self.held and card is not None and card.state in {CardState.ISSUED, CardState.ACTIVE}
        return super().applies(action)

    def enter_card(self, text: str) -> None:
        """Enter finds it; Enter again on an issued one activates it."""
        card = self.card
        if card is not None and card.number == text.strip() and card.state is CardState.ISSUED:
            self.action_post()
            return
        self.present(text)

    @on(messages.CardOpened)
    def take_card(self, message: messages.CardOpened) -> None:
        """Another card is another document."""
        if self.card is None or self.card.id != message.card.id:
            self.document_id = self.shop.ids.new()
        self.card = message.card
        self.show_facts()

    def show_facts(self) -> None:
        """State, holder, PIN."""
        say, card, rows = self.say, self.card, []
        if card is not None:
            rows = [
                ("", ""),
                (say(msg("State")), say.state(card.state)),
                (say(msg("Holder")), card.carrier or say(msg("bearer"))),
                (say(msg("PIN")), say(msg("set")) if card.pin_set else say(msg("not set"))),
            ]
        self.query_one(Facts).show(rows)
        self.refresh_bindings()

    def action_post(self) -> None:
        """F2: issued to active."""
        shop, card = self.shop, self.card
        if card is None or self.held:
            return
        self.submit_made(
            lambda: card_activation_document(
                stamp_of(shop, self.document_id),
                card=card,
            )
        )

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it, then the card as it is now, for its PIN."""
        card = self.card
        number = card.number if card else None
        if card is not None and card.holder:
            slip = slip_of(self.shop, document, posted, card_number=card.number, holder=card.holder)
        else:
            slip = slip_of(self.shop, document, posted, card=card)

        def again(_nothing: None) -> None:
            if number is not None:
                self.present(number)

        self.app.push_screen(ResultScreen(self.shop, document, posted, slip), again)

    def action_set_pin(self) -> None:
        """F3."""
        if self.card is None or self.held:
            return
        if self.card.pin_set:
            self.app.push_screen(ChangedCardPin(self.shop, self.card.number), self.change_pin)
            return
        about = self.say(msg("The customer types a new PIN of six digits, twice. Look away."))
        if self.card.holder and self.card.member:
            about = self.say(FIRST_PIN, name=self.card.member.name) + "\n" + about
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

    @on(messages.Refused)
    def say_pin_refused(self, message: messages.Refused) -> None:
        """No money is paid here, so there is no other tender."""
        error = message.error
        if error.code not in {"pin_wrong", "pin_locked"}:
            return
        message.prevent_default()
        left = error.facts.get("tries_left", 0) if error.code == "pin_wrong" else 0
        self.tell(self.say(PIN_WRONG, tries_left=left) if left else self.say(PIN_LOCKED), "error")

    @on(messages.PinChanged)
    def say_set(self) -> None:
        """Read the card again: it has a PIN now."""
        if self.card is not None:
            self.present(self.card.number)
        self.tell(self.say(msg("The card's PIN is set.")), "good")

    def action_card(self) -> None:
        """F9: everything about it; what was typed here stays."""
        if not self.held:
            from huiyuan.screens.card import CardScreen

            self.app.push_screen(CardScreen(self.shop, self.query_one("#card", Input).value.strip()))
