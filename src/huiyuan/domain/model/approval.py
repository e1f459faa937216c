"""Four eyes: a proposal is a document with exactly this content, waiting for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huiyuan.domain.model.document import Document


@dataclass(frozen=True, slots=True)
class Proposal:
    """Waiting for an approver who is not the proposer. `total_minor` is what is judged against limits."""

    document: Document
    by_staff: str
    at: datetime
    total_minor: int
    approved: bool = False
