"""What every document begins with, whoever draws it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from huiyuan.domain.model.document import Document, Kind


@dataclass(frozen=True, slots=True)
class Stamp:
    """Its id, its number, when and by whom; the open shift, if any."""

    id: UUID
    number: int
    at: datetime
    session: int
    shift: UUID | None = None

    def document(self, kind: Kind, total_minor: int) -> Document:
        """A document without sections that belongs to no shift."""
        return Document(self.id, kind, self.session, self.number, self.at, total_minor)

    def in_shift(self, kind: Kind, total_minor: int) -> Document:
        """A document without sections that moves the drawer of the open shift."""
        return Document(self.id, kind, self.session, self.number, self.at, total_minor, shift=self.shift)
