"""One signed request over HTTP, and what counts as an answer to it.

Always true: an answer counts only with status 200, the right signature, our number and our nonce.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from huiyuan.devices.gateways.signing import SIGNATURE_HEADER, canonical, is_signed, signature

if TYPE_CHECKING:
    import httpx

BODY_MAX: Final = 16_384


class NotReached(Exception):
    """The connection was never made: nothing was done."""


class NotAnswered(Exception):
    """Something may have been done; what came back, if anything, counts for nothing."""


def patience(connect_s: int, answer_s: int) -> httpx.Timeout:
    """How long to wait, in whole seconds, for the connection and for everything after it."""
    import httpx

    return httpx.Timeout(answer_s, connect=connect_s)


def ask_signed(
    client: httpx.Client, url: str, *, key: str, number: str, said: Mapping[str, object]
) -> Mapping[str, Any]:
    """Say it once about `number`; a nonce of its own goes with it and has to come back.

    Raises:
        NotReached: The connection was never made.
        NotAnswered: Anything else but an answer that counts.
    """
    import httpx

    nonce = secrets.token_hex(16)
    content = canonical({**said, "number": number, "nonce": nonce})
    headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signature(content, key)}
    try:
        answer = client.post(url, content=content, headers=headers)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol):
        raise NotReached from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise NotAnswered from None
    if answer.status_code != httpx.codes.OK or len(answer.content) > BODY_MAX:
        raise NotAnswered
    if not is_signed(answer.content, key, answer.headers.get(SIGNATURE_HEADER, "")):
        raise NotAnswered
    return _about(answer.content, number=number, nonce=nonce)


def _about(content: bytes, *, number: str, nonce: str) -> Mapping[str, Any]:
    """What a signed answer says, if it is one to this question. Raises NotAnswered."""
    try:
        told = json.loads(content)
    except ValueError:
        raise NotAnswered from None
    if not isinstance(told, dict) or told.get("number") != number or told.get("nonce") != nonce:
        raise NotAnswered
    return told
