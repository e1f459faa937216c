"""The register of invoices: what a receipt has left, who wants one, its number, what is red-lettered."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.invoice import Invoice, InvoiceBuyer, InvoicePage, InvoiceStanding, InvoiceState


class Invoices(Protocol):
    """One round trip a question. All may raise Refused `not_signed_in`, `not_permitted`."""

    def standing(self, *, receipt: str = "", document: UUID | None = None) -> InvoiceStanding:
        """By the number of a receipt, or the document itself.

        Raises Refused: `wrong_origin`, `invoice_refused` (why: `store`, `kind`).
        """
        ...

    def want(self, invoice: UUID, document: UUID, *, buyer: InvoiceBuyer, amount_minor: int) -> Invoice:
        """Note that one is wanted, once per `invoice`; title and number are sealed here.

        Raises Refused: as `standing`, and `invoice_refused` (why: `nothing`, `too_much` with most, `known`).
        """
        ...

    def step(
        self, invoice: UUID, state: InvoiceState, *, number: str | None = None, reason: str | None = None
    ) -> Invoice:
        """`issued` and `red` with the number of the tax system, `withdrawn` with a reason.

        Raises Refused: `invoice_refused` (why: `unknown`, `state`, `less` with most), `already_used`,
        `unclean_text`, `wrong_store`.
        """
        ...

    def page(self, *, store: int | None, state: str | None, after: UUID | None, most: int) -> InvoicePage:
        """Of one store or all own ones, in one state (`due`: to be red-lettered) or any; open ones first."""
        ...

    def buyer(self, invoice: UUID) -> InvoiceBuyer:
        """Who it is for; that it was looked at is on record.

        Raises Refused: `invoice_refused` (why: `unknown`), `wrong_store`, `seal_broken`, `data_key_missing`.
        """
        ...
