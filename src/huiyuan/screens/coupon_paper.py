"""Coupons on paper: a slip for each code that a document gave out to whoever brings it.

Always true: what is on the paper is made of the document and of the chain's key, so a crash between booking
and printing loses no code: its slip is owed with the document's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from huiyuan.domain.model.coupon import Series
from huiyuan.domain.model.coupon_slip import coupon_slip
from huiyuan.domain.model.document import CouponRow, Document
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.pricing.earning import earned_coupons
from huiyuan.domain.model.pricing.order import Priced
from huiyuan.domain.model.receipt import Receipt
from huiyuan.domain.model.slip import SlipFacts
from huiyuan.screens.shop import Shop

PAPER: Final = 0xC0_0F_F5_00_00_00
"""In the random bits of an id, above what counts the papers of a document."""


def coupon_job(document: UUID, n: int) -> UUID:
    """The print job of the n-th code: the same after a crash, and never the document's own."""
    return UUID(int=document.int ^ (PAPER | n))


def coupons_earned(shop: Shop, document: UUID, priced: Priced) -> tuple[CouponRow, ...]:
    """The codes that a sale earns. Raises Refused as the key of the chain does."""
    reads = shop.reads
    wanted = [series for series, count in earned_coupons(priced) for _ in range(count)]
    codes = [reads.coupon_code(document, n) for n in range(1, len(wanted) + 1)]
    return tuple(
        CouponRow(reads.coupon_token(code), code[-4:], series.rule, series.version)
        for code, series in zip(codes, wanted, strict=True)
    )


def coupon_slips(
    shop: Shop, document: Document, posted: Posted, series: Sequence[Series], *, copy: bool = False
) -> Sequence[tuple[UUID, Receipt]]:
    """Job and slip of each code that has no holder. Raises Refused as the key of the chain does."""
    known = {each.rule: each for each in series}
    if document.wallet is not None:  # the member's own, which the sale lists
        return ()
    facts = SlipFacts(
        hello=shop.greeting,
        staff_name=shop.person.staff.name,
        language=shop.slip_language or shop.say.lang,
        columns=shop.slip_columns,
        is_copy=copy,
    )
    on = posted.posted_at.astimezone(shop.say.zone).date()
    made = []
    for n, row in enumerate(document.coupons, start=1):
        if row.rule not in known or row.holder is not None:
            continue
        job = shop.ids.new() if copy else coupon_job(document.id, n)
        code = shop.reads.coupon_code(document.id, n)
        made.append(
            (job, coupon_slip(code, facts, number=f"{posted.receipt}-C{n}", series=known[row.rule], on=on))
        )
    return made
