"""What the page of the ledger keeps of a wallet, of a card and of a document."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

CAP = 500_000
Moves = dict[tuple[int, str, int], int]
"""What was moved in each lot: (wallet, kind, place in its list) to a signed amount."""

CAPS = {
    "plain": CAP, "yearly": CAP, "small": 30_000, "aged": CAP, "invited": 300_000, "linked": CAP,
    "group": CAP,
}  # fmt: skip
TERMS = {"yearly": 12, "aged": 12}
"""Months that a card of a type lasts; the others do not end."""

DEAD = {"closed", "replaced"}


class Refusal(Exception):
    """The page refuses this step with this code."""


def add_months(day: date, months: int) -> date:
    """The same day of another month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass
class Wallet:
    """The accounts of one member: what is left in each lot, and points."""

    principal: list[int] = field(default_factory=list)
    bonus: list[int] = field(default_factory=list)
    passes: list[int] = field(default_factory=list)
    points: int = 0
    debt: int = 0
    owner: int = -1

    def lots(self, kind: str) -> list[int]:
        return {"principal": self.principal, "bonus": self.bonus, "pass": self.passes}[kind]

    @property
    def value(self) -> int:
        return sum(self.principal) + sum(self.bonus)

    @property
    def holds(self) -> bool:
        """Something stands on one of its accounts."""
        return bool(self.value or self.points or self.debt or sum(self.passes))


@dataclass
class Plastic:
    """What a card is beside its state: its type, its last day, whose it is, and since when its line is."""

    kind: str
    holder: int
    issued: date
    ends: date | None = None

    @property
    def terms(self) -> tuple[str, date | None]:
        return self.kind, self.ends


@dataclass
class CardMove:
    """What a document did to one card; `terms`: before and after, where they changed."""

    card: int
    was: str
    now: str
    terms: tuple[tuple[str, date | None], tuple[str, date | None]] | None = None


@dataclass
class Document:
    """What has to be known to take a document back."""

    kind: str
    till: int
    shift: int
    total: int
    wallet: int = -1
    tenders: list[tuple[str, int]] = field(default_factory=list)
    qty: int = 0
    stock: int = 0
    earned: int = 0
    points: int = 0
    debt: int = 0
    spent: int = 0
    respent: int = 0
    of: Document | None = None
    back: Document | None = None
    target: int = -1
    cards: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    into: dict[int, int] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)
    moves: Moves = field(default_factory=dict)
    group: Moves = field(default_factory=dict)
    returned_qty: int = 0
    returned_money: int = 0
    refunded: dict[int, int] = field(default_factory=dict)
    points_back: int = 0
    spent_back: int = 0
    moved: list[CardMove] = field(default_factory=list)
    years: list[tuple[int, int, int]] = field(default_factory=list)
    used_up: int = -1
    drew: tuple[int, date, int] | None = None
    freed: tuple[int, date, int] | None = None
    reversed: bool = False

    def due_back(self, qty: int) -> int:
        """What comes back for `qty` more of a sale: never less than nothing, where pieces were undone."""
        return max(0, self.total * (self.returned_qty + qty) // self.qty - self.returned_money)
