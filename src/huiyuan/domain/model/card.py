"""Cards, the wallets they open, and the moves a card's state may make.

Always true: a wallet is spent only by a document that names the token presented (`OpenedCard.token`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.passes import PLAIN, CardTerms, HeldPass


class CardState(StrEnum):
    """Where a card stands in its life. `expired` is past its last day, `replaced` gave its wallet away."""

    BLANK = "blank"
    ISSUED = "issued"
    ACTIVE = "active"
    FROZEN = "frozen"
    LOST = "lost"
    EXPIRED = "expired"
    REPLACED = "replaced"
    CLOSED = "closed"
    VOID = "void"


def _moves(kind: Kind, *pairs: str) -> tuple[Kind, frozenset[tuple[CardState, CardState]]]:
    states = [pair.split(">") for pair in pairs]
    return kind, frozenset((CardState(was), CardState(now)) for was, now in states)


CARD_MOVES: Final[Mapping[Kind, frozenset[tuple[CardState, CardState]]]] = MappingProxyType(
    dict(
        (
            _moves(Kind.CARD_ISSUE, "blank>issued"),
            _moves(Kind.CARD_ACTIVATION, "issued>active"),
            _moves(Kind.CARD_LOST, "issued>lost", "active>lost", "frozen>lost"),
            _moves(Kind.CARD_FOUND, "lost>issued", "lost>active", "lost>frozen"),
            _moves(Kind.CARD_FREEZE, "active>frozen"),
            _moves(Kind.CARD_UNFREEZE, "frozen>active"),
            _moves(
                Kind.CARD_REPLACEMENT,
                "issued>replaced", "active>replaced", "lost>replaced", "blank>issued", "blank>active",
            ),
            _moves(Kind.CARD_RENEWAL, "active>active", "expired>active", "expired>issued"),
            _moves(Kind.CARD_EXPIRY, "issued>expired", "active>expired"),
            _moves(Kind.CARD_TYPE_CHANGE, "issued>issued", "active>active"),
            _moves(Kind.CARD_PIN_RESET, "issued>issued", "active>active"),
            _moves(Kind.CARD_PIN_UNLOCK, "issued>issued", "active>active"),
            _moves(
                Kind.CARD_CANCELLATION,
                "issued>closed", "active>closed", "frozen>closed", "lost>closed", "expired>closed",
            ),
            _moves(
                Kind.CARD_RESTORE,
                "closed>issued", "closed>active", "closed>frozen", "closed>lost", "closed>expired",
            ),
        )
    )
)  # fmt: skip
"""The moves of each kind. A reversal moves back what a document moved, and only the door does that."""


def may_move(kind: Kind, was: CardState, now: CardState) -> bool:
    """True if a document of `kind` may take a card from `was` to `now`."""
    return (was, now) in CARD_MOVES.get(kind, frozenset())


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
    (rule, milli). `birth_month`: born in this month of the year; `joined_days`: days since joining.
    `pops_up` are notes that whoever serves this member is to read first. `wants_message`: slips come as
    messages; `has_phone`: there is a number to send them to.
    """

    id: int
    number: str
    name: str
    tier: Tier
    dealer: str = ""
    first_order: bool = False
    used: tuple[tuple[int, int], ...] = ()
    birth_month: bool = False
    joined_days: int | None = None
    pops_up: tuple[str, ...] = ()
    wants_message: bool = False
    has_phone: bool = True


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

    @classmethod
    def of(cls, accounts: Iterable[tuple[str, int]]) -> Balances:
        """Of a wallet's accounts, by kind; uses of passes lie on accounts of their own."""
        known = {each.name for each in fields(cls)}
        return cls(**{kind: balance for kind, balance in accounts if kind in known})

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
class Rest:
    """A membership that is not active, so that nothing is earned, spent or paid in with it.

    `state` is `frozen` or `cancelled`; `since` is UTC, None where it is not known; `store` is the name of
    the one that did it, empty where that is not known.
    """

    name: str
    state: str
    since: datetime | None = None
    store: str = ""


@dataclass(frozen=True, slots=True)
class AttachedMember:
    """A member named at the till without a card: the wallet earns, has the tier's prices and pays nothing.

    `rest`: the membership is not active.
    """

    member: Member
    wallet: int
    balances: Balances
    rest: Rest | None = None


@dataclass(frozen=True, slots=True)
class CardToken:
    """What a reader delivered: the kind of reading and its HMAC (hex), never the text itself.

    `source` says how: typed, scanned, stripe, tag or chip; empty where nobody presented it just now.
    """

    kind: str
    hmac: str = field(repr=False)
    source: str = ""


@dataclass(frozen=True, slots=True)
class NotedCard:
    """A card that was read while nobody could be asked whose it is; the sale takes it along.

    `tokens` is all that was read of it, likeliest first. `last` are the last four characters of its number.
    """

    tokens: tuple[CardToken, ...]
    last: str


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """A card that was presented just now, and the wallet it opens.

    `wallet`, `member` and `balances` are None or zero for a blank card. `version` is the card type's or
    card's version as the server counts it. `holder` is the name of whom the card was issued to, empty where
    that is the wallet's member. `rest`: the membership of either is not active.
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
    terms: CardTerms = PLAIN
    passes: tuple[HeldPass, ...] = ()
    holder: str = ""
    rest: Rest | None = None

    @property
    def carrier(self) -> str:
        """Who has it in hand, by name; empty for a bearer card."""
        return self.holder or (self.member.name if self.member else "")

    @property
    def whose(self) -> str:
        """Who holds it, with whose wallet it opens where that is somebody else's; empty for a bearer card."""
        owner = self.member.name if self.member else ""
        return f"{self.holder} ({owner})" if self.holder and owner else self.holder or owner

    def unusable(self) -> Refused | None:
        """Why it takes and gives nothing: `card_not_active` (wallet, state); None while it is active."""
        if self.wallet is not None and self.state is CardState.ACTIVE:
            return None
        return Refused("card_not_active", {"wallet": self.wallet, "state": str(self.state)})

    def active_wallet(self) -> int:
        """Raises Refused: `card_not_active` (wallet, state)."""
        if (refused := self.unusable()) is not None:
            raise refused
        assert self.wallet is not None
        return self.wallet

    def read_by(self, source: str) -> OpenedCard:
        """The same card, read in this way."""
        return replace(self, token=replace(self.token, source=source))
