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

Always true: what `signed_request` does not let count is `unsure`, except where the connection was never made
(`away`). The code stands in the body of one
request and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from huiyuan.devices.gateways.signed_request import NotAnswered, NotReached, ask_signed, patience
from huiyuan.domain.model.charge import GatewayAnswer, Outcome
from huiyuan.domain.model.payment_code import PaymentCode

if TYPE_CHECKING:
    import httpx

UNSURE: Final = GatewayAnswer(Outcome.UNSURE)
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
        settings = self._settings
        try:
            told = ask_signed(
                self._opened(), f"{settings.url}/{verb}", key=settings.key, number=number,
                said={"merchant": settings.merchant, **more},
            )  # fmt: skip
        except NotReached:
            return GatewayAnswer(Outcome.AWAY)
        except NotAnswered:
            return UNSURE
        return _read(told)

    def _opened(self) -> httpx.Client:
        import httpx

        if self._client is None:
            timeout = patience(self._settings.connect_s, self._settings.answer_s)
            # No keeping of connections: one that the other end closed meanwhile would leave a charge unsure.
            limits = httpx.Limits(max_keepalive_connections=0)
            self._client = httpx.Client(
                timeout=timeout, limits=limits, follow_redirects=False, trust_env=False
            )
        return self._client


def _read(told: Mapping[str, Any]) -> GatewayAnswer:
    """What an answer to this question says."""
    try:
        outcome = Outcome(told["outcome"])
    except (ValueError, KeyError):
        return UNSURE
    amount = told.get("amount_minor", 0)
    if outcome not in _BELIEVED or type(amount) is not int or amount < 0:
        return UNSURE
    if outcome is Outcome.PAID and not amount:
        return UNSURE
    return GatewayAnswer(outcome, amount, _word(told, outcome))


def _word(told: Mapping[str, Any], outcome: Outcome) -> str:
    """The trade's number, or why not; nothing where it is no plain word, because it comes from outside."""
    key, shape = ("reason", _REASON) if outcome is Outcome.DECLINED else ("trade", _TRADE)
    word = told.get(key)
    return word if isinstance(word, str) and shape.fullmatch(word) else ""
