"""A card is presented in a field: typed, swiped or scanned as text. How every screen that takes one reads it.

Always true: what is done is done to the card whose number stands in the field; an answer for another one is
dropped with it.
"""

from __future__ import annotations

from textual.widgets import Input

from huiyuan.domain.model.card import OpenedCard
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.shop import TYPED_NUMBER


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


def still_stands(card: OpenedCard | None, event: Input.Changed) -> bool:
    """Whether the field still holds the number of `card`; True while there is no card yet."""
    return card is None or event.value.strip() == card.number


def begin_with(screen: AskingScreen[None], number: str, *, field: str = "#card") -> None:
    """Fill the card's field as if it had been presented there, for a screen that is opened with a card."""
    if number:
        screen.query_one(field, Input).value = number
        present(screen, number)
