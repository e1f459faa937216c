"""The last bytes between this counter and a device, both ways, for support: shown masked, played again.

Always true: it never grows beyond its measure; what leaves it as text or file holds no letter and no digit
that was printed, scanned or read, but is as long and has the same commands and ends, so that a simulator does
the same with it. What a card or a code held is masked before it is kept.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Protocol, runtime_checkable

from huiyuan.domain.model.devices import BytePiece

BYTES_MAX: Final = 64 * 1024

_LENGTHS: Final = {
    b"\x1b@": 2, b"\x1c&": 2, b"\x1c.": 2, b"\x1d!": 3, b"\x1bd": 3, b"\x1dV": 4, b"\x1bp": 5, b"\x1dr": 3,
    b"\x10\x04": 3, b"\x10\x14": 5, b"\x1ba": 3, b"\x1bE": 3, b"\x1c!": 3,
    b"\x1dH": 3, b"\x1dh": 3, b"\x1dw": 3, b"\x1bQ": 3, b"\x1bs": 3, b"\x02L": 6,
}  # fmt: skip

_DOTS: Final = b"\x1dv0"
_CODE: Final = b"\x1d(k"
_CODE_STORED: Final = b"1P0"
_BARS: Final = b"\x1dk"
_SET_B: Final = b"{B"
_APDU_HEAD: Final = 5
_APDUS_OPEN: Final = (b"\xff\x86", b"\xff\x00")
"""Commands to a reader without anything of a card in them: which sector, and the beep."""
_READ: Final = b"\xff\xb0"
_TEXT_BEGINS: Final = re.compile(rb"\0*(?:\x01\x03...)?\0*\x03.(?:[\xc1-\xdf]\x01.T.)?", re.DOTALL)
"""Of an NDEF message: lengths and kinds, up to the text itself."""
_CHINESE: Final = "口"


class ByteRing:
    """The last pieces, oldest first, at most `most` bytes.

    Args:
        now: seconds; the clock of the machine where none is given.
    """

    def __init__(self, *, most: int = BYTES_MAX, now: Callable[[], float] = time.time) -> None:
        self._most = most
        self._now = now
        self._held = 0
        self._pieces: deque[BytePiece] = deque()
        self._lock = threading.Lock()

    def went(self, data: bytes) -> None:
        """`data` left for the device."""
        self._keep(data, out=True)

    def came(self, data: bytes) -> None:
        """`data` came from the device."""
        self._keep(data, out=False)

    def pieces(self) -> Sequence[BytePiece]:
        """What is kept, as it was."""
        with self._lock:
            return tuple(self._pieces)

    def _keep(self, data: bytes, *, out: bool) -> None:
        if not data:
            return
        with self._lock:
            self._pieces.append(BytePiece(int(self._now() * 1000), out, bytes(data[-self._most :])))
            self._held += min(len(data), self._most)
            while self._held > self._most:
                self._held -= len(self._pieces.popleft().data)


def masked(data: bytes) -> bytes:
    """The same commands around text without content: letters become x, figures 0, Chinese characters 口, dots
    white."""
    out, at = bytearray(), 0
    while at < len(data):
        byte = data[at]
        hidden = _hidden(data, at)
        if hidden:
            head, content = hidden
            out += data[at : at + head] + content[: len(data) - at - head]
            at += head + len(content)
            continue
        length = _LENGTHS.get(data[at : at + 2], 1)
        if byte in (0x10, 0x1B, 0x1C, 0x1D, 0x02) and length > 1:
            out += data[at : at + length]
            at += length
        elif byte >= 0x80:
            pair = data[at : at + 2]
            out += b"\xbf\xda"[: len(pair)]
            at += 2
        else:
            char = bytes([byte])
            out += b"0" if char.isdigit() else b"x" if char.isalpha() else char
            at += 1
    return bytes(out)


def masked_text(data: bytes) -> bytes:
    """Of a code that was scanned: its length, its signs and its ends; no letter, no figure, no character."""
    return re.sub(rb"[\x80-\xff]+|[0-9]|[A-Za-z]", _masked_run, data)


def _masked_run(found: re.Match[bytes]) -> bytes:
    run = found[0]
    if run[0] < 0x80:
        return b"0" if run.isdigit() else b"x"
    wide, narrow = _CHINESE.encode("utf-8"), _CHINESE.encode("gb18030")
    one = wide if len(run) % len(wide) == 0 and _is_utf8(run) else narrow
    return (one * len(run))[: len(run)]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def masked_command(data: bytes) -> bytes:
    """Of a command to a card: which, and where; not what it writes, and not the key that it brings."""
    if data[:2] in _APDUS_OPEN:
        return data
    return data[:_APDU_HEAD] + b"\0" * (len(data) - _APDU_HEAD)


def masked_answer(data: bytes, command: bytes) -> bytes:
    """Of a card's answer to `command`: how much it said, how long its text is, and its last word."""
    body, last_word = data[:-2], data[-2:]
    if command[:2] != _READ:
        return b"\0" * len(body) + last_word
    head = _TEXT_BEGINS.match(body)
    kept = head[0] if head else b""
    return kept + b"0" * (len(body) - len(kept)) + last_word


def _hidden(data: bytes, at: int) -> tuple[int, bytes] | None:
    """Of a command that counts what it holds: how long its head is, and what stands for the rest."""
    if data[at : at + 3] == _DOTS and len(data) >= at + 8:
        wide, high = data[at + 4] + data[at + 5] * 256, data[at + 6] + data[at + 7] * 256
        return 8, b"\0" * (wide * high)
    if data[at : at + 3] == _CODE and len(data) >= at + 8:
        length = data[at + 3] + data[at + 4] * 256
        if data[at + 5 : at + 8] == _CODE_STORED:
            return 8, b"x" * max(length - 3, 0)
        return 5 + length, b""
    if data[at : at + 2] == _BARS and len(data) >= at + 4:
        kept = _SET_B if data[at + 4 : at + 6] == _SET_B else b""
        return 4, kept.ljust(data[at + 3], b"0")
    return None


@runtime_checkable
class Ringed(Protocol):
    """A device whose last bytes are kept."""

    @property
    def ring(self) -> ByteRing: ...


def ring_of(device: object) -> ByteRing | None:
    """The device's ring; None where nothing is attached or nothing of it is kept."""
    return device.ring if isinstance(device, Ringed) else None
