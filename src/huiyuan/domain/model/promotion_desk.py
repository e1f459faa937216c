"""Promotions as whoever is answerable for them sees them: what runs, what comes, what ended, what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from huiyuan.domain.model.proposals import Place

ORDER: Final = ("proposed", "running", "coming", "ended")


@dataclass(frozen=True, slots=True)
class Terms:
    """What was written down for a version: columns of the door and the body, as docs/LEDGER.md has them."""

    values: Mapping[str, Any]

    @property
    def body(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.values.get("body") or {}
        return found

    @property
    def kind(self) -> str:
        return str(self.body.get("kind", ""))

    @property
    def goods_named(self) -> tuple[int, ...]:
        """The ids of products that the body names, in any part of it."""
        body = self.body
        parts = [each["product"] for each in body.get("parts", ())]
        return (*body.get("products", ()), *body.get("but", ()), *body.get("needs", ()), *parts)


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a series' codes, and what those that were used took off which sales (minor units)."""

    issued: int = 0
    used: int = 0
    void: int = 0
    expired: int = 0
    outstanding: int = 0
    given_minor: int = 0
    sales_minor: int = 0


@dataclass(frozen=True, slots=True)
class Campaign:
    """The newest version of a promotion or series, or a proposal that waits for a second one (`proposal`)."""

    name: str
    terms: Terms
    by: str
    rule: int | None = None
    version: int | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    approved_by: str = ""
    proposal: int | None = None
    own: bool = False
    tally: Tally = Tally()

    def state(self, now: datetime) -> str:
        """proposed, coming, running or ended."""
        if self.proposal is not None:
            return "proposed"
        if self.valid_to is not None and self.valid_to <= now:
            return "ended"
        return "coming" if self.valid_from is not None and self.valid_from > now else "running"

    def place(self, now: datetime) -> Place:
        """Where it stands on its desk."""
        return ORDER.index(self.state(now)), self.proposal or self.rule or 0
