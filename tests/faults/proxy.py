"""A line between a counter and its database that can be slow, be cut, deliver late, and be counted.

It listens on a socket of its own and speaks bytes only. One request is what the client sends before it waits
for an answer; a fault is armed for the next request (that holds `match`, where given) and happens once:

* `cut_before_request`: the request never reaches the server;
* `cut_before_answer`: the server has answered, the counter never hears it;
* `cut_during`: the counter is cut off at once, while the server works on the request;
* `deliver_late`: the counter is cut off, the request reaches the server `late_s` seconds later.

`match` looks at raw bytes: a statement that the driver has prepared is sent by its name, not by its text.
"""

from __future__ import annotations

import contextlib
import queue
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self
from urllib.parse import quote

from huiyuan.repositories.embedded import SOCKET_NAME
from tests.cluster import Shop

FaultKind = Literal["cut_before_request", "cut_before_answer", "cut_during", "deliver_late"]
_CHUNK = 1 << 16


@dataclass(slots=True)
class Count:
    """What went over the line: a round trip begins when the counter speaks after the server did."""

    round_trips: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    connections: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """One armed fault."""

    kind: FaultKind
    match: bytes
    late_s: float = 0.0


@dataclass(slots=True)
class Proxy:
    """The line. `delay_ms` is the time one way; set it before or between requests.

    `bytes_per_s` is what it carries each way, all connections together; 0 is as fast as it goes.
    """

    target: Path
    shop: Shop
    folder: Path
    delay_ms: float = 0.0
    bytes_per_s: float = 0.0
    count: Count = field(default_factory=Count)
    happened: list[Fault] = field(default_factory=list)
    refuse_connections: bool = False
    _armed: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _listener: socket.socket | None = None
    _lines: list[_Line] = field(default_factory=list)
    _late: list[threading.Thread] = field(default_factory=list)
    _free_at: dict[str, float] = field(default_factory=lambda: {"up": 0.0, "down": 0.0})

    @classmethod
    @contextlib.contextmanager
    def before(cls, shop: Shop) -> Iterator[Self]:
        """A proxy before the server of `shop`, for as long as the block runs."""
        folder = Path(tempfile.mkdtemp(prefix="hyp-"))
        proxy = cls(target=shop.server.run / SOCKET_NAME, shop=shop, folder=folder)
        try:
            proxy._listen()
            yield proxy
        finally:
            proxy.close()
            shutil.rmtree(folder, ignore_errors=True)

    def url(self, role: str) -> str:
        """The libpq URL of the shop's database for `role` through this line."""
        return f"postgresql://{role}@/{self.shop.dbname}?host={quote(str(self.folder), safe='')}&port=5432"

    def arm(self, kind: FaultKind, *, match: bytes = b"", late_s: float = 0.0) -> None:
        """Let `kind` happen to the next request that holds `match`."""
        with self._lock:
            self._armed.append(Fault(kind, match, late_s))

    def wait_for_late(self, timeout_s: float = 30.0) -> None:
        """Wait until every late request has been delivered and answered."""
        for thread in list(self._late):
            thread.join(timeout_s)
            assert not thread.is_alive(), "a late request is still under way"

    def cut_all(self) -> None:
        """Cut every open line now, whatever travels on it."""
        for line in list(self._lines):
            line.cut()

    def reset_count(self) -> None:
        self.count = Count()

    def close(self) -> None:
        if self._listener is not None:
            _close(self._listener)  # a plain close would leave the thread in accept() for ever
        self.cut_all()

    def _listen(self) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.folder / SOCKET_NAME))
        self._listener.listen(128)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        assert self._listener is not None
        while True:
            try:
                counter, _ = self._listener.accept()
            except OSError:
                return
            if self.refuse_connections:
                counter.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(str(self.target))
            except OSError:
                counter.close()
                continue
            self.count.connections += 1
            line = _Line(self, counter, server)
            self._lines.append(line)
            line.begin()

    def _carry(self, way: str, length: int) -> None:
        """Wait as long as the line takes to carry so many bytes, behind what it carries already."""
        if not self.bytes_per_s:
            return
        with self._lock:
            done_at = max(time.monotonic(), self._free_at[way]) + length / self.bytes_per_s
            self._free_at[way] = done_at
        time.sleep(max(0.0, done_at - time.monotonic()))

    def _take_fault(self, request: bytes) -> Fault | None:
        with self._lock:
            for fault in self._armed:
                if fault.match in request:
                    self._armed.remove(fault)
                    self.happened.append(fault)
                    return fault
        return None


class _Line:
    """One connection: two readers, and two writers that hold every piece back for the delay."""

    def __init__(self, proxy: Proxy, counter: socket.socket, server: socket.socket) -> None:
        self.proxy = proxy
        self.counter = counter
        self.server = server
        self.server_spoke = True
        self.answer_lost = False
        self.up: queue.Queue[tuple[float, bytes] | None] = queue.Queue()
        self.down: queue.Queue[tuple[float, bytes] | None] = queue.Queue()

    def begin(self) -> None:
        for work in (self._read_counter, self._read_server):
            threading.Thread(target=work, daemon=True).start()
        for way, pieces, end in (("up", self.up, self.server), ("down", self.down, self.counter)):
            threading.Thread(target=self._write, args=(way, pieces, end), daemon=True).start()

    def cut(self) -> None:
        for pieces, end in ((self.up, self.server), (self.down, self.counter)):
            _close(end)
            pieces.put(None)

    def _due(self) -> float:
        return time.monotonic() + self.proxy.delay_ms / 1000

    def _read_counter(self) -> None:
        while piece := _receive(self.counter):
            if self.server_spoke:
                self.server_spoke = False
                self.proxy.count.round_trips += 1
            self.proxy.count.bytes_up += len(piece)
            fault = self.proxy._take_fault(piece)
            if fault is not None and self._suffer(fault, piece):
                return
            self.up.put((self._due(), piece))
        self.up.put(None)

    def _suffer(self, fault: Fault, piece: bytes) -> bool:
        """Let `fault` happen; True when the line is at its end for this reader."""
        if fault.kind == "cut_before_request":
            self.cut()
            return True
        self.answer_lost = True
        if fault.kind == "cut_before_answer":
            return False
        _close(self.counter)
        if fault.kind == "cut_during":
            self.up.put((time.monotonic(), piece))
            return True
        late = threading.Thread(target=self._deliver_late, args=(fault.late_s, piece), daemon=True)
        self.proxy._late.append(late)
        late.start()
        return True

    def _deliver_late(self, late_s: float, piece: bytes) -> None:
        time.sleep(late_s)
        with contextlib.suppress(OSError):
            self.server.sendall(piece)
            self.server.settimeout(20)
            deadline = time.monotonic() + 20
            while not self.server_spoke and time.monotonic() < deadline:
                time.sleep(0.01)
        _close(self.server)

    def _read_server(self) -> None:
        while piece := _receive(self.server):
            self.server_spoke = True
            self.proxy.count.bytes_down += len(piece)
            if self.answer_lost:
                self.cut()
                return
            self.down.put((self._due(), piece))
        self.down.put(None)

    def _write(self, way: str, pieces: queue.Queue[tuple[float, bytes] | None], end: socket.socket) -> None:
        while (entry := pieces.get()) is not None:
            due, piece = entry
            self.proxy._carry(way, len(piece))
            if (wait_s := due - time.monotonic()) > 0:
                time.sleep(wait_s)
            try:
                end.sendall(piece)
            except OSError:
                break
        _close(end)


def _receive(end: socket.socket) -> bytes:
    try:
        return end.recv(_CHUNK)
    except OSError:
        return b""


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
