"""Invoices that buyers ask for: of which receipt, for whom, how far.

Always true: an invoice moves along `STEPS` only; a company has the taxpayer number of its business licence,
whose check character is right; who it is for stands in no list and shows in no repr.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.id_number import read_company_number
from huiyuan.domain.model.posted import Posted, PostedDocument

TITLE_MAX: Final = 100
_NUMBER: Final = re.compile(r"[0-9A-Z]{8,30}")


INVOICED: Final = frozenset(
    {Kind.SALE, Kind.EXCHANGE, Kind.TOP_UP, Kind.PASS_SALE, Kind.CARD_ISSUE, Kind.CARD_REPLACEMENT,
     Kind.CARD_RENEWAL, Kind.CARD_TYPE_CHANGE, Kind.ANNUAL_FEE}
)  # fmt: skip
"""Kinds of documents of which an invoice can be wanted."""
_MONEY: Final = frozenset({"cash", "tender", "credit", "advance"})


class InvoiceState(StrEnum):
    """How far it is; `red` is red-lettered (冲红), in the tax system as well."""

    WANTED = "wanted"
    ISSUED = "issued"
    RED = "red"
    WITHDRAWN = "withdrawn"


STEPS: Final = frozenset(
    {
        (InvoiceState.WANTED, InvoiceState.ISSUED),
        (InvoiceState.WANTED, InvoiceState.WITHDRAWN),
        (InvoiceState.ISSUED, InvoiceState.RED),
    }
)


@dataclass(frozen=True, slots=True)
class Invoice:
    """A row of the register.

    Attributes:
        what: `goods`, with their tax, or `prepaid`: money put on a card, without tax.
        amount_minor: what it is made out for.
        red_due: more is invoiced than the receipt still stands for, so it has to be red-lettered.
        too_much: it is wanted, but the receipt does not stand for so much any more: it is withdrawn.
    """

    id: UUID
    document: UUID
    receipt: str
    what: str
    store_id: int
    store: str
    buyer: str
    amount_minor: int
    state: InvoiceState
    at: datetime
    by: str
    number: str = ""
    red_number: str = ""
    reason: str = ""
    red_due: bool = False
    too_much: bool = False

    def may(self, state: InvoiceState) -> bool:
        """Whether it goes there from where it is."""
        return (self.state, state) in STEPS and not (self.too_much and state is InvoiceState.ISSUED)


@dataclass(frozen=True, slots=True)
class PaidPart:
    """What one account paid of a receipt; `counts` if that is invoiced."""

    account: str
    amount_minor: int
    counts: bool


@dataclass(frozen=True, slots=True)
class InvoiceStanding:
    """What of a receipt can be invoiced: `money_minor` is the money it took and has not given back,
    `standing_minor` what is wanted or issued already, `left_minor` the rest."""

    document: UUID
    receipt: str
    kind: str
    at: datetime
    total_minor: int
    what: str
    money_minor: int
    standing_minor: int
    left_minor: int
    paid: tuple[PaidPart, ...] = ()
    invoices: tuple[Invoice, ...] = ()

    @property
    def given_back_minor(self) -> int:
        """Of the money that counts, what went back (coins that were rounded away with it)."""
        return sum(part.amount_minor for part in self.paid if part.counts) - self.money_minor


@dataclass(frozen=True, slots=True)
class InvoiceBuyer:
    """Who it is for: the title (抬头), and of a company its taxpayer number, else empty."""

    title: str = field(repr=False)
    tax_no: str = field(default="", repr=False)

    @property
    def kind(self) -> str:
        """`company` or `person`."""
        return "company" if self.tax_no else "person"


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """Invoices as they were asked for, and the stores whose register this person reads."""

    rows: tuple[Invoice, ...]
    stores: tuple[tuple[int, str], ...]


def read_buyer(title: str, tax_no: str) -> InvoiceBuyer:
    """Title and taxpayer number as typed; no number: a person.

    Raises:
        Refused: `unclean_text` (field `title`: empty, over 100 characters, or not to be printed),
            `company_no_format`, `company_no_check`.
    """
    plain = " ".join(title.split())
    if not plain or len(plain) > TITLE_MAX or not plain.isprintable():
        raise Refused("unclean_text", {"field": "title"})
    return InvoiceBuyer(plain, read_company_number(tax_no) if tax_no.strip() else "")


def to_red_letter(taken_back: PostedDocument, posted: Posted) -> tuple[str, ...]:
    """Numbers of the invoices of a document that stand for too much, once `posted` took of it back."""
    invoiced = taken_back.invoiced
    if invoiced is None:
        return ()
    back = sum(row.amount for row in posted.postings if row.demand == "refund" and row.credit in _MONEY)
    whole = posted.kind == Kind.REVERSAL
    return invoiced.numbers if whole or back > invoiced.spare_minor else ()


def read_invoice_number(text: str) -> str:
    """The number that the tax system gave, in upper case and half width, without spaces.

    Raises:
        Refused: `invoice_number`: not 8 to 30 letters and digits.
    """
    plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text[:80])).upper()
    if not _NUMBER.fullmatch(plain):
        raise Refused("invoice_number")
    return plain
