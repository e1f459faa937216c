"""Goods back and goods out in one document; and goods back that nobody has a receipt for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.document import BackLine, CouponRow, Document, Kind, Removed, SaleLine, Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.exchange import preview_exchange
from huiyuan.domain.model.posted import PostedDocument
from huiyuan.domain.model.pricing.order import Priced
from huiyuan.domain.model.quantity import value_of
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.model.taxes import tax_rows
from huiyuan.domain.model.tender import CASH, STORED, Payment
from huiyuan.domain.usecases.checkout import proofs_of, sellers_of
from huiyuan.domain.usecases.corrections import reason_of


def exchange_document(
    stamp: Stamp,
    *,
    sale: PostedDocument,
    pieces: Mapping[int, int],
    priced: Priced,
    payment: Payment,
    reason: str,
    pin_attempt: UUID | None = None,
    coupons: tuple[CouponRow, ...] = (),
    removed: tuple[Removed, ...] = (),
) -> Document:
    """Pieces of `sale` come back, the basket goes out, `payment` covers the difference exactly.

    Args:
        coupons: codes that what goes out earns, as a sale of it would.
        removed: what left baskets here since the last document.

    Raises:
        Refused: `reason_missing`, `empty_document`, `returned_beyond_sold` (line, left), `unbalanced` (lines,
            tendered), `wallet_differs`: the basket stands on another wallet than the sale.
    """
    if not priced.lines:
        raise Refused("empty_document", {"section": "lines"})
    if sale.wallet is not None and sale.wallet != priced.cart.wallet:
        raise Refused("wallet_differs", {"wallet": sale.wallet})
    preview = preview_exchange(sale, pieces, out_minor=priced.total_minor)
    tendered = sum(tender.amount_minor for tender in payment.tenders)
    if tendered != preview.due_minor:
        facts = {"lines": priced.total_minor, "tendered": tendered + preview.carried_minor}
        raise Refused("unbalanced", facts)
    earned = priced.earned(payment.points_minor)
    return replace(
        stamp.in_shift(Kind.EXCHANGE, priced.total_minor),
        wallet=priced.cart.wallet,
        of=sale.posted.id,
        reason=reason_of(reason),
        message=priced.cart.message,
        age_checked=priced.cart.age_checked or None,
        lines=priced.sale_lines,
        backs=tuple(
            BackLine(n=i, of=of, qty_milli=pieces[of], total_minor=share)
            for i, (of, share) in enumerate(preview.back.shares, start=1)
        ),
        adjustments=priced.adjustments,
        taxes=priced.taxes,
        tenders=payment.tenders,
        grants=(earned,) if earned else (),
        removed=removed,
        sellers=sellers_of(priced),
        coupons=coupons,
        proofs=proofs_of(priced.cart.card, payment, pin_attempt),
    )


@dataclass(frozen=True, slots=True)
class GoodsBack:
    """One product without a receipt: `price_minor` is for one base unit, the lowest of the days looked at."""

    product: Product
    qty_milli: int
    price_minor: int

    @property
    def value_minor(self) -> int:
        return value_of(qty_milli=self.qty_milli, price_minor=self.price_minor)


def blind_return_document(
    stamp: Stamp,
    *,
    goods: Sequence[GoodsBack],
    reason: str,
    wallet: int | None = None,
    stored: bool = False,
) -> Document:
    """Goods without a receipt; a second person signs it.

    Args:
        wallet: of the member who brings them, None for nobody.
        stored: pay to the stored value of `wallet` instead of in cash.

    Raises:
        Refused: `empty_document`, `reason_missing`, `member_needed`: stored value needs one.
    """
    if not goods:
        raise Refused("empty_document", {"section": "lines"})
    if stored and wallet is None:
        raise Refused("member_needed", {"limit": 0})
    total = sum(each.value_minor for each in goods)
    return replace(
        stamp.in_shift(Kind.BLIND_RETURN, total),
        wallet=wallet,
        reason=reason_of(reason),
        lines=tuple(
            SaleLine(
                n=n,
                product=each.product.id,
                qty_milli=each.qty_milli,
                price_minor=each.price_minor,
                value_minor=each.value_minor,
                total_minor=each.value_minor,
            )
            for n, each in enumerate(goods, start=1)
        ),
        taxes=tax_rows((each.product.tax_code, each.product.tax_rate_bp, each.value_minor) for each in goods),
        tenders=(Tender(kind=STORED, amount_minor=total, wallet=wallet),)
        if stored
        else (Tender(kind=CASH, amount_minor=total),),
    )
