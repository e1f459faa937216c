"""Cards and wallets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

PIN_SPENT: Final = msg(
    "The card's PIN is wrong once too often and is locked now. Nothing was booked."
    " Choose another tender (F8); the card desk lifts the lock."
)
PAPER_ONLY_SEEN: Final = msg(
    "No number was compared with the file. Nothing is booked yet. A second person has to approve it here."
)
CARDS: Final[Mapping[str, str]] = {
    # Cards
    "card_not_presented": msg(
        "The card of this wallet was not presented. Nothing was booked. Present the card."
    ),
    "card_not_active": msg(
        "The card is {state}. Nothing was booked. Choose another tender, or see to the card."
    ),
    "source_wrong": msg(
        "It is said that the card was read another way than it was. Nothing was booked."
        " Present the card again."
    ),
    "pin_needed": msg("Above {floor} the card's PIN is needed. Nothing was booked. Enter asks for it."),
    "pin_wrong": msg(
        "The card's PIN is wrong, {tries_left} tries are left. Nothing was booked. Enter asks again."
    ),
    "pin_not_set": msg(
        "The card has no PIN, and one is needed here. Nothing was booked."
        " Set one (home, F6), or choose another tender (F8)."
    ),
    "pin_locked": msg(
        "The card's PIN is locked for {minutes} more minutes. Nothing was booked."
        " Choose another tender (F8); the card desk lifts the lock."
    ),
    "pin_set": msg(
        "This card has a PIN. Nothing was changed. Type the old one, or reset it at the card desk first."
    ),
    "pin_not_own": msg(
        "The wallet is {name}'s: its first PIN takes their card. Nothing was changed."
        " Or reset the PIN at the card desk (home, ^Y y) with a second person."
    ),
    "pin_not_locked": msg("The card's PIN is not locked. Nothing was booked. It may be typed."),
    "insufficient": msg(
        "Balance too low: {short} are missing. Nothing was booked. Pay the rest in cash, or top up first."
    ),
    "balance_cap": msg(
        "This card may hold at most {cap}; it would hold {would_be}. Nothing was booked."
        " Take a smaller amount."
    ),
    "unknown_wallet": msg("This card opens no wallet. Nothing was booked. Present another card."),
    "unknown_card": msg(
        "Nobody knows this card. Nothing was booked. Check the number, or issue the card first."
    ),
    # The card reader
    # The scale
    "scale_unreachable": msg("The scale is not in reach: is its cable in? Type the weight meanwhile (F3)."),
    "scale_silent": msg(
        "The scale says nothing. Is it switched on, and set to this line? Type the weight (F3)."
    ),
    "scale_garbled": msg(
        "The scale says something that cannot be read: its protocol or speed is set otherwise."
        " Type the weight (F3)."
    ),
    "scale_unsteady": msg("The scale is not at rest. Wait until it stands still, and weigh again."),
    "scale_overload": msg("Too much lies on the scale. Take some off, and weigh again."),
    "scale_empty": msg(
        "Nothing lies on the scale, or less than its tare. Put the goods on, and weigh again."
    ),
    "no_card_reader": msg(
        "No card reader is there. Plug it in and wait a moment, or type the card's number."
    ),
    "loop_by_hand": msg("Only a person can try this one. A scanner: F9, then scan one label three times."),
    "no_card_on_reader": msg("No card lies on the reader. Lay it on, and leave it there."),
    "card_reader_held": msg(
        "Another program holds the card or the reader. Nothing was written."
        " End that program, or take the card off and lay it on again."
    ),
    "card_unreadable": msg(
        "The card could not be read. Lay it flat on the reader and leave it there until its page is shown."
    ),
    "card_not_writable": msg(
        "This kind of card takes no number. Nothing was written. It is known by its UID."
    ),
    "card_write_failed": msg(
        "The card does not hold the number: it is locked, or has another key. Take another card."
    ),
    "card_write_unsure": msg(
        "The card was taken away too early; what stands on it is unknown."
        " Lay it on again and write it once more."
    ),
    "card_state": msg(
        "The card is {state}, so this cannot be done. Nothing was booked."
        " What it allows stands at the card desk (home, ^Y y)."
    ),
}
NOT_ACTIVE: Final[Mapping[str, str]] = {
    "blank": msg("The card is blank, nobody has it yet. Nothing was booked. Issue it first (home, F5)."),
    "issued": msg("The card was issued but not activated. Nothing was booked. Activate it first (home, F6)."),
    "expired": msg(
        "The card is past its last day. Nothing was booked. The card desk (home, ^Y y) renews it;"
        " what it holds is not lost."
    ),
    "frozen": msg(
        "The card is frozen. Nothing was booked. The card desk (home, ^Y y) says who froze it and why,"
        " and unfreezes it."
    ),
    "lost": msg(
        "The card was reported lost. Nothing was booked. Keep it here; the card desk (home, ^Y y) says who"
        " reported it."
    ),
    "replaced": msg("Another card took this one's place. Nothing was booked. Ask for the new card."),
    "closed": msg(
        "The card was cancelled. Nothing was booked. Present another card; the card desk (home, ^Y y)"
        " restores it."
    ),
}
"""State of a card that is not active -> what to do about it."""
