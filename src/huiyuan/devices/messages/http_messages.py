"""Messages over HTTP: two requests, both signed, neither believed without a signature.

As the payment gateway's, the protocol is deliberately small: a shop's provider needs an adapter that speaks
these two on one side and the provider's API on the other.

    POST <base>/send   {sender, number, nonce, to, title, text, copy}
    POST <base>/query  {sender, number, nonce}
    answer             {number, nonce, outcome, reason}

`outcome` is `sent`, `refused` or (of a query) `unknown_message`. A `number` is sent once at most.

Always true: an answer counts only with status 200, the right signature, our number and our nonce; anything
else is `unsure`, except where the connection was never made (`away`).
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from huiyuan.devices.gateways.signing import SIGNATURE_HEADER, canonical, is_signed, signature
from huiyuan.domain.model.message import Delivery, MessageAnswer, OutMessage

if TYPE_CHECKING:
    import httpx

UNSURE: Final = MessageAnswer(Delivery.UNSURE)
BODY_MAX: Final = 16_384
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

        settings, nonce = self._settings, secrets.token_hex(16)
        content = canonical({"sender": settings.sender, "number": number, "nonce": nonce, **more})
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signature(content, settings.key)}
        try:
            with httpx.Client(timeout=self._patience(), follow_redirects=False, trust_env=False) as client:
                answer = client.post(f"{settings.url}/{verb}", content=content, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol):
            return MessageAnswer(Delivery.AWAY)
        except (httpx.HTTPError, httpx.InvalidURL):
            return UNSURE
        if answer.status_code != httpx.codes.OK or len(answer.content) > BODY_MAX:
            return UNSURE
        if not is_signed(answer.content, settings.key, answer.headers.get(SIGNATURE_HEADER, "")):
            return UNSURE
        return _read(answer.content, number=number, nonce=nonce, asked=verb == "query")

    def _patience(self) -> httpx.Timeout:
        import httpx

        return httpx.Timeout(self._settings.answer_s, connect=self._settings.connect_s)


def _read(content: bytes, *, number: str, nonce: str, asked: bool) -> MessageAnswer:
    """An answer that is signed: whether it is one to this question, and what it says."""
    try:
        said = json.loads(content)
        outcome = Delivery(said["outcome"])
    except (ValueError, KeyError, TypeError):
        return UNSURE
    if outcome not in _BELIEVED or said.get("number") != number or said.get("nonce") != nonce:
        return UNSURE
    if outcome is Delivery.UNKNOWN_MESSAGE and not asked:
        return UNSURE
    reason = said.get("reason")
    plain = isinstance(reason, str) and _REASON.fullmatch(reason) is not None
    return MessageAnswer(outcome, str(reason) if plain and outcome is Delivery.REFUSED else "")
