"""Receiving goods: what a supplier delivered goes on the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from huiyuan.domain.model.document import Document, Kind, StockRow
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.quantity import value_of
from huiyuan.domain.model.stamp import Stamp


def stock_receipt_document(stamp: Stamp, *, rows: Sequence[StockRow]) -> Document:
    """The receipt of goods; its total is the cost of all rows, each rounded half up.

    Args:
        rows: one a product; `cost_minor` is for one base unit, None where it is not known.

    Raises:
        Refused: `empty_document`.
    """
    if not rows:
        raise Refused("empty_document", {"section": "stock"})
    cost = sum(value_of(qty_milli=row.qty_milli, price_minor=row.cost_minor or 0) for row in rows)
    return replace(
        stamp.document(Kind.STOCK_RECEIPT, cost),
        stock=tuple(rows),
    )
