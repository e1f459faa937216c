"""Who may sit down at this seat while the line is away: whoever signed in here within the last twelve hours.

Always true: of a PIN the disk holds only an HMAC of its argon2id key under the key of this seat, sealed with
everything else that is personal; a try is on disk before it is judged; five wrong ones close that person's
way until the server has let them in again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import Limits, OpenShift, SignedIn, Staff
from huiyuan.repositories.counter.kept_answers import write_whole
from huiyuan.repositories.secrets import KeyFileRefused, TerminalKey

STAFF_FILE: Final = "staff.kept"
KEY_FILE: Final = "terminal.key"
SIGN_IN_WITHIN: Final = timedelta(hours=12)
WORKS_FOR: Final = timedelta(hours=20)
"""From the sign-in at the server; the door asks for a session of the last 24 hours."""

TRIES: Final = 5
_NONCE: Final = 12
_log = logging.getLogger(__name__)
Row = dict[str, Any]


class KnownStaff:
    """The people of one seat, in one file of its folder.

    Args:
        folder: the seat's own folder.
        now: the counter's clock.
    """

    def __init__(self, folder: Path, *, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._now = now
        self._lock = threading.Lock()

    def saw(self, signed: SignedIn, key: bytes) -> None:
        """The server let this person in with `key`. A disk that takes nothing costs the offline way only."""
        at = self._now()
        person, limits = signed.staff, signed.permissions.items()
        row = {
            "at": at.isoformat(),
            "tries": 0,
            "session": signed.session,
            "staff": [person.id, person.number, person.name, person.duty],
            "permissions": {name: [each.limit_minor, each.limit_bp] for name, each in limits},
        }
        try:
            with self._lock:
                own, rows = self._key(make=True), self._read()
                row["verifier"] = _verifier(own, key)
                rows = {tag: each for tag, each in rows.items() if self._fresh(own, tag, each)}
                rows[_tag(own, signed.staff.number)] = _seal(own, signed.staff.number, row)
                self._write(rows)
        except (OSError, Refused) as error:
            _log.warning("who signed in is not kept for an outage (%s)", type(error).__name__)

    def forget(self, number: str) -> None:
        """This person's way without the line is closed: another PIN, or the server said no."""
        try:
            with self._lock:
                rows = self._read()
                if rows and rows.pop(_tag(self._key(), number), ""):
                    self._write(rows)
        except (OSError, Refused) as error:
            _log.warning("a kept sign-in could not be removed (%s)", type(error).__name__)

    def judge(self, number: str, key: bytes, shift: OpenShift | None) -> SignedIn:
        """Let the person in without the server.

        Args:
            key: what the PIN becomes, as the server is given it.
            shift: the open shift as the server last told it.

        Raises:
            Refused: `offline_unknown` (hours), `offline_locked`, `wrong_pin` (tries_left),
                `journal_unwritable`: a try that cannot be counted is not made.
        """
        hours = {"hours": int(SIGN_IN_WITHIN.total_seconds()) // 3600}
        with self._lock:
            rows = self._read()
            own = self._key() if rows else None
            sealed = rows.get(_tag(own, number)) if own else None
            row = _unseal(own, number, sealed) if own and sealed else None
            if own is None or row is None or not self._recent(row):
                raise Refused("offline_unknown", hours)
            if row["tries"] >= TRIES:
                raise Refused("offline_locked")
            right = hmac.compare_digest(_verifier(own, key), row["verifier"])
            tries = 0 if right else row["tries"] + 1
            if tries != row["tries"]:
                rows[_tag(own, number)] = _seal(own, number, row | {"tries": tries})
                try:
                    self._write(rows)
                except OSError as error:
                    raise Refused("journal_unwritable", {"why": type(error).__name__}) from None
            if not right:
                raise Refused(
                    *(("wrong_pin", {"tries_left": TRIES - tries}) if tries < TRIES else ("offline_locked",))
                )
        return replace(_signed(row), offline_at=self._now(), shift=shift)

    def _recent(self, row: Row) -> bool:
        """Within the hours, by a clock that was not turned back."""
        at = datetime.fromisoformat(row["at"])
        return at <= self._now() <= at + SIGN_IN_WITHIN

    def _fresh(self, own: TerminalKey, tag: str, sealed: str) -> bool:
        row = _unseal(own, None, sealed, tag=tag)
        return row is not None and self._recent(row)

    def _key(self, *, make: bool = False) -> TerminalKey:
        path = self._folder / KEY_FILE
        try:
            if make and not path.exists():
                TerminalKey.fresh().save(path)
            return TerminalKey.load(path)
        except KeyFileRefused as refused:
            raise Refused(refused.code, refused.facts) from None

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads((self._folder / STAFF_FILE).read_bytes())
        except (OSError, ValueError):
            return {}
        return {str(tag): str(row) for tag, row in found.items()} if isinstance(found, dict) else {}

    def _write(self, rows: Mapping[str, str]) -> None:
        write_whole(self._folder / STAFF_FILE, json.dumps(rows).encode("ascii"))


def _signed(row: Row) -> SignedIn:
    staff = row["staff"]
    return SignedIn(
        session=row["session"],
        token=b"",
        ends_at=datetime.fromisoformat(row["at"]) + WORKS_FOR,
        staff=Staff(*staff),
        permissions={name: Limits(*each) for name, each in row["permissions"].items()},
        next_number=1,
        shift=None,
    )


def _verifier(own: TerminalKey, key: bytes) -> str:
    return hmac.new(own.material(), b"verifier:" + key, hashlib.sha256).hexdigest()


def _tag(own: TerminalKey, number: str) -> str:
    return hmac.new(own.material(), b"number:" + number.encode(), hashlib.sha256).hexdigest()


def _seal(own: TerminalKey, number: str, row: Row) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE)
    text = json.dumps(row, ensure_ascii=False).encode()
    return (nonce + AESGCM(own.material()).encrypt(nonce, text, _tag(own, number).encode())).hex()


def _unseal(own: TerminalKey, number: str | None, sealed: str, *, tag: str = "") -> Row | None:
    """None for what this key did not seal for this person."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    about = tag if number is None else _tag(own, number)
    try:
        taken = bytes.fromhex(sealed)
        found = json.loads(AESGCM(own.material()).decrypt(taken[:_NONCE], taken[_NONCE:], about.encode()))
    except (InvalidTag, ValueError):
        return None
    return found if isinstance(found, dict) else None
