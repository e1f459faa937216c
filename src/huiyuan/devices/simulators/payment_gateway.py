"""A payment gateway on HTTP that misbehaves on demand, and remembers what it really took.

It speaks the protocol of `devices/gateways/http_gateway.py` on a free port of this machine. Money is what
`taken` says, whatever was answered: the witness for every test of what a counter believes.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self

from huiyuan.devices.gateways.signing import SIGNATURE_HEADER, canonical, is_signed, signature

KEY: Final = "simulated-key"
MERCHANT: Final = "M1"


@dataclass(slots=True)
class GatewayFaults:
    """What is wrong with it. All may be changed while it works.

    `slow_s`: seconds before each answer to a charge; `late`: the money is taken after those seconds, not
    before; `pending`: so many queries say `paying` before the money is taken; `declined`: the reason;
    `broken`: so many requests answer 500 after they did their work; `wrong_minor`: takes so much too much;
    `forged`: signs with another key; `reset_before` and `reset_after`: hangs up on so many charges before, or
    after taking the money; `deliver_twice`: every charge arrives twice; `deaf`: so many reversals answer 500
    and do nothing; `keeps`: no refund is given.
    """

    slow_s: float = 0
    late: bool = False
    pending: int = 0
    declined: str = ""
    broken: int = 0
    wrong_minor: int = 0
    forged: bool = False
    reset_before: int = 0
    reset_after: int = 0
    deliver_twice: bool = False
    deaf: int = 0
    keeps: bool = False


@dataclass(slots=True)
class Trade:
    """One number: what was asked, what was really taken and given back."""

    number: str
    asked_minor: int = 0
    taken_minor: int = 0
    returned_minor: int = 0
    charges: int = 0
    pending: int = 0
    outcome: str = "unknown_trade"
    reason: str = ""
    refunds: dict[str, int] = field(default_factory=dict)


@dataclass
class PaymentSimulator:
    """Listens as soon as it is entered. `heard` are the verbs in order, `codes` every code that arrived."""

    faults: GatewayFaults = field(default_factory=GatewayFaults)
    trades: dict[str, Trade] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """As a counter's setting names it."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def kept_minor(self) -> int:
        """What it took and did not give back, of all numbers."""
        with self._lock:
            return sum(each.taken_minor - each.returned_minor for each in self.trades.values())

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

    def charge(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Take the money for a number once, unless something is wrong."""
        if self.faults.slow_s and self.faults.late:
            time.sleep(self.faults.slow_s)
        with self._lock:
            self.codes.append(asked["code"])
            trade = self.trades.setdefault(asked["number"], Trade(asked["number"]))
            trade.charges += 1
            if trade.outcome == "unknown_trade":
                trade.asked_minor = asked["amount_minor"]
                if self.faults.declined:
                    trade.outcome, trade.reason = "declined", self.faults.declined
                elif self.faults.pending:
                    trade.outcome, trade.pending = "paying", self.faults.pending
                else:
                    self._take(trade)
            elif trade.outcome == "reversed":
                return self._answer(asked, trade, outcome="declined", reason="closed")
            answer = self._answer(asked, trade)
        if self.faults.slow_s and not self.faults.late:
            time.sleep(self.faults.slow_s)
        return answer

    def query(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What became of it; a customer who pays is done after so many questions."""
        with self._lock:
            trade = self.trades.get(asked["number"]) or Trade(asked["number"])
            if trade.outcome == "paying":
                trade.pending -= 1
                if trade.pending <= 0:
                    self._take(trade)
            return self._answer(asked, trade)

    def reverse(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Give back and close."""
        with self._lock:
            trade = self.trades.setdefault(asked["number"], Trade(asked["number"]))
            trade.returned_minor = trade.taken_minor
            trade.outcome = "reversed"
            return self._answer(asked, trade)

    def refund(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Give back a part of a trade, once for the refund's own number, never more than was taken."""
        with self._lock:
            known = {f"T{each.number[:12]}": each for each in self.trades.values()} | self.trades
            trade = known.get(asked["trade"])
            if trade is None:
                return self._answer(asked, Trade(asked["number"]))
            if asked["number"] not in trade.refunds:
                if self.faults.keeps or trade.returned_minor + asked["amount_minor"] > trade.taken_minor:
                    return self._answer(asked, trade, outcome="declined", reason="closed")
                trade.refunds[asked["number"]] = asked["amount_minor"]
                trade.returned_minor += asked["amount_minor"]
            return self._answer(asked, trade, outcome="refunded")

    def _take(self, trade: Trade) -> None:
        trade.taken_minor += trade.asked_minor + self.faults.wrong_minor
        trade.outcome = "paid"

    def _answer(
        self, asked: dict[str, Any], trade: Trade, *, outcome: str = "", reason: str = ""
    ) -> dict[str, Any]:
        return {
            "number": asked["number"],
            "nonce": asked["nonce"],
            "outcome": outcome or trade.outcome,
            "amount_minor": trade.taken_minor - trade.returned_minor,
            "trade": f"T{trade.number[:12]}",
            "reason": reason or trade.reason,
        }


class _Listening(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that is gone, or was hung up on, is no news."""


class _Handler(BaseHTTPRequestHandler):
    simulator: PaymentSimulator
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
        if asked["merchant"] != MERCHANT or verb not in {"charge", "query", "reverse", "refund"}:
            self._reply(404, b"{}", KEY)
            return
        if verb == "charge" and faults.reset_before:
            faults.reset_before -= 1
            self._hang_up()
            return
        if verb == "reverse" and faults.deaf:
            faults.deaf -= 1
            self._reply(500, b"{}", KEY)
            return
        answer = getattr(simulator, verb)(asked)
        if verb == "charge" and faults.deliver_twice:
            answer = simulator.charge(asked)
        if verb == "charge" and faults.reset_after:
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
