"""What may be done with a card or a membership now, for which fee, and who did what to it before.

Always true: the moves are those that the door would take from this state; a move back is only to what the
card was before. Fees are minor units.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from huiyuan.domain.model.card import CardState
from huiyuan.domain.model.document import Fee, Kind
from huiyuan.domain.model.posted import MovedTerms

PAPERS: Final = ("id_card", "passport", "residence_permit", "driving_licence", "business_licence")
"""Papers that somebody is known by."""


@dataclass(frozen=True, slots=True)
class LifeMove:
    """One thing that may be done: `now` is the state it leads to.

    `reason` and `identity` say what it asks for, `shift` whether it needs an open one.
    """

    kind: Kind
    now: str
    permission: str
    reason: bool
    identity: bool
    shift: bool
    fees: tuple[Fee, ...] = ()

    @property
    def fee_minor(self) -> int:
        """What it costs."""
        return sum(fee.amount_minor for fee in self.fees)


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A move that stands. `at` is UTC; `kind` may be one of a history that came from elsewhere.

    `terms`: where it changed type or last day.
    """

    at: datetime
    store: str
    staff: str
    kind: str
    was: str
    now: str
    receipt: str
    reason: str
    terms: MovedTerms | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose card it is; `state` of the membership."""

    id: int
    number: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class NamedType:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class CardLife:
    """A card at the desk. `valid_to` is its last day, None where it does not end; `months` a term."""

    id: int
    number: str
    state: CardState
    before: CardState | None
    type: NamedType
    registered: bool
    main: bool
    wallet: int | None
    holder: Holder | None
    valid_to: date | None
    issued_on: date | None
    months: int | None
    replaced_by: str
    moves: tuple[LifeMove, ...]
    types: tuple[NamedType, ...]
    story: tuple[LifeEvent, ...]


@dataclass(frozen=True, slots=True)
class MemberLife:
    """A membership at the desk. `types` are card types that are applied for."""

    id: int
    number: str
    name: str
    state: str
    moves: tuple[LifeMove, ...]
    types: tuple[NamedType, ...]
    story: tuple[LifeEvent, ...]


@dataclass(frozen=True, slots=True)
class OpenFee:
    """A fee of a year that is due since `due_on`."""

    fee: Fee
    number: str
    holder: str
    member: str
    type: str
    due_on: date


@dataclass(frozen=True, slots=True)
class PastCard:
    """A card past its last day that is not written down as expired."""

    id: int
    was: CardState


@dataclass(frozen=True, slots=True)
class CardApplication:
    """Somebody asked for a card of a type. `own`: by whoever is signed in, who does not judge it."""

    id: int
    state: str
    type: str
    member: int
    number: str
    name: str
    papers: str
    at: datetime
    by: str
    own: bool
    reason: str


def renewed_until(valid_to: date | None, today: date, months: int) -> date:
    """The last day after a renewal: the term follows the old one; of a card past its day it begins today.

    Where the month is shorter it is that month's last day.
    """
    first = today if valid_to is None else max(valid_to, today)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
