"""A contactless card for the virtual reader: to be connected is to lie on it.

The reader (vpcd) sends two bytes of length and a payload, and takes the same. Payloads of one byte are
0 power off, 1 power on, 2 reset, 4 the question for the ATR; anything else is a command. Faults on demand:
taken away during the n-th command, slow, read only.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from types import TracebackType
from typing import Final, Self

from huiyuan.devices.cards import ndef

GOOD, NOT_FOUND, NO_FUNCTION = b"\x90\x00", b"\x6a\x82", b"\x6a\x81"
NO_ACCESS, WRONG_KEY = b"\x69\x82", b"\x63\x00"
CLASSIC_NAME: Final = "0001"
NTAG_NAME: Final = "0003"


def atr_of(name: str) -> bytes:
    """As a reader makes it up for a contactless card of this name."""
    body = bytes.fromhex(f"8F8001804F0CA00000030603{name}00000000")
    check = 0
    for byte in body:
        check ^= byte
    return b"\x3b" + body + bytes([check])


class Card:
    """A card that tells its UID and nothing else."""

    atr = atr_of("FF88")

    def __init__(self, uid: str = "DEADBEEF") -> None:
        self.uid = bytes.fromhex(uid)
        self.read_only = False

    def answer(self, command: bytes) -> bytes:
        """To one command."""
        kind = command[:2]
        if kind == b"\xff\xca":
            return self.uid + GOOD if command[2] == 0 else NO_FUNCTION
        if kind == b"\xff\x82":
            return self.load_key(command[3], command[5:11])
        if kind == b"\xff\x86":
            return self.authenticate(command[7], command[9])
        if kind == b"\xff\xb0":
            return self.read(command[3], command[4] or 16)
        if kind == b"\xff\xd6":
            return NO_ACCESS if self.read_only else self.write(command[3], command[5 : 5 + command[4]])
        return b"\x6d\x00" if kind[:1] == b"\xff" else b"\x6e\x00"

    def reset(self) -> None:
        """The reader switched the field off and on."""

    def load_key(self, slot: int, key: bytes) -> bytes:
        del slot, key
        return NO_FUNCTION

    def authenticate(self, block: int, slot: int) -> bytes:
        del block, slot
        return NO_FUNCTION

    def read(self, place: int, length: int) -> bytes:
        del place, length
        return NO_FUNCTION

    def write(self, place: int, data: bytes) -> bytes:
        del place, data
        return NO_FUNCTION


class Classic(Card):
    """MIFARE Classic 1K: 64 blocks of 16 bytes, a key for each sector."""

    atr = atr_of(CLASSIC_NAME)

    def __init__(self, uid: str = "DEADBEEF", *, key: bytes = b"\xff" * 6) -> None:
        super().__init__(uid)
        self.memory = bytearray(1024)
        self.key = key
        self.loaded: dict[int, bytes] = {}
        self.sector: int | None = None

    def reset(self) -> None:
        self.sector = None

    def load_key(self, slot: int, key: bytes) -> bytes:
        self.loaded[slot] = key
        return GOOD

    def authenticate(self, block: int, slot: int) -> bytes:
        good = self.loaded.get(slot) == self.key
        self.sector = block // 4 if good else None
        return GOOD if good else WRONG_KEY

    def read(self, place: int, length: int) -> bytes:
        if self.sector != place // 4:
            return NO_ACCESS
        return bytes(self.memory[place * 16 : place * 16 + length]) + GOOD

    def write(self, place: int, data: bytes) -> bytes:
        if self.sector != place // 4:
            return NO_ACCESS
        self.memory[place * 16 : place * 16 + 16] = data
        return GOOD


class Ntag(Card):
    """NTAG213: 45 pages of 4 bytes, a text record from page 4."""

    atr = atr_of(NTAG_NAME)

    def __init__(self, uid: str = "04112233445566", *, text: str = "") -> None:
        super().__init__(uid)
        self.memory = bytearray(45 * 4)
        message = ndef.text_bytes(text, language="zh") if text else b"\x03\x00\xfe"
        self.memory[16 : 16 + len(message)] = message

    def read(self, place: int, length: int) -> bytes:
        return bytes(self.memory[place * 4 : place * 4 + length]).ljust(length, b"\0") + GOOD

    def write(self, place: int, data: bytes) -> bytes:
        if not 4 <= place < 40 or len(data) != 4:
            return NOT_FOUND
        self.memory[place * 4 : place * 4 + 4] = data
        return GOOD


class OnReader:
    """`with OnReader(Classic(), port):` lays a card on; leaving the block takes it away."""

    def __init__(self, card: Card, port: int, *, pull_after: int | None = None, delay_s: float = 0) -> None:
        self.card, self.port, self.pull_after, self.delay_s = card, port, pull_after, delay_s
        self.commands = 0

    def __enter__(self) -> Self:
        self.line = socket.create_connection(("127.0.0.1", self.port), 5)
        self.line.settimeout(None)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.take_away()
        self.thread.join(2)
        self.line.close()

    def take_away(self) -> None:
        """Also while the serving thread waits in a read, which would keep the line open."""
        with contextlib.suppress(OSError):
            self.line.shutdown(socket.SHUT_RDWR)

    def _get(self, length: int) -> bytes:
        heard = b""
        while len(heard) < length:
            part = self.line.recv(length - len(heard))
            self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)  # else 44 ms a command
            if not part:
                raise ConnectionError
            heard += part
        return heard

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                command = self._get(struct.unpack(">H", self._get(2))[0])
                if len(command) == 1 and command[0] != 4:
                    self.card.reset()
                    continue
                answer = self.card.atr if len(command) == 1 else self._answer(command)
                self.line.sendall(struct.pack(">H", len(answer)) + answer)

    def _answer(self, command: bytes) -> bytes:
        if self.pull_after is not None and self.commands >= self.pull_after:
            self.take_away()
            raise ConnectionError
        self.commands += 1
        time.sleep(self.delay_s)
        return self.card.answer(command)
