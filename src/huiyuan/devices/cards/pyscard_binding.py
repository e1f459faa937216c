"""PC/SC through pyscard's low level, where that is installed (the extra `nfc`).

Its monitors are not used: they die with the service and cannot be started again.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from huiyuan.devices.cards.pcsc import (
    ANY_PROTOCOL,
    CHANGED,
    LEAVE_CARD,
    NO_READERS,
    SHARED,
    TIMED_OUT,
    USER_SCOPE,
    Link,
    NoPcscLibrary,
    PcscFault,
    Slot,
)


def _checked(answer: int) -> None:
    if answer & 0xFFFFFFFF:
        raise PcscFault(answer)


class PyscardPcsc:
    """The binding. Raises NoPcscLibrary where pyscard is missing."""

    name = "pyscard"

    def __init__(self) -> None:
        try:
            self._scard: Any = importlib.import_module("smartcard.scard")
        except ImportError:
            raise NoPcscLibrary from None

    def establish(self) -> int:
        answer, context = self._scard.SCardEstablishContext(USER_SCOPE)
        _checked(answer)
        return int(context)

    def release(self, context: int) -> None:
        _checked(self._scard.SCardReleaseContext(context))

    def cancel(self, context: int) -> None:
        _checked(self._scard.SCardCancel(context))

    def readers(self, context: int) -> list[str]:
        answer, names = self._scard.SCardListReaders(context, [])
        if answer & 0xFFFFFFFF == NO_READERS:
            return []
        _checked(answer)
        return list(names)

    def wait(self, context: int, known: Mapping[str, int], within_ms: int) -> dict[str, Slot]:
        answer, states = self._scard.SCardGetStatusChange(context, within_ms, list(known.items()))
        if answer & 0xFFFFFFFF != TIMED_OUT:
            _checked(answer)
        return {name: Slot(state & ~CHANGED, bytes(atr)) for name, state, atr in states}

    def connect(self, context: int, reader: str) -> Link:
        answer, handle, protocol = self._scard.SCardConnect(context, reader, SHARED, ANY_PROTOCOL)
        _checked(answer)
        return Link(handle, protocol)

    def transmit(self, link: Link, command: bytes) -> bytes:
        answer, data = self._scard.SCardTransmit(link.handle, link.protocol, list(command))
        _checked(answer)
        return bytes(data)

    def disconnect(self, link: Link) -> None:
        _checked(self._scard.SCardDisconnect(link.handle, LEAVE_CARD))
