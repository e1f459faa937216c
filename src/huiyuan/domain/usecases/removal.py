"""What left a basket before it was paid, as rows that the next document carries.

Always true: nothing that is still in the basket is named; the value is what the goods would have cost.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.document import Removed
from huiyuan.domain.model.quantity import value_of


def taken_off(
    before: Cart, after: Cart, *, why: str, session: int, at: datetime, new_id: Callable[[], UUID]
) -> tuple[Removed, ...]:
    """One row a product of which there is less than before; `why` is line, quantity, basket, left or age."""
    left: dict[int, int] = {}
    for line in after.lines:
        left[line.product.id] = left.get(line.product.id, 0) + line.qty_milli
    rows = []
    for line in before.lines:
        stays = min(left.get(line.product.id, 0), line.qty_milli)
        left[line.product.id] = left.get(line.product.id, 0) - stays
        gone = line.qty_milli - stays
        if gone:
            rows.append(
                Removed(
                    id=new_id(),
                    session=session,
                    at=at.isoformat(timespec="milliseconds"),
                    product=line.product.id,
                    qty_milli=gone,
                    value_minor=value_of(qty_milli=gone, price_minor=line.price_minor),
                    why=why,
                )
            )
    return tuple(rows)
