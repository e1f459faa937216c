"""How both ends of the gateway's protocol sign what they say.

A message is a JSON object; its signature is the hex HMAC-SHA256 of the canonical text (keys sorted, no
spaces, UTF-8) under the merchant's key, in the header `X-Signature`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

SIGNATURE_HEADER: Final = "X-Signature"


def canonical(message: Mapping[str, Any]) -> bytes:
    """The bytes that are sent and signed."""
    return json.dumps(message, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signature(content: bytes, key: str) -> str:
    """The signature of `content`."""
    return hmac.new(key.encode(), content, hashlib.sha256).hexdigest()


def is_signed(content: bytes, key: str, given: str) -> bool:
    """Whether `given` is the signature of `content`, in constant time."""
    return hmac.compare_digest(signature(content, key), given)
