"""The rows of a document's sections: their fields are the keys of the body (docs/LEDGER.md section 2).

Amounts are minor units, quantities thousandths.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID


def plain(value: Any) -> Any:
    """A value as JSON has it: times UTC in milliseconds."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    if isinstance(value, UUID):
        return str(value)
    return str(value) if isinstance(value, StrEnum) else value


class Row:
    """A row of a section: its fields are its keys, and a null one is left out."""

    __slots__ = ()

    def to_row(self) -> dict[str, Any]:
        """The row as the body holds it."""
        values = ((each.name, getattr(self, each.name)) for each in fields(self))  # type: ignore[arg-type]
        return {name: plain(value) for name, value in values if value is not None}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Read a row back. Raises ValueError for an unknown or a missing key."""
        known = {each.name: each for each in fields(cls)}  # type: ignore[arg-type]
        if unknown := row.keys() - known.keys():
            raise ValueError(f"unknown key {min(unknown)}")
        values: dict[str, Any] = {}
        for name, each in known.items():
            if row.get(name) is not None:
                values[name] = UUID(row[name]) if "UUID" in str(each.type) else row[name]
            elif each.default is MISSING:
                raise ValueError(f"missing key {name}")
        return cls(**values)


@dataclass(frozen=True, slots=True)
class SaleLine(Row):
    """`value = qty * price / 1000` within one minor unit; `total = value - adjustments`.

    `open` is True where the price was typed at the till.
    """

    n: int
    product: int
    qty_milli: int
    price_minor: int
    value_minor: int
    total_minor: int
    open: bool | None = None


@dataclass(frozen=True, slots=True)
class ReturnLine(Row):
    """`of` is the line number in the sale; the door makes the money."""

    n: int
    of: int
    qty_milli: int


@dataclass(frozen=True, slots=True)
class BackLine(Row):
    """What an exchange takes back: as `ReturnLine`, with the money that was shown for it."""

    n: int
    of: int
    qty_milli: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class Adjustment(Row):
    """Lowers a line by `amount_minor` > 0. `source` is list, tier, promotion, coupon or manual.

    `list` is the name of the price list; `name` says what a discount by hand was given for. `qty_milli` is
    how much of the line a promotion covers, None for all of it. `coupon` is the code's HMAC (hex).
    """

    line: int
    source: str
    amount_minor: int
    rule: int | None = None
    version: int | None = None
    list: str | None = None
    name: str | None = None
    qty_milli: int | None = None
    coupon: str | None = None


@dataclass(frozen=True, slots=True)
class TaxRow(Row):
    """Tax inside the price: `base` is the total of the lines of this code, tax included."""

    code: str
    rate_bp: int
    base_minor: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Tender(Row):
    """One way of paying. `given_minor` is what the customer handed over in cash, before change.

    `points`, `rule` and `version` say how many points of `wallet` stand for the amount, and why. Of cash,
    `rounded_minor` is what rounding adds to the amount (signed), `kept_minor` change that the wallet of the
    document keeps; the rest of what was given goes back.
    """

    kind: str
    amount_minor: int
    given_minor: int | None = None
    wallet: int | None = None
    reference: str | None = None
    points: int | None = None
    rule: int | None = None
    version: int | None = None
    rounded_minor: int | None = None
    kept_minor: int | None = None


@dataclass(frozen=True, slots=True)
class GiftRow(Row):
    """Goods from stock that come with a top-up, and the rule that gives them."""

    product: int
    qty_milli: int
    rule: int
    version: int


@dataclass(frozen=True, slots=True)
class Grant(Row):
    """`kind` is points (whole points), bonus (minor units) or pass (uses); the rule version bounds it."""

    kind: str
    rule: int
    version: int
    amount: int


@dataclass(frozen=True, slots=True)
class Fee(Row):
    """What a fee rule asks. One that is asked every year names its `card` and `year`, except at the issue."""

    code: str
    rule: int
    version: int
    amount_minor: int
    card: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Proof(Row):
    """The card that was presented for `wallet`: its token (hex HMAC), and the PIN guess if one was asked.

    Without `wallet` it was read while the line was away, and whose it is the door finds out later. `source`
    is how it was read: typed, scanned, stripe, tag (a number out of a chip's open memory) or chip.
    """

    token_kind: str
    token: str
    wallet: int | None = None
    pin_attempt: UUID | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class CardMove(Row):
    """A card goes from `was` to `now`. `wallet` None opens a new one, `holder` is a member's id.

    `type` is another card type, where the kind changes it.
    """

    card: int
    was: str
    now: str
    holder: int | None = None
    wallet: int | None = None
    type: int | None = None


@dataclass(frozen=True, slots=True)
class IdentityRow(Row):
    """How `holder`, a member, was known: the kind of paper; `match` is the HMAC (hex) of its number."""

    holder: int
    paper: str
    match: str | None = None


@dataclass(frozen=True, slots=True)
class MemberMove(Row):
    """A membership goes from `was` to `now`."""

    member: int
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class ApplicationMove(Row):
    """An application goes from `was` to `now`. A new one has no id, but type, holder and papers shown."""

    was: str
    now: str
    application: int | None = None
    type: int | None = None
    holder: int | None = None
    papers: str | None = None


@dataclass(frozen=True, slots=True)
class StockRow(Row):
    product: int
    qty_milli: int
    cost_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Correction(Row):
    """`account` is principal, bonus or points; `amount` is signed."""

    account: str
    amount: int


@dataclass(frozen=True, slots=True)
class Count(Row):
    """Notes and coins by denomination, or the slips of another tender by their sum (minor units)."""

    tender: str
    denomination_minor: int | None = None
    pieces: int | None = None
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Removed(Row):
    """What left a basket unpaid: `session` took it off; `why` is line, quantity, basket or left."""

    id: UUID
    session: int
    at: str
    product: int
    qty_milli: int
    value_minor: int
    why: str


@dataclass(frozen=True, slots=True)
class CouponRow(Row):
    """A code by its HMAC (hex). Given out: its last four characters and series; `holder` is a member's id."""

    token: str
    last: str | None = None
    rule: int | None = None
    version: int | None = None
    holder: int | None = None


@dataclass(frozen=True, slots=True)
class RangeRow(Row):
    """Blank cards by number, `count` of them; `unit` is the store that they are handed to."""

    first: str
    last: str
    count: int
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class PassRow(Row):
    """So many uses of a pass, named by its rule; of one without a count, a visit."""

    rule: int
    count: int


@dataclass(frozen=True, slots=True)
class Transfer(Row):
    """So much stored value of `wallet` goes to the wallet `taker`."""

    wallet: int
    taker: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Merge(Row):
    """The member `member` becomes one with `kept`, who stays."""

    member: int
    kept: int


@dataclass(frozen=True, slots=True)
class Settlement(Row):
    """All value of `wallet` paid back by `method` (cash or bank); bonus and points that are forfeited."""

    wallet: int
    method: str
    amount_minor: int
    forfeit_minor: int | None = None
    points: int | None = None
    reference: str | None = None
    rule: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Release(Row):
    """A part of a bonus that comes month by month; `plan` is the top-up that promised it."""

    plan: str
    part: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Seller(Row):
    """Who served line `line`, and for how much of it (per 10,000)."""

    line: int
    staff: int
    share_bp: int


@dataclass(frozen=True, slots=True)
class CashBack(Row):
    """What a month (YYYY-MM) of buying brings back to `wallet` as bonus."""

    wallet: int
    rule: int
    version: int
    month: str
    amount_minor: int
