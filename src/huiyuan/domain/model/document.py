"""A document: everything that moves money, value, points, stock or a card's state is one.

Always true: a document is immutable, its id was made at the counter before the first byte left, and
`to_body()` is exactly the shape-1 body of docs/LEDGER.md section 2: no key that is null, no empty section,
no personal data. Amounts are minor units, quantities thousandths, times UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID

SHAPE: Final = 1
"""The shape of the body that this version writes; the door also takes the previous one."""


class Kind(StrEnum):
    """The kinds a counter may post (docs/LEDGER.md section 4)."""

    SALE = "sale"
    RETURN = "return"
    EXCHANGE = "exchange"
    BLIND_RETURN = "blind_return"
    REVERSAL = "reversal"
    TOP_UP = "top_up"
    CARD_ISSUE = "card_issue"
    CARD_ACTIVATION = "card_activation"
    STOCK_RECEIPT = "stock_receipt"
    ADJUSTMENT = "adjustment"
    ADVANCE = "advance"
    ADVANCE_BACK = "advance_back"
    CREDIT_PAYMENT = "credit_payment"
    SHIFT_OPEN = "shift_open"
    SHIFT_CLOSE = "shift_close"
    CASH_IN = "cash_in"
    CASH_DROP = "cash_drop"
    CASH_OUT = "cash_out"
    EXPENSE = "expense"
    NO_SALE = "no_sale"
    COUPON_ISSUE = "coupon_issue"
    COUPON_VOID = "coupon_void"
    COUPON_TRANSFER = "coupon_transfer"
    VALUE_TRANSFER = "value_transfer"
    MEMBER_MERGE = "member_merge"
    SETTLEMENT = "settlement"


class Row:
    """A row of a section: its fields are its keys, and a null one is left out."""

    __slots__ = ()

    def to_row(self) -> dict[str, Any]:
        """The row as the body holds it."""
        values = ((each.name, getattr(self, each.name)) for each in fields(self))  # type: ignore[arg-type]
        return {name: _plain(value) for name, value in values if value is not None}

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
class Grant(Row):
    """`kind` is points (whole points) or bonus (minor units); the rule version bounds it."""

    kind: str
    rule: int
    version: int
    amount: int


@dataclass(frozen=True, slots=True)
class Fee(Row):
    code: str
    rule: int
    version: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Proof(Row):
    """The card that was presented for `wallet`: its token (hex HMAC), and the PIN guess if one was asked."""

    wallet: int
    token_kind: str
    token: str
    pin_attempt: UUID | None = None


@dataclass(frozen=True, slots=True)
class CardMove(Row):
    """A card goes from `was` to `now`. `wallet` None opens a new one, `holder` is a member's id."""

    card: int
    was: str
    now: str
    holder: int | None = None
    wallet: int | None = None


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


SECTIONS: Final[Mapping[str, type[Row]]] = {
    "lines": SaleLine,
    "backs": BackLine,
    "adjustments": Adjustment,
    "taxes": TaxRow,
    "tenders": Tender,
    "grants": Grant,
    "fees": Fee,
    "proofs": Proof,
    "cards": CardMove,
    "stock": StockRow,
    "corrections": Correction,
    "counts": Count,
    "removed": Removed,
    "coupons": CouponRow,
    "transfers": Transfer,
    "merges": Merge,
    "settlements": Settlement,
}


@dataclass(frozen=True, slots=True)
class Document:
    """Header and sections of one document. The body is what the door keeps; `id` stands beside it.

    `held` is the basket put aside that a sale settles; `offline_at` is since when the counter could not ask
    for prices, where a sale was rung up without the line.
    """

    id: UUID
    kind: Kind
    session: int
    number: int
    occurred_at: datetime
    total_minor: int
    priced_at: datetime | None = None
    shift: UUID | None = None
    wallet: int | None = None
    of: UUID | None = None
    reason: str | None = None
    counted_minor: int | None = None
    held: UUID | None = None
    amount_minor: int | None = None
    offline_at: datetime | None = None
    lines: tuple[SaleLine, ...] | tuple[ReturnLine, ...] = ()
    backs: tuple[BackLine, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    taxes: tuple[TaxRow, ...] = ()
    tenders: tuple[Tender, ...] = ()
    grants: tuple[Grant, ...] = ()
    fees: tuple[Fee, ...] = ()
    proofs: tuple[Proof, ...] = ()
    cards: tuple[CardMove, ...] = ()
    stock: tuple[StockRow, ...] = ()
    corrections: tuple[Correction, ...] = ()
    counts: tuple[Count, ...] = ()
    removed: tuple[Removed, ...] = ()
    coupons: tuple[CouponRow, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    merges: tuple[Merge, ...] = ()
    settlements: tuple[Settlement, ...] = ()

    def to_body(self) -> dict[str, Any]:
        """The shape-1 body, ready for JSON."""
        body: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name == "id" or value is None or value == ():
                continue
            body[each.name] = [row.to_row() for row in value] if isinstance(value, tuple) else _plain(value)
        return body

    @classmethod
    def from_body(cls, document: UUID, body: Mapping[str, Any]) -> Document:
        """Read a shape-1 body back, such as the journal kept.

        Raises:
            ValueError: a key is unknown or missing, or the kind is none of `Kind`.
        """
        known = {each.name for each in fields(cls)} - {"id"}
        if unknown := body.keys() - known:
            raise ValueError(f"unknown key {min(unknown)}")
        values = {name: _read(name, value, body) for name, value in body.items() if value is not None}
        return cls(id=document, **values)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    if isinstance(value, UUID):
        return str(value)
    return str(value) if isinstance(value, StrEnum) else value


def _read(name: str, value: Any, body: Mapping[str, Any]) -> Any:
    if name in SECTIONS:
        row_type = ReturnLine if name == "lines" and body["kind"] == Kind.RETURN else SECTIONS[name]
        return tuple(row_type.from_row(row) for row in value)
    if name in {"shift", "of", "held"}:
        return UUID(value)
    if name in {"occurred_at", "priced_at", "offline_at"}:
        return datetime.fromisoformat(value)
    return Kind(value) if name == "kind" else value
