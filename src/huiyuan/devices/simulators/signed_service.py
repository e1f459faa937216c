"""A simulated service on HTTP whose requests and answers are signed, which hangs up and forges on demand.

Always true: nothing is done for a request without the right signature, of another account or of an unknown
verb; what is faulty is the answer, never what the service remembers.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Final, Self

from huiyuan.devices.gateways.signing import SIGNATURE_HEADER, canonical, is_signed, signature

FORGED_KEY: Final = "another key"
Asked = dict[str, Any]
Answer = dict[str, Any]


class TurnedAway(Exception):
    """A request is answered 500, and nothing was done for it."""


@dataclass(slots=True, kw_only=True)
class ServiceFaults:
    """What is wrong with it, whatever it serves. All may be changed while it works.

    `broken`: so many requests answer 500 after they did their work; `forged`: signs with another key;
    `reset_before` and `reset_after`: hangs up on so many of the requests that act, before, or after they did
    their work.
    """

    broken: int = 0
    forged: bool = False
    reset_before: int = 0
    reset_after: int = 0


@dataclass
class SignedService:
    """Listens as soon as it is entered. `heard` are the verbs in order.

    A service says what it answers to each verb.
    """

    key: ClassVar[str]
    account: ClassVar[tuple[str, str]]
    """The field that says who asks, and who may."""
    acts: ClassVar[str]
    """The verb that moves something: the one that is hung up on."""

    faults: ServiceFaults = field(default_factory=ServiceFaults)
    heard: list[str] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """As a counter's setting names it."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        handler = type("Bound", (_Handler,), {"service": self})
        self._server = _Listening(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    @property
    @abstractmethod
    def verbs(self) -> Mapping[str, Callable[[Asked], Answer]]:
        """What is done for each verb, and answered. They raise TurnedAway."""


class _Listening(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that is gone, or was hung up on, is no news."""


class _Handler(BaseHTTPRequestHandler):
    service: SignedService
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name that the base has)
        """Nothing on the terminal."""

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        service, faults, verb = self.service, self.service.faults, self.path.strip("/")
        if not is_signed(content, service.key, self.headers.get(SIGNATURE_HEADER, "")):
            self._reply(401, b"{}")
            return
        asked = json.loads(content)
        service.heard.append(verb)
        field_of_account, account = service.account
        if asked[field_of_account] != account or verb not in service.verbs:
            self._reply(404, b"{}")
            return
        if verb == service.acts and faults.reset_before:
            faults.reset_before -= 1
            self._hang_up()
            return
        try:
            answer = service.verbs[verb](asked)
        except TurnedAway:
            self._reply(500, b"{}")
            return
        if verb == service.acts and faults.reset_after:
            faults.reset_after -= 1
            self._hang_up()
        elif faults.broken:
            faults.broken -= 1
            self._reply(500, b"oops")
        else:
            self._reply(200, canonical(answer), forged=faults.forged)

    def _reply(self, status: int, content: bytes, *, forged: bool = False) -> None:
        key = FORGED_KEY if forged else self.service.key
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
