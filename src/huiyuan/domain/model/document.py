"""A document: everything that moves money, value, points, stock or a card's state is one.

Always true: a document is immutable, its id was made at the counter before the first byte left, and
`to_body()` is exactly the shape-1 body of docs/LEDGER.md section 2: no key that is null, no empty section,
no personal data. Amounts are minor units, quantities thousandths, times UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from huiyuan.domain.model.document_rows import (
    Adjustment,
    ApplicationMove,
    BackLine,
    CardMove,
    CashBack,
    Correction,
    Count,
    CouponRow,
    Fee,
    GiftRow,
    Grant,
    IdentityRow,
    MemberMove,
    Merge,
    PassRow,
    Proof,
    RangeRow,
    Release,
    Removed,
    ReturnLine,
    Row,
    SaleLine,
    Seller,
    Settlement,
    StockRow,
    TaxRow,
    Tender,
    Transfer,
    plain,
)

__all__ = [
    "SECTIONS",
    "SHAPE",
    "Adjustment",
    "ApplicationMove",
    "BackLine",
    "CardMove",
    "CashBack",
    "Correction",
    "Count",
    "CouponRow",
    "Document",
    "Fee",
    "GiftRow",
    "Grant",
    "IdentityRow",
    "Kind",
    "MemberMove",
    "Merge",
    "PassRow",
    "Proof",
    "RangeRow",
    "Release",
    "Removed",
    "ReturnLine",
    "Row",
    "SaleLine",
    "Settlement",
    "StockRow",
    "TaxRow",
    "Tender",
    "Transfer",
]

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
    CARD_LOST = "card_lost"
    CARD_FOUND = "card_found"
    CARD_FREEZE = "card_freeze"
    CARD_UNFREEZE = "card_unfreeze"
    CARD_REPLACEMENT = "card_replacement"
    CARD_RENEWAL = "card_renewal"
    CARD_EXPIRY = "card_expiry"
    CARD_TYPE_CHANGE = "card_type_change"
    CARD_PIN_RESET = "card_pin_reset"
    CARD_PIN_UNLOCK = "card_pin_unlock"
    CARD_CANCELLATION = "card_cancellation"
    CARD_RESTORE = "card_restore"
    MEMBER_FREEZE = "member_freeze"
    MEMBER_UNFREEZE = "member_unfreeze"
    MEMBER_CANCELLATION = "member_cancellation"
    MEMBER_RESTORE = "member_restore"
    CARD_APPLICATION = "card_application"
    CARD_APPROVAL = "card_approval"
    CARD_REJECTION = "card_rejection"
    CARD_WITHDRAWAL = "card_withdrawal"
    ANNUAL_FEE = "annual_fee"
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
    CARD_RECEIVE = "card_receive"
    CARD_HAND_OVER = "card_hand_over"
    CARD_VOID = "card_void"
    CARD_COUNT = "card_count"
    PASS_SALE = "pass_sale"  # noqa: S105
    PASS_USE = "pass_use"  # noqa: S105
    BONUS_RELEASE = "bonus_release"
    CASH_BACK = "cash_back"


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
    "identity": IdentityRow,
    "members": MemberMove,
    "applications": ApplicationMove,
    "passes": PassRow,
    "ranges": RangeRow,
    "releases": Release,
    "cash_backs": CashBack,
    "sellers": Seller,
    "gifts": GiftRow,
}


@dataclass(frozen=True, slots=True)
class Document:
    """Header and sections of one document. The body is what the door keeps; `id` stands beside it.

    `held` is the basket put aside that a sale settles; `offline_at` is since when the counter could not ask
    for prices, where a sale was rung up without the line; `signed_at` when who sold it signed in without it;
    `buyer` is the member who buys stored value, where it is not whoever the card belongs to; `message`: the
    slip goes to the member, `beside` paper or `instead` of it; `age_checked`: somebody asked, and the
    customer is at least so old; `group_order`: the order that these coupons close;
    `bought`: the sale whose receipt entitles a top-up to what its rule gives.
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
    signed_at: datetime | None = None
    buyer: int | None = None
    message: str | None = None
    age_checked: int | None = None
    group_order: UUID | None = None
    bought: UUID | None = None
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
    identity: tuple[IdentityRow, ...] = ()
    members: tuple[MemberMove, ...] = ()
    applications: tuple[ApplicationMove, ...] = ()
    passes: tuple[PassRow, ...] = ()
    ranges: tuple[RangeRow, ...] = ()
    releases: tuple[Release, ...] = ()
    cash_backs: tuple[CashBack, ...] = ()
    sellers: tuple[Seller, ...] = ()
    gifts: tuple[GiftRow, ...] = ()

    @property
    def promises(self) -> bool:
        """Points that nobody can count yet: a card was noted without the line, whose tier decides."""
        return self.offline_at is not None and bool(self.proofs) and not self.grants

    def to_body(self) -> dict[str, Any]:
        """The shape-1 body, ready for JSON."""
        body: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name == "id" or value is None or value == ():
                continue
            body[each.name] = [row.to_row() for row in value] if isinstance(value, tuple) else plain(value)
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


def _read(name: str, value: Any, body: Mapping[str, Any]) -> Any:
    if name in SECTIONS:
        row_type = ReturnLine if name == "lines" and body["kind"] == Kind.RETURN else SECTIONS[name]
        return tuple(row_type.from_row(row) for row in value)
    if name in {"shift", "of", "held", "group_order", "bought"}:
        return UUID(value)
    if name in {"occurred_at", "priced_at", "offline_at", "signed_at"}:
        return datetime.fromisoformat(value)
    return Kind(value) if name == "kind" else value
