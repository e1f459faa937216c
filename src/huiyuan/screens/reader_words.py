"""How a card reader or a scanner stands, in a word for a list and in a sentence that says what to do."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.domain.model.device import Condition, DeviceState
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.domain.model.receipt import mask_number
from huiyuan.screens.wording import Wording

WORDS: Final = {
    Condition.OFF: msg("not wanted"),
    Condition.STARTING: msg("looking"),
    Condition.NO_LIBRARY: msg("no library"),
    Condition.NO_SERVICE: msg("no service"),
    Condition.NOT_ALLOWED: msg("not allowed"),
    Condition.SEIZED: msg("seized by the kernel"),
    Condition.ABSENT: msg("not plugged in"),
    Condition.READY: msg("ready"),
    Condition.HELD: msg("held elsewhere"),
    Condition.UNREADABLE: msg("card not read"),
}
TECHNOLOGIES: Final = {
    "classic": msg("MIFARE Classic"),
    "ntag": msg("NTAG"),
    "other": msg("another kind"),
}
READINGS: Final = {
    "uid": msg("UID"),
    "ndef": msg("text on it"),
    "number": msg("number on it"),
}
UNTROUBLED: Final = frozenset({Condition.OFF, Condition.STARTING, Condition.READY})
UNUSED: Final = frozenset({Condition.OFF, Condition.STARTING, Condition.NO_LIBRARY, Condition.NO_SERVICE})
"""A counter that has no reader at all looks like this, and is told nothing."""

CARD_READER: Final = {
    Condition.NO_LIBRARY: msg(
        "The system's card library is missing (libpcsclite1): install pcscd. Numbers can be typed."
    ),
    Condition.NO_SERVICE: msg(
        "The card service does not run: start pcscd. It is found again by itself. Numbers can be typed."
    ),
    Condition.NOT_ALLOWED: msg(
        "The system refuses the card reader to this user: over ssh polkit wants a rule for"
        " org.debian.pcsc-lite (see the README)."
    ),
    Condition.SEIZED: msg(
        "The kernel took the card reader: blacklist pn533_usb, pn533 and nfc (README), then plug it in anew."
    ),
    Condition.ABSENT: msg("The card reader is not plugged in. Numbers can be typed meanwhile."),
    Condition.HELD: msg("Another program holds the card or the reader. End it, or lay the card on again."),
    Condition.UNREADABLE: msg("The card could not be read. Take it off and lay it flat on the reader."),
}
SCANNER: Final = {
    Condition.ABSENT: msg("The scanner is not plugged in, or its setting names another device."),
    Condition.NOT_ALLOWED: msg(
        "The system refuses the scanner to this user: add it to the group dialout (serial) or input."
    ),
    Condition.HELD: msg("Another program has the scanner. End it; the scanner is taken then by itself."),
}


def condition_word(say: Wording, state: DeviceState) -> str:
    """In a word or two."""
    return say(WORDS[state.condition])


def condition_advice(say: Wording, state: DeviceState) -> str:
    """What it means and what to do; empty while nothing is to be done."""
    sentences = CARD_READER if state.kind == "card_reader" else SCANNER
    text = sentences.get(state.condition)
    return say(text) if text else ""


def card_words(say: Wording, card: PresentedCard) -> str:
    """What is on a card, with all but the last characters of each masked."""
    kind = say(TECHNOLOGIES[card.technology]) if card.technology in TECHNOLOGIES else card.technology
    if not card.readings:
        return say(msg("A card ({kind}) lies there, and nothing of it can be read."), kind=kind)
    parts = [
        f"{say(READINGS[name]) if name in READINGS else name} {mask_number(text)}"
        for name, text in card.readings
    ]
    return say(msg("The card reads well ({kind}): {parts}."), kind=kind, parts=", ".join(parts))
