"""What the page of the ledger keeps of a wallet and of a document."""

from __future__ import annotations

from dataclasses import dataclass, field

CAP = 500_000
Moves = dict[tuple[int, str, int], int]
"""What was moved in each lot: (wallet, kind, place in its list) to a signed amount."""


class Refusal(Exception):
    """The page refuses this step with this code."""


@dataclass
class Wallet:
    """The accounts of one member: what is left in each lot, and points."""

    principal: list[int] = field(default_factory=list)
    bonus: list[int] = field(default_factory=list)
    passes: list[int] = field(default_factory=list)
    points: int = 0
    debt: int = 0

    def lots(self, kind: str) -> list[int]:
        return {"principal": self.principal, "bonus": self.bonus, "pass": self.passes}[kind]

    @property
    def value(self) -> int:
        return sum(self.principal) + sum(self.bonus)


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
    moves: Moves = field(default_factory=dict)
    group: Moves = field(default_factory=dict)
    returned_qty: int = 0
    returned_money: int = 0
    refunded: dict[int, int] = field(default_factory=dict)
    points_back: int = 0
    spent_back: int = 0
    reversed: bool = False

    def due_back(self, qty: int) -> int:
        """What comes back for `qty` more of a sale: never less than nothing, where pieces were undone."""
        return max(0, self.total * (self.returned_qty + qty) // self.qty - self.returned_money)
