"""A receipt printer that speaks ESC/POS, on the network or as a device file.

Always true: a printer without paper, with an open cover or without an answer is found out before the first
byte of a slip leaves; from that byte on nothing is ever called failed; a slip is `printed` only if the
printer answered a question that stood behind it.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from huiyuan.devices.printing.art import Art
from huiyuan.devices.printing.encoder import DRAWER_NOW, DRAWER_QUEUED, encode_slip, encode_trials
from huiyuan.devices.printing.profile import PrinterProfile
from huiyuan.devices.printing.status import (
    ASKED,
    BARRIER,
    DRAWER_PIN,
    is_barrier,
    is_status,
    question,
    state_of,
)
from huiyuan.devices.printing.transport import EscposTransport, TransportBroken
from huiyuan.devices.printing.watched_state import WatchedState
from huiyuan.devices.ring import ByteRing
from huiyuan.domain.model.errors import OutOfPaper, PaperUnknown, PrinterUnavailable
from huiyuan.domain.model.printing import USABLE, PrinterState
from huiyuan.domain.model.receipt import Receipt

TROUBLE: Final = frozenset({PrinterState.NO_PAPER, PrinterState.COVER_OPEN, PrinterState.OFFLINE})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds.

    `answer_s` for a status; `proof_s` for the answer behind a slip; `paper_s` for a person who puts paper in
    or closes the cover while a slip is half printed.
    """

    connect_s: float = 3
    answer_s: float = 2
    stuck_s: float = 15
    proof_s: float = 20
    paper_s: float = 90


