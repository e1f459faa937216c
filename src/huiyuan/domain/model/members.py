"""A member as the counter sees and edits one: the page, the draft of an edit, changes, movements.

Always true: what is sealed in the database is masked here; only `MemberBook.reveal` hands out more, one field
at a time. Age is never kept: it is worked out from the birthday when it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Final
from uuid import UUID

from huiyuan.domain.model.birthday import Birthday
from huiyuan.domain.model.card import CardState, OpenedCard, Tier
from huiyuan.domain.model.credit import CreditDue

SOURCES: Final = ("counter", "call_centre", "website", "import")
COMPANY: Final = "company"
COMPANY_FIELDS: Final = ("legal_name", "legal_phone", "contact_name", "contact_phone")
"""Who acts for a company: its legal representative, and whom to ask for."""
SEALED_FIELDS: Final = ("phone", "id_no", "address", *COMPANY_FIELDS)
IDENTITY_CHECKS: Final = ("id_document", "card_pin", "call_back")


class Keep(Enum):
    """A field of a draft that stays as it is."""

    KEPT = "kept"


KEPT: Final = Keep.KEPT


@dataclass(frozen=True, slots=True)
class Place:
    """A store by its row, code and name."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class MemberCard:
    """A card of the member; `type` is the name of its kind."""

    id: int
    number: str
    state: CardState
    type: str
    wallet: int


@dataclass(frozen=True, slots=True)
class MemberAccount:
    """One account of the member: kind principal, bonus, points or points_debt; `unit` CNY or point."""

    id: int
    kind: str
    wallet: int
    balance: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """A sale or return in any store. `goods` are the first lines' names, `lines` how many there are."""

    document: UUID
    kind: str
    receipt: str
    at: datetime
    store: str
    total_minor: int
    lines: int
    goods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemberNote:
    """`pops_up`: shown before anything else when the member is opened."""

    id: int
    text: str
    pops_up: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MemberPage:
    """Everything the overview shows, from one question.

    `phone` and `id_no` are masked (138****5678); empty: none on record; None: on record, but this counter
    has no key to show even that. `address` only says whether there is one. `company` has the masks of
    COMPANY_FIELDS that are on record, read alike. `state` of the membership: active, frozen or cancelled.
    `merged_into`: the number of the member who stayed; empty: of nobody.
    """

    id: int
    number: str
    version: int
    kind: str
    name: str
    tier: Tier
    home_store: Place | None
    joined_at: datetime
    archived: bool
    source: str
    created_by: str
    created_store: str
    doubts: tuple[str, ...]
    gender: str | None
    birthday: Birthday | None
    phone: str | None
    id_no: str | None
    address: bool
    marketing: bool
    cards: tuple[MemberCard, ...] = ()
    accounts: tuple[MemberAccount, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    year_count: int = 0
    year_minor: int = 0
    notes: tuple[MemberNote, ...] = ()
    state: str = "active"
    slips: bool = False
    company: Mapping[str, str | None] = field(default_factory=dict)
    merged_into: str = ""

    def sealed(self) -> list[str]:
        """Which of SEALED_FIELDS hold something, in their order."""
        held = {"phone": self.phone != "", "id_no": self.id_no != "", "address": self.address}
        return [name for name in SEALED_FIELDS if held.get(name, name in self.company)]

    def balance(self, kind: str) -> int:
        """What all wallets of the member hold of one kind."""
        return sum(account.balance for account in self.accounts if account.kind == kind)


@dataclass(frozen=True, slots=True)
class MemberForm:
    """What an edit needs to know: the choices there are, and the id that a new member will have."""

    member: int
    number: str
    tiers: tuple[Tier, ...]
    stores: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """A member as it shall be. `version` is None for a new one. Sealed fields: KEPT, a new text, or None.

    `company` has those of COMPANY_FIELDS that change: a text, or None to take it away. `checked` says how the
    person was known (one of IDENTITY_CHECKS) where name, phone, ID number or legal representative change;
    `same_phone` that somebody decided to keep a phone that others have too.
    """

    member: int
    version: int | None
    name: str
    kind: str
    tier: int
    home_store: int | None
    gender: str | None
    birthday: Birthday | None
    phone: str | Keep | None = field(default=KEPT, repr=False)
    id_no: str | Keep | None = field(default=KEPT, repr=False)
    address: str | Keep | None = field(default=KEPT, repr=False)
    marketing: bool | Keep = KEPT
    source: str | Keep = KEPT
    archived: bool = False
    doubts: tuple[str, ...] = ()
    checked: str | None = None
    same_phone: bool = False
    company: Mapping[str, str | None] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class MemberSaved:
    id: int
    number: str
    version: int


@dataclass(frozen=True, slots=True)
class MemberChange:
    """One edit: what it was, what it became. Names are masked, sealed values too."""

    id: int
    at: datetime
    staff: str
    store: str
    terminal: str
    checked: str | None
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A row of the queue of records that somebody should look at."""

    id: int
    number: str
    name: str
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of an account, in its unit; `seq` counts from 1 without a gap."""

    seq: int
    at: datetime
    store: str
    kind: str
    receipt: str
    delta: int
    balance: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of an account, newest first; `before` asks for the next page, None: this was the last."""

    account: MemberAccount
    movements: tuple[Movement, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class CardType:
    """A kind of card as data. `registered`: real name, never expires; `blank` how many are in stock."""

    id: int
    code: str
    name: str
    registered: bool
    balance_max_minor: int
    blank: int = 0


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of one top-up or grant; `expires_at` None: never."""

    account: str
    amount: int
    remaining: int
    expires_at: datetime | None
    at: date
    store: str


@dataclass(frozen=True, slots=True)
class CardPage:
    """A presented card with what its wallet holds lot by lot, what it owes, its last movements.

    `valid_to` is its last day, None where it does not end or its term of `months` has not begun.
    """

    card: OpenedCard
    type: CardType
    accounts: tuple[MemberAccount, ...] = ()
    lots: tuple[Lot, ...] = ()
    movements: tuple[tuple[str, Movement], ...] = ()
    due: CreditDue | None = None
    valid_to: date | None = None
    months: int | None = None
