"""Readers: the card reader and the scanners of a counter, put together from its settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from huiyuan.config.settings import Reader
    from huiyuan.domain.ports import CardReader

AUTO: Final = "auto"
NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class SeatReaders:
    """What a seat reads with. Nothing is loaded or asked before `start`."""

    cards: CardReader
    start: Callable[[], None]
    close: Callable[[], None]


def open_readers(chosen: Reader) -> SeatReaders:
    """The devices that the settings want."""
    if chosen.card_reader == NONE:
        from huiyuan.devices.cards.no_reader import NoCardReader

        cards = NoCardReader()
        return SeatReaders(cards, cards.start, cards.stop)
    from huiyuan.devices.cards.formats import formats_of
    from huiyuan.devices.cards.watcher import CardWatcher

    key = bytes.fromhex(chosen.card_key.get_secret_value())
    wanted = "" if chosen.card_reader == AUTO else chosen.card_reader
    watcher = CardWatcher(formats_of(chosen.card_formats, key), wanted=wanted, beep=chosen.card_beep)
    return SeatReaders(watcher, watcher.start, watcher.stop)
