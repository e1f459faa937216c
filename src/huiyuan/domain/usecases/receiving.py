"""Receiving goods: what a supplier delivered goes on the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from huiyuan.domain.model.document import Document, Kind, StockRow
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.quantity import value_of
from huiyuan.domain.ports import Door


def stock_receipt_document(
    *, id: UUID, number: int, at: datetime, session: int, rows: Sequence[StockRow]
) -> Document:
    """The receipt of goods; its total is the cost of all rows, each rounded half up.

    Args:
        rows: one a product; `cost_minor` is for one base unit, None where it is not known.

    Raises:
        Refused: `empty_document`.
    """
    if not rows:
        raise Refused("empty_document", {"section": "stock"})
    cost = sum(value_of(qty_milli=row.qty_milli, price_minor=row.cost_minor or 0) for row in rows)
    return Document(
        id=id,
        kind=Kind.STOCK_RECEIPT,
        session=session,
        number=number,
        occurred_at=at,
        total_minor=cost,
        stock=tuple(rows),
    )


def receive_stock(
    door: Door, *, id: UUID, number: int, at: datetime, session: int, rows: Sequence[StockRow]
) -> Posted:
    """Book a delivery, once per `id`.

    Raises:
        Refused: `empty_document`, `unknown_product` (product), `arithmetic`, `not_permitted`.
        Unreachable, OutcomeUnknown: from the door.
    """
    return door.post(stock_receipt_document(id=id, number=number, at=at, session=session, rows=rows))
