"""A device in words: what it is, how it stands, what else is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.domain.model.device import Condition, DeviceState
from huiyuan.domain.model.devices import AttachedDevice, CareNote, care_due, care_of
from huiyuan.domain.model.printing import PrinterState
from huiyuan.screens.paper import PRINTER_ADVICE, PRINTER_STATES
from huiyuan.screens.reader_words import condition_advice
from huiyuan.screens.refusals.sentences import SENTENCES
from huiyuan.screens.wording import Wording

KINDS: Final = {
    "printer": msg("Printer"),
    "drawer": msg("Cash drawer"),
    "display": msg("Customer display"),
    "scale": msg("Scale"),
    "reader": msg("Card reader"),
    "scanner": msg("Scanner"),
}
OTHER_STATES: Final = {
    "open": msg("standing open"),
    "closed": msg("shut"),
    "unknown": msg("no switch, or not asked"),
    "off": msg("switched off in the settings"),
    "starting": msg("starting"),
    "no_library": msg("library missing: pcscd"),
    "no_service": msg("service stopped: pcscd"),
    "not_allowed": msg("not allowed for this user"),
    "seized": msg("taken by the system"),
    "absent": msg("not plugged in"),
    "held": msg("used by another program"),
    "unreadable": msg("card not readable"),
    "card_good": msg("card test: read well"),
    "card_nothing": msg("card test: nothing on it that is read here"),
    "card_unreadable": msg("card test: not readable"),
    "card_reader_held": msg("card test: used by another program"),
}
FACTS: Final = {
    "columns": msg("cells a line"),
    "encoding": msg("encoding"),
    "answers": msg("answers questions"),
    "pulse": msg("pulse"),
    "sensor": msg("switch"),
    "rare": msg("rare characters"),
    "code": msg("QR code"),
    "font": msg("drawn with"),
    "line": msg("line"),
    "card": msg("card on it"),
    "no_prefix": msg("codes without their prefix"),
}
WORDS: Final = {
    "yes": msg("yes"),
    "no": msg("no"),
    "folder": msg("text files"),
    "replace": msg("as ?"),
    "raster": msg("drawn"),
    "native": msg("by the printer"),
    "none": msg("none"),
    "forwarded": msg("forwarded by ssh"),
}
"""What stands in a fact or as an address and is a word, not a value."""
CARE: Final = {
    "printer": msg("Clean the printer's head and note it (F4)."),
    "scale": msg("Put a known weight on the scale, compare, and note it (F4)."),
    "reader": msg("Wipe the reader, read a card (F2), and note it (F4)."),
    "scanner": msg("Wipe the scanner's window, scan a label (F9), and note it (F4)."),
}
"""What each wants every month or two; the others want nothing."""
READ_BY: Final = {"reader": "card_reader", "scanner": "serial_scanner"}


def state_words(say: Wording, state: str) -> str:
    """How a device stands; a code that has no words here is shown as it is."""
    if state in OTHER_STATES:
        return say(OTHER_STATES[state])
    if state in set(PrinterState):
        return say(PRINTER_STATES[PrinterState(state)])
    return state


def kind_words(say: Wording, kind: str) -> str:
    """What it is; a code that has no words here is shown as it is."""
    return say(KINDS[kind]) if kind in KINDS else kind


def facts_text(say: Wording, device: AttachedDevice) -> str:
    """What else is known of it."""
    parts = [
        say(msg("{fact}: {value}"), fact=say(FACTS[name]) if name in FACTS else name, value=word(say, value))
        for name, value in device.facts
    ]
    return ", ".join([word(say, device.driver), *parts]) if device.driver else ", ".join(parts)


def advice_text(say: Wording, device: AttachedDevice) -> str:
    """What it means and what to do; empty while nothing is to be done."""
    kind, state = device.kind, device.state
    if (kind, state) == ("printer", PrinterState.UNREACHABLE) and ("line", "forwarded") in device.facts:
        return say(
            msg("It is at the terminal, and ssh no longer carries it: leave, and come in anew from there.")
        )
    if kind == "printer" and state in PRINTER_ADVICE and state != PrinterState.NONE:
        return say(PRINTER_ADVICE[PrinterState(state)])
    if kind in {"reader", "scanner"} and state in set(Condition):
        return condition_advice(say, DeviceState(READ_BY[kind], Condition(state)))
    if kind == "scale" and f"scale_{state}" in SENTENCES:
        return say(SENTENCES[f"scale_{state}"])
    if kind == "display" and state == PrinterState.UNREACHABLE:
        return say(msg("Is its cable in? F8 shows figures on it. Sales go on without it."))
    return ""


def care_text(say: Wording, kind: str, notes: Sequence[CareNote], today: str) -> str:
    """What was done to it last, and what is due."""
    kept = care_of(notes, kind)
    care = say(msg("Care: nothing noted yet."))
    if kept:
        care = say(msg("Care: {day} {note}"), day=kept[0].day, note=kept[0].note)
    due = kind in CARE and care_due(kept, today)
    return f"{care} {say(CARE[kind])}" if due else care


def word(say: Wording, value: str) -> str:
    """`value` in the language of the screen if it is a word."""
    return say(WORDS[value]) if value in WORDS else value
