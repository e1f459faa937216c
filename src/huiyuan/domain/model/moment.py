"""How a wallet stood at a moment: whose, its cards, balances, lots, and the rules in force then.

Always true: every figure names the entry or the document that it ends with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class CardThen:
    """A card of the wallet; `since` and `receipt` are of the document that put it into this state, if any."""

    id: int
    number: str
    state: str
    type: str
    since: datetime | None
    receipt: str
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class AccountThen:
    """An account; `seq` is the last entry that is in the balance, 0 for none."""

    id: int
    kind: str
    wallet: int
    balance: int
    seq: int


@dataclass(frozen=True, slots=True)
class LotThen:
    """What was left of a top-up or a grant that had not ended."""

    id: int
    account: str
    amount: int
    remaining: int
    store: str
    receipt: str
    at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RuleThen:
    """A rule's version, or a row of the law (`family` law), that held then."""

    family: str
    name: str
    version: int
    valid_from: datetime
    valid_to: datetime | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """The one answer. `member` fields are empty for a bearer's wallet."""

    at: datetime
    wallet: int
    member_number: str
    member_name: str
    tier: str
    member_state: str
    cards: tuple[CardThen, ...]
    accounts: tuple[AccountThen, ...]
    lots: tuple[LotThen, ...]
    rules: tuple[RuleThen, ...]
