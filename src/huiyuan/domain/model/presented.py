"""What a card reader or a scanner delivered, on its way to a screen.

Always true: what stands on a card shows in no repr, so that it is in no log and no crash report.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

CHIP_TOKENS: Final = ("uid", "ndef")
"""Kinds of tokens that only a reader delivers; a number that somebody types never is one of them."""


@dataclass(frozen=True, slots=True)
class PresentedCard:
    """A card lies on the reader.

    Attributes:
        readings: What it may be known by, kind of token and text, likeliest first. A UID only identifies:
            anybody can copy one, so it pays above the floor with a PIN only.
        technology: classic, ntag or other.
    """

    readings: tuple[tuple[str, str], ...] = field(repr=False)
    technology: str = "other"

    def source(self, token_kind: str) -> str:
        """How a card is read that is known by its `token_kind`: chip, tag or stripe.

        A number that stands in the open memory of a chip proves no more than one that is printed.
        """
        if token_kind in CHIP_TOKENS:
            return "chip"
        return "tag" if any(kind in CHIP_TOKENS for kind, _ in self.readings) else "stripe"

    @property
    def shown(self) -> str:
        """What a field may show for it."""
        return self.readings[0][1] if self.readings else ""


@dataclass(frozen=True, slots=True)
class WrittenCard:
    """A number was written onto a card and read back from it."""

    number: str
    technology: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scanner delivered a text. `source`: wedge, serial or input."""

    text: str = field(repr=False)
    source: str = "wedge"
