"""The devices of a counter in memory, and a customer display that remembers what it showed."""

from __future__ import annotations

from collections.abc import Sequence

from huiyuan.domain.model.devices import AttachedDevice, BytePiece, CareNote, DeviceEvent, LoopOutcome
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.scan_timing import ScannerHabits


class FakeDisplay:
    """`shown` is every figure in order."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, ...]] = []

    def show_total(self, figure: str) -> None:
        self.shown.append((figure,))

    def show_change(self, total: str, change: str) -> None:
        self.shown.append((total, change))

    def try_now(self, figure: str) -> bool:
        self.shown.append((figure,))
        return True

    def state(self) -> str:
        return "ready"

    def close(self) -> None:
        """Nothing is open."""


class FakeDevices:
    """`outcome` is what becomes of a page, `full` a disk that takes nothing."""

    def __init__(self) -> None:
        self.outcome = "printed"
        self.full = False
        self.display_well = True
        self.encoding = "gb18030"
        self.kept: list[CareNote] = []
        self.checks = 0
        self.lost = 0
        self.tests: list[str] = []
        self.reader = "absent"

    def attached(self) -> Sequence[AttachedDevice]:
        facts = (("columns", "32"), ("encoding", self.encoding))
        return (
            AttachedDevice("printer", "192.168.1.50", "", "ready", facts),
            AttachedDevice("drawer", "192.168.1.50", "", "unknown"),
            AttachedDevice("reader", "", "", self.reader),
        )

    def events(self) -> Sequence[DeviceEvent]:
        return (DeviceEvent(1_772_330_400_000, "printer", "no_paper"),)

    def card_tested(self, outcome: str) -> None:
        self.tests.append(outcome)

    def last_check(self) -> DeviceEvent | None:
        return DeviceEvent(1_772_330_460_000, "check", "printer=ready")

    def said(self, kind: str) -> Sequence[BytePiece]:
        if kind == "reader":
            return (BytePiece(1_772_330_400_000, True, b"\xff\xca\0\0\0"),)
        return (
            BytePiece(1_772_330_400_000, True, b"\x10\x04\x01"),
            BytePiece(1_772_330_400_001, False, b"\x12"),
        )

    def check(self) -> Sequence[AttachedDevice]:
        self.checks += 1
        return self.attached()

    def loop(self, kind: str) -> LoopOutcome:
        if kind == "reader":
            raise Refused("no_card_on_reader")
        return LoopOutcome(20, 20 - self.lost, 12, "silent" if self.lost else "ready")

    def encoding_page(self) -> str:
        return self.outcome

    def keep_encoding(self, encoding: str, *, draws: bool) -> None:
        if self.full:
            raise Refused("setting_unwritable", {"why": "ENOSPC"})
        self.encoding, self.draws = encoding, draws

    def keep_scanner(self, habits: ScannerHabits) -> None:
        self.habits = habits

    def show_test(self) -> bool:
        return self.display_well

    def notes(self) -> Sequence[CareNote]:
        return tuple(reversed(self.kept))

    def note(self, text: str, *, by: str, kind: str = "") -> None:
        self.kept.append(CareNote("2026-03-01", text, by, kind))

    def write_report(self) -> str:
        if self.full:
            raise Refused("setting_unwritable", {"why": "ENOSPC"})
        return "/home/" + "0123456789" * 8 + "/devices-1.txt"


class FakeScale:
    """A scale with `grams` on it; `present` is False until a test wants one, `why` a refusal."""

    def __init__(self) -> None:
        self.present = False
        self.name, self.driver = "/dev/ttyS2", "sics"
        self.grams, self.why = 0, ""

    def weigh(self) -> int:
        if self.why:
            raise Refused(self.why)
        return self.grams

    def state(self) -> str:
        return "ready" if self.present else "none"
