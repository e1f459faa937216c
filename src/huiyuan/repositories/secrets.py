"""Keys: from a PIN, from a card's token, and those that lie in files of this installation.

Always true: a key never shows in a `repr`; a key file that others may read is refused; a PIN leaves this
module only as an argon2id key, which the server keeps as sha256(pepper || key).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path
from typing import Final, Self
from uuid import UUID

KEY_BYTES: Final = 32
_MEMORY_KIB: Final = 19 * 1024
_PASSES: Final = 2
_LANES: Final = 1


class KeyFileRefused(Exception):
    """A key file cannot be used; `code` and `path` say why.

    Codes: key_missing, key_open_to_others (it must be 0600 and one's own), key_damaged, key_exists.
    """

    def __init__(self, code: str, path: Path) -> None:
        super().__init__(code, str(path))
        self.code = code
        self.path = path

    @property
    def facts(self) -> dict[str, object]:
        """What the sentence needs."""
        return {"path": str(self.path)}


class Key:
    """32 secret bytes that show in no `repr`, no log and no traceback."""

    __slots__ = ("_material",)

    def __init__(self, material: bytes) -> None:
        if len(material) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")
        self._material = material

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and hmac.compare_digest(self._material, other._material)

    __hash__ = None  # type: ignore[assignment]  # a secret is no dictionary key

    @classmethod
    def fresh(cls) -> Self:
        """A new key from the system's randomness."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the key in `path`.

        Raises:
            KeyFileRefused: key_missing, key_open_to_others, key_damaged.
        """
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            raise KeyFileRefused("key_missing", path) from None
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(file.fileno())
            mine = found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & 0o077
            if not (stat.S_ISREG(found.st_mode) and mine):
                raise KeyFileRefused("key_open_to_others", path)
            text = file.read(200)
        try:
            return cls(bytes.fromhex(text.decode("ascii")))
        except ValueError:
            raise KeyFileRefused("key_damaged", path) from None

    def save(self, path: Path) -> None:
        """Write the key to a new file that only its owner may read (0600), on disk when this returns.

        Raises:
            KeyFileRefused: key_exists: a key is never overwritten, for what it opened would be lost.
        """
        write_private(path, self._material.hex().encode("ascii") + b"\n")


class IndexKey(Key):
    """Finds a card by what a reader delivered, without the database knowing the text."""

    __slots__ = ()

    def token(self, kind: str, text: str) -> bytes:
        """HMAC-SHA256 of a card's token: `kind` is number, barcode, magstripe, uid or ndef."""
        return hmac.new(self._material, f"{kind}:{text}".encode(), hashlib.sha256).digest()


class DataKey(Key):
    """AES-256-GCM key of phone and ID numbers."""

    __slots__ = ()

    def material(self) -> bytes:
        """The bytes, for the cipher alone."""
        return self._material


class TerminalKey(DataKey):
    """Key of one seat, for what it keeps of the people who signed in there."""

    __slots__ = ()


INDEX_KEY_FILE: Final = "index.key"
DATA_KEY_FILE: Final = "data.key"


def make_keys(folder: Path) -> IndexKey:
    """Have the chain's keys in `folder` (0700): made where they are missing, never changed.

    Raises:
        KeyFileRefused: key_open_to_others, key_damaged.
        OSError: The folder cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for kind, name in ((IndexKey, INDEX_KEY_FILE), (DataKey, DATA_KEY_FILE)):
        if not (folder / name).exists():
            kind.fresh().save(folder / name)
    DataKey.load(folder / DATA_KEY_FILE)
    return IndexKey.load(folder / INDEX_KEY_FILE)


def copy_keys(source: Path, target: Path) -> None:
    """Copy both keys to another folder, for a safe place or from there.

    Raises:
        KeyFileRefused: of either folder: key_missing, key_open_to_others, key_damaged, key_exists.
        OSError: The folder cannot be made.
    """
    found = [IndexKey.load(source / INDEX_KEY_FILE), DataKey.load(source / DATA_KEY_FILE)]
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for key, name in zip(found, (INDEX_KEY_FILE, DATA_KEY_FILE), strict=True):
        key.save(target / name)


def write_private(path: Path, content: bytes) -> None:
    """Write `content` to a new file of mode 0600 and have it on disk.

    Raises:
        KeyFileRefused: key_exists.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileExistsError:
        raise KeyFileRefused("key_exists", path) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def staff_key(pin: str, *, chain: UUID, number: str) -> bytes:
    """The key that a staff PIN becomes: about 0.1 s of one core, on purpose.

    The salt is derived from chain and staff number, so asking for it costs no round trip.
    """
    return _argon2id(pin, f"staff:{chain}:{number}")


def card_key(pin: str, *, chain: UUID, wallet: int) -> bytes:
    """The key that the PIN of a wallet becomes; as slow as a staff key."""
    return _argon2id(pin, f"card:{chain}:{wallet}")


def _argon2id(pin: str, salt_of: str) -> bytes:
    # Loaded here: only who enters a PIN pays for the native library.
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        secret=pin.encode(),
        salt=hashlib.sha256(salt_of.encode()).digest()[:16],
        time_cost=_PASSES,
        memory_cost=_MEMORY_KIB,
        parallelism=_LANES,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )
