"""Sealed values of a member, a phone or who acts for a company: AES-256-GCM, bound to member and field.

Always true: a sealed value that was moved to another member or another field does not open; a nonce is
random and never used twice by one seal; a key shows in no message. A sealed value is one byte of key
version, 12 of nonce, then the cipher text with its tag.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Final

from huiyuan.domain.model.errors import Refused
from huiyuan.repositories.secrets import DataKey

KEY_VERSION: Final = 1
_NONCE: Final = 12

PHONE_MASK: Final = "phone_mask"
ID_NO_MASK: Final = "id_no_mask"


def mask_of(field: str) -> str:
    """The field under which the mask of `field` is sealed."""
    return f"{field}_mask"


def seal(key: DataKey, text: str, *, member: int, field: str) -> bytes:
    """`text` as only this key opens it, for this member's `field` only."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(key.material()).encrypt(nonce, text.encode(), _about(member, field, KEY_VERSION))
    return bytes([KEY_VERSION]) + nonce + sealed


def unseal(keys: Mapping[int, DataKey], sealed: bytes, *, member: int, field: str) -> str:
    """What was sealed.

    Args:
        keys: by version; while keys are changed there are two.

    Raises:
        Refused: `seal_broken`: another key, another member, another field, or changed bytes.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    version = sealed[0] if sealed else 0
    key = keys.get(version)
    if key is None or len(sealed) <= 1 + _NONCE:
        raise Refused("seal_broken", {"field": field})
    nonce, rest = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        return AESGCM(key.material()).decrypt(nonce, rest, _about(member, field, version)).decode()
    except (InvalidTag, UnicodeDecodeError):
        raise Refused("seal_broken", {"field": field}) from None


def _about(member: int, field: str, version: int) -> bytes:
    return f"shop.member:{member}:{field}:v{version}".encode()


class Sealer:
    """Seals and opens with the key of this counter, which is read when it is first needed.

    Args:
        data_key: Reads the key. Raises Refused `data_key_missing`, `data_key_damaged`, `key_open_to_others`.
    """

    def __init__(self, data_key: Callable[[], DataKey]) -> None:
        self._data_key = data_key

    def seal(self, text: str, *, member: int, field: str) -> str:
        """Hex of the sealed text. Raises Refused: as `data_key`."""
        return seal(self._data_key(), text, member=member, field=field).hex()

    def unseal(self, sealed: str, *, member: int, field: str) -> str:
        """The text of a sealed hex. Raises Refused: as `data_key`, and `seal_broken`."""
        return unseal({KEY_VERSION: self._data_key()}, bytes.fromhex(sealed), member=member, field=field)

    def mask(self, sealed: str | None, *, member: int, field: str) -> str | None:
        """A sealed mask for the eye: empty if there is none, None if this counter cannot open it."""
        if sealed is None:
            return ""
        try:
            return self.unseal(sealed, member=member, field=field)
        except Refused:
            return None
