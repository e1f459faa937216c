"""Fills the Invoices port over the line that asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from huiyuan.domain.model.invoice import (
    Invoice,
    InvoiceBuyer,
    InvoicePage,
    InvoiceStanding,
    InvoiceState,
    PaidPart,
)
from huiyuan.repositories.reads import Ask, Row
from huiyuan.repositories.sealing import Sealer
from huiyuan.repositories.sign_in import accepted

TITLE: Final = "invoice_title"
TAX_NO: Final = "invoice_tax_no"


class DatabaseInvoices:
    """See the port for what each may refuse. Sealed texts are bound to their invoice."""

    def __init__(self, ask: Ask, *, sealer: Sealer) -> None:
        self._ask = ask
        self._sealer = sealer

    def _call(self, statement: str, *parameters: object) -> Any:
        return accepted(self._ask(statement, parameters))

    def standing(self, *, receipt: str = "", document: UUID | None = None) -> InvoiceStanding:
        row: Row = self._call("select api.invoice_standing(%s, %s::uuid)", receipt, document)
        return InvoiceStanding(
            document=UUID(row["document"]),
            receipt=row["receipt"],
            kind=row["kind"],
            at=datetime.fromisoformat(row["at"]),
            total_minor=row["total_minor"],
            what=row["what"],
            money_minor=row["money_minor"],
            standing_minor=row["standing_minor"],
            left_minor=row["left_minor"],
            paid=tuple(
                PaidPart(part["account"], part["amount_minor"], part["counts"]) for part in row["paid"]
            ),
            invoices=tuple(_invoice(each) for each in row["invoices"]),
        )

    def want(self, invoice: UUID, document: UUID, *, buyer: InvoiceBuyer, amount_minor: int) -> Invoice:
        title, tax_no = (
            bytes.fromhex(self._sealer.seal(text, member=invoice.int, field=name)) if text else None
            for text, name in ((buyer.title, TITLE), (buyer.tax_no, TAX_NO))
        )
        statement = "select api.invoice_want(%s::uuid, %s::uuid, %s, %s::bytea, %s::bytea, %s::bigint)"
        return _invoice(self._call(statement, invoice, document, buyer.kind, title, tax_no, amount_minor))

    def step(
        self, invoice: UUID, state: InvoiceState, *, number: str | None = None, reason: str | None = None
    ) -> Invoice:
        statement = "select api.invoice_step(%s::uuid, %s, %s, %s)"
        return _invoice(self._call(statement, invoice, state.value, number, reason))

    def page(self, *, store: int | None, state: str | None, after: UUID | None, most: int) -> InvoicePage:
        row: Row = self._call(
            "select api.invoices(%s::int, %s, %s::uuid, %s::int)", store, state, after, most
        )
        return InvoicePage(
            rows=tuple(_invoice(each) for each in row["rows"]),
            stores=tuple((id, name) for id, name in row["stores"] or ()),
        )

    def buyer(self, invoice: UUID) -> InvoiceBuyer:
        row: Row = self._call("select api.invoice_buyer(%s::uuid)", invoice)
        title, tax_no = (
            self._sealer.unseal(row[key], member=invoice.int, field=name) if row[key] else ""
            for key, name in (("title", TITLE), ("tax_no", TAX_NO))
        )
        return InvoiceBuyer(title, tax_no)


def _invoice(row: Row) -> Invoice:
    return Invoice(
        id=UUID(row["invoice"]),
        document=UUID(row["document"]),
        receipt=row["receipt"],
        what=row["what"],
        store_id=row["store_id"],
        store=row["store"],
        buyer=row["buyer"],
        amount_minor=row["amount_minor"],
        state=InvoiceState(row["state"]),
        at=datetime.fromisoformat(row["at"]),
        by=row["by"],
        number=row["number"] or "",
        red_number=row["red_number"] or "",
        reason=row["reason"] or "",
        red_due=row["red_due"],
        too_much=row["too_much"],
    )
