"""A receipt printer on TCP that misbehaves on demand.

It serves one caller at a time, as such printers do; answers DLE EOT at once, also when it is stuck, and GS r
in its turn; keeps its buffer when a caller is gone, and prints the rest of it when paper is put in.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

POLL_S: Final = 0.01
STATUS: Final = b"\x10\x04"
PULSE: Final = b"\x10\x14"
BARRIER: Final = b"\x1dr"
FINE: Final = 0x12


@dataclass(slots=True)
class Faults:
    """What is wrong with it. All may be changed while it works.

    `cut_after`: hangs up after so many bytes of a job; `paper_left`: so many bytes until the paper is out;
    `chunk_s`: seconds for each 64 bytes; `mute`: answers nothing; `stuck`: takes nothing off the line;
    `garbled`: answers nonsense; `deaf_to_barrier`: answers status, but nothing behind a job; `power_after`:
    so many bytes of paper until the power fails: what is in the buffer is gone, and so is the caller;
    `late_s`: seconds until it answers; `drawer_open`: the drawer's pin is high, as its switch wires it.
    """

    cut_after: int | None = None
    paper_left: int | None = None
    chunk_s: float = 0
    mute: bool = False
    stuck: bool = False
    garbled: bool = False
    cover_open: bool = False
    paper_low: bool = False
    deaf_to_barrier: bool = False
    power_after: int | None = None
    late_s: float = 0
    drawer_open: bool = False


class NetworkPrinter:
    """Listens on a free port of this machine as soon as it is entered.

    Attributes:
        printed: every byte that reached the paper, in order, of all jobs.
        pulses: how often the drawer was opened in real time.
        callers: how many connections there were.
    """

    def __init__(self) -> None:
        self.faults = Faults()
        self.printed = bytearray()
        self.pulses = 0
        self.callers = 0
        self._buffer = bytearray()
        self._server: socket.socket | None = None
        self._port = 0
        self._stopped = False
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """As a counter's setting names it."""
        return f"tcp://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    def __enter__(self) -> Self:
        self.switch_on()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.switch_off()

    def switch_on(self) -> None:
        """Listen, on the port of before if there was one."""
        self._stopped = False
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", self._port))
        server.listen(8)
        self._server, self._port = server, server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, args=(server,), daemon=True)
        self._thread.start()

    def switch_off(self) -> None:
        """Refuse everybody; what is in the buffer is lost, as with the power."""
        self._stopped = True
        if self._thread is not None:
            self._thread.join(5)
        if self._server is not None:
            self._server.close()
        self._buffer.clear()

    def put_paper(self) -> None:
        """A new roll: what is in the buffer goes on to the paper."""
        self.faults.paper_left = None

    def _serve(self, server: socket.socket) -> None:
        while not self._stopped:
            if select.select([server], [], [], POLL_S)[0]:
                caller, _ = server.accept()
                self.callers += 1
                with contextlib.suppress(OSError), caller:
                    self._talk(caller)
            else:
                with contextlib.suppress(OSError):
                    self._print(None)

    def _talk(self, caller: socket.socket) -> None:
        taken = 0
        rest = b""
        while not self._stopped:
            if not self.faults.stuck and select.select([caller], [], [], POLL_S)[0]:
                heard = caller.recv(64)
                if not heard:
                    return
                rest = self._hear(caller, rest + heard)
                taken += len(heard)
                if self.faults.chunk_s:
                    time.sleep(self.faults.chunk_s)
                if self.faults.cut_after is not None and taken > self.faults.cut_after:
                    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
            elif self.faults.stuck:
                time.sleep(POLL_S)
            self._print(caller)

    def _hear(self, caller: socket.socket, heard: bytes) -> bytes:
        """Real-time commands are done at once, all else goes into the buffer; a half command is kept."""
        while heard:
            at = heard.find(b"\x10")
            if 0 <= at < len(heard) - 1 and heard[at : at + 2] not in (STATUS, PULSE):
                self._buffer += heard[: at + 1]
                heard = heard[at + 1 :]
                continue
            if at < 0:
                self._buffer += heard
                return b""
            self._buffer += heard[:at]
            heard = heard[at:]
            if len(heard) < 5 and not (heard.startswith(STATUS) and len(heard) >= 3):
                return heard
            if heard.startswith(STATUS):
                self._say(caller, bytes([self._status(heard[2])]))
                heard = heard[3:]
            else:
                self.pulses += heard.startswith(PULSE)
                heard = heard[5:]
        return b""

    def _status(self, n: int) -> int:
        faults = self.faults
        out = faults.paper_left == 0
        if n == 1:
            return FINE | (0x08 if out or faults.cover_open else 0) | (0x04 if faults.drawer_open else 0)
        if n == 2:
            return FINE | (0x04 if faults.cover_open else 0) | (0x20 if out else 0)
        return FINE | (0x60 if out else 0) | (0x0C if out or faults.paper_low else 0)

    def _say(self, caller: socket.socket | None, answer: bytes) -> None:
        if caller is not None and not self.faults.mute:
            if self.faults.late_s:
                time.sleep(self.faults.late_s)
            caller.sendall(b"\xff\x00\xa5" if self.faults.garbled else answer)

    def _print(self, caller: socket.socket | None) -> None:
        """As much of the buffer as there is paper for; a question in it is answered when its turn comes."""
        while self._buffer and not self.faults.cover_open:
            at = self._buffer.find(BARRIER)
            piece = len(self._buffer) if at < 0 else at
            if self.faults.paper_left is not None:
                piece = min(piece, self.faults.paper_left)
                self.faults.paper_left -= piece
            if self.faults.power_after is not None and piece >= self.faults.power_after:
                self.printed += self._buffer[: self.faults.power_after]
                self.faults.power_after = None
                self._buffer.clear()
                raise OSError("no power")
            if piece:
                if self.faults.power_after is not None:
                    self.faults.power_after -= piece
                self.printed += self._buffer[:piece]
                del self._buffer[:piece]
            elif at == 0 and len(self._buffer) >= 3 and self.faults.paper_left != 0:
                del self._buffer[:3]
                if not self.faults.deaf_to_barrier:
                    self._say(caller, b"\x03" if self.faults.paper_low else b"\x00")
            else:
                return
