"""Cards, the wallets they open, and the moves a card's state may make.

Always true: a wallet is spent only by a document that names the token presented (`OpenedCard.token`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class CardState(StrEnum):
    """Where a card stands in its life."""

    BLANK = "blank"
    ISSUED = "issued"
    ACTIVE = "active"
    FROZEN = "frozen"
    LOST = "lost"
    CLOSED = "closed"


CARD_MOVES: Final = frozenset(
    {
        (CardState.BLANK, CardState.ISSUED),
        (CardState.ISSUED, CardState.ACTIVE),
        (CardState.ACTIVE, CardState.FROZEN),
        (CardState.FROZEN, CardState.ACTIVE),
        (CardState.ACTIVE, CardState.LOST),
        (CardState.FROZEN, CardState.LOST),
        (CardState.LOST, CardState.ACTIVE),
        (CardState.ISSUED, CardState.CLOSED),
        (CardState.ACTIVE, CardState.CLOSED),
        (CardState.FROZEN, CardState.CLOSED),
        (CardState.LOST, CardState.CLOSED),
    }
)
"""The forward moves. A reversal of an issue or an activation moves back, and only the door does that."""


def may_move(was: CardState, now: CardState) -> bool:
    """True if a card may go from `was` to `now`; staying is no move."""
    return (was, now) in CARD_MOVES


@dataclass(frozen=True, slots=True)
class Tier:
    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """`number` is the member number printed on slips; the name is shown as it was written.

    `dealer` is the code of a company's dealer level, whose wholesale list is open to it. `first_order`:
    nothing was ever sold to this member. `used` is what promotions with a bound for the day gave today:
    (rule, milli).
    """

    id: int
    number: str
    name: str
    tier: Tier
    dealer: str = ""
    first_order: bool = False
    used: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Balances:
    """What a wallet holds: money in minor units, points whole. `points_debt` is taken from later earnings.

    `advance` was paid ahead for goods to come; `credit` is nothing or less: what is owed, down to
    minus `credit_limit`.
    """

    principal: int = 0
    bonus: int = 0
    points: int = 0
    points_debt: int = 0
    advance: int = 0
    credit: int = 0
    credit_limit: int = 0

    @property
    def credit_left_minor(self) -> int:
        """What may still be taken on account."""
        return self.credit_limit + self.credit

    @property
    def owed_minor(self) -> int:
        """The debt on account."""
        return -self.credit

    @property
    def stored_minor(self) -> int:
        """Money that can be spent: principal and bonus together."""
        return self.principal + self.bonus


@dataclass(frozen=True, slots=True)
class AttachedMember:
    """A member named at the till without a card: the wallet earns, has the tier's prices and pays nothing."""

    member: Member
    wallet: int
    balances: Balances


@dataclass(frozen=True, slots=True)
class CardToken:
    """What a reader delivered: the kind of reading and its HMAC (hex), never the text itself."""

    kind: str
    hmac: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """A card that was presented just now, and the wallet it opens.

    `wallet`, `member` and `balances` are None or zero for a blank card. `version` is the card type's or
    card's version as the server counts it.
    """

    id: int
    number: str
    state: CardState
    type: str
    version: int
    wallet: int | None
    member: Member | None
    balances: Balances
    pin_set: bool
    token: CardToken
