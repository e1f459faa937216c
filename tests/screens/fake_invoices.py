"""The register of invoices of the fake shop, in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.invoice import (
    Invoice,
    InvoiceBuyer,
    InvoicePage,
    InvoiceStanding,
    InvoiceState,
    PaidPart,
)
from tests.screens.fake_ledger import HOSTILE, NOON, FakeLedger
from tests.screens.pages import page

NOT_MONEY: Final = {"stored": "principal", "points": "points_redeemed"}


class FakeInvoices:
    """Fills the port; `buyers` are who was noted, `looked` whom somebody looked at."""

    def __init__(self, ledger: FakeLedger) -> None:
        self.ledger = ledger
        self.listed: list[Invoice] = []
        self.buyers: dict[UUID, InvoiceBuyer] = {}
        self.looked: list[UUID] = []

    def standing(self, *, receipt: str = "", document: UUID | None = None) -> InvoiceStanding:
        entry = next(
            (
                e
                for e in self.ledger.entries.values()
                if document == e.document.id or receipt == e.posted.receipt
            ),
            None,
        )
        if entry is None:
            raise Refused("wrong_origin", {"of": receipt})
        if entry.document.kind not in {Kind.SALE, Kind.TOP_UP}:
            raise Refused("invoice_refused", {"why": "kind", "kind": str(entry.document.kind)})
        paid = tuple(
            PaidPart(NOT_MONEY.get(t.kind, "cash"), t.amount_minor, t.kind not in NOT_MONEY)
            for t in entry.document.tenders
        )
        money = sum(part.amount_minor for part in paid if part.counts)
        own = tuple(each for each in self.listed if each.document == entry.document.id)
        standing = sum(each.amount_minor for each in own if each.state in {"wanted", "issued"})
        what = "goods" if entry.document.kind == Kind.SALE else "prepaid"
        return InvoiceStanding(
            entry.document.id, entry.posted.receipt, entry.document.kind, entry.posted.posted_at,
            entry.posted.total_minor, what, money, standing, money - standing, paid, own,
        )  # fmt: skip

    def want(self, invoice: UUID, document: UUID, *, buyer: InvoiceBuyer, amount_minor: int) -> Invoice:
        found = self.standing(document=document)
        if amount_minor > found.left_minor:
            raise Refused("invoice_refused", {"why": "too_much", "most": found.left_minor})
        self.buyers[invoice] = buyer
        made = Invoice(
            invoice, document, found.receipt, found.what, 1, "旗舰店", buyer.kind, amount_minor,
            InvoiceState.WANTED, NOON, "王芳",
        )  # fmt: skip
        self.listed.insert(0, made)
        return made

    def step(
        self, invoice: UUID, state: InvoiceState, *, number: str | None = None, reason: str | None = None
    ) -> Invoice:
        place = next(n for n, each in enumerate(self.listed) if each.id == invoice)
        before = self.listed[place]
        if not before.may(state):
            raise Refused("invoice_refused", {"why": "state"})
        red = number if state is InvoiceState.RED else None
        done = replace(
            before, state=state, reason=reason or "", red_due=False, red_number=red or "",
            number=before.number if red else number or "",
        )  # fmt: skip
        self.listed[place] = done
        return done

    def page(self, *, store: int | None, state: str | None, after: UUID | None, most: int) -> InvoicePage:
        rows = [
            each
            for each in self.listed
            if store in {None, each.store_id} and state in {None, each.state, "due" if each.red_due else "-"}
        ]
        return InvoicePage(
            tuple(page(rows, lambda each: each.id, after, most)), ((1, "旗舰店"), (2, "西湖店"))
        )

    def buyer(self, invoice: UUID) -> InvoiceBuyer:
        self.looked.append(invoice)
        return self.buyers.get(invoice, InvoiceBuyer(HOSTILE, ""))
