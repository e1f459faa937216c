"""Messages over HTTP: two requests, both signed, neither believed without a signature.

As the payment gateway's, the protocol is deliberately small: a shop's provider needs an adapter that speaks
these two on one side and the provider's API on the other.

    POST <base>/send   {sender, number, nonce, to, title, text, copy}
    POST <base>/query  {sender, number, nonce}
    answer             {number, nonce, outcome, reason}

`outcome` is `sent`, `refused` or (of a query) `unknown_message`. A `number` is sent once at most.

Always true: what `signed_request` does not let count is `unsure`, except where the connection was never made
(`away`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from huiyuan.devices.gateways.signed_request import NotAnswered, NotReached, ask_signed, patience
from huiyuan.domain.model.message import Delivery, MessageAnswer, OutMessage

UNSURE: Final = MessageAnswer(Delivery.UNSURE)
_REASON: Final = re.compile(r"[a-z_]{1,40}")
_BELIEVED: Final = frozenset({Delivery.SENT, Delivery.REFUSED, Delivery.UNKNOWN_MESSAGE})


@dataclass(frozen=True, slots=True)
class MessageSettings:
    """Where the provider is and who we are there. Time-outs in whole seconds."""

    url: str
    sender: str
    key: str = field(repr=False)
    connect_s: int = 3
    answer_s: int = 10


class HttpMessages:
    """Fills the MessageGateway port; a connection for each request."""

    configured = True

    def __init__(self, settings: MessageSettings) -> None:
        self._settings = settings

    def send(self, message: OutMessage) -> MessageAnswer:
        """Once for its number."""
        return self._say(
            "send",
            message.number,
            to=message.to,
            title=message.title,
            text=message.text,
            copy=message.copy,
        )

    def query(self, number: str) -> MessageAnswer:
        """What became of it."""
        return self._say("query", number)

    def _say(self, verb: str, number: str, **more: object) -> MessageAnswer:
        import httpx

        settings = self._settings
        timeout = patience(settings.connect_s, settings.answer_s)
        try:
            with httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client:
                told = ask_signed(
                    client, f"{settings.url}/{verb}", key=settings.key, number=number,
                    said={"sender": settings.sender, **more},
                )  # fmt: skip
        except NotReached:
            return MessageAnswer(Delivery.AWAY)
        except NotAnswered:
            return UNSURE
        return _read(told, asked=verb == "query")


def _read(told: Mapping[str, Any], *, asked: bool) -> MessageAnswer:
    """What an answer to this question says."""
    try:
        outcome = Delivery(told["outcome"])
    except (ValueError, KeyError):
        return UNSURE
    if outcome not in _BELIEVED or (outcome is Delivery.UNKNOWN_MESSAGE and not asked):
        return UNSURE
    reason = told.get("reason")
    plain = isinstance(reason, str) and _REASON.fullmatch(reason) is not None
    return MessageAnswer(outcome, str(reason) if plain and outcome is Delivery.REFUSED else "")
