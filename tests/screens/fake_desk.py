"""Sales found, baskets put aside and one product looked at, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from huiyuan.domain.model.desk import (
    BlindLimits,
    FoundSale,
    HeldSale,
    ItemInfo,
    Offer,
    Recalled,
    ReturnPolicy,
    Review,
    SaleFilter,
    StockAt,
)
from huiyuan.domain.model.document import Kind, SaleLine
from huiyuan.domain.model.errors import Refused
from tests.screens.fake_ledger import HOSTILE, NOON
from tests.screens.pages import page

if TYPE_CHECKING:
    from tests.screens.fake_shop import FakeShop


@dataclass
class _Kept:
    row: HeldSale
    basket: Mapping[str, Any]
    member: int | None
    ended: str = ""


class FakeDesk:
    """`till` is the name of this till; another one is `2`."""

    def __init__(self, fake: FakeShop) -> None:
        self.fake = fake
        self.kept: dict[UUID, _Kept] = {}
        self.open_reviews: list[Review] = []
        self.policy = ReturnPolicy(True, BlindLimits(30, 50000, 20000, 30000))
        self.asked: list[SaleFilter] = []

    def find_sales(self, wanted: SaleFilter, *, after: UUID | None, most: int) -> Sequence[FoundSale]:
        self.fake.travel()
        self.asked.append(wanted)
        rows = [
            FoundSale(
                e.document.id, e.document.kind, e.posted.receipt, e.posted.posted_at, "S01",
                e.posted.total_minor, "王芳", len(e.document.lines),
                tuple(self.fake.ledger.products[line.product].name for line in e.document.lines
                      if isinstance(line, SaleLine))[:3],
                tuple(tender.kind for tender in e.document.tenders), e.reversed_by is not None,
            )
            for e in reversed(self.fake.ledger.entries.values())
            if e.document.kind == Kind.SALE
            and wanted.amount_minor in (None, e.posted.total_minor)
        ]  # fmt: skip
        ids = [row.document for row in rows]
        return rows[ids.index(after) + 1 if after in ids else 0 :][:most]

    def return_policy(self) -> ReturnPolicy:
        self.fake.travel()
        return self.policy

    def blind_price(self, product: int) -> int:
        self.fake.travel()
        found = self.fake.ledger.products.get(product)
        if found is None or not found.price_minor:
            raise Refused("unknown_product", {"product": product})
        return found.price_minor - found.price_minor // 10

    def hold(
        self, held: UUID, *, basket: Mapping[str, Any], total_minor: int, line_count: int,
        member: int | None, note: str | None,
    ) -> str:  # fmt: skip
        self.fake.travel()
        known = self.kept.get(held)
        if known is not None and (known.ended or not known.row.here):
            return known.ended or ("taken" if known.row.taken_by else "held")
        row = HeldSale(
            held, "1", "王芳", "", note or "", total_minor, line_count, NOON, 300, "", False
        )  # fmt: skip
        self.kept[held] = _Kept(row, dict(basket), member)
        return "held"

    def held_sales(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[HeldSale]:
        self.fake.travel()
        rows = [each.row for each in self.kept.values() if not each.ended]
        ids = [row.id for row in rows]
        return rows[ids.index(after) + 1 if after in ids else 0 :][:most]

    def recall(self, held: UUID, *, over_others: bool = False) -> Recalled:
        self.fake.travel()
        known = self.kept.get(held)
        if known is None or known.ended:
            raise Refused("held_gone", {"held": str(held)})
        if known.row.taken_by not in ("", "1") and not over_others:
            raise Refused("held_elsewhere", {"terminal": known.row.taken_by})
        known.row = replace(known.row, taken_by="1", here=True)
        attached = self.fake.reads.attach_member(known.member) if known.member else None
        return Recalled(held, known.basket, known.row.note, attached)

    def drop_held(self, held: UUID, *, reason: str) -> None:
        self.fake.travel()
        assert reason
        if held not in self.kept:
            raise Refused("held_gone", {"held": str(held)})
        self.kept[held].ended = "dropped"

    def reviews(self, *, after: tuple[UUID, int] | None, most: int) -> Sequence[Review]:
        self.fake.travel()
        return page(self.open_reviews, lambda each: (each.document, each.n), after, most)

    def decide_review(self, document: UUID, n: int, *, reason: str) -> None:
        self.fake.travel()
        assert reason
        self.open_reviews = [each for each in self.open_reviews if (each.document, each.n) != (document, n)]

    def item_info(self, product: int) -> ItemInfo:
        self.fake.travel()
        found = self.fake.ledger.products[product]
        stock = (
            StockAt("S01", True, 12000),
            StockAt(HOSTILE, False, -3000),
            StockAt("S01-2", False, 800000),
        )
        offers = (
            Offer(HOSTILE, "promotion", 2000, NOON + timedelta(days=3), ()),
            Offer("VISA", "tier", 500, None, ("VISA",)),
        )
        return ItemInfo(
            product, found.code, found.name, found.kind, found.base_unit, found.sold_by, found.open_price,
            "COLA", HOSTILE, "330ml", found.price_minor or None, found.lists, ("6901234567892",), offers,
            stock if found.kind == "goods" else (), found.min_age, found.warning,
        )  # fmt: skip

    def product_care(self, product: int, *, min_age: int | None, warning: str | None) -> None:
        self.fake.travel()
        known = self.fake.ledger.products
        known[product] = replace(known[product], min_age=min_age or 0, warning=warning or "")
