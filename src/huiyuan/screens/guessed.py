"""GuessedScreen: a document that takes value from a card; above the floor the customer types its PIN.

Always true: the PIN goes to the server with this document only and stands nowhere afterwards.
"""

from __future__ import annotations

from textual import on

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.tender import pin_wanted
from huiyuan.domain.ports import Door
from huiyuan.screens import messages
from huiyuan.screens.dialogs.pins import CardPin, Secret
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.presenting import whose_card
from huiyuan.screens.refusals import sentence


def post_with_guess(door: Door, document: Document, *, pin: Secret | None) -> Posted:
    """The customer's guess first, where there is one, then the document that names it."""
    for proof in document.proofs:
        if pin is not None and proof.pin_attempt is not None and proof.wallet is not None:
            door.guess_pin(attempt=proof.pin_attempt, document=document.id, wallet=proof.wallet, pin=pin.pin)
    return door.post(document)


class GuessedScreen(PostingScreen[None]):
    """A screen draws its document up with or without a guess, in `complete`."""

    def complete(self, pin: Secret | None) -> None:
        """Draw it up and send it with `guessed`."""

    def charged_card(self) -> OpenedCard | None:
        """Whose PIN it is that is asked for."""
        return None

    def wants_pin(self, amount_minor: int, *, pin_set: bool) -> bool:
        """Whether so much is above the chain's floor."""
        floor = self.shop.greeting.chain.pin_floor_minor
        return pin_set and pin_wanted(amount_minor, floor_minor=floor)

    def guessed(self, document: Document, pin: Secret | None) -> None:
        """As `submit`, with the guess before it."""
        door = self.shop.door
        self.submit(document, lambda: post_with_guess(door, document, pin=pin))

    def ask_pin(self, amount_minor: int) -> None:
        """The customer types it; Esc leaves everything as it is."""
        card, say = self.charged_card(), self.say
        about = say(msg("{amount} are taken from card {number}. The customer types its PIN. Look away."),
                    amount=say.money(amount_minor), number=card.number if card else "")  # fmt: skip
        about += "\n" + whose_card(say, card)

        def take(pin: Secret | None) -> None:
            if pin is not None:
                self.complete(pin)

        self.app.push_screen(CardPin(self.shop, about), take)

    @on(messages.Refused)
    def ask_wanted_pin(self, message: messages.Refused) -> None:
        """The day's sum may want it though this one's does not; a mistyped one is typed again. A card that
        has none cannot be asked for it."""
        code, card = message.error.code, self.charged_card()
        if self.document is None or code not in {"pin_needed", "pin_wrong"}:
            return
        if code == "pin_needed" and card is not None and not card.pin_set:
            message.stop()
            message.prevent_default()
            self.without_pin()
        else:
            self.ask_pin(self.document.total_minor)

    def without_pin(self) -> None:
        """The card has none and one is wanted; another screen may let a second person stand in."""
        self.tell(sentence(self.say, Refused("pin_not_set")), "error")

    def second_for_pin(self) -> None:
        """Whoever approves makes sure whose card it is."""
        text = msg("This card has no PIN. A second person makes sure whose it is, and approves.")
        self.ask_second_person(self.say(text))
