"""What the door answers to a posting (docs/LEDGER.md section 8), parsed.

Always true: `Posted` comes from a definite answer only; the allocation, the balances and the chain head on a
slip are read here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from huiyuan.domain.model.card import AttachedMember, Balances
from huiyuan.domain.model.document import Document


@dataclass(frozen=True, slots=True)
class PostingRow:
    """One pair debit -> credit. `demand` names what asked for it, `method` the tender or the tax code.

    `unit` is the currency, amounts in minor units, or POINT.
    """

    n: int
    demand: str
    unit: str
    debit: str
    credit: str
    amount: int
    reference: str | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True)
class LotRow:
    lot: int
    account: str
    delta: int


@dataclass(frozen=True, slots=True)
class WalletBalances:
    wallet: int
    balances: Balances


@dataclass(frozen=True, slots=True)
class Later:
    """What a top-up promised: `parts` of `part_minor` each, `every` one of months, weeks, days."""

    parts: int
    part_minor: int
    every: str


@dataclass(frozen=True, slots=True)
class MovedTerms:
    """What a document made of a card: its last day (None: no end) and, where it has another type, both."""

    card: int
    valid_to: date | None
    type: str = ""
    was_type: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> MovedTerms:
        """As the door and the story of a card tell it."""
        day = row.get("valid_to")
        last = date.fromisoformat(day) if day else None
        return cls(row.get("card") or 0, last, row.get("type") or "", row.get("was_type") or "")


@dataclass(frozen=True, slots=True)
class Posted:
    """A document that stands. `head` is the terminal's chain head (hex) after it."""

    id: UUID
    kind: str
    number: int
    receipt: str
    posted_at: datetime
    business_date: date
    total_minor: int
    change_minor: int
    postings: tuple[PostingRow, ...]
    lots: tuple[LotRow, ...]
    balances: tuple[WalletBalances, ...]
    cash_minor: int | None
    shift: UUID | None
    expected_minor: int | None
    over_short_minor: int | None
    heads: str | None
    wallet: int | None
    approved_by: int | None
    chain_seq: int
    digest: str
    head: str
    replayed: bool = False
    shift_number: int | None = None
    """Of the shift that this document opened; the drawer counts them."""
    later: Later | None = None
    bought: str | None = None
    """The receipt of the purchase that entitled a top-up to its gift."""
    terms: tuple[MovedTerms, ...] = ()
    """Of cards whose type or last day it changed."""

    @classmethod
    def from_result(cls, result: Mapping[str, Any]) -> Posted:
        """Parse the answer of `api.post`. Raises KeyError or ValueError if it is not one."""
        return cls(
            id=UUID(result["id"]),
            kind=result["kind"],
            number=result["number"],
            receipt=result["receipt"],
            posted_at=datetime.fromisoformat(result["posted_at"]),
            business_date=date.fromisoformat(result["business_date"]),
            total_minor=result["total_minor"],
            change_minor=result.get("change_minor") or 0,
            postings=tuple(_posting(row) for row in result.get("postings") or ()),
            lots=tuple(
                LotRow(row["lot"], str(row["account"]), row["delta"]) for row in result.get("lots") or ()
            ),
            balances=tuple(_balances(row) for row in result.get("balances") or ()),
            cash_minor=result.get("cash_minor"),
            shift=UUID(result["shift"]) if result.get("shift") else None,
            expected_minor=result.get("expected_minor"),
            over_short_minor=result.get("over_short_minor"),
            heads=result.get("heads"),
            wallet=result.get("wallet"),
            approved_by=result.get("approved_by"),
            chain_seq=result["chain_seq"],
            digest=result["digest"],
            head=result["head"],
            replayed=bool(result.get("replayed")),
            shift_number=result.get("shift_number"),
            bought=result.get("bought"),
            later=Later(**result["later"]) if result.get("later") else None,
            terms=tuple(MovedTerms.from_row(row) for row in result.get("terms") or ()),
        )


@dataclass(frozen=True, slots=True)
class LineLeft:
    """A line of a posted sale and what of it can still be returned; `served` are names, None for nobody."""

    n: int
    product: int
    code: str
    name: str
    qty_milli: int
    price_minor: int
    value_minor: int
    total_minor: int
    left_milli: int
    left_minor: int
    served: str | None = None


@dataclass(frozen=True, slots=True)
class PaidLeft:
    """A posting that paid a sale: `paid_with` is its account, `left_minor` what no return took back.

    `method` is the kind of the tender: a bank card and a phone pay into one account.
    """

    n: int
    paid_with: str
    amount_minor: int
    left_minor: int
    method: str = ""


@dataclass(frozen=True, slots=True)
class Invoiced:
    """Invoices that stand for a document: `spare_minor` is the money it took beyond what they are for."""

    numbers: tuple[str, ...]
    spare_minor: int


@dataclass(frozen=True, slots=True)
class PostedDocument:
    """A document read back: as it was sent, what the door made of it, and what is left of it.

    `attached` is the member whose wallet it was for, as he stands now; `goods` names what
    moved without lines, by product id; `cards` are masked numbers by wallet, of a document that moved value
    between cards.
    """

    document: Document
    posted: Posted
    staff_name: str
    lines: tuple[LineLeft, ...] = ()
    paid: tuple[PaidLeft, ...] = ()
    reversed_by: UUID | None = None
    wallet: int | None = None
    attached: AttachedMember | None = None
    invoiced: Invoiced | None = None
    goods: Mapping[int, str] = field(default_factory=dict)
    cards: Mapping[int, str] = field(default_factory=dict)

    @property
    def served(self) -> dict[int, str]:
        """Line number -> who served it, where somebody was named."""
        return {line.n: line.served for line in self.lines if line.served}


@dataclass(frozen=True, slots=True)
class RecentDocument:
    """A row of the list of this drawer's shift, newest first."""

    id: UUID
    kind: str
    receipt: str
    posted_at: datetime
    total_minor: int
    staff_name: str
    reversed: bool


def _posting(row: Mapping[str, Any]) -> PostingRow:
    return PostingRow(
        row["n"],
        row["demand"],
        row["unit"],
        row["debit"],
        row["credit"],
        row["amount"],
        row.get("reference"),
        row.get("method"),
    )


def _balances(row: Mapping[str, Any]) -> WalletBalances:
    held = Balances(
        principal=row.get("principal") or 0,
        bonus=row.get("bonus") or 0,
        points=row.get("points") or 0,
        points_debt=row.get("points_debt") or 0,
        advance=row.get("advance") or 0,
        credit=row.get("credit") or 0,
    )
    return WalletBalances(wallet=row["wallet"], balances=held)
