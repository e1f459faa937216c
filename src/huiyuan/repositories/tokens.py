"""What a reader delivers becomes a token: the database never sees a card's text, so a dump opens no wallet."""

from __future__ import annotations

import hmac
import unicodedata


def card_token(index_key: bytes, *, kind: str, text: str) -> bytes:
    """HMAC-SHA256 of what was read or typed, 32 bytes.

    Args:
        index_key: The chain's key for looking things up, 32 bytes; every counter has the same.
        kind: number, barcode, magstripe, uid or ndef: the same digits read in two ways are two tokens.
        text: As it came; full-width forms and surrounding space make no difference.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    return hmac.digest(index_key, f"{kind}:{plain}".encode(), "sha256")
