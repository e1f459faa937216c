"""The devices of a counter, as whoever supports it looks at them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from huiyuan.domain.model.devices import AttachedDevice, BytePiece, CareNote, DeviceEvent, LoopOutcome
from huiyuan.domain.model.scan_timing import ScannerHabits


class DeviceDesk(Protocol):
    """What is attached to this counter, and what can be tried with it. Nothing here touches a sale."""

    def attached(self) -> Sequence[AttachedDevice]:
        """As the last answers left them; asks nothing."""
        ...

    def events(self) -> Sequence[DeviceEvent]:
        """What changed last, newest first."""
        ...

    def card_tested(self, outcome: str) -> None:
        """A card was tried here: `card_good`, `card_nothing`, or why it could not be read. Kept in the log,
        without anything of the card."""
        ...

    def last_check(self) -> DeviceEvent | None:
        """When every device was looked at last, and how they stood; None if never."""
        ...

    def said(self, kind: str) -> Sequence[BytePiece]:
        """The last bytes on the line of the device of this kind, oldest first, without what was printed,
        scanned or read; nothing where it has no line, or said nothing yet."""
        ...

    def loop(self, kind: str) -> LoopOutcome:
        """Ask the device of this kind again and again, some seconds long at most.

        Raises Refused: `loop_by_hand` for what only a person can try, and what a card reader refuses while
            no card lies on it.
        """
        ...

    def check(self) -> Sequence[AttachedDevice]:
        """Ask every device how it stands; waits for answers, never raises."""
        ...

    def encoding_page(self) -> str:
        """Print a line in each encoding; `printed`, `sent`, or why not (a PrinterState or fault code)."""
        ...

    def keep_encoding(self, encoding: str, *, draws: bool) -> None:
        """Print in `encoding` from now on, after the next start, too; a line with a character that it has not
        as dots where the printer `draws`. Raises Refused `setting_unwritable`."""
        ...

    def keep_scanner(self, habits: ScannerHabits) -> None:
        """The keyboard scanner is taken for this, after the next start, too. Raises Refused
        `setting_unwritable`."""
        ...

    def show_test(self) -> bool:
        """Show figures to the customer; whether there is a display that took them."""
        ...

    def notes(self) -> Sequence[CareNote]:
        """What was done to the devices, newest first."""
        ...

    def note(self, text: str, *, by: str, kind: str = "") -> None:
        """Keep with today's date what was done to the device of `kind`, or to all of them.

        Raises Refused `setting_unwritable`.
        """
        ...

    def write_report(self) -> str:
        """Everything here without personal data as a file; its path. Raises Refused `setting_unwritable`."""
        ...


class CustomerDisplay(Protocol):
    """What the customer reads the total and the change from. Never in the way: nothing here raises."""

    def show_total(self, figure: str) -> None:
        """What is to be paid, as a figure; returns at once."""
        ...

    def show_change(self, total: str, change: str) -> None:
        """What is handed back; returns at once."""
        ...

    def try_now(self, figure: str) -> bool:
        """Show a figure and wait; whether the line took it."""
        ...

    def state(self) -> str:
        """`none`, `unasked`, `ready` or `unreachable`."""
        ...

    def close(self) -> None:
        """Give the line back."""
        ...
