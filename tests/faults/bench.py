"""A counter at which somebody signed in once, for all the kills of a test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter


@dataclass(frozen=True, slots=True)
class SignedBefore:
    """As much of a sign-in as a stamp needs."""

    session: int


@dataclass(slots=True)
class Bench:
    """A shop, a counter's folder, the session and the open shift."""

    shop: Shop
    folder: Path
    token: bytes
    session: int
    shift: UUID

    def sit(self, counter: Counter) -> None:
        """A counter that begins anew goes on with the session."""
        counter.held.token = self.token
        counter.signed = SignedBefore(self.session)  # type: ignore[assignment]


def sit_down(shop: Shop, folder: Path) -> Bench:
    """Sign in and open a shift; the counter is closed again."""
    with open_counter(shop.url(facts.TILL_1), folder) as counter:
        counter.start()
        shift = counter.open_shift().id
        assert counter.held.token is not None
        return Bench(shop, folder, counter.held.token, counter.session, shift)
