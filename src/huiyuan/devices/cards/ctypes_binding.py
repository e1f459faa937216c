"""PC/SC through the system's own library, by ctypes: no compiler and no package of Python's."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any, Final

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

LIBRARY: Final = "libpcsclite.so.1"
ATR_MOST: Final = 33
ANSWER_MOST: Final = 264

_Long, _Dword = ctypes.c_long, ctypes.c_ulong


class _ReaderState(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("user", ctypes.c_void_p),
        ("known", _Dword),
        ("now", _Dword),
        ("atr_length", _Dword),
        ("atr", ctypes.c_ubyte * ATR_MOST),
    )


class _Protocol(ctypes.Structure):
    _fields_ = (("protocol", _Dword), ("length", _Dword))


def _checked(answer: int) -> None:
    if answer & 0xFFFFFFFF:
        raise PcscFault(answer)


class CtypesPcsc:
    """The binding. Raises NoPcscLibrary where the library is missing."""

    name = f"ctypes, {LIBRARY}"

    def __init__(self) -> None:
        try:
            self._library: Any = ctypes.CDLL(LIBRARY)
        except OSError:
            raise NoPcscLibrary from None

    def establish(self) -> int:
        context = _Long()
        _checked(self._library.SCardEstablishContext(_Dword(USER_SCOPE), None, None, ctypes.byref(context)))
        return context.value

    def release(self, context: int) -> None:
        _checked(self._library.SCardReleaseContext(_Long(context)))

    def cancel(self, context: int) -> None:
        _checked(self._library.SCardCancel(_Long(context)))

    def readers(self, context: int) -> list[str]:
        length = _Dword()
        answer = self._library.SCardListReaders(_Long(context), None, None, ctypes.byref(length))
        if answer & 0xFFFFFFFF == NO_READERS:
            return []
        _checked(answer)
        names = ctypes.create_string_buffer(length.value)
        _checked(self._library.SCardListReaders(_Long(context), None, names, ctypes.byref(length)))
        return [name.decode("utf-8", "replace") for name in names.raw[: length.value].split(b"\0") if name]

    def wait(self, context: int, known: Mapping[str, int], within_ms: int) -> dict[str, Slot]:
        states = (_ReaderState * len(known))(
            *[_ReaderState(name.encode(), None, state) for name, state in known.items()]
        )
        answer = self._library.SCardGetStatusChange(
            _Long(context), _Dword(within_ms), states, _Dword(len(known))
        )
        if answer & 0xFFFFFFFF != TIMED_OUT:
            _checked(answer)
        return {
            name: Slot(each.now & ~CHANGED, bytes(each.atr[: min(each.atr_length, ATR_MOST)]))
            for name, each in zip(known, states, strict=True)
        }

    def connect(self, context: int, reader: str) -> Link:
        handle, protocol = _Long(), _Dword()
        _checked(
            self._library.SCardConnect(
                _Long(context), reader.encode(), _Dword(SHARED), _Dword(ANY_PROTOCOL),
                ctypes.byref(handle), ctypes.byref(protocol),
            )
        )  # fmt: skip
        return Link(handle.value, protocol.value)

    def transmit(self, link: Link, command: bytes) -> bytes:
        answer = (ctypes.c_ubyte * ANSWER_MOST)()
        length = _Dword(ANSWER_MOST)
        protocol = _Protocol(link.protocol, ctypes.sizeof(_Protocol))
        _checked(
            self._library.SCardTransmit(
                _Long(link.handle), ctypes.byref(protocol), command, _Dword(len(command)), None,
                answer, ctypes.byref(length),
            )
        )  # fmt: skip
        return bytes(answer[: length.value])

    def disconnect(self, link: Link) -> None:
        _checked(self._library.SCardDisconnect(_Long(link.handle), _Dword(LEAVE_CARD)))
