"""What a counter looks up beside selling: sales that goods come back from, baskets put aside, one product.

Amounts are minor units, quantities thousandths of a base unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from huiyuan.domain.model.card import AttachedMember


@dataclass(frozen=True, slots=True)
class SaleFilter:
    """Which sales are looked for: days (both included), and if they are known an amount and a tender."""

    day_from: date
    day_to: date
    amount_minor: int | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True)
class FoundSale:
    """One row of the sales that were found. `goods` are the names of the first lines."""

    document: UUID
    kind: str
    receipt: str
    at: datetime
    store: str
    total_minor: int
    staff_name: str
    lines: int
    goods: tuple[str, ...]
    methods: tuple[str, ...]
    reversed: bool


@dataclass(frozen=True, slots=True)
class BlindLimits:
    """What comes back without a receipt: the days whose prices count, and the most in all and in cash.

    `member_from_minor` is the total from which on a member is named; None: never.
    """

    days: int
    most_minor: int | None
    cash_minor: int
    member_from_minor: int | None


@dataclass(frozen=True, slots=True)
class ReturnPolicy:
    """`across`: sales of other stores come back here. `blind` None: nothing without a receipt."""

    across: bool
    blind: BlindLimits | None


@dataclass(frozen=True, slots=True)
class HeldSale:
    """A basket put aside. `taken_by` is the till that has it, `here` that it is this one."""

    id: UUID
    terminal: str
    staff_name: str
    member_name: str
    note: str
    total_minor: int
    line_count: int
    held_at: datetime
    age_s: int
    taken_by: str
    here: bool


@dataclass(frozen=True, slots=True)
class Recalled:
    """A basket as it was put aside, in the plain form of `model.basket`, and its member as he stands now."""

    id: UUID
    basket: Mapping[str, Any]
    note: str
    attached: AttachedMember | None


@dataclass(frozen=True, slots=True)
class StockAt:
    """What stands in a store; below zero is shown as it is."""

    store: str
    here: bool
    qty_milli: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A rule that may lower the price here now; empty `tiers`: for everybody."""

    name: str
    family: str
    max_bp: int | None
    until: datetime | None
    tiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemInfo:
    """Everything that is asked about a product before it is bought; `price_minor` None: no price here."""

    product: int
    code: str
    name: str
    kind: str
    base_unit: str
    sold_by: str
    open_price: bool
    category: str
    brand: str
    spec: str
    price_minor: int | None
    lists: tuple[tuple[str, int], ...]
    barcodes: tuple[str, ...]
    offers: tuple[Offer, ...]
    stock: tuple[StockAt, ...]
    min_age: int = 0
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """What differed when a sale of an outage was sent: `what` and `facts` as in docs/LEDGER.md, Offline.

    `amount_minor` is the money it is about, signed, None where it is about none.
    """

    document: UUID
    n: int
    what: str
    amount_minor: int | None
    facts: Mapping[str, Any]
    receipt: str
    occurred_at: datetime
    total_minor: int
