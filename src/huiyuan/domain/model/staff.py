"""The people of a store as whoever manages them sees them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person who works here, or did. `duty` is the code of what they may do."""

    number: str
    name: str
    duty: str
    active: bool
