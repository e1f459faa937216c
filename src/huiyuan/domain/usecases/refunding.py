"""Money that came by phone goes back by phone: planned before the return is posted, asked for once it stands.

Always true: a refund is on disk before its return is sent and acted upon only when that return stands, so
no crash loses one and none is given for a return that never came to be; it is asked for under one number,
however often, so it is given once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from huiyuan.domain.model.charge import Charge, ChargeState
from huiyuan.domain.model.posted import PostedDocument
from huiyuan.domain.model.tender import MOBILE
from huiyuan.domain.ports import ChargeBook

_NUMBERED: Final = 0x0E_F0_0D_00_00_00
"""In the random bits of an id: the refunds of a document."""


def refunds_of(
    sale: PostedDocument, amounts: Mapping[int, int], *, document: UUID, shift: UUID, at: datetime
) -> tuple[Charge, ...]:
    """What goes back by phone when `document` takes back `amounts` of the postings that paid `sale`."""
    return tuple(
        Charge(
            id=UUID(int=document.int ^ (_NUMBERED | row.n)),
            document=document,
            shift=shift,
            method=MOBILE,
            amount_minor=amounts[row.n],
            asked_at=at,
            masked=row.reference,
            state=ChargeState.REFUNDING,
        )
        for row in sale.posted.postings
        if row.demand == "tender" and row.method == MOBILE and row.reference and amounts.get(row.n)
    )


def plan_refunds(book: ChargeBook, refunds: Sequence[Charge]) -> None:
    """Have them on disk; one that is there already stays. Raises Refused `journal_unwritable`."""
    for refund in refunds:
        try:
            book.find(refund.id)
        except KeyError:
            book.write(refund)
