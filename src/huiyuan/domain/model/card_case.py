"""Something is wrong with a card: a case from report to closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

CASE_KINDS: Final = ("stolen", "lost", "damaged", "disputed", "other")
CASE_CHECKS: Final = ("id_document", "card_pin", "call_back")


@dataclass(frozen=True, slots=True)
class CardCase:
    """`checked` is how the person was known for who he is, `act` the receipt of what was done to the card."""

    id: UUID
    number: str
    card_state: str
    kind: str
    what: str
    store: str
    at: datetime
    by: str
    checked: str = ""
    act: str = ""
    outcome: str = ""

    @property
    def state(self) -> str:
        """closed, acted, checked or reported: the last step that was done."""
        if self.outcome:
            return "closed"
        return "acted" if self.act else "checked" if self.checked else "reported"
