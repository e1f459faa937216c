"""A provider of messages on HTTP that misbehaves on demand, and remembers what it really sent.

It speaks the protocol of `devices/messages/http_messages.py` on a free port of this machine. `sent` is the
witness: what arrived at telephones, whatever was answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from huiyuan.devices.simulators.signed_service import Answer, Asked, ServiceFaults, SignedService

KEY: Final = "simulated-message-key"
SENDER: Final = "S1"


@dataclass(slots=True, kw_only=True)
class MessageFaults(ServiceFaults):
    """What else is wrong with it. `refused`: the reason; `other_number`: answers about another one."""

    refused: str = ""
    other_number: bool = False


@dataclass
class MessageSimulator(SignedService):
    """`sent` are the messages that went out; hangs up on sends."""

    key = KEY
    account = ("sender", SENDER)
    acts = "send"

    faults: MessageFaults = field(default_factory=MessageFaults)
    sent: list[dict[str, Any]] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)

    @property
    def verbs(self) -> Mapping[str, Callable[[Asked], Answer]]:
        """Two of them."""
        return {"send": self.send, "query": self.query}

    def send(self, asked: Asked) -> Answer:
        """Once for a number."""
        with self._lock:
            if self.faults.refused:
                self.refusals[asked["number"]] = self.faults.refused
            elif asked["number"] not in {each["number"] for each in self.sent}:
                self.sent.append(asked)
        return self.query(asked)

    def query(self, asked: Asked) -> Answer:
        """What became of it."""
        number = asked["number"]
        with self._lock:
            went = number in {each["number"] for each in self.sent}
            outcome = "sent" if went else "refused" if number in self.refusals else "unknown_message"
            return {"number": "other" if self.faults.other_number else number, "nonce": asked["nonce"],
                    "outcome": outcome, "reason": self.refusals.get(number, "")}  # fmt: skip
