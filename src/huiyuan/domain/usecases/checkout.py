"""Selling: a priced cart and its tenders become one document, posted once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import CouponRow, Document, Kind, Proof, Removed
from huiyuan.domain.model.document_rows import Seller
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.pricing.order import Priced
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases.moving import proof_of


def sale_document(
    stamp: Stamp,
    *,
    priced: Priced,
    payment: Payment,
    pin_attempt: UUID | None = None,
    priced_at: datetime | None = None,
    removed: tuple[Removed, ...] = (),
    coupons: tuple[CouponRow, ...] = (),
) -> Document:
    """The sale as it will be posted.

    Args:
        payment: tenders that pay `priced.total_minor` exactly.
        pin_attempt: the guess committed before, where stored value above the floor is taken.
        removed: what left baskets here since the last document.
        coupons: codes that it earns; a member's wallet makes them the member's own.

    Raises:
        Refused: `empty_document`, `unbalanced` (lines, tendered), `card_not_presented` (wallet).
    """
    if not priced.lines:
        raise Refused("empty_document", {"section": "lines"})
    tendered = sum(tender.amount_minor for tender in payment.tenders)
    if tendered != priced.total_minor:
        raise Refused("unbalanced", {"lines": priced.total_minor, "tendered": tendered})
    earned = priced.earned(payment.points_minor)
    return replace(
        stamp.in_shift(Kind.SALE, priced.total_minor),
        priced_at=priced_at,
        wallet=priced.cart.wallet,
        held=priced.cart.held,
        message=priced.cart.message,
        age_checked=priced.cart.age_checked or None,
        lines=priced.sale_lines,
        adjustments=priced.adjustments,
        taxes=priced.taxes,
        tenders=payment.tenders,
        grants=(earned,) if earned else (),
        removed=removed,
        sellers=sellers_of(priced),
        coupons=coupons,
        proofs=proofs_of(priced.cart.card, payment, pin_attempt),
    )


def sellers_of(priced: Priced) -> tuple[Seller, ...]:
    """Who served each line, as rows."""
    return tuple(
        Seller(line.n, each.staff, each.share_bp) for line in priced.lines for each in line.item.served
    )


def proofs_of(card: OpenedCard | None, payment: Payment, pin_attempt: UUID | None) -> tuple[Proof, ...]:
    """The card is named only where it pays, by stored value or points: earning points proves nothing."""
    wallets = {tender.wallet for tender in payment.tenders if tender.wallet is not None}
    if not wallets:
        return ()
    if card is None or wallets != {card.wallet} or card.wallet is None:
        raise Refused("card_not_presented", {"wallet": min(wallets)})
    return (proof_of(card, pin_attempt),)
