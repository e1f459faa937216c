"""The SalesDesk port over one connection: one statement and one round trip a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

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
from huiyuan.repositories.reads import Ask, Row, attached
from huiyuan.repositories.sign_in import accepted


class DatabaseDesk:
    """See the port for what each question may refuse."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def _call(self, statement: str, *parameters: object) -> Any:
        return accepted(self._ask(statement, parameters))

    def find_sales(self, wanted: SaleFilter, *, after: UUID | None, most: int) -> Sequence[FoundSale]:
        rows = self._call(
            "select api.find_sales(%s::date, %s::date, %s::bigint, %s, %s::uuid, %s::int)",
            wanted.day_from, wanted.day_to, wanted.amount_minor, wanted.method, after, most,
        )  # fmt: skip
        return tuple(_found(row) for row in rows)

    def return_policy(self) -> ReturnPolicy:
        answer: Row = self._call("select api.return_policy()")
        return ReturnPolicy(answer["across"], BlindLimits(**answer["blind"]) if answer["blind"] else None)

    def blind_price(self, product: int) -> int:
        return int(self._call("select api.blind_price(%s::int)", product)["price_minor"])

    def hold(
        self, held: UUID, *, basket: Mapping[str, Any], total_minor: int, line_count: int,
        member: int | None, note: str | None,
    ) -> str:  # fmt: skip
        answer: Row = self._call(
            "select api.hold_sale(%s, %s, %s::bigint, %s::bigint, %s::int, %s)",
            held, note, member, total_minor, line_count, Jsonb(dict(basket)),
        )  # fmt: skip
        return str(answer["state"])

    def held_sales(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[HeldSale]:
        rows: Sequence[Row] = self._call("select api.held_sales(%s::uuid, %s::int)", after, most)
        return tuple(_held(row) for row in rows)

    def recall(self, held: UUID, *, over_others: bool = False) -> Recalled:
        answer: Row = self._call("select api.recall_sale(%s, %s)", held, over_others)
        return Recalled(
            UUID(answer["held"]), answer["basket"], answer["note"] or "", attached(answer["attached"])
        )

    def drop_held(self, held: UUID, *, reason: str) -> None:
        self._call("select api.drop_held(%s, %s)", held, reason)

    def reviews(self, *, after: tuple[UUID, int] | None, most: int) -> Sequence[Review]:
        document, n = after or (None, None)
        return tuple(
            Review(
                UUID(row["document"]),
                row["n"],
                row["what"],
                row["amount_minor"],
                row["facts"],
                row["receipt"],
                datetime.fromisoformat(row["occurred_at"]),
                row["total_minor"],
            )
            for row in self._call("select api.reviews(%s::uuid, %s::int, %s::int)", document, n, most)
        )

    def decide_review(self, document: UUID, n: int, *, reason: str) -> None:
        self._call("select api.review_decide(%s, %s::int, %s)", document, n, reason)

    def item_info(self, product: int) -> ItemInfo:
        return _item(self._call("select api.item_info(%s::int)", product))

    def product_care(self, product: int, *, min_age: int | None, warning: str | None) -> None:
        self._call("select api.product_care_put(%s::int, %s::int, %s::text)", product, min_age, warning)


def _found(row: Row) -> FoundSale:
    return FoundSale(
        document=UUID(row["document"]),
        kind=row["kind"],
        receipt=row["receipt"],
        at=datetime.fromisoformat(row["at"]),
        store=row["store"],
        total_minor=row["total_minor"],
        staff_name=row["staff_name"] or "",
        lines=row["lines"],
        goods=tuple(row["goods"] or ()),
        methods=tuple(each for each in row["methods"] or () if each),
        reversed=row["reversed"],
    )


def _held(row: Row) -> HeldSale:
    return HeldSale(
        id=UUID(row["id"]),
        terminal=row["terminal"],
        staff_name=row["staff_name"],
        member_name=row["member_name"] or "",
        note=row["note"] or "",
        total_minor=row["total_minor"],
        line_count=row["line_count"],
        held_at=datetime.fromisoformat(row["held_at"]),
        age_s=row["age_s"],
        taken_by=row["taken_by"] or "",
        here=bool(row["here"]),
    )


def _item(row: Row) -> ItemInfo:
    return ItemInfo(
        product=row["product"],
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        base_unit=row["base_unit"],
        sold_by=row["sold_by"],
        open_price=row["open_price"],
        category=row["category"] or "",
        brand=row["brand"] or "",
        spec=row["spec"] or "",
        min_age=row.get("min_age") or 0,
        warning=row.get("warning") or "",
        price_minor=row["price_minor"],
        lists=tuple(sorted(row["lists"].items())),
        barcodes=tuple(row["barcodes"]),
        offers=tuple(
            Offer(
                each["name"],
                each["family"],
                each["max_bp"],
                None if each["until"] is None else datetime.fromisoformat(each["until"]),
                tuple(each["tiers"] or ()),
            )
            for each in row["rules"]
        ),
        stock=tuple(StockAt(each["store"], each["here"], each["qty_milli"]) for each in row["stock"]),
    )
