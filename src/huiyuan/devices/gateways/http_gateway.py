"""The payment gateway over HTTP: four requests, all signed, none of them believed without a signature.

The protocol is deliberately small, because every acquirer has one of its own: a shop's acquirer needs an
adapter that speaks these four on one side and the acquirer's API on the other.

    POST <base>/charge   {merchant, number, nonce, amount_minor, currency, method, code}
    POST <base>/query    {merchant, number, nonce}
    POST <base>/reverse  {merchant, number, nonce}
    POST <base>/refund   {merchant, number, nonce, trade, amount_minor, currency}
    answer               {number, nonce, outcome, amount_minor, trade, reason}

`outcome` is one of `domain.model.charge.Outcome` but `unsure` and `away`. `number` is taken money for once at
most. `reverse` gives back what was taken and closes the number, also one that was never heard of: a charge
that arrives later is declined. `refund` gives back a part of a `trade`, once for its number;
`refunded` says so, `declined` that it cannot. `charge` may answer `paying` and is asked about by `query`
then.

Always true: an answer counts only with status 200, the right signature, our number and our nonce; anything
else is `unsure`, except where the connection was never made (`away`). The code stands in the body of one
request and nowhere else.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from huiyuan.devices.gateways.signing import SIGNATURE_HEADER, canonical, is_signed, signature
from huiyuan.domain.model.charge import GatewayAnswer, Outcome
from huiyuan.domain.model.payment_code import PaymentCode

if TYPE_CHECKING:
    import httpx

UNSURE: Final = GatewayAnswer(Outcome.UNSURE)
BODY_MAX: Final = 16_384
_TRADE: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_REASON: Final = re.compile(r"[a-z_]{1,40}")
_BELIEVED: Final = frozenset(Outcome) - {Outcome.UNSURE, Outcome.AWAY}


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """Where the gateway is and who we are there. Time-outs in whole seconds."""

    url: str
    merchant: str
    key: str = field(repr=False)
    currency: str = "CNY"
    connect_s: int = 3
    answer_s: int = 10


class HttpGateway:
    """Fills the PaymentGateway port; usable from several threads."""

    configured = True

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings
        self._client: httpx.Client | None = None

    def charge(self, code: PaymentCode, *, number: str, amount_minor: int) -> GatewayAnswer:
        """Ask for the money, once."""
        return self._say(
            "charge",
            number,
            amount_minor=amount_minor,
            currency=self._settings.currency,
            method=code.method,
            code=code.digits,
        )

    def query(self, number: str) -> GatewayAnswer:
        """What became of it."""
        return self._say("query", number)

    def reverse(self, number: str) -> GatewayAnswer:
        """Give it back, or close the number."""
        return self._say("reverse", number)

    def refund(self, trade: str, *, number: str, amount_minor: int) -> GatewayAnswer:
        """Give back so much of a trade, once for a number."""
        currency = self._settings.currency
        return self._say("refund", number, trade=trade, amount_minor=amount_minor, currency=currency)

    def close(self) -> None:
        """Close what is open; a second time changes nothing."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _say(self, verb: str, number: str, **more: object) -> GatewayAnswer:
        import httpx

        settings, nonce = self._settings, secrets.token_hex(16)
        content = canonical({"merchant": settings.merchant, "number": number, "nonce": nonce, **more})
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signature(content, settings.key)}
        try:
            answer = self._opened().post(f"{settings.url}/{verb}", content=content, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol):
            return GatewayAnswer(Outcome.AWAY)
        except (httpx.HTTPError, httpx.InvalidURL):
            return UNSURE
        if answer.status_code != httpx.codes.OK or len(answer.content) > BODY_MAX:
            return UNSURE
        if not is_signed(answer.content, settings.key, answer.headers.get(SIGNATURE_HEADER, "")):
            return UNSURE
        return _read(answer.content, number=number, nonce=nonce)

    def _opened(self) -> httpx.Client:
        import httpx

        if self._client is None:
            timeout = httpx.Timeout(self._settings.answer_s, connect=self._settings.connect_s)
            # No keeping of connections: one that the other end closed meanwhile would leave a charge unsure.
            limits = httpx.Limits(max_keepalive_connections=0)
            self._client = httpx.Client(
                timeout=timeout, limits=limits, follow_redirects=False, trust_env=False
            )
        return self._client


def _read(content: bytes, *, number: str, nonce: str) -> GatewayAnswer:
    """An answer that is signed: whether it is one to this question, and what it says."""
    try:
        said = json.loads(content)
        outcome = Outcome(said["outcome"])
    except (ValueError, KeyError, TypeError):
        return UNSURE
    if outcome not in _BELIEVED or said.get("number") != number or said.get("nonce") != nonce:
        return UNSURE
    amount = said.get("amount_minor", 0)
    if type(amount) is not int or amount < 0 or (outcome is Outcome.PAID and not amount):
        return UNSURE
    return GatewayAnswer(outcome, amount, _told(said, outcome))


def _told(said: Mapping[str, Any], outcome: Outcome) -> str:
    """The trade's number, or why not; nothing where it is no plain word, because it comes from outside."""
    key, shape = ("reason", _REASON) if outcome is Outcome.DECLINED else ("trade", _TRADE)
    told = said.get(key)
    return told if isinstance(told, str) and shape.fullmatch(told) else ""
