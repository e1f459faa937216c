"""GuessedScreen: a document that takes value from a card; above the floor the customer types its PIN.

Always true: the PIN goes to the server with this document only and stands nowhere afterwards.
"""

from __future__ import annotations

from textual import on

from huiyuan.config.i18n import msg
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.tender import pin_wanted
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.pins import CardPin, Secret
from huiyuan.screens.posting import PostingScreen


class GuessedScreen(PostingScreen[None]):
    """A screen draws its document up with or without a guess, in `complete`."""

    def complete(self, pin: Secret | None) -> None:
        """Draw it up and send it with `guessed`."""

    def wants_pin(self, amount_minor: int, *, pin_set: bool) -> bool:
        """Whether so much is above the chain's floor."""
        floor = self.shop.greeting.chain.pin_floor_minor
        return pin_set and pin_wanted(amount_minor, floor_minor=floor)

    def guessed(self, document: Document, pin: Secret | None) -> None:
        """As `submit`, with the guess before it."""
        if self.held:
            return
        self.document, door = document, self.shop.door

        def work() -> messages.DocumentPosted:
            for proof in document.proofs:
                if pin is not None and proof.pin_attempt is not None:
                    door.guess_pin(
                        attempt=proof.pin_attempt, document=document.id, wallet=proof.wallet, pin=pin.pin
                    )
            return messages.DocumentPosted(door.post(document))

        ask(self, work, then=lambda news: news, subject=WRITE)

    def ask_pin(self, amount_minor: int) -> None:
        """The customer types it; Esc leaves everything as it is."""
        about = self.say(msg("{amount} are taken from the card. The customer types its PIN."),
                         amount=self.say.money(amount_minor))  # fmt: skip

        def take(pin: Secret | None) -> None:
            if pin is not None:
                self.complete(pin)

        self.app.push_screen(CardPin(self.shop, about), take)

    @on(messages.Refused)
    def ask_wanted_pin(self, message: messages.Refused) -> None:
        """The door wants it for another reason than the sum of this one."""
        if message.error.code == "pin_needed" and self.document is not None:
            self.ask_pin(self.document.total_minor)
