"""What a document begins with at this counter now."""

from __future__ import annotations

from uuid import UUID

from huiyuan.domain.model.stamp import Stamp
from huiyuan.screens.shop import Shop


def stamp_of(shop: Shop, id: UUID | None = None) -> Stamp:
    """The counter's next number, the moment, the person and the open shift, if any.

    `id` is given by a screen that tries one document again and again; a new one is made without it.
    """
    return Stamp(
        id=id or shop.ids.new(),
        number=shop.door.next_number(),
        at=shop.clock.now(),
        session=shop.person.session,
        shift=shop.shift.id if shop.shift else None,
    )
