"""Topping up: money paid in becomes principal, and the rule's bonus comes on top."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import CouponRow, Document, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.points import bonus_grant, pass_gifts
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.model.tender import STORED, Payment


def top_up_document(
    stamp: Stamp,
    *,
    card: OpenedCard,
    payment: Payment,
    rules: Iterable[RuleVersion],
    buyer: int | None = None,
    coupons: tuple[CouponRow, ...] = (),
) -> Document:
    """The top-up as it will be posted; the best bonus rule for this member is granted, and every pass that
    comes with so much.

    Args:
        card: the card presented; its wallet gets the money.
        buyer: the member who pays, where it is not whoever the card belongs to.
        payment: tenders that pay `payment.total_minor` exactly, none of them stored value.

    Raises:
        Refused: `card_not_active` (wallet, state), `unbalanced`, `tender_not_allowed`.
    """
    wallet = card.active_wallet()
    tenders = payment.whole()
    if payment.stored_minor:
        raise Refused("tender_not_allowed", {"tender": STORED})
    rules = tuple(rules)
    tier = card.member.tier.id if card.member else None
    bonus = bonus_grant(rules, amount_minor=payment.total_minor, tier=tier, card_type=card.type)
    passes = pass_gifts(rules, amount_minor=payment.total_minor, tier=tier, terms=card.terms)
    return replace(
        stamp.in_shift(Kind.TOP_UP, payment.total_minor),
        wallet=wallet,
        tenders=tenders,
        grants=((bonus,) if bonus else ()) + passes,
        coupons=coupons,
        buyer=buyer,
    )
