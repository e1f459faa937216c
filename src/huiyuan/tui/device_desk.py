"""The devices of one seat, for the device screen and `huiyuan doctor devices`: looked at, tried, reported.

Always true: no screen opens a drawer here (that is a document of its own), and nothing touches a slip; what
leaves as text or file holds no name, number or amount that was printed.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from huiyuan.domain.model.devices import (
    CARD_OUTCOMES,
    DEVICE_KINDS,
    AttachedDevice,
    BytePiece,
    CareNote,
    DeviceEvent,
    LoopOutcome,
    attached_reader,
    shown_bytes,
)
from huiyuan.domain.model.errors import OutOfPaper, PaperUnknown, PrinterUnavailable, Refused
from huiyuan.domain.model.printing import JobState, PrinterState
from huiyuan.tui.device_log import DeviceLog

if TYPE_CHECKING:
    from huiyuan.config.settings import Printer
    from huiyuan.devices.ring import ByteRing
    from huiyuan.domain.model.device import DeviceState
    from huiyuan.domain.model.scan_timing import ScannerHabits
    from huiyuan.domain.ports import CustomerDisplay, ReceiptPrinter, Scale
    from huiyuan.tui.readers import SeatReaders

CARE_FILE: Final = "care.jsonl"
EVENTS_MAX: Final = 50
NOTES_SHOWN: Final = 20
NUMBERS: Final = re.compile(r"\d(?:[ -]?\d){4,}[Xx]?")
"""Of a phone, a card, a document: whatever somebody typed into a note, no vendor reads it."""

_log = logging.getLogger(__name__)


class SeatDevices:
    """Fills the port DeviceDesk.

    Args:
        folder: the seat's own folder, where settings and care notes are kept.
        reports: where reports go; made 0700 where missing.
        readers: card reader and scanners.
    """

    def __init__(
        self,
        chosen: Printer,
        printer: ReceiptPrinter,
        display: CustomerDisplay,
        *,
        folder: Path,
        reports: Path,
        now: Callable[[], datetime],
        scale: Scale | None = None,
        readers: SeatReaders | None = None,
    ) -> None:
        self._chosen = chosen
        self._printer = printer
        self._display = display
        self._scale = scale
        self._folder = folder
        self._reports = reports
        self._now = now
        self._readers = readers
        self._log = DeviceLog(folder)
        self._last: dict[str, str] = {}

    def printer_stands(self, state: PrinterState) -> None:
        """Told by the printer's thread."""
        self._stands("printer", state)

    def reader_stands(self, state: DeviceState) -> None:
        """Told by a reader's or scanner's thread."""
        kind = attached_reader(state).kind
        if self._last.get(kind) != state.condition:
            self._stands(kind, state.condition)

    def self_checked(self) -> None:
        """Told after each look at them, by hand or at its interval; nothing else is asked."""
        states = {each.kind: each.state for each in self.attached()}
        self._log.checked(int(self._now().timestamp() * 1000), states)

    def _stands(self, kind: str, state: str) -> None:
        _log.info("%s: %s", kind, state)
        self._last[kind] = state
        self._log.changed(DeviceEvent(int(self._now().timestamp() * 1000), kind, state))

    def attached(self) -> Sequence[AttachedDevice]:
        """Printer, drawer and display as settings and last answers have them, then the others."""
        from huiyuan.config.printer_file import TEXT_FILES

        chosen = self._chosen
        where = chosen.printer or TEXT_FILES
        facts: list[tuple[str, str]] = [
            ("columns", str(chosen.printer_columns)),
            ("encoding", chosen.printer_encoding),
            ("answers", "yes" if chosen.printer_answers else "no"),
            ("rare", chosen.printer_rare),
            ("code", chosen.printer_code),
        ]
        font = getattr(self._printer, "font", "")
        facts += [("font", font)] if font else []
        facts += [("line", "forwarded")] if where.startswith("unix:") else []
        found = [AttachedDevice("printer", where, _driver(where), self._printer.state(), tuple(facts))]
        if chosen.printer_drawer != "none":
            is_open = self._drawer()
            state = "unknown" if is_open is None else "open" if is_open else "closed"
            told = (("pulse", chosen.printer_drawer), ("sensor", chosen.printer_sensor))
            found.append(AttachedDevice("drawer", where, "ESC/POS", state, told))
        if chosen.display is not None:
            scheme = chosen.display.partition(":")[0]
            found.append(AttachedDevice("display", chosen.display, scheme, self._display.state()))
        if self._scale is not None and self._scale.present:
            scale = self._scale
            found.append(AttachedDevice("scale", scale.name, scale.driver, scale.state()))
        return (*found, *(self._readers.rows() if self._readers else ()))

    def events(self) -> Sequence[DeviceEvent]:
        return self._log.events(EVENTS_MAX)

    def card_tested(self, outcome: str) -> None:
        if outcome in CARD_OUTCOMES:
            self._log.changed(DeviceEvent(int(self._now().timestamp() * 1000), "reader", outcome))

    def last_check(self) -> DeviceEvent | None:
        return self._log.last_check()

    def said(self, kind: str) -> Sequence[BytePiece]:
        """The ring of the device, masked; nothing where it has none."""
        ring = self._ring(kind)
        if ring is None:
            return ()
        from huiyuan.devices.ring import masked

        printed = kind not in {"reader", "scanner", "scale"}  # those rings hold nothing else than is shown
        return tuple(replace(piece, data=masked(piece.data) if printed and piece.out else piece.data)
                     for piece in ring.pieces())  # fmt: skip

    def _ring(self, kind: str) -> ByteRing | None:
        from huiyuan.devices.ring import ring_of

        if kind in {"reader", "scanner"}:
            return self._readers.ring(kind) if self._readers else None
        lines = {"printer": self._printer, "drawer": self._printer, "display": self._display}
        return ring_of(lines.get(kind, self._scale))

    def loop(self, kind: str) -> LoopOutcome:
        """See the port."""
        from huiyuan.tui.device_loop import loop, once_of

        cards = self._readers.cards if self._readers else None
        outcome = loop(
            once_of(kind, printer=self._printer, display=self._display, scale=self._scale, cards=cards)
        )
        _log.info("%s: loop test, %d of %d answered", kind, outcome.answered, outcome.asked)
        return outcome

    def check(self) -> Sequence[AttachedDevice]:
        self._printer.check()
        if self._scale is not None and self._scale.present:
            with suppress(Refused):
                self._scale.weigh()
        self.self_checked()
        return self.attached()

    def encoding_page(self) -> str:
        """See the port; a printer that is none has no page: `none`."""
        trials = getattr(self._printer, "print_trials", None)
        if trials is None:
            return PrinterState.NONE
        try:
            return JobState.PRINTED if trials() else JobState.SENT
        except OutOfPaper:
            return PrinterState.NO_PAPER
        except (PrinterUnavailable, PaperUnknown) as trouble:
            return trouble.why

    def keep_encoding(self, encoding: str, *, draws: bool) -> None:
        """In the seat's file, and in the printer that is in use."""
        from huiyuan.config.printer_file import change_printer
        from huiyuan.config.settings import SettingRefused

        rare = "raster" if draws else "replace"
        told = {"printer_encoding": encoding, "printer_rare": rare}
        try:
            change_printer(self._folder, told)
        except (OSError, SettingRefused) as error:
            raise Refused("setting_unwritable", {"why": type(error).__name__}) from None
        profile = getattr(self._printer, "profile", None)
        if profile is not None:
            chosen = replace(profile, encoding=encoding, rare=rare)
            self._printer.profile = chosen  # type: ignore[attr-defined]
        self._chosen = self._chosen.model_copy(update=told)
        _log.info("printer: encoding %s, rare characters %s", encoding, rare)

    def keep_scanner(self, habits: ScannerHabits) -> None:
        """In the seat's file; the screens have it already."""
        from huiyuan.config.scanner_file import change_scanner
        from huiyuan.config.settings import SettingRefused

        told = {f"scanner_{name}": value for name, value in asdict(habits).items()}
        try:
            change_scanner(self._folder, told)
        except (OSError, SettingRefused) as error:
            raise Refused("setting_unwritable", {"why": type(error).__name__}) from None
        _log.info("scanner: %s", told)

    def open_drawer(self) -> bool:
        """For the command line, where nobody is signed in: it is noted. Raises Refused as `note`."""
        pulse = getattr(self._printer, "open_drawer", None)
        if pulse is None:
            return False
        self.note("drawer opened for a test", by="", kind="drawer")
        return bool(pulse())

    def show_test(self) -> bool:
        return self._display.try_now("888.88")

    def notes(self) -> Sequence[CareNote]:
        """Newest first; a line that cannot be read is left out."""
        try:
            lines = (self._folder / CARE_FILE).read_text("utf-8").splitlines()
        except OSError:
            return ()
        kept = []
        for line in lines:
            try:
                kept.append(CareNote(**json.loads(line)))
            except (ValueError, TypeError):
                continue
        return tuple(reversed(kept))

    def note(self, text: str, *, by: str, kind: str = "") -> None:
        kept = CareNote(self._now().astimezone().date().isoformat(), text.strip(), by, kind)
        try:
            file = os.open(self._folder / CARE_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(file, "w", encoding="utf-8") as out:
                out.write(json.dumps(asdict(kept), ensure_ascii=False) + "\n")
        except OSError as error:
            raise Refused("setting_unwritable", {"why": type(error).__name__}) from None

    def write_report(self) -> str:
        at = self._now()
        path = self._reports / f"devices-{at:%Y%m%d-%H%M%S}.txt"
        try:
            self._reports.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(file, "w", encoding="utf-8") as out:
                out.write("\n".join(self.report_lines()) + "\n")
        except OSError as error:
            raise Refused("setting_unwritable", {"why": type(error).__name__}) from None
        return str(path)

    def report_lines(self) -> Sequence[str]:
        """For a vendor: system, devices, events, care, bytes. In English, which every vendor reads."""
        lines = [f"huiyuan devices {self._now().isoformat(timespec='seconds')}", platform.platform(), ""]
        for each in self.attached():
            facts = " ".join(f"{name}={value}" for name, value in each.facts)
            lines.append(f"{each.kind} {each.name} driver={each.driver} state={each.state} {facts}".rstrip())
        lines += ["", "events, newest first"]
        lines += [f"{_moment(each.at_ms)} {each.kind} {each.state}" for each in self.events()]
        check = self._log.last_check()
        lines += ["", f"last check {_moment(check.at_ms)} {check.state}" if check else "no check yet"]
        lines += ["", "care, newest first"]
        lines += [
            f"{each.day} {each.kind or 'all'} {NUMBERS.sub('***', each.note)}"
            for each in self.notes()[:NOTES_SHOWN]
        ]
        for kind in (each for each in DEVICE_KINDS if each != "drawer"):
            lines += ["", f"bytes {kind}, oldest first: > to it, < from it; text is masked"]
            lines += [
                f"{_moment(piece.at_ms)} {'>' if piece.out else '<'} {shown_bytes(piece.data)}"
                for piece in self.said(kind)
            ]
        return lines

    def _drawer(self) -> bool | None:
        sensed = getattr(self._printer, "drawer_open", None)
        return sensed() if sensed is not None else None


def _driver(where: str) -> str:
    """What speaks to a printer of this address."""
    scheme = where.partition(":")[0]
    return {
        "tcp": "python-escpos",
        "file": "device file",
        "serial": "termios",
        "unix": "socket",
        "terminal": "media copy",
    }.get(scheme, scheme)


def _moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000).astimezone().isoformat(timespec="milliseconds")
