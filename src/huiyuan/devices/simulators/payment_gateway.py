"""A payment gateway on HTTP that misbehaves on demand, and remembers what it really took.

It speaks the protocol of `devices/gateways/http_gateway.py` on a free port of this machine. Money is what
`taken` says, whatever was answered: the witness for every test of what a counter believes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from huiyuan.devices.simulators.signed_service import Answer, Asked, ServiceFaults, SignedService, TurnedAway

KEY: Final = "simulated-key"
MERCHANT: Final = "M1"


@dataclass(slots=True, kw_only=True)
class GatewayFaults(ServiceFaults):
    """What else is wrong with it.

    `slow_s`: seconds before each answer to a charge; `late`: the money is taken after those seconds, not
    before; `pending`: so many queries say `paying` before the money is taken; `declined`: the reason;
    `wrong_minor`: takes so much too much; `deliver_twice`: every charge arrives twice; `deaf`: so many
    reversals answer 500 and do nothing; `keeps`: no refund is given.
    """

    slow_s: float = 0
    late: bool = False
    pending: int = 0
    declined: str = ""
    wrong_minor: int = 0
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
class PaymentSimulator(SignedService):
    """`codes` are all that arrived; hangs up on charges."""

    key = KEY
    account = ("merchant", MERCHANT)
    acts = "charge"

    faults: GatewayFaults = field(default_factory=GatewayFaults)
    trades: dict[str, Trade] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)

    @property
    def kept_minor(self) -> int:
        """What it took and did not give back, of all numbers."""
        with self._lock:
            return sum(each.taken_minor - each.returned_minor for each in self.trades.values())

    @property
    def verbs(self) -> Mapping[str, Callable[[Asked], Answer]]:
        """A charge may arrive twice."""
        return {
            "charge": self._twice if self.faults.deliver_twice else self.charge,
            "query": self.query,
            "reverse": self.reverse,
            "refund": self.refund,
        }

    def _twice(self, asked: Asked) -> Answer:
        self.charge(asked)
        return self.charge(asked)

    def charge(self, asked: Asked) -> Answer:
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

    def query(self, asked: Asked) -> Answer:
        """What became of it; a customer who pays is done after so many questions."""
        with self._lock:
            trade = self.trades.get(asked["number"]) or Trade(asked["number"])
            if trade.outcome == "paying":
                trade.pending -= 1
                if trade.pending <= 0:
                    self._take(trade)
            return self._answer(asked, trade)

    def reverse(self, asked: Asked) -> Answer:
        """Give back and close. Raises TurnedAway."""
        if self.faults.deaf:
            self.faults.deaf -= 1
            raise TurnedAway
        with self._lock:
            trade = self.trades.setdefault(asked["number"], Trade(asked["number"]))
            trade.returned_minor = trade.taken_minor
            trade.outcome = "reversed"
            return self._answer(asked, trade)

    def refund(self, asked: Asked) -> Answer:
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

    def _answer(self, asked: Asked, trade: Trade, *, outcome: str = "", reason: str = "") -> Answer:
        return {
            "number": asked["number"],
            "nonce": asked["nonce"],
            "outcome": outcome or trade.outcome,
            "amount_minor": trade.taken_minor - trade.returned_minor,
            "trade": f"T{trade.number[:12]}",
            "reason": reason or trade.reason,
        }