class EscposPrinter(WatchedState):
    """Fills the port ReceiptPrinter. Connects for each slip and lets go, so that tills can share a printer.

    Args:
        profile: where it is and what it is like.
        cache: a private folder for python-escpos's own table.
    """

    def __init__(self, profile: PrinterProfile, *, cache: Path, patience: Patience | None = None) -> None:
        super().__init__()
        self.profile = profile
        self._cache = cache
        self._patience = patience or Patience()
        self.ring = ByteRing()
        self._art = Art()
        self._drawer_open: bool | None = None
        self._using = threading.Lock()

    def check(self) -> PrinterState:
        """Ask it how it stands. While a slip is being printed, as that slip found it."""
        if not self._using.acquire(blocking=False):
            return self._state
        try:
            wire = self._open()
            try:
                return self._ask_all(wire) if self.profile.answers else self._stands(PrinterState.READY)
            finally:
                wire.close()
        except PrinterUnavailable as unavailable:
            return self._stands(PrinterState(unavailable.why))
        finally:
            self._using.release()

    def drawer_open(self) -> bool | None:
        """As the last answer of the printer had it; None where no switch is wired or nothing was asked."""
        return self._drawer_open

    def open_drawer(self) -> bool:
        """Open the drawer now, or not at all; whether the pulse went out.

        A queued pulse is not sent to a printer in trouble: it would open the drawer once that is over.
        """
        with self._using:
            try:
                wire = self._open()
            except PrinterUnavailable:
                return False
            try:
                asked = self.profile.drawer == "queued" and self.profile.answers
                if asked and self._ask_all(wire) not in USABLE:
                    return False
                pulse = {"realtime": DRAWER_NOW, "queued": DRAWER_QUEUED}.get(self.profile.drawer)
                if pulse is not None:
                    self._send(wire, pulse)
                return pulse is not None
            except (PrinterUnavailable, PaperUnknown):
                return False
            finally:
                wire.close()

    def print_receipt(self, receipt: Receipt) -> bool:
        """Print one slip; True if the printer answered behind it, False if it answers nothing.

        Raises:
            OutOfPaper, PrinterUnavailable: nothing of it was sent.
            PaperUnknown: some of it was; `why` is a state of the printer, `cut` or `unproven`.
        """
        profile = self.profile
        opens = receipt.opens_drawer and profile.drawer == "realtime"
        job = encode_slip(
            receipt, profile.encoding, cuts=profile.cuts, drawer=profile.drawer, code=profile.code,
            drawn=self._art.drawn(profile, sign=True),
        )  # fmt: skip
        return self._print_job(job, opens=opens)

    def print_trials(self) -> bool:
        """Print the page of encodings; answers and raises as `print_receipt`."""
        drawn = self._art.drawn(replace(self.profile, encoding="raster"))
        return self._print_job(
            encode_trials(self.profile.columns, cuts=self.profile.cuts, drawn=drawn), opens=False
        )

    @property
    def font(self) -> str:
        """What lines are drawn with, once one was: a name, or empty where nothing can be drawn."""
        return self._art.font

    def _print_job(self, job: bytes, *, opens: bool) -> bool:
        with self._using:
            try:
                return self._print(job, opens=opens)
            except PrinterUnavailable as unavailable:
                self._stands(PrinterState(unavailable.why))
                raise

    def _print(self, job: bytes, *, opens: bool) -> bool:
        profile = self.profile
        wire = self._open()
        try:
            if opens:
                self._send(wire, DRAWER_NOW)  # also without paper: the customer's change lies in the drawer
            if profile.answers:
                state = self._ask_all(wire)
                if state is PrinterState.NO_PAPER:
                    raise OutOfPaper
                if state not in USABLE:
                    raise PrinterUnavailable(state)
            self._send(wire, job)
            if not profile.answers:
                self._stands(PrinterState.READY)
                return False
            self._wait_for_proof(wire)
        finally:
            wire.close()
        return True

    def _open(self) -> EscposTransport:
        wait = self._patience
        wire = EscposTransport(
            self.profile,
            cache=self._cache,
            connect_s=wait.connect_s,
            stuck_s=wait.stuck_s,
            ring=self.ring,
        )
        wire.open()
        return wire

    def _send(self, wire: EscposTransport, data: bytes) -> None:
        try:
            wire.write(data)
        except TransportBroken as broken:
            if broken.sent == 0:
                raise PrinterUnavailable(PrinterState.SILENT) from None
            raise PaperUnknown("cut") from None

    def _ask_all(self, wire: EscposTransport) -> PrinterState:
        """Three questions, each answered by one byte. Raises PrinterUnavailable `silent` or `garbled`."""
        answers = {n: self._ask(wire, n) for n in ASKED}
        if self.profile.sensor != "none":
            self._drawer_open = bool(answers[ASKED[0]] & DRAWER_PIN) == (self.profile.sensor == "high")
        return self._stands(state_of(answers))

    def _ask(self, wire: EscposTransport, n: int) -> int:
        try:
            wire.write(question(n))
            said = wire.read(self._patience.answer_s)
        except TransportBroken:
            raise PrinterUnavailable(PrinterState.SILENT) from None
        if not said:
            raise PrinterUnavailable(PrinterState.SILENT)
        if len(said) != 1 or not is_status(said[0]):
            raise PrinterUnavailable(PrinterState.GARBLED)
        return said[0]

    def _wait_for_proof(self, wire: EscposTransport) -> None:
        """Ask behind the slip and wait; meanwhile the printer tells what keeps it. Raises PaperUnknown."""
        began = time.monotonic()
        answers: dict[int, int] = {}
        try:
            wire.write(BARRIER)
            asked = 0
            while True:
                n = ASKED[asked % len(ASKED)]
                for byte in wire.read(min(1, self._patience.answer_s)):
                    if is_barrier(byte):
                        # Low or not, the paper was enough for this one.
                        low = self._state is PrinterState.PAPER_LOW or byte & 0x03
                        self._stands(PrinterState.PAPER_LOW if low else PrinterState.READY)
                        return
                    if asked and is_status(byte):
                        answers[ASKED[(asked - 1) % len(ASKED)]] = byte
                        if len(answers) == len(ASKED):  # the first alone says offline, and not why
                            self._stands(state_of(answers))
                in_trouble = self._state in TROUBLE
                wait_s = self._patience.paper_s if in_trouble else self._patience.proof_s
                if time.monotonic() - began > wait_s:
                    raise PaperUnknown(self._state if in_trouble else "unproven")
                wire.write(question(n))
                asked += 1
        except TransportBroken:
            raise PaperUnknown("cut") from None
