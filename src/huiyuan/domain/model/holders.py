"""The cards of one wallet and who holds them: what each may spend, what each spent, use by use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from huiyuan.domain.model.card import Rest
from huiyuan.domain.model.document import Fee


@dataclass(frozen=True, slots=True)
class CardHolder:
    """A card of the wallet. Limits are minor units, None where there is none; `categories` are ids.

    `own_limit` says that this card has limits beside those of its type; `uses`, `spent_minor` and `passes`
    are of the days that were asked for, less what came back.
    """

    card: int
    number: str
    state: str
    type: str
    who: str
    holder: str
    holder_number: str
    sale_max_minor: int | None
    day_max_minor: int | None
    own_limit: bool
    categories: tuple[int, ...]
    uses: int
    spent_minor: int
    passes: int


@dataclass(frozen=True, slots=True)
class WalletCards:
    """`goods` are the categories there are: id, code, name; `today` is the business day now."""

    cards: tuple[CardHolder, ...]
    goods: tuple[tuple[int, str, str], ...]
    today: date


@dataclass(frozen=True, slots=True)
class CardUse:
    """`what` is value or pass; `amount` in minor units or uses, below nothing where it came back; `n` its row
    within the document."""

    document: UUID
    n: int
    receipt: str
    kind: str
    at: datetime
    store: str
    number: str
    holder: str
    what: str
    passes: str
    amount: int


@dataclass(frozen=True, slots=True)
class IssueTerms:
    """What issuing a blank card costs; `who` says whom its type is for, empty where it has no version.

    `rest`: the membership of holder or wallet is not active, and no card is issued on it.
    """

    who: str
    fees: tuple[Fee, ...]
    rest: Rest | None = None
