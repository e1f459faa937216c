"""A card is presented: typed, swiped or scanned into a field, or laid on the reader.

Always true: what is done is done to the card whose number stands in the field; an answer for another one is
dropped with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from textual import on
from textual.widgets import Input

from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.domain.ports import Reads
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.reader_messages import CardLaid
from huiyuan.screens.shop import TYPED_NUMBER
from huiyuan.screens.widgets.fields import LENGTH_MAX

R = TypeVar("R")
T = TypeVar("T")


def present(screen: AskingScreen[None], text: str, *, subject: str = "card") -> bool:
    """Ask which card this is; the answer comes as `CardOpened`. False for an empty text: nothing is asked.

    Args:
        subject: a second field on one screen asks under a name of its own.
    """
    number, reads = text.strip(), screen.shop.reads
    if not number:
        return False
    ask(
        screen,
        lambda: reads.open_card(token_kind=TYPED_NUMBER, text=number),
        then=messages.CardOpened,
        subject=subject,
    )
    return True


def first_known(card: PresentedCard, look: Callable[[str, str], T]) -> T:
    """What `look` answers for the first reading of a card on the reader that is known.

    Raises:
        Refused: `unknown_card` if none is, and whatever else `look` raises.
    """
    unknown = Refused("unknown_card")
    for kind, text in card.readings:
        try:
            return look(kind, text)
        except Refused as refused:
            if refused.code != "unknown_card":
                raise
            unknown = refused
    raise unknown


def open_presented(reads: Reads, card: PresentedCard) -> OpenedCard:
    """The card that lies on the reader. Raises Refused `unknown_card`, `not_permitted`, `not_signed_in`."""
    return first_known(card, lambda kind, text: reads.open_card(token_kind=kind, text=text))


class TakesCard(AskingScreen[R]):
    """A screen with one field for a card's number, `#card`; named after the screen's own base."""

    def card_presented(self, card: PresentedCard) -> bool:
        """Ask which one it is; its number goes into the field, whatever has the focus."""
        reads = self.shop.reads
        if self.unknown:
            return False
        ask(self, lambda: open_presented(reads, card), then=CardLaid, subject="card")
        return True

    def code_scanned(self, text: str) -> bool:
        """As if it had been typed there."""
        if self.unknown:
            return False
        self.query_one("#card", Input).value = text.strip()[:LENGTH_MAX]
        return present(cast(AskingScreen[None], self), text)

    @on(CardLaid)
    def take_laid(self, message: CardLaid) -> None:
        """From here on as if it had been typed."""
        message.stop()
        self.tell("")
        self.query_one("#card", Input).value = message.card.number
        self.post_message(messages.CardOpened(message.card))


def still_stands(card: OpenedCard | None, event: Input.Changed) -> bool:
    """Whether the field still holds the number of `card`; True while there is no card yet."""
    return card is None or event.value.strip() == card.number


def begin_with(screen: AskingScreen[None], number: str, *, field: str = "#card") -> None:
    """Fill the card's field as if it had been presented there, for a screen that is opened with a card."""
    if number:
        screen.query_one(field, Input).value = number
        present(screen, number)
