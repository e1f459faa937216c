"""A terminal of the demo chain for tests: its connection, and its staff signed in as the ledger's page says.

This speaks to the door by itself, on purpose: the tests of the door do not lean on the product's client.
"""

from __future__ import annotations

import functools
import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from argon2.low_level import Type, hash_secret_raw

from huiyuan.repositories import demo
from tests.cluster import Connection, Shop


@dataclass(slots=True)
class Till:
    """One seat: the connection of its login role, and the session of who is signed in."""

    shop: Shop
    role: str
    connection: Connection
    session: dict[str, Any]

    def call(self, function: str, *parameters: object) -> Any:
        """Call `api.<function>` and return its answer, which is the result or a refusal."""
        places = ", ".join(["%s"] * len(parameters))
        row = self.connection.execute(
            f"select api.{function}({places})".encode(), parameters or None
        ).fetchone()
        assert row is not None
        return row[0]

    def sign_in(self, number: str, pin: str) -> dict[str, Any]:
        """Sign a member of staff in on this connection; the answer may be a refusal."""
        chain = self.call("hello")["chain"]["uid"]
        attempt = uuid.uuid4()
        self.call("sign_in_begin", attempt, number, staff_key(chain, number, pin))
        answer: dict[str, Any] = self.call("sign_in_finish", attempt)
        if "refused" not in answer:
            self.session = answer
        return answer


@functools.cache
def staff_key(chain_uid: str, number: str, pin: str) -> bytes:
    """The slow key of a staff PIN: argon2id, 19 MiB, 2 rounds, 32 bytes."""
    salt = hashlib.sha256(f"staff:{chain_uid}:{number}".encode()).digest()[:16]
    return hash_secret_raw(
        pin.encode(), salt, time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, type=Type.ID
    )


def open_till(shop: Shop, seat: int, *, number: str | None = None, pin: str | None = None) -> Till:
    """Connect the `seat`-th enrolled terminal (from 1) and sign its demo staff in.

    Args:
        seat: Terminals in the order they were enrolled.
        number: Staff number; without it the first of the demo staff (`demo.STAFF`).
        pin: That person's PIN.
    """
    role = str(shop.rows("select role from sec.terminal order by id offset %s limit 1", seat - 1)[0][0])
    till = Till(shop, role, shop.connect(role), {})
    first = demo.STAFF[0]
    answer = till.sign_in(number or first.number, pin or first.pin)
    assert "refused" not in answer, answer
    return till
