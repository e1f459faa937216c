"""The loop test: one device asked again and again, so that a loose plug shows itself.

Always true: it ends after `ASKED_MOST` answers or `WITHIN_S` seconds, whichever is first; it prints
nothing and opens nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from huiyuan.domain.model.devices import LoopOutcome
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.printing import USABLE, PrinterState

if TYPE_CHECKING:
    from huiyuan.domain.ports import CardReader, CustomerDisplay, ReceiptPrinter, Scale

ASKED_MOST: Final = 20
WITHIN_S: Final = 10.0
TRIED: Final = "888.88"
CARD_UNREAD: Final = frozenset({"card_unreadable", "card_reader_held"})
Once = Callable[[], str]
"""Asks once; `ready`, or what the matter is."""


def loop(once: Once, *, most: int = ASKED_MOST, within_s: float = WITHIN_S) -> LoopOutcome:
    """Ask `once` after `once`. Raises Refused as `once`."""
    began = time.monotonic()
    asked = answered = slowest_ms = 0
    state = ""
    while asked < most and (not asked or time.monotonic() - began < within_s):
        before = time.monotonic()
        state = once()
        asked += 1
        if state == PrinterState.READY:
            answered += 1
            slowest_ms = max(slowest_ms, round((time.monotonic() - before) * 1000))
    return LoopOutcome(asked, answered, slowest_ms, state)


def once_of(
    kind: str,
    *,
    printer: ReceiptPrinter,
    display: CustomerDisplay,
    scale: Scale | None,
    cards: CardReader | None,
) -> Once:
    """How the device of `kind` is asked. Raises Refused `loop_by_hand`: only a person can try it."""
    if kind in {"printer", "drawer"}:
        return lambda: _printer(printer)
    if kind == "display":
        return lambda: PrinterState.READY if display.try_now(TRIED) else display.state()
    if kind == "scale" and scale is not None:
        return lambda: _scale(scale)
    if kind == "reader" and cards is not None:
        return lambda: _card(cards)
    raise Refused("loop_by_hand")


def _printer(printer: ReceiptPrinter) -> str:
    state = printer.check()
    return PrinterState.READY if state in USABLE else state


def _scale(scale: Scale) -> str:
    """A scale that says that nothing lies on it has answered."""
    try:
        scale.weigh()
    except Refused:
        return scale.state()
    return PrinterState.READY


def _card(cards: CardReader) -> str:
    """The card is read whole each time."""
    try:
        cards.read()
    except Refused as refused:
        if refused.code not in CARD_UNREAD:
            raise
        return cards.state().condition
    return PrinterState.READY
