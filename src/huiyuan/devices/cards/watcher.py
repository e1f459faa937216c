"""The card reader of a counter: one thread that watches it and survives whatever happens to it.

Always true: while there is no service nothing is asked of it and no library is loaded; every error of the
service ends in a new context, never in the end of the thread; a card is told once, however long it lies.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from huiyuan.devices.cards.binding import kernel_seized, load_binding, service_forwarded, service_there
from huiyuan.devices.cards.formats import CardFormat, NotWritten, read_card, write_card
from huiyuan.devices.cards.pcsc import (
    NO_CARD,
    PNP,
    REFUSED_BY_SYSTEM,
    SHARING_VIOLATION,
    UNKNOWN_READER,
    NoPcscLibrary,
    Pcsc,
    PcscFault,
    Slot,
)
from huiyuan.devices.cards.talk import DEADLINE_S, Held, Talks, connected
from huiyuan.devices.ring import ByteRing
from huiyuan.domain.model.device import Condition, DeviceState
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.presented import PresentedCard, WrittenCard
from huiyuan.domain.ports.cards import OnCard, OnDevice

_log = logging.getLogger(__name__)
T = TypeVar("T")

WAIT_MS: Final = 10_000
AGAIN_MS: Final = 1_000
RETRY_S: Final = 1.0
REST_S: Final = 2.0
LEAVE_WITHIN_S: Final = 2.0
TRIES: Final = 3
BEEPING: Final = "ACR122"
BEEP: Final = bytes.fromhex("FF0040A00401010101")
"""Green once and a short beep, in the words of the one family of readers that understands them."""


@dataclass(slots=True)
class _Seen:
    """A reader, and how often its card was tried in vain."""

    slot: Slot
    due: bool = False
    tries: int = 0


class CardWatcher:
    """A reader port over PC/SC.

    Args:
        formats: what is read from a card, likeliest first.
        wanted: a part of the reader's name (its model); empty: any reader.
        load: finds the binding, when there is a service to speak to.
        there: whether a service may listen; asked every two seconds while none does.
    """

    def __init__(
        self,
        formats: tuple[CardFormat, ...],
        *,
        wanted: str = "",
        beep: bool = True,
        deadline_s: float = DEADLINE_S,
        load: Callable[[], Pcsc] = load_binding,
        there: Callable[[], bool] = service_there,
    ) -> None:
        self._formats = formats
        self._wanted = wanted
        self._beep = beep
        self._load = load
        self._there = there
        self._talks = Talks(deadline_s)
        self.ring = ByteRing()
        self._pcsc: Pcsc | None = None
        self._context: int | None = None
        self._seen: dict[str, _Seen] = {}
        self._state = DeviceState("card_reader", Condition.STARTING)
        self._on_card: list[OnCard] = []
        self._on_state: list[OnDevice] = []
        self._quit = threading.Event()
        self._thread = threading.Thread(target=self._run, name="card-reader", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End within two seconds. A second time changes nothing."""
        self._quit.set()
        for _ in range(int(LEAVE_WITHIN_S / 0.05)):
            if not self._thread.is_alive():
                return
            context, pcsc = self._context, self._pcsc
            if context is not None and pcsc is not None:
                with contextlib.suppress(PcscFault):
                    pcsc.cancel(context)
            self._thread.join(0.05)

    def state(self) -> DeviceState:
        return self._state

    def watch(self, on_card: OnCard, on_state: OnDevice) -> None:
        self._on_card.append(on_card)
        self._on_state.append(on_state)

    def read(self) -> PresentedCard:
        reader, slot = self._occupied()
        return self._asked(lambda pcsc: self._read(pcsc, reader, slot), unsure="card_unreadable")

    def write(self, number: str) -> WrittenCard:
        reader, slot = self._occupied()

        def work(pcsc: Pcsc) -> WrittenCard:
            with connected(pcsc, reader, self.ring) as transmit:
                return WrittenCard(number, write_card(transmit, slot.atr, self._formats, number))

        try:
            return self._asked(work, unsure="card_write_unsure")
        except NotWritten as fault:
            _log.info("a card was not written: %s", fault.why)
            code = "card_not_writable" if fault.why == "format" else "card_write_failed"
            raise Refused(code) from None

    def _occupied(self) -> tuple[str, Slot]:
        readers = dict(self._seen)
        if not readers or self._pcsc is None:
            raise Refused("no_card_reader")
        found = next(((name, each.slot) for name, each in readers.items() if each.slot.card), None)
        if found is None:
            raise Refused("no_card_on_reader")
        return found

    def _asked(self, work: Callable[[Pcsc], T], *, unsure: str) -> T:
        pcsc = self._pcsc
        if pcsc is None:
            raise Refused("no_card_reader")
        try:
            return self._talks.hold(lambda: work(pcsc))
        except Held:
            raise Refused("card_reader_held") from None
        except PcscFault as fault:
            codes = {SHARING_VIOLATION: "card_reader_held", NO_CARD: "no_card_on_reader"}
            raise Refused(codes.get(fault.code, unsure)) from None

    # The thread

    def _run(self) -> None:
        while not self._quit.is_set():
            try:
                rest_s = self._serve()
            except PcscFault as fault:
                _log.info("card service: %s", fault)
                rest_s = RETRY_S
            except Exception:  # noqa: BLE001  (a thread that dies would read no card until the next start)
                _log.exception("card reader")
                rest_s = REST_S
            self._quit.wait(rest_s)

    def _serve(self) -> float:
        """Until the service is gone; answers how many seconds to rest before the next try."""
        if not self._there():
            self._tell(Condition.NO_SERVICE)
            return REST_S
        try:
            pcsc = self._pcsc or self._load()
            context = pcsc.establish()
        except NoPcscLibrary:
            self._tell(Condition.NO_LIBRARY)
            return REST_S * 5
        except PcscFault as fault:
            refused = fault.code == REFUSED_BY_SYSTEM
            self._tell(Condition.NOT_ALLOWED if refused else Condition.NO_SERVICE)
            return REST_S * (5 if refused else 1)
        self._pcsc, self._context = pcsc, context
        try:
            self._watch_readers(pcsc, context)
        finally:
            self._context = None
            self._seen.clear()
            with contextlib.suppress(PcscFault):
                pcsc.release(context)
            if not self._quit.is_set():
                self._tell(Condition.NO_SERVICE)
        return RETRY_S

    def _watch_readers(self, pcsc: Pcsc, context: int) -> None:
        plugs = 0
        while not self._quit.is_set():
            names = [each for each in pcsc.readers(context) if self._wanted.lower() in each.lower()]
            for gone in set(self._seen) - set(names):
                del self._seen[gone]
            for name in names:
                self._seen.setdefault(name, _Seen(Slot(0)))
            self._tell_readers()
            known = {name: each.slot.state for name, each in self._seen.items()}
            again = any(each.due for each in self._seen.values())
            try:
                slots = pcsc.wait(context, {**known, PNP: plugs}, AGAIN_MS if again else WAIT_MS)
            except PcscFault as fault:
                if fault.code == UNKNOWN_READER:  # it was pulled between the two calls
                    continue
                raise
            plugs = slots.pop(PNP).state
            for name, slot in slots.items():
                self._take(pcsc, name, slot)

    def _take(self, pcsc: Pcsc, name: str, slot: Slot) -> None:
        """A card that came is read; one that could not be is tried again while it lies there."""
        seen = self._seen[name]
        came = slot.card and (not seen.slot.card or slot.event != seen.slot.event)
        seen.slot = slot
        if not slot.card:
            seen.due, seen.tries = False, 0
        elif came:
            seen.due, seen.tries = True, 0
        if not seen.due or self._quit.is_set():
            return
        self._try(pcsc, name, seen)

    def _try(self, pcsc: Pcsc, name: str, seen: _Seen) -> None:
        try:
            card = self._talks.hold(lambda: self._read(pcsc, name, seen.slot))
        except Held:
            self._tell(Condition.HELD)
        except PcscFault as fault:
            if fault.code == SHARING_VIOLATION:
                self._tell(Condition.HELD)
                return
            seen.tries += 1
            seen.due = seen.tries < TRIES
            if not seen.due:
                self._tell(Condition.UNREADABLE)
        else:
            seen.due, seen.tries = False, 0
            for on_card in self._on_card:
                on_card(card)

    def _read(self, pcsc: Pcsc, reader: str, slot: Slot) -> PresentedCard:
        self.ring.came(slot.atr)
        with connected(pcsc, reader, self.ring) as transmit:
            card = read_card(transmit, slot.atr, self._formats)
            if self._beep and BEEPING in reader:
                with contextlib.suppress(PcscFault):  # a reader that cannot answers so, which is fine
                    transmit(BEEP)
        return card

    # Telling

    def _tell_readers(self) -> None:
        if not self._seen:
            self._tell(Condition.SEIZED if kernel_seized() else Condition.ABSENT)
        elif any(each.due or each.tries for each in self._seen.values()):
            self._tell(self._state.condition)  # as the last try left it
        else:
            self._tell(Condition.READY)

    def _tell(self, condition: Condition) -> None:
        state = replace(
            self._state,
            condition=condition,
            names=tuple(self._seen),
            driver=self._pcsc.name if self._pcsc else "",
            forwarded=service_forwarded(),
            occupied=any(each.slot.card for each in self._seen.values()),
        )
        if state != self._state:
            self._state = state
            for on_state in self._on_state:
                on_state(state)
