"""The life of cards and memberships."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

CARD_LIFE: Final[Mapping[str, str]] = {
    "replacement_wrong": msg(
        "A blank card of the type {type} has to take over. Nothing was booked. Present another blank card."
    ),
    "wallet_not_empty": msg(
        "The card still holds value, and no other card opens it. Nothing was booked."
        " Esc, F3: there ^Y b pays it back, ^Y v moves it."
    ),
    "card_not_due": msg(
        "This card has no last day, or it is not past. Nothing was booked. Read the card again."
    ),
    "type_change_wrong": msg(
        "The card cannot have this type: it is of another kind, has to be applied for, or holds more than"
        " the type allows."
        " Nothing was booked. Choose another type."
    ),
    "bearer_card": msg(
        "A bearer card belongs to whoever has it: nobody can report it lost. Nothing was booked."
    ),
    "identity_missing": msg("{name} has to show a paper. Nothing was booked. Say which one was shown."),
    "identity_differs": msg(
        "The number on the paper is not the one on file. Nothing was booked. Look at the paper again."
    ),
    "member_state": msg(
        "The membership is {state} meanwhile, so this cannot be done. Nothing was booked. Read it again."
    ),
    "member_not_active": msg(
        "The membership of {name} is {state}. Nothing was booked. See to it on the member's page (^Y k);"
        " a sale goes on without it (F5)."
    ),
    "application_wrong": msg(
        "The application is {state} meanwhile, so this cannot be done. Nothing was booked."
        " Esc and come back: the page shows how it stands; F2 applies anew."
    ),
    "application_missing": msg(
        "A card of the type {type} needs an approved application. Nothing was booked."
        " Take one on the member's page (^Y k, F2)."
    ),
}
PASS_LEFT: Final = msg(
    "A pass on this card is not used up. Nothing was booked. Use it (the card's page, ^Y p),"
    " or void its sale (home, F8)."
)
"""Of a card that is paid back or cancelled."""
OPEN_ALREADY: Final = msg(
    "An application for such a card is open already. Nothing was booked."
    " Decide about it (F4, F6), or withdraw it (F8)."
)
OWN_APPLICATION: Final = msg(
    "Whoever took an application does not decide about it. Nothing was booked."
    " Another person signs in (home, ^Y c) and decides."
)
