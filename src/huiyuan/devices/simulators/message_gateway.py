"""A provider of messages on HTTP that misbehaves on demand, and remembers what it really sent.

It speaks the protocol of `devices/messages/http_messages.py` on a free port of this machine. `sent` is the
witness: what arrived at telephones, whatever was answered.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self

from huiyuan.devices.gateways.signing import SIGNATURE_HEADER, canonical, is_signed, signature

KEY: Final = "simulated-message-key"
SENDER: Final = "S1"


@dataclass(slots=True)
class MessageFaults:
    """What is wrong with it. All may be changed while it works.

    `refused`: the reason; `broken`: so many requests answer 500 after they did their work; `forged`: signs
    with another key; `other_number`: answers about another one; `reset_before` and `reset_after`: hangs up on
    so many sends before, or after the message went out.
    """

    refused: str = ""
    broken: int = 0
    forged: bool = False
    other_number: bool = False
    reset_before: int = 0
    reset_after: int = 0


@dataclass
class MessageSimulator:
    """Listens as soon as it is entered. `sent` are the messages that went out, `heard` the verbs in order."""

    faults: MessageFaults = field(default_factory=MessageFaults)
    sent: list[dict[str, Any]] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """As a counter's setting names it."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        handler = type("Bound", (_Handler,), {"simulator": self})
        self._server = _Listening(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def send(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Once for a number."""
        with self._lock:
            if self.faults.refused:
                self.refusals[asked["number"]] = self.faults.refused
            elif asked["number"] not in {each["number"] for each in self.sent}:
                self.sent.append(asked)
        return self.query(asked)

    def query(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What became of it."""
        number = asked["number"]
        with self._lock:
            went = number in {each["number"] for each in self.sent}
            outcome = "sent" if went else "refused" if number in self.refusals else "unknown_message"
            return {"number": "other" if self.faults.other_number else number, "nonce": asked["nonce"],
                    "outcome": outcome, "reason": self.refusals.get(number, "")}  # fmt: skip


class _Listening(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that is gone, or was hung up on, is no news."""


class _Handler(BaseHTTPRequestHandler):
    simulator: MessageSimulator
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name that the base has)
        """Nothing on the terminal."""

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        simulator, faults, verb = self.simulator, self.simulator.faults, self.path.strip("/")
        if not is_signed(content, KEY, self.headers.get(SIGNATURE_HEADER, "")):
            self._reply(401, b"{}", KEY)
            return
        asked = json.loads(content)
        simulator.heard.append(verb)
        if asked["sender"] != SENDER or verb not in {"send", "query"}:
            self._reply(404, b"{}", KEY)
            return
        if verb == "send" and faults.reset_before:
            faults.reset_before -= 1
            self._hang_up()
            return
        answer = getattr(simulator, verb)(asked)
        if verb == "send" and faults.reset_after:
            faults.reset_after -= 1
            self._hang_up()
            return
        if faults.broken:
            faults.broken -= 1
            self._reply(500, b"oops", KEY)
            return
        self._reply(200, canonical(answer), "another key" if faults.forged else KEY)

    def _reply(self, status: int, content: bytes, key: str) -> None:
        with contextlib.suppress(OSError):  # the caller may be gone
            self.send_response(status)
            self.send_header(SIGNATURE_HEADER, signature(content, key))
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        self.close_connection = True

    def _hang_up(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
