"""Who and where: the chain, the store, the seat, the person.

Always true: a token and a PIN never appear in a `repr`, so a crash screen or a log line cannot show them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CashRule:
    """The least coin given (minor units), `nearest` or `down`, and the most change that a card keeps."""

    step_minor: int = 1
    rounding: str = "nearest"
    keep_most_minor: int = 10_000


EXACT_CASH: Final = CashRule()
"""Nothing rounds."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The whole business. `minor_digits` places the decimal point: 2 for CNY.

    `cutover_minutes` after midnight it is still yesterday's business.
    """

    uid: UUID
    name: str
    currency: str
    minor_digits: int
    time_zone: str
    demo: bool
    pin_floor_minor: int
    cutover_minutes: int = 0
    cash: CashRule = EXACT_CASH

    def business_date(self, local: datetime) -> date:
        """The day that a local time of the chain belongs to; the door decides, this is for the eye."""
        return (local - timedelta(minutes=self.cutover_minutes)).date()


@dataclass(frozen=True, slots=True)
class Store:
    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Terminal:
    """An enrolled seat. `drawer` is None where it has no cash drawer."""

    id: int
    code: str
    role: str
    drawer: int | None


@dataclass(frozen=True, slots=True)
class OpenShift:
    """The open shift of this drawer; `id` is the id of its `shift_open` document."""

    id: UUID
    number: int
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class SlipText:
    """What the store prints above and below every slip, line by line; `sellers`: and who served, per line."""

    header: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    sellers: bool = False


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who works here. `duty` is the code of the role that gives the permissions."""

    id: int
    number: str
    name: str
    duty: str


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """Shown at the sign-in of a demo chain only."""

    number: str
    name: str
    duty: str


@dataclass(frozen=True, slots=True)
class Hello:
    """What the server says to a login that has not signed in anybody yet. `now` is the server's clock.

    `tenders` are the kinds that this store takes beside those with a key of their own, `tender_names` kind
    and name of those that the chain named itself.
    `handover_at` is the local hour (22:00) at which a shift is to be closed, empty for none; `lock_minutes`
    how long a counter stays open without a key, 0 for ever. `offline` are hours, sales and cash (minor units)
    that may be sold without the line; `reviews` what of such sales waits for a decision in this store;
    `messages` how many slips were to be sent to members and are not; `approvals` how many
    proposals whoever is signed in could sign.
    `quick_keys` are goods behind one key (`m=MILK-1L`), `function_keys` commands on keys of this store's
    choice (`sale.hold=f9`).
    """

    schema: int
    now: datetime
    chain: Chain
    store: Store
    terminal: Terminal
    shift: OpenShift | None
    next_number: int
    slip: SlipText = SlipText()
    backup_at: datetime | None = None
    demo_staff: tuple[DemoStaff, ...] = ()
    tenders: tuple[str, ...] = ()
    tender_names: tuple[tuple[str, str], ...] = ()
    handover_at: str = ""
    lock_minutes: int = 0
    offline: tuple[int, int, int] | None = None
    reviews: int = 0
    messages: int = 0
    approvals: int = 0
    quick_keys: tuple[str, ...] = ()
    function_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How far one permission goes; None is no limit.

    `limit_minor` is the most a document may total, `limit_bp` the most of a line's value a manual
    discount may take, per 10,000.
    """

    limit_minor: int | None = None
    limit_bp: int | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session. `session` stands in every document; `token` attaches another connection to it.

    `offline_at` is when the person signed in without the line: by what this seat remembers, to sell for cash;
    `session` is then the last one that the server opened for them here, and there is no token.
    """

    session: int
    token: bytes = field(repr=False)
    ends_at: datetime
    staff: Staff
    permissions: Mapping[str, Limits]
    next_number: int
    shift: OpenShift | None
    offline_at: datetime | None = None

    def may(self, permission: str) -> bool:
        """True if the person holds `permission` at all; the door judges the limits again."""
        return permission in self.permissions
