"""Four eyes: a proposal is a document with exactly this content, waiting for a second person.

Always true: an approval signs document and fingerprint together, so a basket that changed is proposed anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from huiyuan.domain.model.document import Document


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is signed: a document's id and the fingerprint (hex) of its body, as the server answered it."""

    document: UUID
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ProposalNews:
    """What became of an own proposal: its state, who approved it, and who has it open (name and counter)."""

    state: str
    by: str = ""
    looking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedGoods:
    """A line by name; None where what was proposed says no number. `back`: it comes in."""

    name: str
    qty_milli: int | None
    total_minor: int | None
    back: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it is listed. `state` is open, approved, declined or expired; `own` cannot be approved.

    `total_minor` is what is judged against the approver's limits. `goods` are the first of them, `of_receipt`
    the sale that is taken back, `member` whose wallet it is.
    """

    asked: Proposed
    document: Document
    store: str
    terminal: str
    by_number: str
    by_name: str
    at: datetime
    expires_at: datetime
    total_minor: int
    own: bool
    state: str
    goods: tuple[ProposedGoods, ...] = ()
    of_receipt: str = ""
    member: str = ""
