"""Readers: the card reader and the scanners of a counter, put together from its settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from huiyuan.config.settings import Reader, Scanner as Settings
    from huiyuan.devices.cards.no_reader import NoCardReader
    from huiyuan.devices.cards.watcher import CardWatcher
    from huiyuan.devices.ring import ByteRing
    from huiyuan.devices.scanning.watched import WatchedScanner
    from huiyuan.domain.model.devices import AttachedDevice
    from huiyuan.domain.model.scan_timing import ScannerHabits
    from huiyuan.domain.ports import CardReader, OnDevice, Scanner
    from huiyuan.tui.context import CommandContext

AUTO: Final = "auto"
NONE: Final = "none"
KEYBOARD: Final = "keyboard"
DEFAULT_BAUD: Final = 9600


@dataclass(frozen=True, slots=True)
class SeatReaders:
    """What a seat reads with. Nothing is loaded or asked before `start`."""

    cards: CardReader
    scanners: tuple[Scanner, ...]
    start: Callable[[], None]
    close: Callable[[], None]

    def watch(self, on_state: OnDevice) -> None:
        """Tell how each of them stands."""
        self.cards.watch(lambda _: None, on_state)
        for each in self.scanners:
            each.watch(lambda _: None, on_state)

    def rows(self) -> Sequence[AttachedDevice]:
        """What the device screen lists of them; nothing is asked."""
        from huiyuan.domain.model.devices import attached_reader

        rows = [attached_reader(self.cards.state())]
        for each in self.scanners:
            lost = getattr(each, "without_prefix", 0)
            row = attached_reader(each.state())
            rows.append(replace(row, facts=(*row.facts, ("no_prefix", str(lost)))) if lost else row)
        return tuple(rows)

    def ring(self, kind: str) -> ByteRing | None:
        """The last bytes of the reader or of the scanner."""
        from huiyuan.devices.ring import ring_of

        found = [self.cards] if kind == "reader" else list(self.scanners)
        return ring_of(found[0]) if found else None


def open_readers(cards: Reader, scanning: Settings) -> SeatReaders:
    """The devices that the settings want."""
    from huiyuan.screens.widgets.fields import ShopInput

    ShopInput.scanner = habits_of(scanning)
    reader, scanners = card_reader_of(cards), scanners_of(scanning)
    devices = (reader, *scanners)

    def start() -> None:
        for each in devices:
            each.start()

    def close() -> None:
        for each in devices:
            each.stop()

    return SeatReaders(reader, scanners, start, close)


def chosen_scanner(context: CommandContext, folder: Path) -> Settings:
    """The scanner of the seat in `folder`.

    Raises:
        CommandRefused: Its file or a variable does not hold what it should.
    """
    from huiyuan.config.scanner_file import read_scanner

    return context.checked(lambda: read_scanner(folder, context.settings.scanner))


def habits_of(chosen: Settings) -> ScannerHabits:
    """What its keys look like, where it types."""
    from huiyuan.domain.model.scan_timing import ScannerHabits

    return ScannerHabits(
        gap_ms=chosen.scanner_gap_ms,
        prefix=chosen.scanner_prefix if chosen.scanner == KEYBOARD else "",
        suffix=chosen.scanner_suffix,
        shortest=chosen.scanner_shortest,
        repeat_ms=chosen.scanner_repeat_ms,
    )


def card_reader_of(chosen: Reader) -> NoCardReader | CardWatcher:
    """A watcher of the card service, or nothing."""
    if chosen.card_reader == NONE:
        from huiyuan.devices.cards.no_reader import NoCardReader

        return NoCardReader()
    from huiyuan.devices.cards.formats import formats_of
    from huiyuan.devices.cards.watcher import CardWatcher

    key = bytes.fromhex(chosen.card_key.get_secret_value())
    wanted = "" if chosen.card_reader == AUTO else chosen.card_reader
    return CardWatcher(formats_of(chosen.card_formats, key), wanted=wanted, beep=chosen.card_beep)


def scanners_of(chosen: Settings) -> tuple[WatchedScanner, ...]:
    """A scanner with a line of its own; none where it types as a keyboard."""
    how, _, place = chosen.scanner.partition(":")
    if how == KEYBOARD:
        return ()
    from huiyuan.devices.scanning.codes import Framing

    framing = Framing(prefix=chosen.scanner_prefix, repeat_ms=chosen.scanner_repeat_ms)
    if how == "serial":
        from huiyuan.devices.scanning.serial_scanner import SerialScanner

        path, _, baud = place.partition(":")
        return (SerialScanner(path, framing, baud=int(baud or DEFAULT_BAUD)),)
    from huiyuan.devices.scanning.input_scanner import InputScanner

    return (InputScanner(place, framing),)
